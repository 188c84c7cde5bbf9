"""Imports a file by a mapping, here and now, and accounts for every row."""

import json
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils.translation import gettext as _

from accounts.models import Workspace
from evidence.actions import create_import, start_import
from evidence.drafts import discard
from evidence.errors import EvidenceError
from evidence.models import Import
from jobs.actions import run_job
from jobs.models import Status
from touchpoints.unmapped import unmapped_codes


class Command(BaseCommand):
    help = "Imports FILE into a workspace by a mapping and says what became of every row."
    requires_system_checks: list[str] = []  # they would load every view first

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path)
        parser.add_argument("--workspace", required=True, metavar="SLUG")
        parser.add_argument("--mapping", required=True, type=Path, metavar="MAPPING.json")
        parser.add_argument("--json", action="store_true", help="machine-readable output")

    def handle(self, *, file: Path, workspace: str, mapping: Path, **options: Any) -> None:
        try:
            target = Workspace.objects.get(slug=workspace)
        except Workspace.DoesNotExist:
            raise CommandError(_("There is no workspace “%s”.") % workspace) from None
        try:
            found = self._import(target, file, _document(mapping))
        except EvidenceError as error:
            raise CommandError(str(error)) from None
        told = {**found.counts(), "unmapped": unmapped_codes(target, found.codes)}
        if options["json"]:
            self.stdout.write(json.dumps(told, ensure_ascii=False))
        else:
            self._describe(found, told)

    def _import(self, target: Workspace, file: Path, document: Any) -> Import:
        found = create_import(workspace=target, user=None, path=file, source=file.name)
        try:
            job = start_import(found=found, document=document, user=None, send=False)
        except EvidenceError:
            discard(found=found)
            raise
        job = run_job(job_id=str(job.pk))
        if job.status != Status.DONE:
            raise CommandError(job.error or _("The import was stopped; nothing was imported."))
        found.refresh_from_db()
        return found

    def _describe(self, found: Import, told: dict[str, Any]) -> None:
        self.stdout.write(_("Import %(id)d of %(file)s") % {"id": found.pk, "file": found.source})
        for name in ("rows", "accepted", "ignored", "missing", "duplicate", "rejected"):
            label = told["unit"] if name == "rows" else name
            self.stdout.write(f"  {label:<10} {told[name]:>12,}")
        for problem in found.problems:
            column = ", ".join(problem["columns"]) or problem["field"]
            told_of = f"{column}: " if column else ""
            self.stdout.write(f"    {problem['count']:>12,}  {told_of}{problem['reason']}")
        for code, n in told["unmapped"].items():
            self.stdout.write(_("  no touchpoint has the code “%(code)s” (%(n)d)") % {
                "code": code, "n": n,
            })  # fmt: skip


def _document(path: Path) -> Any:
    try:
        return json.loads(path.read_text(encoding="utf-8-sig"))
    except OSError as error:
        raise CommandError(
            _("The mapping %(path)s cannot be read: %(why)s.")
            % {"path": path, "why": error.strerror}
        ) from None
    except ValueError as error:
        raise CommandError(
            _("The mapping %(path)s is not JSON: %(why)s.") % {"path": path, "why": error}
        ) from None
