"""Upkeep of the evidence lake."""

import json
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils.translation import gettext as _

from evidence.errors import EvidenceError
from evidence.upkeep import KEEP_DAYS, keep_in_order


class Command(BaseCommand):
    help = "Keeps the evidence lake in order: `lake upkeep`, best at night."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("what", choices=["upkeep"])
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
            done = keep_in_order(days=keep_days)
        except EvidenceError as error:
            raise CommandError(str(error)) from None
        if options["json"]:
            self.stdout.write(json.dumps({"rewritten": done}))
            return
        for table, n in done.items():
            self.stdout.write(_("%(table)s: %(n)d workspaces written together") % {
                "table": table, "n": n,
            })  # fmt: skip
