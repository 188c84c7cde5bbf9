"""The list of pain points, across journeys or of some, as a page and as a file."""

from typing import Any

from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext
from django.views.decorators.http import require_GET

from accounts import kept
from accounts.access import get_workspace, rights_of
from accounts.models import User, Workspace
from evidence.scope import FILTERS, Scope, ScopeError
from journeys.models import Stage
from painpoints import shifts
from painpoints.bands import with_bands
from painpoints.filters import filters_of, last_day
from painpoints.list_csv import csv_of
from painpoints.listing import (
    NOBODY,
    UNDECIDED,
    Asked,
    Entry,
    Listing,
    asked_in,
    listing_of,
    with_lines,
    with_shifts,
)
from painpoints.models import PainPoint
from painpoints.saved_views import Page, offered
from painpoints.vocabulary import check_scope
from painpoints.watched import LIST, LIST_IN_SCOPE

PER_PAGE = 30
SCOPE = ("since", "until", *FILTERS)
DATED = {
    shifts.BEFORE: gettext_lazy("the same time before"),
    shifts.YEAR: gettext_lazy("a year before"),
}


@login_required
@require_GET
def painpoint_list(request: HttpRequest, slug: str) -> HttpResponse:
    """Worst first, with the numbers of the scope that the address names."""
    workspace = get_workspace(request, slug)
    user = request.user
    assert isinstance(user, User)
    if request.GET.get("format") == "csv":
        listing = listing_of(workspace, _asked(request, workspace), user)
        return csv_of(workspace, listing, with_lines(_moved(listing, listing.entries, workspace)))

    def views() -> dict[str, Any]:
        found = offered(
            workspace=workspace,
            user=user,
            page=Page.PAINPOINTS,
            get=request.GET,
            may=rights_of(request),
        )
        return {"views": found}

    return kept.page(
        request,
        "painpoints/list.html",
        LIST_IN_SCOPE if any(map(request.GET.get, SCOPE)) else LIST,
        {"workspace": workspace.pk},
        lambda: _made(workspace, _asked(request, workspace), user, request.GET.get("page")),
        {"painpoints/_views.html": views},
    )


def _made(workspace: Workspace, asked: Asked, user: User, number: str | None) -> kept.Made:
    listing = listing_of(workspace, asked, user)
    page = Paginator(listing.entries, PER_PAGE).get_page(number)
    shown = with_lines(_moved(listing, list(page.object_list), workspace))
    if asked.sort == "burden" and not asked.turned:
        shown = with_bands(shown)
    context = {
        "listing": listing,
        "asked": asked,
        "page": page,
        "entries": shown,
        "has_bands": any(entry.band for entry in shown),
        "any": bool(listing.entries) or PainPoint.objects.shown(workspace).exists(),
        "burden_top": 1.05 * max((_burden_high(entry) for entry in shown), default=0.0),
        "filters": _filters(workspace, asked),
        "since": asked.scope.since.isoformat() if asked.scope.since else "",
        "until": asked.scope.until.isoformat() if asked.scope.until else "",
        "today": last_day(workspace),
        "choices": _choices(asked),
        **_progress(workspace.slug, listing),
    }
    is_complete = len(listing.glances) == len({e.run.pk for e in listing.entries if e.run})
    return kept.Made(
        context,
        status=400 if asked.error else 200,
        lasting=is_complete and listing.answers.job is None and not asked.error,
    )


def _asked(request: HttpRequest, workspace: Workspace) -> Asked:
    try:
        scope = Scope.from_query(request.GET)
        if scope.channels or scope.segments or scope.units:
            check_scope(workspace, scope)
    except ScopeError as error:
        return asked_in(request.GET, Scope(), str(error))
    return asked_in(request.GET, scope)


def _burden_high(entry: Entry) -> float:
    return (entry.line and entry.line["burden_high"]) or 0.0


def _moved(listing: Listing, entries: list[Entry], workspace: Workspace) -> list[Entry]:
    """Sorted by change they know it already."""
    if listing.asked.sort == "change":
        return entries
    return with_shifts(listing, entries, workspace)


def _filters(workspace: Workspace, asked: Asked) -> list[dict[str, Any]]:
    journeys = list(workspace.journeys.values_list("slug", "name"))
    own: list[tuple[str, str, Any, tuple[str, ...]]]
    own = [("journey", _("Journey"), journeys, asked.journeys)]
    if len(asked.journeys) == 1:
        stages = Stage.objects.filter(
            journey__workspace=workspace, journey__slug=asked.journeys[0], journey__deleted_at=None
        ).values_list("name", flat=True)
        own.append(("stage", _("Stage"), [(name, name) for name in stages], asked.stages))
    undecided = (UNDECIDED, _("not decided"))
    own += [
        ("type", _("Type"), [*PainPoint.Type.choices, undecided], asked.types),
        ("cause", _("Cause"), [*PainPoint.Cause.choices, undecided], asked.causes),
        ("owner", _("Owner"), [*_owners(workspace), (NOBODY, _("Nobody yet"))], asked.owners),
        ("status", _("Status"), PainPoint.Status.choices, asked.statuses),
    ]
    chosen = [
        {"name": name, "label": label, "options": options, "selected": list(selected)}
        for name, label, options, selected in own
    ]
    return [*chosen, *filters_of(workspace, asked.scope)]


def _owners(workspace: Workspace) -> list[tuple[str, str]]:
    owners = User.objects.filter(painpoints__workspace=workspace).distinct()
    return [(str(owner.pk), str(owner)) for owner in owners.order_by("name", "email")]


def _choices(asked: Asked) -> dict[str, Any]:
    """What the change is against, and the heads of the columns, of which each sorts."""
    if asked.is_dated:
        against: list[tuple[str, Any]] = list(DATED.items())
    else:
        against = [
            pair for pair in shifts.AGAINST.items()
            if asked.scope.is_whole or pair[0] != shifts.BASELINE
        ]  # fmt: skip
    heads = (
        ("name", _("Pain point"), ""), ("severity", _("Severity"), _("of 100 passages")),
        ("burden", _("Burden"), _("per 1,000 customers")),
        ("change", pgettext("a page of figures", "Change"), _("in points")),
        ("", _("Type and cause"), ""), ("owner", _("Owner"), ""), ("age", _("Status and age"), ""),
    )  # fmt: skip
    return {
        "against": against,
        "against_label": dict(against)[asked.against],
        "heads": [
            {
                "label": label,
                "unit": unit,
                "sort": f"-{word}" if word == asked.sort and not asked.turned else word,
                "aria": _direction(word, asked) if word and word == asked.sort else "",
            }
            for word, label, unit in heads
        ],
    }


def _direction(word: str, asked: Asked) -> str:
    falls = (word in ("severity", "burden", "change")) != asked.turned
    return "descending" if falls else "ascending"


def _progress(slug: str, listing: Listing) -> dict[str, Any]:
    job = listing.answers.job
    return {
        "job": job,
        "failed": listing.answers.failed,
        "live_url": reverse("figures_live", args=[slug]),
        "sse_url": reverse("job_live", args=[slug, job.pk]) if job else "",
        "poll_url": reverse("job_progress", args=[slug, job.pk]) if job else "",
    }
