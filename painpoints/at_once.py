"""A filtered answer counted where it is asked, when the journey's rows are few enough.

No queue, no worker, no looking whether it is done. What is too large, and whoever has no turn in
time, gets a job as ever (actions.request_run). Other pages do not wait: the web server has threads
of their own for pages in a scope (config/server.py).
"""

import logging
import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from django.db import IntegrityError, transaction
from django.utils import timezone

from accounts.models import User
from analytics.ranking import FORMULA
from evidence.at_hand import rows_at_hand
from evidence.errors import EvidenceError
from evidence.measures import measure
from evidence.scope import Scope
from journeys.models import Journey
from painpoints.models import ScoringRun
from painpoints.parameters import question_of
from painpoints.work import result_for

log = logging.getLogger(__name__)

PATIENCE_S = 5.0  # for a turn, and for evidence that is being written
TURNS = 2  # so many count at a time in a process
IS_ON = True

_turns = threading.BoundedSemaphore(TURNS)
_counting: dict[tuple[int, str], threading.Lock] = {}
_lock = threading.Lock()


class _NoTurn(Exception):
    """Others were first for too long."""


def answer_at_once(
    *,
    journey: Journey,
    scope: Scope,
    parameters: Mapping[str, Any],
    key: str,
    user: User | None,
    is_new: bool = False,
) -> ScoringRun | None:
    """The finished run of this question; None where a job had better do it.

    `is_new`: whoever asks has just looked, and there was no run.
    """
    if not IS_ON or scope.is_whole:
        return None
    until = time.monotonic() + PATIENCE_S
    try:
        with _turn((journey.pk, key), until) as is_first:
            found = None if is_new and is_first else _found(journey, key)
            if found is None:
                run = ScoringRun(
                    workspace=journey.workspace,
                    journey=journey,
                    formula=FORMULA,
                    scope=scope.to_json(),
                    is_whole=False,
                    parameters=dict(parameters),
                    key=key,
                    created_by=user,
                )
                found = _counted(run, until)
    except _NoTurn:
        return None
    except EvidenceError as error:
        log.warning("Not counted at once, a job will say why: %s", error)
        return None
    return found if found is not None and found.result is not None else None


def _found(journey: Journey, key: str) -> ScoringRun | None:
    runs = ScoringRun.objects.filter(journey=journey, key=key).select_related("workspace")
    found = runs.filter(evidence_revision=journey.workspace.evidence_revision).first()
    if found is not None:
        found.journey = journey
    return found


def _counted(run: ScoringRun, until: float) -> ScoringRun | None:
    def check() -> None:
        if time.monotonic() > until:
            raise _NoTurn

    question = question_of(run.workspace_id, Scope.from_json(run.scope), run.parameters)
    with rows_at_hand(question, run.workspace.evidence_revision, check) as found:
        if found is None:
            return None
        cursor, copy = found
        measures = measure(cursor, question, empty=copy.empty)
        run.snapshot, run.evidence_revision = copy.snapshot, copy.revision
    run.result = result_for(run, measures)
    run.finished_at = timezone.now()
    try:
        with transaction.atomic():
            run.save(force_insert=True)
    except IntegrityError:  # another process was first
        return _found(run.journey, run.key)
    return run


@contextmanager
def _turn(question: tuple[int, str], until: float) -> Iterator[bool]:
    """What several ask for at a time is counted once; False for whom another was before."""
    global _counting
    with _lock:
        if len(_counting) > 1000:
            _counting = {one: lock for one, lock in _counting.items() if lock.locked()}
        mine = _counting.setdefault(question, threading.Lock())
    is_first = not mine.locked()
    with _within(mine, until), _within(_turns, until):
        yield is_first


@contextmanager
def _within(lock: "threading.Lock | threading.Semaphore", until: float) -> Iterator[None]:
    if not lock.acquire(timeout=max(0.0, until - time.monotonic())):
        raise _NoTurn
    try:
        yield
    finally:
        lock.release()
