"""Fills an empty installation from a backup."""

import json
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils.translation import gettext as _

from config.backup import BackupError, restore_backup
from evidence.errors import EvidenceError


class Command(BaseCommand):
    help = "Restores a backup into an empty installation."
    requires_system_checks: list[str] = []  # they would load every view first
    requires_migrations_checks = False

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("directory", type=Path)
        parser.add_argument("--json", action="store_true", help="machine-readable output")

    def handle(self, *, directory: Path, **options: Any) -> None:
        try:
            told = restore_backup(directory)
        except (BackupError, EvidenceError) as error:
            raise CommandError(str(error)) from None
        except OSError as error:
            raise CommandError(
                _("The backup could not be restored: %(why)s (%(path)s).")
                % {"why": error.strerror, "path": error.filename}
            ) from None
        if options["json"]:
            self.stdout.write(json.dumps({**told, "files": len(told.get("files", {}))}))
        else:
            self.stdout.write(
                _("%(n)d workspaces of %(when)s are here again. Run migrate, then start.")
                % {"n": told["workspaces"], "when": told["made_at"]}
            )
