"""`manage.py import_map FILE --workspace W`: a journey from a map file."""

import json
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from accounts.models import Workspace
from journeys.errors import MapError
from journeys.mapfile import dump_parts, load_map
from journeys.mapread import MAX_BYTES, read_document


class Command(BaseCommand):
    help = "Makes a journey from a map file, or replaces the map of the journey with its slug."
    requires_system_checks: list[str] = []  # they would load every view first

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path)
        parser.add_argument("--workspace", required=True, help="the workspace's slug")
        parser.add_argument("--json", action="store_true", help="machine-readable output")

    def handle(self, *args: Any, **options: Any) -> None:
        workspace = Workspace.objects.filter(slug=options["workspace"]).first()
        if workspace is None:
            raise CommandError(
                f"There is no workspace “{options['workspace']}”. "
                "Make it with create_workspace, or check the spelling."
            )
        try:
            document = read_document(_bytes_of(options["file"]))
            journey = load_map(workspace, document, None)
        except MapError as error:
            lines = "\n".join(f"  {problem}" for problem in error.problems)
            raise CommandError(
                f"{options['file']} was not imported; nothing has changed:\n{lines}"
            ) from None
        made = {
            "workspace": workspace.slug,
            "journey": journey.slug,
            "name": journey.name,
            "touchpoints": journey.touchpoints().count(),
            **{name: len(entries) for name, entries in dump_parts(journey).items()},
        }
        if options["json"]:
            self.stdout.write(json.dumps(made, ensure_ascii=False))
            return
        counts = ", ".join(f"{n} {name}" for name, n in made.items() if isinstance(n, int))
        self.stdout.write(f"“{journey.name}” ({journey.slug}) in {workspace.slug}: {counts}.")


def _bytes_of(path: Path) -> bytes:
    try:
        if path.is_dir():
            raise CommandError(f"{path} is a directory; expected a map file (JSON).")
        with path.open("rb") as file:
            return file.read(MAX_BYTES + 1)
    except FileNotFoundError:
        raise CommandError(f"There is no file {path}.") from None
    except OSError as error:
        raise CommandError(f"{path} cannot be read: {error.strerror}.") from None
