"""Touchline among the contenders: the real actions, under a real job, on the real services."""

import os
import uuid
from collections.abc import Callable
from pathlib import Path
from typing import Any

from benchmarks.rows import ANSWERS_MAPPING, PROMISE_S, TOUCHPOINTS, WAITS_MAPPING

Run = Callable[[], object]
WORKSPACE = "bench"


def setup() -> None:
    """Django on the services that the benchmark's parent process holds."""
    os.environ["DJANGO_SETTINGS_MODULE"] = "config.settings"
    import django

    django.setup()


def import_files(folder: Path) -> Run:
    """Both files through the whole import action: checks, hashes, account of rows, undo-able."""
    setup()
    from accounts.models import Workspace
    from evidence import lake

    workspace = Workspace.objects.create(slug=f"bench-{uuid.uuid4().hex[:12]}", name="Bench")
    # The first bound value has DuckDB import pandas, which only a development environment has.
    lake.rows_of("waits", workspace_id=workspace.pk, import_id=0)

    def run() -> None:
        bring(workspace, folder)

    return run


def prepare_scoring(folder: Path) -> None:
    """A workspace with the files in it and a journey over all 40 touchpoints."""
    setup()
    from accounts.models import Workspace
    from journeys.mapfile import load_map

    workspace = Workspace.objects.create(slug=f"{WORKSPACE}-{folder.name}", name="Bench")
    load_map(workspace, map_of("all", [f"tp-{n:02}" for n in range(TOUCHPOINTS)]), None)
    bring(workspace, folder)


def map_of(slug: str, codes: list[str]) -> dict[str, Any]:
    """A journey over these touchpoints, each with a promise."""
    return {
        "format": "touchline-map/1",
        "journey": {"slug": slug, "name": slug},
        "touchpoints": [
            {"code": c, "name": c, "promises": [{"max_wait_s": PROMISE_S}]} for c in codes
        ],
        "stages": [{"id": "s", "name": "Stage"}],
        "steps": [{"id": c, "stage": "s", "name": c, "touchpoints": [c]} for c in codes],
    }


def bring(workspace: Any, folder: Path) -> None:
    """Both files, imported here and now."""
    from evidence import actions
    from jobs.actions import run_job

    for name, mapping in (("waits", WAITS_MAPPING), ("answers", ANSWERS_MAPPING)):
        found = actions.create_import(
            workspace=workspace, user=None, path=folder / f"{name}.csv", source=f"{name}.csv"
        )
        job = actions.start_import(found=found, document=mapping, user=None, send=False)
        ended = run_job(job_id=str(job.pk))
        assert ended.status == "done", ended.error + ended.log


def score_journey(folder: Path) -> Run:
    """A whole scoring run: counts, intervals, ranks, stored with its parameters."""
    setup()
    from evidence import lake
    from evidence.scope import Scope
    from jobs.actions import run_job
    from journeys.models import Journey
    from painpoints.actions import request_run
    from painpoints.models import ScoringRun

    journey = Journey.objects.get(workspace__slug=f"{WORKSPACE}-{folder.name}", slug="all")
    lake.ping()

    def run() -> None:
        ScoringRun.objects.filter(journey=journey).delete()  # or the run that exists answers
        made = request_run(journey=journey, scope=Scope(), send=False)
        assert made.job is not None
        ended = run_job(job_id=str(made.job.pk))
        assert ended.status == "done", ended.error + ended.log

    return run
