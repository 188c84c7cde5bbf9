"""What a new release needs before it serves."""

from typing import Any

from django.core.management.base import BaseCommand

from config.preparation import collect_static_if_due, migrate_if_due


class Command(BaseCommand):
    help = "Brings the database and the static files up to date; does nothing twice."
    requires_system_checks: list[str] = []

    def handle(self, **options: Any) -> None:
        migrated, collected = migrate_if_due(), collect_static_if_due()
        self.stdout.write(f"Database: {'migrated' if migrated else 'up to date'}.")
        self.stdout.write(f"Static files: {'collected' if collected else 'up to date'}.")
