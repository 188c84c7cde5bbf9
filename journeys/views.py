"""Pages of journeys: the list, new ones, their settings, and the map as an editable grid."""

import json

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.db.models import Count
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from accounts.access import PERMISSIONS, Permission, get_workspace
from accounts.models import User, Workspace
from journeys import actions
from journeys.editor import MODULES, document_of
from journeys.errors import MapError
from journeys.forms import GridFileForm, JourneyForm, MapFileForm, NewJourneyForm
from journeys.grid import grid_of
from journeys.history import deletions_of
from journeys.mapcheck import schema
from journeys.mapfile import dump_map, load_map
from journeys.mapread import MAX_BYTES, read_document
from journeys.models import Card, Journey, Lane
from journeys.part_forms import EMOTIONS
from journeys.saved_views import views_for
from journeys.template_actions import standing_templates
from journeys.tree import trail
from touchpoints.models import Channel


def current_user(request: HttpRequest) -> User:
    assert isinstance(request.user, User)
    return request.user


def journey_of(workspace: Workspace, slug: str) -> Journey:
    return get_object_or_404(
        Journey.objects.select_related("workspace"), workspace=workspace, slug=slug
    )


@require_GET
def map_schema(request: HttpRequest) -> HttpResponse:
    """The JSON Schema of map files, for editors and programs."""
    return JsonResponse(schema(), content_type="application/schema+json")


@login_required
@require_GET
def journey_list(request: HttpRequest, slug: str) -> HttpResponse:
    workspace = get_workspace(request, slug)
    journeys = (
        workspace.journeys.select_related("owner", "workspace")
        .annotate(
            stage_count=Count("stages", distinct=True),
            step_count=Count("steps", distinct=True),
            touchpoint_count=Count("steps__touchpoints", distinct=True),
        )
        .order_by("name")
    )
    deleted = Journey.with_deleted.filter(workspace=workspace).exclude(deleted_at=None)
    return render(
        request,
        "journeys/list.html",
        {"journeys": journeys, "deleted": deleted.order_by("-deleted_at")},
    )


@login_required
@require_http_methods(["GET", "POST"])
def journey_add(request: HttpRequest, slug: str) -> HttpResponse:
    """A new journey, from a starter; the page also takes a map file."""
    workspace = get_workspace(request, slug, Permission.EDIT_JOURNEYS)
    form = NewJourneyForm(request.POST or None, workspace=workspace)
    if request.method == "POST" and form.is_valid():
        journey = actions.create_journey(
            workspace=workspace, user=current_user(request), **form.cleaned_data
        )
        return redirect("journeys:edit", slug, journey.slug)
    return _new_page(request, workspace, form, MapFileForm())


@login_required
@require_POST
def upload(request: HttpRequest, slug: str) -> HttpResponse:
    """A journey from an uploaded map file; replaces the map of the journey with its slug."""
    workspace = get_workspace(request, slug, Permission.EDIT_JOURNEYS)
    form = MapFileForm(request.POST, request.FILES)
    if form.is_valid():
        try:
            raw = form.cleaned_data["file"].read(MAX_BYTES + 1)
            journey = load_map(workspace, read_document(raw), current_user(request))
        except MapError as error:
            for problem in error.problems:
                form.add_error("file", problem)
        else:
            messages.success(request, _("“%s” is as the map file says.") % journey)
            return redirect("journeys:edit", slug, journey.slug)
    return _new_page(request, workspace, NewJourneyForm(workspace=workspace), form)


def _new_page(
    request: HttpRequest, workspace: Workspace, form: NewJourneyForm, file_form: MapFileForm
) -> HttpResponse:
    return render(
        request,
        "journeys/new.html",
        {
            "form": form,
            "file_form": file_form,
            "grid_form": GridFileForm(auto_id="grid_%s"),
            "templates": standing_templates(workspace),
        },
        status=422 if request.method == "POST" else 200,
    )


@login_required
@require_GET
def edit(request: HttpRequest, slug: str, journey: str) -> HttpResponse:
    """The map as it is edited in place, by operations; `?plain` works without scripts."""
    workspace = get_workspace(request, slug, Permission.EDIT_JOURNEYS)
    found = journey_of(workspace, journey)
    if "plain" not in request.GET:
        return _editor(request, found)
    return render(
        request,
        "journeys/edit.html",
        {
            "journey": found,
            "grid": grid_of(found),
            "personas": found.personas.select_related("segment"),
            "deletions": deletions_of(found)[:10],
        },
    )


