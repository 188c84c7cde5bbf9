"""The list of pain points, across journeys or of some, as a page and as a file."""

from typing import Any

from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext
from django.views.decorators.http import require_GET

from accounts import kept
from accounts.access import get_workspace, rights_of
from accounts.models import User, Workspace
from evidence.scope import FILTERS
from painpoints import shifts
from painpoints.bands import with_bands
from painpoints.choosing import offered_filters, progress_of
from painpoints.filters import last_day
from painpoints.list_csv import csv_of
from painpoints.listing import (
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
from painpoints.vocabulary import scope_in
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
        "filters": offered_filters(workspace, asked),
        "since": asked.scope.since.isoformat() if asked.scope.since else "",
        "until": asked.scope.until.isoformat() if asked.scope.until else "",
        "today": last_day(workspace),
        "choices": _choices(asked),
        **progress_of(workspace.slug, listing.answers),
    }
    is_complete = len(listing.glances) == len({e.run.pk for e in listing.entries if e.run})
    return kept.Made(
        context,
        status=400 if asked.error else 200,
        lasting=is_complete and listing.answers.job is None and not asked.error,
    )


def _asked(request: HttpRequest, workspace: Workspace) -> Asked:
    return asked_in(request.GET, *scope_in(workspace, request.GET))


def _burden_high(entry: Entry) -> float:
    return (entry.line and entry.line["burden_high"]) or 0.0


def _moved(listing: Listing, entries: list[Entry], workspace: Workspace) -> list[Entry]:
    """Sorted by change they know it already."""
    if listing.asked.sort == "change":
        return entries
    return with_shifts(listing, entries, workspace)


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
