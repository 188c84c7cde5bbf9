"""`manage.py export_map JOURNEY --workspace W`: a journey as a map file, to standard output."""

import json
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from accounts.models import Workspace
from journeys.mapfile import dump_map
from journeys.models import Journey


class Command(BaseCommand):
    help = "Prints a journey as a map file (JSON)."
    requires_system_checks: list[str] = []  # they would load every view first

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("journey", help="the journey's slug")
        parser.add_argument("--workspace", required=True, help="the workspace's slug")
        parser.add_argument("--json", action="store_true", help="the output is JSON in any case")

    def handle(self, *args: Any, **options: Any) -> None:
        workspace = Workspace.objects.filter(slug=options["workspace"]).first()
        if workspace is None:
            raise CommandError(f"There is no workspace “{options['workspace']}”.")
        journey = Journey.objects.filter(workspace=workspace, slug=options["journey"]).first()
        if journey is None:
            known = ", ".join(
                Journey.objects.filter(workspace=workspace).values_list("slug", flat=True)[:20]
            )
            raise CommandError(
                f"There is no journey “{options['journey']}” in {workspace.slug}; "
                f"there is: {known or 'none yet'}."
            )
        self.stdout.write(json.dumps(dump_map(journey), ensure_ascii=False, indent=2))
