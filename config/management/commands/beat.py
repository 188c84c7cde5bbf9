"""The scheduler: tells the workers what is due."""

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand

from config.celery import app


class Command(BaseCommand):
    help = "Sends what is due by the clock to the workers; one is enough, two do no harm."
    requires_system_checks: list[str] = []

    def handle(self, **options: Any) -> None:
        app.Beat(loglevel=settings.LOG_LEVEL, quiet=True, max_interval=1).run()
