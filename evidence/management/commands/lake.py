"""Upkeep of the evidence lake, and whether it is whole."""

import json
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from evidence.checking import check
from evidence.errors import EvidenceError
from evidence.models import UpkeepRun
from evidence.nightly import by_hand
from evidence.upkeep import KEEP_DAYS


class Command(BaseCommand):
    help = "The evidence lake: `lake upkeep` keeps it in order, `lake check` says if it is whole."
    requires_system_checks: list[str] = []  # they would load every view first

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("what", choices=["upkeep", "check"])
        parser.add_argument(
            "--keep-days",
            type=int,
            default=KEEP_DAYS,
            help="how long a stored number opens to the rows it came from (default %(default)s)",
        )
        parser.add_argument("--json", action="store_true", help="machine-readable output")

    def handle(self, *, what: str, keep_days: int, **options: Any) -> None:
        if keep_days < 1:
            raise CommandError(_("--keep-days must be at least 1; it is %d.") % keep_days)
        try:
            if what == "check":
                self._check(as_json=options["json"])
            else:
                self._upkeep(keep_days, as_json=options["json"])
        except EvidenceError as error:
            raise CommandError(str(error)) from None

    def _upkeep(self, keep_days: int, *, as_json: bool) -> None:
        run = by_hand(keep_days)
        if run.state == UpkeepRun.State.WAITING:
            raise CommandError(_("An upkeep is running already."))
        if run.state == UpkeepRun.State.FAILED:
            raise CommandError(run.error)
        if as_json:
            self.stdout.write(json.dumps({"run": run.pk, "log": run.log}))
            return
        for _when, line, _whose in run.log:
            self.stdout.write(line)

    def _check(self, *, as_json: bool) -> None:
        """Status 1 where anything is wrong, with a line for each."""
        found = check()
        if as_json:
            self.stdout.write(json.dumps(found.to_json()))
        else:
            for problem in found.problems or []:
                self.stdout.write(f"{problem.problem}  {problem.where}  {problem.told}")
            self.stdout.write(
                _("%(files)d files and %(rows)d rows of %(imports)d imports were looked at.")
                % vars(found)
            )
        if found.problems:
            n = len(found.problems)
            raise CommandError(
                ngettext(
                    "%d thing is wrong with the lake.", "%d things are wrong with the lake.", n
                )
                % n
            )
