"""Pages of scoring runs and of the settings they are made with."""

from collections.abc import Mapping
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from accounts.access import Permission, get_workspace
from accounts.models import User
from evidence.scope import Scope, ScopeError
from painpoints import actions
from painpoints.explanation import explain, label_of
from painpoints.models import Baseline, ScoringRun
from painpoints.readings import freshness
from painpoints.verifying import Verdict
from painpoints.vocabulary import check_scope, named_by_evidence

PER_PAGE = 25


@login_required
@require_GET
def run_list(request: HttpRequest, slug: str) -> HttpResponse:
    """The ledger: every scoring, newest first."""
    workspace = get_workspace(request, slug)
    runs = ScoringRun.objects.shown(workspace).defer("result", "parameters")
    journey = request.GET.get("journey", "")
    if journey:
        runs = runs.filter(journey__slug=journey)
    page = Paginator(runs.select_related("journey", "job", "created_by", "pinned"), PER_PAGE)
    listed = page.get_page(request.GET.get("page"))
    context = {
        "page": listed,
        "rows": [(run, Scope.from_json(run.scope).describe()) for run in listed],
        "journeys": workspace.journeys.all(),
        "chosen": journey,
        "words": named_by_evidence(workspace),
    }
    return render(request, "painpoints/runs.html", context)


@login_required
@require_POST
def run_start(request: HttpRequest, slug: str) -> HttpResponse:
    """Scores a journey; the same question on the same evidence leads to the run that exists."""
    workspace = get_workspace(request, slug, Permission.SCORE)
    journey = get_object_or_404(workspace.journeys, slug=request.POST.get("journey", ""))
    try:
        scope = Scope.from_query(request.POST)
        check_scope(workspace, scope)
    except ScopeError as error:
        messages.error(request, str(error))
        return redirect(f"{reverse('painpoints:runs', args=[slug])}?journey={journey.slug}")
    assert isinstance(request.user, User)
    run = actions.request_run(journey=journey, scope=scope, user=request.user)
    if run.result is not None:
        messages.info(request, _("Nothing has changed since: this run is up to date."))
    return redirect("painpoints:run", slug, run.pk)


@login_required
@require_GET
def run_detail(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """One run with everything that went into it."""
    workspace = get_workspace(request, slug)
    runs = ScoringRun.objects.shown(workspace).select_related(
        "workspace", "journey__workspace", "job", "created_by"
    )
    return run_page(request, get_object_or_404(runs, pk=pk))


def run_page(
    request: HttpRequest, run: ScoringRun, *, verdict: Verdict | None = None
) -> HttpResponse:
    """The page of a run that this user may see, with what computing it again said."""
    job, slug = run.job, run.workspace.slug
    context = {
        "baseline": Baseline.objects.filter(journey=run.journey).select_related("run").first(),
        "verdict": verdict,
        "run": run,
        "scope": Scope.from_json(run.scope),
        "freshness": freshness(run) if run.result is not None else None,
        "lines": [(line, explain(line)) for line in (run.result or {}).get("touchpoints", [])],
        "outcome": (run.result or {}).get("outcome", {}),
        "weights": _weights(run.parameters),
        "sse_url": reverse("job_live", args=[slug, job.pk]) if job else "",
        "poll_url": reverse("job_progress", args=[slug, job.pk]) if job else "",
        "cancel_url": reverse("job_cancel", args=[slug, job.pk]) if job else "",
    }
    return render(request, "painpoints/run.html", context)


def _weights(parameters: Mapping[str, Any]) -> list[tuple[str, float]]:
    return [(label_of(family), weight) for family, weight in parameters["weights"].items()]
