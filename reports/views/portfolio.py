"""The workspace's first page."""

from typing import Any

from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from accounts import kept
from accounts.access import get_workspace, rights_of
from accounts.models import Workspace
from journeys.models import Journey
from painpoints import shifts, small
from painpoints.saved_views import Page, offered
from reports.gallery import user_of
from reports.home import DEMO_WORKSPACE
from reports.portfolio import Portfolio, Row, portfolio_of
from reports.portfolio_asked import (
    CARDS,
    FALLING,
    NOBODY,
    PER_PAGE,
    TABLE,
    Asked,
    asked_in,
    chosen,
    order_words,
    state_words,
)
from reports.watched import PORTFOLIO


@login_required
@require_GET
def portfolio(request: HttpRequest, slug: str) -> HttpResponse:
    """All journeys with how they do, the worst pain points, and the next step for own data."""
    workspace = get_workspace(request, slug)

    def views() -> dict[str, Any]:
        user = user_of(request.user)
        found = offered(
            workspace=workspace,
            user=user,
            page=Page.PORTFOLIO,
            get=request.GET,
            may=rights_of(request),
        )
        return {"views": found}

    return kept.page(
        request,
        "reports/portfolio.html",
        PORTFOLIO,
        {"workspace": workspace.pk},
        lambda: _made(workspace, asked_in(request.GET), request.GET.get("page")),
        {"painpoints/_views.html": views, "painpoints/_view_named.html": views},
    )


def _made(workspace: Workspace, asked: Asked, number: str | None) -> kept.Made:
    found = portfolio_of(workspace, asked.against)
    rows = chosen(found.rows, asked)
    page = Paginator(rows, PER_PAGE[asked.view]).get_page(number)
    context = {
        "portfolio": found,
        "asked": asked,
        "page": page,
        "cells": _drawn(page.object_list),
        "counts": _counts(found),
        "total_top": max((row.total["high"] for row in rows if row.total), default=0) * 1.05,
        "choices": _choices(workspace, found, asked),
        "live_url": reverse("figures_live", args=[workspace.slug]),
        "is_demo": workspace.slug == DEMO_WORKSPACE,
    }
    return kept.Made(context, lasting=not found.being_counted)


def _drawn(rows: Any) -> list[tuple[Row, dict[str, Any] | None]]:
    """Each journey with its weeks in small; one scale for all, so that they can be compared."""
    weeks = [row.glance.weeks() if row.glance else None for row in rows]
    top = small.top_of([trend for trend in weeks if trend])
    return [
        (row, small.context_of(trend, row.worst["name"], top) if trend and row.worst else None)
        for row, trend in zip(rows, weeks, strict=True)
    ]


def _counts(found: Portfolio) -> dict[str, int]:
    """State → how many journeys; of the states that are told at the head of the page."""
    told = ("worse", "better", "stale", "failed", "scoring")
    return {state: sum(state in row.states for row in found.rows) for state in told}


def _choices(workspace: Workspace, found: Portfolio, asked: Asked) -> dict[str, Any]:
    owners = {row.journey.owner.pk: str(row.journey.owner)
              for row in found.rows if row.journey.owner}  # fmt: skip
    by_name = sorted(owners.items(), key=lambda pair: pair[1].casefold())
    return {
        "owners": [(str(pk), name) for pk, name in by_name] + [(NOBODY, _("Nobody yet"))],
        "kinds": Journey.Kind.choices,
        "states": list(state_words().items()),
        "orders": list(order_words().items()),
        "against": list(shifts.AGAINST.items()),
        "against_label": shifts.AGAINST[asked.against],
        "views": [(CARDS, _("Cards"), "squares-2x2"), (TABLE, _("Table"), "table-cells")],
        "heads": _heads(asked),
    }


def _heads(asked: Asked) -> list[dict[str, str]]:
    """The columns' heads, of which each sorts, the second time the other way round."""
    words = order_words()
    heads = []
    for word in ("name", *(word for word in words if word != "name")):
        is_down = (word in FALLING) != asked.turned
        is_current = word == asked.sort
        heads.append(
            {
                "label": words[word],
                "sort": f"-{word}" if is_current and not asked.turned else word,
                "aria": ("descending" if is_down else "ascending") if is_current else "",
            }
        )
    return heads
