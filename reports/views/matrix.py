"""The opportunity matrix of a workspace or of one journey."""

from typing import Any
from urllib.parse import urlencode

from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy
from django.views.decorators.http import require_GET

from accounts.access import get_workspace, rights_of
from accounts.filter_bar import day
from accounts.models import User, Workspace
from painpoints.models import MOST_DAYS, PainPoint
from painpoints.saved_views import Page, offered
from reports import exports
from reports.figures import matrix as drawing
from reports.figures.sheet import Figure, Source
from reports.gallery import user_of
from reports.matrix import ANY, NOBODY, UNSOLVED, Asked, Row, rows_of
from reports.views.downloads import sentence

PER_PAGE = 50
COLUMNS = (
    ("burden", gettext_lazy("Burden"), gettext_lazy("per 1,000 customers")),
    ("customers", gettext_lazy("Customers reached"), ""),
    ("effort", gettext_lazy("Effort"), gettext_lazy("person-days")),
    ("business", gettext_lazy("Business value"), gettext_lazy("0–10, told")),
    ("value", pgettext_lazy("of mending", "Value"), gettext_lazy("0–10")),
    ("first", gettext_lazy("Value for 10 days"), gettext_lazy("what to mend first")),
    ("rice", "RICE", gettext_lazy("for a person-month")),
    ("opportunity", gettext_lazy("Opportunity score"), gettext_lazy("Ulwick, 0–20")),
)


@login_required
@require_GET
def matrix(request: HttpRequest, slug: str) -> HttpResponse:
    """Burden against effort, and the ways to weigh one against the other."""
    workspace = get_workspace(request, slug)
    asked = Asked.from_query(request.GET)
    rows = rows_of(workspace, asked)
    figure = drawing.matrix(rows, _source(workspace, asked, rows))
    drawn = drawing.drawn_of(rows)
    numbered = list(enumerate(rows, 1))
    context = {
        "asked": asked,
        "here": asked.to_query(),
        "figure": figure.context(_downloads(workspace, asked)),
        "bubbles": _bubbles(workspace, drawn),
        "not_drawn": len(rows) - len(drawn),
        "page": Paginator(numbered, PER_PAGE).get_page(request.GET.get("page")),
        "columns": _columns(workspace, asked),
        "journeys": workspace.journeys.all(),
        "statuses": [(UNSOLVED, _("Unsolved")), (ANY, _("Any status")), *PainPoint.Status.choices],
        "types": PainPoint.Type.choices,
        "causes": PainPoint.Cause.choices,
        "owners": _owners(workspace),
        "customers_weight": 100 - asked.business,
        "any": PainPoint.objects.shown(workspace).exists(),
        "most_days": MOST_DAYS,
        "views": offered(
            workspace=workspace,
            user=user_of(request.user),
            page=Page.MATRIX,
            get=request.GET,
            may=rights_of(request),
        ),
    }
    return render(request, "reports/matrix.html", context)


@login_required
@require_GET
def matrix_download(request: HttpRequest, slug: str, form: str) -> HttpResponse:
    workspace = get_workspace(request, slug)
    asked = Asked.from_query(request.GET)
    rows = rows_of(workspace, asked)
    if not rows:
        return sentence(_("There is nothing to download here: no such pain points."), 404)
    figures: list[Figure] = [drawing.matrix(rows, _source(workspace, asked, rows))]
    name = f"{asked.journey or workspace.slug}-matrix.{form}"
    if form == "csv":
        return exports.csv_response(figures, name)
    return exports.html_response(figures, name)


def _source(workspace: Workspace, asked: Asked, rows: list[Row]) -> Source:
    """One journey's run is named; several journeys have several."""
    runs = {row.run.pk: row.run for row in rows if row.run}
    only = next(iter(runs.values())) if len(runs) == 1 else None
    made_at = max((r.finished_at for r in runs.values() if r.finished_at), default=timezone.now())
    journey = get_object_or_404(workspace.journeys, slug=asked.journey) if asked.journey else None
    chosen = asked.to_query(sort="", business=0)
    weights = _("weights: customers %(customers)s, business %(business)s") % {
        "customers": 100 - asked.business, "business": asked.business}  # fmt: skip
    local = made_at.astimezone(workspace.zone)
    return Source(
        workspace=workspace.name,
        journey=journey.name if journey else _("all journeys"),
        scope=f"{journey.name if journey else _('all journeys')} · {weights}",
        filters={**chosen, "business": str(asked.business)},
        period=_("all evidence"),
        revision=workspace.evidence_revision,
        snapshot=only.snapshot if only else None,
        formula=next((r.formula for r in runs.values()), ""),
        made_at=made_at,
        made_at_text=_("scored %s") % f"{day(local)}, {local:%H:%M}" if runs else "",
    )


def _bubbles(workspace: Workspace, drawn: list[tuple[int, Row]]) -> list[dict[str, Any]]:
    """What the hands need of each bubble (js/matrix.js)."""
    return [
        {
            "id": row.point.pk,
            "number": number,
            "name": str(row.point),
            "x": x,
            "y": y,
            "size": size,
            "effort": row.point.effort_days,
            "tip": drawing.tip(row),
            "url": reverse("painpoints:detail", args=[workspace.slug, row.point.pk]),
            "save": reverse("painpoints:worth", args=[workspace.slug, row.point.pk]),
        }
        for (number, row), (x, y, size) in zip(drawn, drawing.spots(drawn), strict=True)
    ]


def _columns(workspace: Workspace, asked: Asked) -> list[dict[str, Any]]:
    return [
        {
            "name": name,
            "label": label,
            "unit": unit,
            "current": name == asked.sort,
            "url": _address(workspace, asked.to_query(sort=name)),
        }
        for name, label, unit in COLUMNS
    ]


def _owners(workspace: Workspace) -> list[tuple[str, str]]:
    people = User.objects.filter(painpoints__workspace=workspace).distinct().order_by("email")
    return [(NOBODY, _("Nobody yet")), *((str(user.pk), str(user)) for user in people)]


def _address(workspace: Workspace, query: dict[str, Any], view: str = "matrix") -> str:
    path = reverse(f"reports:{view}", args=[workspace.slug])
    return f"{path}?{urlencode(query)}" if query else path


def _downloads(workspace: Workspace, asked: Asked) -> list[dict[str, str]]:
    query = asked.to_query()
    return [
        {"label": _("HTML, works offline"), "url": _address(workspace, query, "matrix_html")},
        {"label": _("CSV, exact values"), "url": _address(workspace, query, "matrix_csv")},
    ]
