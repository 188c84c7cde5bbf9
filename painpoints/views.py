"""Pages of pain points."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from accounts import kept
from accounts.access import Permission, get_workspace
from accounts.models import User, Workspace
from painpoints import actions, counts, series, told, whom
from painpoints.explanation import explain
from painpoints.findings import by_words
from painpoints.forms import ActionForm, ChangeForm, RecordForm
from painpoints.history import history_of
from painpoints.models import PainPoint
from painpoints.moves import moves_of
from painpoints.next_step import next_step_of
from painpoints.on_maps import spots_of
from painpoints.readings import beside_scores, freshness, line_of, newest_run
from painpoints.scoped import Scoped, bar_of, scoped_of
from painpoints.standing import standing_of
from painpoints.vocabulary import names_of
from painpoints.watched import POINT
from painpoints.whom_row import row_of


def get_pain_point(
    request: HttpRequest, slug: str, pk: int, permission: Permission = Permission.VIEW
) -> PainPoint:
    """The workspace's pain point, for this user."""
    return _whole(get_workspace(request, slug, permission), pk)


def _whole(workspace: Workspace, pk: int) -> PainPoint:
    points = PainPoint.objects.shown(workspace).with_last_run()
    points = points.select_related(
        "workspace", "journey__workspace", "touchpoint", "owner", "type_by", "cause_by"
    )
    return get_object_or_404(points, pk=pk)


@login_required
@require_http_methods(["GET", "POST"])
def painpoint_add(request: HttpRequest, slug: str) -> HttpResponse:
    """Records a pain point by hand."""
    workspace = get_workspace(request, slug, Permission.EDIT_PAINPOINTS)
    form = RecordForm(request.POST or None, workspace=workspace, initial=_asked(request, workspace))
    if request.method == "POST" and form.is_valid():
        assert isinstance(request.user, User)
        point = actions.record_pain_point(user=request.user, **form.cleaned_data)
        messages.success(request, _("Recorded."))
        return redirect("painpoints:detail", slug, point.pk)
    return render(request, "painpoints/add.html", {"form": form})


def _asked(request: HttpRequest, workspace: Workspace) -> dict[str, object]:
    """What the link to the form chose already: ?journey=…&touchpoint=…"""
    return {
        "journey": workspace.journeys.filter(slug=request.GET.get("journey", "")).first(),
        "touchpoint": workspace.touchpoints.filter(code=request.GET.get("touchpoint", "")).first(),
    }


@login_required
@require_http_methods(["GET", "POST"])
def painpoint_detail(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """What hurts, why, who owns it, and what is done about it."""
    if request.method == "POST":
        return _change(request, get_pain_point(request, slug, pk, Permission.EDIT_PAINPOINTS))
    workspace = get_workspace(request, slug)
    known = get_object_or_404(PainPoint.objects.shown(workspace).only("journey"), pk=pk)
    return kept.page(
        request,
        "painpoints/detail.html",
        POINT,
        {"workspace": workspace.pk, "point": pk, "journey": known.journey_id},
        lambda: _made(request, _whole(workspace, pk)),
    )


def _made(request: HttpRequest, point: PainPoint) -> kept.Made:
    """Of all evidence it is kept; of a chosen scope it is made when somebody looks."""
    scoped = scoped_of(request, point)
    shown = _shown(point, ChangeForm(instance=point, workspace=point.workspace), scoped)
    status = 400 if scoped.error else 200
    return kept.Made(shown, status, lasting=scoped.scope.is_whole and not scoped.error)


def _change(request: HttpRequest, point: PainPoint) -> HttpResponse:
    form = ChangeForm(request.POST, instance=point, workspace=point.workspace)
    if not form.is_valid():
        point.refresh_from_db()
        shown = _shown(point, form, scoped_of(request, point))
        return render(request, "painpoints/detail.html", shown, status=422)
    assert isinstance(request.user, User)
    said = actions.change_pain_point(painpoint=point, user=request.user, changes=form.cleaned_data)
    args = [point.workspace.slug, point.pk]
    undo = f"undo:{reverse('painpoints:undo', args=[*args, said.pk])}" if said else ""
    messages.success(request, _("Saved."), extra_tags=undo)
    return redirect("painpoints:detail", *args)


def _shown(point: PainPoint, form: ChangeForm, scoped: Scoped) -> dict[str, Any]:
    run = scoped.run
    # What to do next is told by all evidence, however little of it a scope lets through.
    newest = run if scoped.scope.is_whole else newest_run(point.journey_id)
    line = line_of(newest, point.touchpoint.code)
    names = names_of(point.workspace)
    action_form = ActionForm(workspace=point.workspace)
    # list() would have them counted first, by a query of its own.
    members = [each for each in form.fields["owner"].choices]  # type: ignore[attr-defined]
    for one in (form, action_form):
        one.fields["owner"].choices = members  # type: ignore[attr-defined]
    actions_taken = list(point.actions.select_related("owner"))
    if run is not None:
        # All that the parts of the page look for, in one query.
        kinds = (series.KIND, counts.BREAKDOWN, told.KIND)
        counts.kept(run, *kinds, *map(whom.KIND.format, whom.DIMENSIONS))
    scored = beside_scores([point], {run.journey_id: run} if run else {})[0]
    return {
        **bar_of(point, scoped, names),
        "point": point,
        "scored": scored,
        "line": scored.line,
        "standing": standing_of(scored.run, scored.line),
        "parts": explain(scored.line),
        "whom": row_of(scored.run, point, names),
        "freshness": freshness(scored.run) if scored.run else None,
        "form": form,
        "moves": moves_of(point, scored.run),
        "action_form": action_form,
        "actions": actions_taken,
        "history": history_of(point),
        "by_words": by_words(point, newest, line),
        "next_step": next_step_of(point, line, actions_taken),
        "spots": spots_of(point),
    }


@login_required
@require_POST
def action_add(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    point = get_pain_point(request, slug, pk, Permission.EDIT_PAINPOINTS)
    form = ActionForm(request.POST, workspace=point.workspace)
    if form.is_valid():
        assert isinstance(request.user, User)
        actions.add_action(painpoint=point, user=request.user, **form.cleaned_data)
    else:
        told = (str(error) for errors in form.errors.values() for error in errors)
        messages.error(request, " ".join(told))
    return redirect("painpoints:detail", slug, pk)


@login_required
@require_POST
def action_toggle(request: HttpRequest, slug: str, pk: int, action: int) -> HttpResponse:
    """Done, or not done after all."""
    point = get_pain_point(request, slug, pk, Permission.EDIT_PAINPOINTS)
    actions.toggle_action(action=get_object_or_404(point.actions, pk=action))
    return redirect("painpoints:detail", slug, pk)


@login_required
@require_POST
def action_delete(request: HttpRequest, slug: str, pk: int, action: int) -> HttpResponse:
    point = get_pain_point(request, slug, pk, Permission.EDIT_PAINPOINTS)
    get_object_or_404(point.actions, pk=action).delete()
    messages.success(request, _("The action is deleted."))
    return redirect("painpoints:detail", slug, pk)
