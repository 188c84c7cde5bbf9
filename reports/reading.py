"""Which scoring run answers a reader: the one that exists, or one that is made now.

The whole journey is shown at once from its newest run, even when a newer one is under way; a
filtered scope is computed afresh from the rows, and kept by scope, parameters and revision.
"""

import time
from dataclasses import dataclass

from accounts import written
from accounts.models import User
from evidence.scope import Scope
from jobs.models import Job, Status
from journeys.models import Journey
from painpoints.actions import request_run
from painpoints.at_once import answer_at_once
from painpoints.models import ScoringRun
from painpoints.parameters import kept_parameters, key_of

# A page waits so long for a run before it shows progress instead.
PATIENCE_S = 1.0
POLL_S = 0.05
# Asked first of a filtered scope: mostly there is none.
KNOWN = (
    f'SELECT id FROM "{ScoringRun._meta.db_table}" '
    "WHERE journey_id = %s AND key = %s AND evidence_revision = %s"
)


@dataclass(frozen=True)
class Reading:
    """`run` is what can be shown; `job` is at work on newer ones; `failed` could not make them."""

    scope: Scope
    run: ScoringRun | None
    job: Job | None = None
    failed: Job | None = None

    @property
    def is_fresh(self) -> bool:
        return self.job is None and self.failed is None

    @property
    def has_evidence(self) -> bool:
        result = (self.run and self.run.result) or {}
        asked = any(found for found in (result.get("outcome") or {}).values())
        return asked or any(line["severity"] is not None for line in result.get("touchpoints", []))


def read(*, journey: Journey, scope: Scope, user: User) -> Reading:
    """The newest answer there is, asking for a new one where evidence or parameters changed."""
    parameters = kept_parameters(journey)
    key = key_of(scope, parameters)
    runs = ScoringRun.objects.filter(journey=journey).select_related("job", "workspace", "journey")
    same = {"key": key, "evidence_revision": journey.workspace.evidence_revision}
    current = None
    if scope.is_whole or written.found(KNOWN, [journey.pk, *same.values()]):
        current = runs.filter(**same).first()
    if current is not None and current.result is not None:
        return Reading(scope, current)
    if current is None:
        run = answer_at_once(
            journey=journey, scope=scope, parameters=parameters, key=key, user=user, is_new=True
        )
        if run is not None:
            return Reading(scope, run)
    older = runs.done().filter(is_whole=scope.is_whole, scope=scope.to_json()).first()
    if current is not None and current.job and current.job.status in (
        Status.FAILED, Status.CANCELLED,
    ):  # fmt: skip
        return Reading(scope, older, failed=current.job)
    asked = request_run(journey=journey, scope=scope, user=user)
    # An older answer can be shown meanwhile, so only its absence is worth waiting for.
    if older is None and _is_done(asked, PATIENCE_S):
        asked.refresh_from_db()
        return Reading(scope, asked)
    return Reading(scope, older, job=asked.job)


def _is_done(run: ScoringRun, patience_s: float) -> bool:
    until = time.monotonic() + patience_s
    while run.result is None:
        if ScoringRun.objects.done().filter(pk=run.pk).exists():
            return True
        if time.monotonic() >= until:
            return False
        time.sleep(POLL_S)
    return True
