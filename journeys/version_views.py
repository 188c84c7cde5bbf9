"""The history of a map: what happened, past states to look at, their names, and going back."""

from datetime import date, datetime
from itertools import groupby

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from accounts.access import Permission, get_workspace
from accounts.models import User
from journeys import editing, states, versions
from journeys.comparing import compare
from journeys.errors import JourneyError
from journeys.field_words import names_of
from journeys.models import Journey, Operation, Version
from journeys.state_grid import shown
from journeys.telling import Told, told
from journeys.version_forms import VersionForm
from journeys.views import current_user, journey_of

A_PAGE = 60
MOST_NUMBER = 2**63 - 1


@login_required
@require_GET
def history(request: HttpRequest, slug: str, journey: str) -> HttpResponse:
    """Operations by day and person, newest first; `?person=` of one only."""
    found = journey_of(get_workspace(request, slug), journey)
    return _history_page(request, found, VersionForm())


def _history_page(request: HttpRequest, journey: Journey, form: VersionForm) -> HttpResponse:
    operations = journey.operations.order_by("-number").select_related("user", "undoes")
    people = User.objects.filter(pk__in=journey.operations.order_by().values("user")).distinct()
    person = request.GET.get("person", "")
    if person.isdecimal() and len(person) < 10:
        operations = operations.filter(user=int(person))
    page = Paginator(operations, A_PAGE).get_page(request.GET.get("page"))
    names = names_of(journey, states.present(journey)[1])
    return render(
        request,
        "journeys/history.html",
        {
            "journey": journey,
            "page": page,
            "days": _by_day(told(page.object_list, names)),
            "people": sorted(people, key=str),
            "person": person,
            "versions": journey.versions.standing().select_related("user"),
            "names_of_numbers": _names_of_numbers(journey),
            "form": form,
        },
        status=422 if form.is_bound else 200,
    )


def _by_day(found: list[Told]) -> list[tuple[date, list[tuple[User | None, list[Told]]]]]:
    """Each day's operations, those of one person after another together."""

    def day(one: Told) -> date:
        return timezone.localdate(one.operation.made_at)

    def person(one: Told) -> User | None:
        return one.operation.user

    return [
        (when, [(who, list(those)) for who, those in groupby(these, person)])
        for when, these in groupby(found, day)
    ]


def _names_of_numbers(journey: Journey) -> dict[int, list[str]]:
    names: dict[int, list[str]] = {}
    for version in journey.versions.standing():
        names.setdefault(version.number, []).append(version.name)
    return names


@login_required
@require_GET
def state(request: HttpRequest, slug: str, journey: str, number: int) -> HttpResponse:
    """The map as it was after an operation, to look at."""
    found = journey_of(get_workspace(request, slug), journey)
    _refuse_future(found, number)
    lists = states.state_at(found, number)
    operation = found.operations.filter(number=number).select_related("user").first()
    return render(
        request,
        "journeys/state.html",
        {
            "journey": found,
            "number": number,
            "is_now": number == found.revision,
            "made_at": time_of(found, operation),
            "operation": operation,
            "names": found.versions.standing().filter(number=number),
            "own": lists["journey"][0],
            "map": shown(compare(lists, lists)),
            "words": names_of(found, lists),
            "previous": number - 1 if number else None,
            "next": number + 1 if number < found.revision else None,
        },
    )


def time_of(journey: Journey, operation: Operation | None) -> datetime:
    """When a state began; the beginning, with the journey."""
    return operation.made_at if operation else journey.created_at


@login_required
@require_POST
def restore(request: HttpRequest, slug: str, journey: str, number: int) -> HttpResponse:
    workspace = get_workspace(request, slug, Permission.EDIT_JOURNEYS)
    found = journey_of(workspace, journey)
    _refuse_future(found, number)
    try:
        done = versions.restore_state(journey=found, number=number, user=current_user(request))
    except JourneyError as error:
        messages.error(request, str(error))
        return redirect("journeys:state", slug, journey, number)
    if done is None:
        messages.info(request, _("The map is as it was then already."))
    else:
        messages.success(
            request,
            _("The map is as it was then; what came after stays in its history."),
            extra_tags="undo:" + reverse("journeys:undo", args=[slug, journey, done.number]),
        )
    return redirect("journeys:history", slug, journey)


@login_required
@require_POST
def take_back(request: HttpRequest, slug: str, journey: str, number: int) -> HttpResponse:
    """Undoes one operation of the history, whatever came after it."""
    workspace = get_workspace(request, slug, Permission.EDIT_JOURNEYS)
    found = journey_of(workspace, journey)
    operation = get_object_or_404(found.operations, number=min(number, MOST_NUMBER))
    try:
        editing.take_back(journey=found, operation=operation, user=current_user(request))
    except JourneyError as error:
        messages.info(request, str(error))
    else:
        messages.success(request, _("It is taken back."))
    return redirect("journeys:history", slug, journey)


@login_required
@require_POST
def name(request: HttpRequest, slug: str, journey: str) -> HttpResponse:
    """Names the present state, or the one after operation `number`."""
    workspace = get_workspace(request, slug, Permission.EDIT_JOURNEYS)
    found = journey_of(workspace, journey)
    form = VersionForm(request.POST)
    if form.is_valid():
        try:
            version = versions.name_version(
                journey=found, user=current_user(request), **form.cleaned_data
            )
        except JourneyError as error:
            form.add_error("name", str(error))
        else:
            messages.success(request, _("This state is called “%s” now.") % version)
            return redirect("journeys:history", slug, journey)
    return _history_page(request, found, form)


@login_required
@require_POST
def version_delete(request: HttpRequest, slug: str, journey: str, pk: int) -> HttpResponse:
    workspace = get_workspace(request, slug, Permission.EDIT_JOURNEYS)
    found = journey_of(workspace, journey)
    version = get_object_or_404(found.versions.standing(), pk=pk)
    versions.delete_version(version=version)
    messages.success(
        request,
        _("The name “%s” is removed; the state stays in the history.") % version,
        extra_tags="undo:" + reverse("journeys:version_restore", args=[slug, journey, pk]),
    )
    return redirect("journeys:history", slug, journey)


@login_required
@require_POST
def version_restore(request: HttpRequest, slug: str, journey: str, pk: int) -> HttpResponse:
    workspace = get_workspace(request, slug, Permission.EDIT_JOURNEYS)
    found = journey_of(workspace, journey)
    version = get_object_or_404(Version.objects.exclude(deleted_at=None), journey=found, pk=pk)
    try:
        versions.bring_back_version(version=version)
    except JourneyError as error:
        messages.error(request, str(error))
    return redirect("journeys:history", slug, journey)


def _refuse_future(journey: Journey, number: int) -> None:
    if number > journey.revision:
        raise Http404
