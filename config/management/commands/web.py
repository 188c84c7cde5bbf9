"""The web server: pages, API and live streams."""

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand
from django.db import connections

from config import server
from config.ports import require_free_port


class Command(BaseCommand):
    help = "Serves the pages, the API and the live streams on HOST:PORT."
    requires_system_checks: list[str] = []

    def handle(self, **options: Any) -> None:
        require_free_port(settings.HOST, settings.PORT)
        connections.close_all()  # the server's processes make their own
        server.run(settings.HOST, settings.PORT, settings.WEB_PROCESSES)
