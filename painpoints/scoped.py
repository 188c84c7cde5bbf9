"""One pain point in the scope that the address names: the run its page and comments speak of."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest
from django.urls import reverse

from accounts.models import User
from evidence.scope import Scope, ScopeError
from jobs.models import Job
from painpoints.filters import filters_of, last_day
from painpoints.models import PainPoint, ScoringRun
from painpoints.readings import newest_run
from painpoints.scopes import answered
from painpoints.vocabulary import check_scope


@dataclass(frozen=True)
class Scoped:
    """`run` is None where there is none yet; `job` is at work on it, `failed` could not make it."""

    scope: Scope
    run: ScoringRun | None
    job: Job | None = None
    failed: Job | None = None
    error: str = ""

    @property
    def query(self) -> str:
        return self.scope.to_query()


def scoped_of(request: HttpRequest, point: PainPoint) -> Scoped:
    """What the list counted for the same filters is not counted again."""
    assert isinstance(request.user, User)
    try:
        scope = Scope.from_query(request.GET)
        if not scope.is_whole:
            check_scope(point.workspace, scope)
    except ScopeError as error:
        return Scoped(Scope(), newest_run(point.journey_id), error=str(error))
    if scope.is_whole:
        return Scoped(scope, newest_run(point.journey_id))
    found = answered(
        workspace=point.workspace, scope=scope, earlier=None, journeys=[point.journey_id],
        user=request.user,
    )  # fmt: skip
    return Scoped(scope, found.runs.get(point.journey_id), found.job, found.failed)


def bar_of(
    point: PainPoint, scoped: Scoped, names: Mapping[str, Mapping[str, str]]
) -> dict[str, Any]:
    """The filter bar, and how far the counting is."""
    scope, slug, job = scoped.scope, point.workspace.slug, scoped.job
    return {
        "scoped": scoped,
        "filters": filters_of(point.workspace, scope, names),
        "since": scope.since.isoformat() if scope.since else "",
        "until": scope.until.isoformat() if scope.until else "",
        "today": last_day(point.workspace),
        "job": job,
        "live_url": reverse("figures_live", args=[slug]),
        "sse_url": reverse("job_live", args=[slug, job.pk]) if job else "",
        "poll_url": reverse("job_progress", args=[slug, job.pk]) if job else "",
    }
