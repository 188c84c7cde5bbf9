"""Fills the demo workspace, step by step; each step leaves alone what is there already."""

import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from django.db import transaction

from accounts.models import User, Workspace
from evidence.actions import create_import, start_import
from evidence.models import State
from evidence.scope import Scope
from jobs.actions import run_job, sweep
from jobs.models import Job, Status
from journeys.mapfile import load_map
from journeys.models import Journey
from painpoints.actions import request_run
from painpoints.models import PainPoint, ScoringRun
from reports.demo.bank import ADMIN, found_bank
from reports.demo.care import take_care
from reports.demo.files import write_files
from reports.demo.mappings import MAPPINGS
from reports.demo.maps import MAPS
from reports.demo.reporting import leave_report
from reports.report_models import Report

Say = Callable[[str], Any]
# How long to wait for a worker who is at one of the demo's jobs already.
PATIENCE_S = 120


class DemoError(Exception):
    """The demo could not be filled, in a sentence for people."""


def load_demo(*, scale: float = 1.0, say: Say | None = None) -> dict[str, Any]:
    """The demo bank with everything in it; returns what there is now. Idempotent."""
    say = say or (lambda line: None)
    workspace = found_bank()
    admin = User.objects.get(email=ADMIN.email)
    _draw_maps(workspace, admin)
    say("The bank and its maps are there.")
    _bring_evidence(workspace, admin, scale, say)
    _score(workspace, admin)
    if not PainPoint.objects.filter(workspace=workspace, owner__isnull=False).exists():
        take_care(workspace)
    leave_report(workspace)
    say("The journeys are scored.")
    return inventory(workspace)


def inventory(workspace: Workspace) -> dict[str, Any]:
    """What the workspace holds, in numbers."""
    journeys = Journey.objects.filter(workspace=workspace).order_by("slug")
    return {
        "workspace": workspace.slug,
        "name": workspace.name,
        "journeys": [journey.slug for journey in journeys],
        "touchpoints": workspace.touchpoints.count(),
        "units": workspace.units.count(),
        "imports": [
            {"source": imported.source, **imported.counts()}
            for imported in workspace.imports.standing().order_by("pk")
        ],
        "runs": ScoringRun.objects.filter(workspace=workspace).done().count(),
        "painpoints": PainPoint.objects.filter(workspace=workspace).count(),
        "reports": Report.objects.filter(workspace=workspace, deleted_at=None).count(),
    }


@transaction.atomic
def _draw_maps(workspace: Workspace, user: User) -> None:
    there = set(Journey.objects.filter(workspace=workspace).values_list("slug", flat=True))
    for document in MAPS:
        if document["journey"]["slug"] not in there:
            load_map(workspace, document, user)


def _bring_evidence(workspace: Workspace, user: User, scale: float, say: Say) -> None:
    """Imports the three files; what a run that was cut off began is finished first."""
    for found in workspace.imports.filter(state=State.IMPORTING).select_related("job"):
        if found.job is not None:
            _finish(found.job)
    there = set(
        workspace.imports.filter(state__in=[State.DONE, State.UNDONE]).values_list(
            "source", flat=True
        )
    )
    if not {_source(kind) for kind in MAPPINGS} - there:
        return
    with tempfile.TemporaryDirectory(prefix="touchline-demo-") as folder:
        for file in write_files(Path(folder), scale):
            if _source(file.kind) in there:
                continue
            found = create_import(
                workspace=workspace, user=user, path=file.path, source=_source(file.kind),
                keep=False,
            )  # fmt: skip
            _finish(start_import(found=found, document=MAPPINGS[file.kind], user=user, send=False))
            say(f"Imported {file.path.name}, {file.rows:,} rows.")


def _source(kind: str) -> str:
    return f"{kind}.csv"


def _score(workspace: Workspace, user: User) -> None:
    """Scores the journeys that never were; the imports have asked for it, here it is done."""
    journeys = Journey.objects.filter(workspace=workspace).order_by("slug")
    for journey in journeys:
        if journey.runs.unfiltered().done().exists():
            continue
        run = request_run(journey=journey, scope=Scope(), user=user, send=False)
        if run.job is not None:
            _finish(run.job)


def _finish(job: Job) -> None:
    """Does the job here and now, or waits for the worker who has it."""
    until = time.monotonic() + PATIENCE_S
    while True:
        job = run_job(job_id=str(job.pk))
        if job.has_ended:
            break
        if time.monotonic() > until:
            raise DemoError(
                f"A worker has had the job {job.pk} ({job.kind}) for {PATIENCE_S} s. "
                "Wait until it is done, and run the command again."
            )
        time.sleep(0.2)
        sweep()  # a job whose worker was killed goes back into the queue
    if job.status != Status.DONE:
        raise DemoError(f"The demo could not be filled: {job.error or job.get_status_display()}")
