"""Forms and buttons for the parts of a map: stages, steps, lanes, personas, cards, all alike.

Every address works without scripts: a form is a page of its own, and what is done leads back to
the map. With htmx the form opens in the side panel and the map changes in place.
"""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from accounts.access import PERMISSIONS, Permission, get_workspace
from accounts.models import User
from journeys import editing, part_actions
from journeys.errors import JourneyError
from journeys.models import Card, Journey, Lane, Part, Persona, Stage, Step
from journeys.part_forms import PART_FORMS, PartForm, PicturedForm
from journeys.pictures import MAX_BYTES, add_picture
from journeys.views import current_user, journey_of
from touchpoints.actions import new_touchpoint

MODELS: dict[str, type[Part]] = {
    "stage": Stage,
    "step": Step,
    "lane": Lane,
    "persona": Persona,
    "card": Card,
}


def _titles(kind: str) -> tuple[str, str, str]:
    """Heading of the form for a new one, for one that is there, and the adding button."""
    return {
        "stage": (_("New stage"), _("Stage"), _("Add stage")),
        "step": (_("New step"), _("Step"), _("Add step")),
        "lane": (_("New lane"), _("Lane"), _("Add lane")),
        "persona": (_("New persona"), _("Persona"), _("Add persona")),
        "card": (_("New card"), _("Card"), _("Add card")),
    }[kind]


@login_required
@require_http_methods(["GET", "POST"])
def add(request: HttpRequest, slug: str, journey: str, kind: str) -> HttpResponse:
    """The form for a new part. `?stage=`, `?lane=` and `?step=` say where it is to go."""
    workspace = get_workspace(request, slug, Permission.EDIT_JOURNEYS)
    found = journey_of(workspace, journey)
    part = MODELS[kind](journey=found)
    _need_a_place(found, kind)
    wanted = {name: request.GET[name] for name in ("stage", "lane", "step") if name in request.GET}
    initial = {name: int(pk) for name, pk in wanted.items() if pk.isdecimal() and len(pk) < 10}
    form = _form(request, kind, part, initial)
    if request.method == "POST" and form.is_valid():
        try:
            with transaction.atomic():
                _save_picture(form, current_user(request))
                part = part_actions.add_part(part=form.instance, user=current_user(request))
                _save_touchpoints(form, part, current_user(request))
        except JourneyError as error:
            form.add_error(None, str(error))
        else:
            return _back(found, part)
    return _form_page(request, found, kind, form)


@login_required
@require_http_methods(["GET", "POST"])
def change(request: HttpRequest, slug: str, journey: str, kind: str, pk: int) -> HttpResponse:
    workspace = get_workspace(request, slug, Permission.EDIT_JOURNEYS)
    found = journey_of(workspace, journey)
    form = _form(request, kind, _part(found, kind, pk), {})
    if request.method == "POST" and form.is_valid():
        try:
            with transaction.atomic():
                _save_picture(form, current_user(request))
                part = part_actions.change_part(part=form.instance, user=current_user(request))
                _save_touchpoints(form, part, current_user(request))
        except JourneyError as error:
            form.add_error(None, str(error))
        else:
            return _back(found, part)
    return _form_page(request, found, kind, form)


@login_required
@require_POST
def move(request: HttpRequest, slug: str, journey: str, kind: str, pk: int) -> HttpResponse:
    workspace = get_workspace(request, slug, Permission.EDIT_JOURNEYS)
    found = journey_of(workspace, journey)
    part = _part(found, kind, pk)
    by = part_actions.EARLIER if request.POST.get("to") == "earlier" else part_actions.LATER
    part_actions.move_part(part=part, by=by, user=current_user(request))
    return _back(found, part)


@login_required
@require_POST
def delete(request: HttpRequest, slug: str, journey: str, kind: str, pk: int) -> HttpResponse:
    workspace = get_workspace(request, slug, Permission.EDIT_JOURNEYS)
    found = journey_of(workspace, journey)
    part = _part(found, kind, pk)
    deletion = part_actions.delete_part(part=part, user=current_user(request))
    messages.success(
        request,
        _("“%s” is deleted.") % part,
        extra_tags="undo:" + reverse("journeys:undo", args=[slug, journey, deletion.number]),
    )
    return _back(found)


