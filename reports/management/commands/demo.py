"""`manage.py demo`: fills the workspace `demo` with a living bank. Idempotent."""

import json
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from accounts.models import Workspace
from reports.demo.exports import write_exports
from reports.demo.load import DemoError, load_demo


class Command(BaseCommand):
    help = "Fills the workspace “demo” with three journeys and their evidence (docs/demo.md)."
    requires_system_checks: list[str] = []  # they would load every view first

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--scale", type=float, default=1.0,
            help="how much evidence, as a share of the whole demo (default 1)",
        )  # fmt: skip
        parser.add_argument(
            "--exports", type=Path, metavar="DIR",
            help="also writes its reports there: every template in every format and language",
        )  # fmt: skip
        parser.add_argument("--json", action="store_true", help="machine-readable output")

    def handle(self, *, scale: float, verbosity: int, exports: Path | None, **options: Any) -> None:
        if not 0.02 <= scale <= 20:
            raise CommandError(f"--scale must be from 0.02 to 20; it is {scale:g}.")
        try:
            loaded = load_demo(scale=scale, say=self.stdout.write if verbosity > 1 else None)
        except DemoError as error:
            raise CommandError(str(error)) from None
        if exports is not None:
            workspace = Workspace.objects.get(slug=loaded["workspace"])
            say = self.stdout.write if verbosity > 1 else lambda line: None
            loaded["exports"] = [str(path) for path in write_exports(workspace, exports, say)]
        if options["json"]:
            self.stdout.write(json.dumps(loaded, ensure_ascii=False))
        elif verbosity:
            evidence = sum(entry["accepted"] for entry in loaded["imports"])
            journeys = len(loaded["journeys"])
            self.stdout.write(
                f"“{loaded['name']}” ({loaded['workspace']}) has {journeys} journeys, "
                f"{evidence:,} pieces of evidence and {loaded['painpoints']} pain points."
            )
            if exports is not None:
                self.stdout.write(f"{len(loaded['exports'])} files lie in {exports}.")
