"""Backs everything up into a folder."""

import json
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils.translation import gettext as _

from config.backup import BackupError, make_backup
from evidence.errors import EvidenceError


class Command(BaseCommand):
    help = "Backs up database, evidence and files into a new folder."
    requires_system_checks: list[str] = []  # they would load every view first

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("directory", type=Path)
        parser.add_argument("--json", action="store_true", help="machine-readable output")

    def handle(self, *, directory: Path, **options: Any) -> None:
        try:
            told = make_backup(directory)
        except (BackupError, EvidenceError) as error:
            raise CommandError(str(error)) from None
        except OSError as error:
            raise CommandError(
                _("The backup could not be written: %(why)s (%(path)s).")
                % {"why": error.strerror, "path": error.filename}
            ) from None
        if options["json"]:
            self.stdout.write(json.dumps({**told, "files": len(told["files"])}))
        else:
            self.stdout.write(
                _("%(n)d workspaces, %(mb).1f MB, in %(path)s")
                % {"n": told["workspaces"], "mb": told["bytes"] / 1e6, "path": directory}
            )
