"""Erases everything the evidence holds about one customer, down to the bytes."""

import json
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils.translation import gettext as _

from accounts.models import Workspace
from evidence.catalogue import TABLES
from evidence.erasure import erase_customer
from evidence.models import Removal
from jobs.actions import run_job
from jobs.models import Status


class Command(BaseCommand):
    help = "Erases a customer's evidence from a workspace. There is no undo."
    requires_system_checks: list[str] = []  # they would load every view first

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("id", help="the customer's identifier, as it stood in the files")
        parser.add_argument("--workspace", required=True, metavar="SLUG")
        parser.add_argument("--json", action="store_true", help="machine-readable output")

    def handle(self, *, id: str, workspace: str, **options: Any) -> None:
        try:
            target = Workspace.objects.get(slug=workspace)
        except Workspace.DoesNotExist:
            raise CommandError(_("There is no workspace “%s”.") % workspace) from None
        if not id.strip():
            raise CommandError(_("The identifier is empty."))
        job = erase_customer(workspace=target, identifier=id, user=None, send=False)
        job = run_job(job_id=str(job.pk))
        if job.status != Status.DONE:
            raise CommandError(job.error)
        proof = Removal.objects.get(pk=job.arguments["removal"])
        erased = {table: proof.counts[table] for table in TABLES}
        if options["json"]:
            told = {
                "erased": erased,
                "proof": {**proof.told(), "seal": proof.seal},
            }
            self.stdout.write(json.dumps(told))
            return
        for table, n in erased.items():
            self.stdout.write(_("%(table)s: %(n)d rows erased") % {"table": table, "n": n})
        self.stdout.write(
            _("proof %(number)d, seal %(seal)s") % {"number": proof.pk, "seal": proof.seal}
        )