@login_required
@require_POST
def undo(request: HttpRequest, slug: str, journey: str, number: int) -> HttpResponse:
    """Takes back one operation, such as a deletion."""
    workspace = get_workspace(request, slug, Permission.EDIT_JOURNEYS)
    found = journey_of(workspace, journey)
    operation = get_object_or_404(found.operations, number=number)
    try:
        editing.take_back(journey=found, operation=operation, user=current_user(request))
    except JourneyError as error:
        messages.info(request, str(error))
    else:
        messages.success(request, _("It is as it was before."))
    return _back(found)


def _part(journey: Journey, kind: str, pk: int) -> Part:
    rows = MODELS[kind]._default_manager.select_related("journey__workspace")
    return get_object_or_404(rows, journey=journey, pk=pk)


def _need_a_place(journey: Journey, kind: str) -> None:
    """A step needs a stage, a card a lane and a step; the page offers neither without."""
    if kind == "step" and not journey.stages.exists():
        raise Http404
    if kind == "card" and not (journey.lanes.exists() and journey.steps.exists()):
        raise Http404


def _form(request: HttpRequest, kind: str, part: Part, initial: dict[str, int]) -> PartForm:
    answer = request.POST if request.method == "POST" else None
    more: dict[str, Any] = {}
    if kind == "step":
        role = request.membership.role  # type: ignore[attr-defined]
        more["may_edit_library"] = Permission.EDIT_LIBRARY in PERMISSIONS[role]
    return PART_FORMS[kind](answer, request.FILES or None, instance=part, initial=initial, **more)


def _save_picture(form: PartForm, user: User) -> None:
    """Puts the uploaded picture on the part, or takes the present one off."""
    if not isinstance(form, PicturedForm):
        return
    file = form.cleaned_data.get("new_picture")
    if file is not None:
        raw = file.read(MAX_BYTES + 1)
        workspace = form.instance.journey.workspace
        picture = add_picture(workspace=workspace, raw=raw, user=user)
        setattr(form.instance, form.PICTURE, picture.sha256)
    elif form.cleaned_data.get("without_picture"):
        setattr(form.instance, form.PICTURE, "")


def _save_touchpoints(form: PartForm, step: Part, user: User) -> None:
    """A step's touchpoints: those chosen, and the new one."""
    if not isinstance(step, Step):
        return
    chosen = list(form.cleaned_data.get("touchpoints") or [])
    name = (form.cleaned_data.get("new_touchpoint") or "").strip()
    if name:
        chosen.append(new_touchpoint(workspace=step.journey.workspace, name=name))
    part_actions.set_touchpoints(step=step, touchpoints=chosen, user=user)


def _back(journey: Journey, part: Part | None = None) -> HttpResponse:
    place = f"#{type(part).__name__.lower()}-{part.pk}" if part else "#map"
    response = redirect("journeys:edit", journey.workspace.slug, journey.slug)
    response["Location"] += f"?plain{place}"
    return response


def _form_page(request: HttpRequest, journey: Journey, kind: str, form: PartForm) -> HttpResponse:
    """The form: as a page, or for htmx alone, to stand in the side panel."""
    new, existing, add_button = _titles(kind)
    template = "journeys/part_panel.html" if request.htmx else "journeys/part.html"  # type: ignore[attr-defined]
    response = render(
        request,
        template,
        {
            "journey": journey,
            "kind": kind,
            "form": form,
            "part": form.instance if form.instance.pk else None,
            "heading": existing if form.instance.pk else new,
            "submit": _("Save") if form.instance.pk else add_button,
            "sideways": kind in ("stage", "step"),
        },
        status=422 if form.is_bound else 200,
    )
    if form.is_bound:
        response["HX-Retarget"] = "#panel"
        response["HX-Reselect"] = "#part"
        response["HX-Reswap"] = "innerHTML"
    return response