def _editor(request: HttpRequest, journey: Journey) -> HttpResponse:
    user = current_user(request)
    wanted = request.GET.get("view", "")
    view = None
    if wanted:
        pk = int(wanted) if wanted.isdecimal() and len(wanted) < 10 else 0
        view = get_object_or_404(views_for(journey, user), pk=pk)
    role = request.membership.role  # type: ignore[attr-defined]
    return render(
        request,
        "journeys/editor.html",
        {
            "journey": journey,
            "trail": trail(journey),
            "document": document_of(
                journey,
                user,
                view=view,
                may_make_touchpoints=Permission.EDIT_LIBRARY in PERMISSIONS[role],
            ),
            "modules": MODULES,
            "kinds": Lane.Kind.choices,
            "bases": Card.Basis.choices,
            "colours": Card.Colour.choices,
            "emotions": EMOTIONS,
            "channels": Channel.Kind.values,
            "segments": journey.workspace.segments.all(),
            "journeys": Journey.objects.filter(workspace=journey.workspace).exclude(pk=journey.pk),
        },
    )


@login_required
@require_http_methods(["GET", "POST"])
def settings(request: HttpRequest, slug: str, journey: str) -> HttpResponse:
    """Name, kind, goal, and the touchpoints that mean success."""
    workspace = get_workspace(request, slug, Permission.EDIT_JOURNEYS)
    found = journey_of(workspace, journey)
    answer = request.POST if request.method == "POST" else None
    form = JourneyForm(answer, instance=found, workspace=workspace)
    if answer is not None and form.is_valid():
        actions.change_journey(journey=found, user=current_user(request), **form.cleaned_data)
        messages.success(request, _("Saved."))
        return redirect("journeys:edit", slug, found.slug)
    return render(
        request,
        "journeys/settings.html",
        {"form": form, "journey": found},
        status=200 if answer is None else 422,
    )


@login_required
@require_POST
def duplicate(request: HttpRequest, slug: str, journey: str) -> HttpResponse:
    workspace = get_workspace(request, slug, Permission.EDIT_JOURNEYS)
    copy = actions.duplicate_journey(
        journey=journey_of(workspace, journey), user=current_user(request)
    )
    messages.success(request, _("“%s” is a copy to draw how it should be.") % copy)
    return redirect("journeys:edit", slug, copy.slug)


@login_required
@require_POST
def delete(request: HttpRequest, slug: str, journey: str) -> HttpResponse:
    workspace = get_workspace(request, slug, Permission.EDIT_JOURNEYS)
    found = journey_of(workspace, journey)
    actions.delete_journey(journey=found)
    messages.success(
        request,
        _("“%s” is deleted.") % found,
        extra_tags="undo:" + reverse("journeys:restore", args=[slug, found.pk]),
    )
    return redirect("journeys:list", slug)


def _deleted(workspace: Workspace, pk: int) -> Journey:
    return get_object_or_404(
        Journey.with_deleted.exclude(deleted_at=None), workspace=workspace, pk=pk
    )


@login_required
@require_POST
def restore(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    workspace = get_workspace(request, slug, Permission.EDIT_JOURNEYS)
    journey = _deleted(workspace, pk)
    actions.restore_journey(journey=journey)
    messages.success(request, _("“%s” is back.") % journey)
    return redirect("journeys:list", slug)


@login_required
@require_POST
def purge(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """Removes a deleted journey for good, with its runs and pain points."""
    workspace = get_workspace(request, slug, Permission.ADMINISTER)
    journey = _deleted(workspace, pk)
    actions.purge_journey(journey=journey)
    messages.success(request, _("“%s” is removed for good.") % journey)
    return redirect("journeys:list", slug)


@login_required
@require_GET
def export(request: HttpRequest, slug: str, journey: str) -> HttpResponse:
    """The journey as a map file."""
    workspace = get_workspace(request, slug)
    found = journey_of(workspace, journey)
    text = json.dumps(dump_map(found), ensure_ascii=False, indent=2) + "\n"
    response = HttpResponse(text, content_type="application/json; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{found.slug}.map.json"'
    return response
