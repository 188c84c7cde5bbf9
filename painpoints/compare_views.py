"""Pages that compare two runs, pin a baseline, and compute a run again."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from accounts.access import Permission, get_workspace
from accounts.models import User, Workspace
from evidence.scope import Scope
from painpoints import comparing, ledger
from painpoints.compare_csv import csv_of
from painpoints.differences import imports_between
from painpoints.errors import CompareError, LedgerError
from painpoints.models import RunQuerySet, ScoringRun
from painpoints.run_views import run_page
from painpoints.verifying import verify

OFFERED = 50  # runs to choose from


@login_required
@require_GET
def compare_chosen(request: HttpRequest, slug: str) -> HttpResponse:
    """From the list's checkboxes to the page of the two; the earlier stands first."""
    workspace = get_workspace(request, slug)
    chosen = [int(pk) for pk in dict.fromkeys(request.GET.getlist("run")) if pk.isdecimal()]
    runs = list(_runs(workspace).filter(pk__in=chosen[:3])) if chosen else []
    if len(runs) != 2:
        messages.error(request, _("Choose exactly two runs to compare."))
        return redirect("painpoints:runs", slug)
    try:
        then, now = comparing.in_order(*runs)
        comparing.refuse_incomparable(then, now)
    except LedgerError as error:
        messages.error(request, str(error))
        return redirect("painpoints:runs", slug)
    return redirect(f"{reverse('painpoints:run_compare', args=[slug, now.pk])}?with={then.pk}")


@login_required
@require_GET
def run_compare(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """A run beside an earlier one: the one named, the baseline, or the one before."""
    workspace = get_workspace(request, slug)
    now = get_object_or_404(_runs(workspace), pk=pk)
    try:
        then = _other(request, workspace, now)
        if then is None:
            raise CompareError(_("There is no other finished run of this journey yet."))
        found = comparing.compared(then, now, same_settings="same" in request.GET)
    except LedgerError as error:
        messages.error(request, str(error))
        return redirect("painpoints:run", slug, pk)
    if request.GET.get("format") == "csv":
        return csv_of(found)
    context = {
        "found": found,
        "runs": [(run, Scope.from_json(run.scope).describe()) for run in (found.then, found.now)],
        "imports": list(imports_between(then, now)),
        "others": [
            (run, Scope.from_json(run.scope).describe())
            for run in _runs(workspace)
            .filter(journey=now.journey)
            .done()
            .exclude(pk=now.pk)
            .defer("result", "parameters")[:OFFERED]
        ],
    }
    return render(request, "painpoints/compare.html", context)


def _other(request: HttpRequest, workspace: Workspace, now: ScoringRun) -> ScoringRun | None:
    named = request.GET.get("with", "")
    if not named:
        return comparing.usual_other(now)
    if not named.isdecimal():
        raise Http404
    return get_object_or_404(_runs(workspace), pk=int(named))


def _runs(workspace: Workspace) -> RunQuerySet:
    runs = ScoringRun.objects.shown(workspace)
    return runs.select_related("workspace", "journey__workspace", "pinned", "created_by")


@login_required
@require_POST
def run_pin(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """Makes the run its journey's baseline."""
    workspace = get_workspace(request, slug, Permission.SCORE)
    run = get_object_or_404(_runs(workspace), pk=pk)
    assert isinstance(request.user, User)
    try:
        before = ledger.pin(run=run, user=request.user)
    except LedgerError as error:
        messages.error(request, str(error))
        return redirect("painpoints:run", slug, pk)
    back = reverse("painpoints:run_pin", args=[slug, before.pk]) if before else ""
    messages.success(
        request,
        _("This run is now the baseline of “%s”.") % run.journey,
        extra_tags="undo:" + (back or reverse("painpoints:run_unpin", args=[slug, pk])),
    )
    return redirect("painpoints:run", slug, pk)


@login_required
@require_POST
def run_unpin(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """The journey has no baseline any more."""
    workspace = get_workspace(request, slug, Permission.SCORE)
    run = get_object_or_404(_runs(workspace), pk=pk)
    if ledger.unpin(run=run):
        messages.success(
            request,
            _("“%s” has no baseline any more.") % run.journey,
            extra_tags="undo:" + reverse("painpoints:run_pin", args=[slug, pk]),
        )
    return redirect("painpoints:run", slug, pk)


@login_required
@require_POST
def run_verify(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """Computes the run again from its snapshot and says whether every figure is the same."""
    workspace = get_workspace(request, slug, Permission.SCORE)
    run = get_object_or_404(_runs(workspace).select_related("job"), pk=pk)
    try:
        verdict = verify(run)
    except LedgerError as error:
        messages.error(request, str(error))
        return redirect("painpoints:run", slug, pk)
    if request.headers.get("HX-Request"):
        return render(request, "painpoints/_verdict.html", {"verdict": verdict})
    return run_page(request, run, verdict=verdict)
