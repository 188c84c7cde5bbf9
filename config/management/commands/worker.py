"""The worker: runs the jobs."""

import sys
import warnings
from typing import Any

from celery.exceptions import SecurityWarning
from django.conf import settings
from django.core.management.base import BaseCommand
from django.db import connections

from config.celery import app


class Command(BaseCommand):
    help = "Runs background jobs, WORKER_PROCESSES at a time."
    requires_system_checks: list[str] = []

    def handle(self, **options: Any) -> None:
        connections.close_all()  # each process of the pool makes its own
        # Root is welcome: only JSON is read from the queue.
        warnings.simplefilter("ignore", SecurityWarning)
        worker = app.Worker(
            concurrency=settings.WORKER_PROCESSES,
            loglevel=settings.LOG_LEVEL,
            quiet=True,
            without_gossip=True,
            without_mingle=True,
            without_heartbeat=True,
        )
        worker.start()
        sys.exit(worker.exitcode)
