"""The opportunity matrix of a workspace or of one journey."""

from typing import Any

from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy
from django.views.decorators.http import require_GET

from accounts.access import get_workspace, rights_of
from accounts.filter_bar import day, period_label
from accounts.models import Workspace
from evidence.scope import FILTERS, Scope
from journeys.models import Journey
from painpoints.choosing import offered_filters, progress_of
from painpoints.filters import last_day
from painpoints.models import MOST_DAYS, PainPoint
from painpoints.saved_views import Page, kept, offered
from painpoints.vocabulary import scope_in
from reports import exports
from reports.figures import matrix as drawing
from reports.figures.sheet import Figure, Source
from reports.gallery import user_of
from reports.matrix import ANY, Asked, Row, answers_for, not_looked_for, rows_of
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
    asked = _asked(request, workspace)
    chosen = asked.chosen
    answers = answers_for(workspace, asked, user_of(request.user))
    rows = rows_of(workspace, asked, answers.runs)
    figure = drawing.matrix(rows, _source(workspace, asked, rows))
    drawn = drawing.drawn_of(rows)
    page = Paginator(list(enumerate(rows, 1)), PER_PAGE).get_page(request.GET.get("page"))
    notes = Notes(chosen.scope.to_query())
    context = {
        "asked": asked,
        "figure": figure.context(_downloads(workspace, request.GET)),
        "bubbles": _bubbles(workspace, drawn, chosen.scope),
        "not_drawn": len(rows) - len(drawn),
        "page": page,
        "rows": [(number, row, notes.marks(row)) for number, row in page],
        "notes": notes,
        "columns": _columns(asked),
        "filters": offered_filters(workspace, chosen, [(ANY, _("Any status"))]),
        "since": chosen.scope.since.isoformat() if chosen.scope.since else "",
        "until": chosen.scope.until.isoformat() if chosen.scope.until else "",
        "today": last_day(workspace),
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
        **progress_of(workspace.slug, answers),
    }
    return render(request, "reports/matrix.html", context, status=400 if chosen.error else 200)


@login_required
@require_GET
def matrix_download(request: HttpRequest, slug: str, form: str) -> HttpResponse:
    workspace = get_workspace(request, slug)
    asked = _asked(request, workspace)
    if asked.chosen.error:
        return sentence(asked.chosen.error, 400)
    answers = answers_for(workspace, asked, user_of(request.user))
    rows = rows_of(workspace, asked, answers.runs)
    if answers.job:
        return sentence(_("These numbers are being computed from the rows. Ask again soon."), 503)
    if not rows:
        return sentence(_("There is nothing to download here: no such pain points."), 404)
    figures: list[Figure] = [drawing.matrix(rows, _source(workspace, asked, rows))]
    name = f"{'-'.join(asked.chosen.journeys) or workspace.slug}-matrix.{form}"
    if form == "csv":
        return exports.csv_response(figures, name)
    return exports.html_response(figures, name)


class Notes:
    """Why numbers are missing, each reason once, under the mark that stands in the cells."""

    def __init__(self, scope: str) -> None:
        self.scope = scope
        self.reasons: list[str] = []
        self.undriven: dict[str, Journey] = {}

    def marks(self, row: Row) -> dict[str, dict[str, Any]]:
        """Number's name → its reason and the mark."""
        marks = {}
        for name, why in row.why.items():
            if why not in self.reasons:
                self.reasons.append(why)
            if name == "opportunity" and why == not_looked_for():
                self.undriven[row.point.journey.slug] = row.point.journey
            marks[name] = {"why": why, "mark": self.reasons.index(why) + 1}
        return marks

    @property
    def shown(self) -> list[tuple[str, list[Journey]]]:
        """A reason, and the journeys in which something can be done about it."""
        return [
            (why, list(self.undriven.values()) if why == not_looked_for() else [])
            for why in self.reasons
        ]


def _asked(request: HttpRequest, workspace: Workspace) -> Asked:
    return Asked.from_query(request.GET, *scope_in(workspace, request.GET))


def _source(workspace: Workspace, asked: Asked, rows: list[Row]) -> Source:
    """One journey's run is named; several journeys have several."""
    runs = {row.run.pk: row.run for row in rows if row.run}
    only = next(iter(runs.values())) if len(runs) == 1 else None
    made_at = max((r.finished_at for r in runs.values() if r.finished_at), default=timezone.now())
    chosen = asked.chosen
    named = workspace.journeys.filter(slug__in=chosen.journeys).values_list("name", flat=True)
    journeys = ", ".join(named) or _("all journeys")
    weights = _("weights: customers %(customers)s, business %(business)s") % {
        "customers": 100 - asked.business, "business": asked.business}  # fmt: skip
    fields = {**FILTERS, "journey": "journeys", "stage": "stages", "type": "types",
              "cause": "causes", "owner": "owners", "status": "statuses"}  # fmt: skip
    told = {name: getattr(chosen.scope if name in FILTERS else chosen, field)
            for name, field in fields.items()}  # fmt: skip
    local = made_at.astimezone(workspace.zone)
    return Source(
        workspace=workspace.name,
        journey=journeys,
        scope=f"{journeys} · {chosen.scope.describe()} · {weights}",
        filters={**{name: ", ".join(words) for name, words in told.items() if words},
                 "business": str(asked.business)},
        period=period_label(chosen.scope.since, chosen.scope.until) or _("all evidence"),
        revision=workspace.evidence_revision,
        snapshot=only.snapshot if only else None,
        formula=next((r.formula for r in runs.values()), ""),
        made_at=made_at,
        made_at_text=_("scored %s") % f"{day(local)}, {local:%H:%M}" if runs else "",
    )  # fmt: skip


def _bubbles(
    workspace: Workspace, drawn: list[tuple[int, Row]], scope: Scope
) -> list[dict[str, Any]]:
    """What the hands need of each bubble (js/matrix.js)."""
    query = f"?{scope.to_query()}" if not scope.is_whole else ""
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
            "url": reverse("painpoints:detail", args=[workspace.slug, row.point.pk]) + query,
            "save": reverse("painpoints:worth", args=[workspace.slug, row.point.pk]),
        }
        for (number, row), (x, y, size) in zip(drawn, drawing.spots(drawn), strict=True)
    ]


def _columns(asked: Asked) -> list[dict[str, Any]]:
    return [
        {"name": name, "label": label, "unit": unit, "current": name == asked.sort}
        for name, label, unit in COLUMNS
    ]


def _downloads(workspace: Workspace, query: QueryDict) -> list[dict[str, str]]:
    asked = kept(Page.MATRIX, query)
    return [
        {
            "label": label,
            "url": reverse(f"reports:matrix_{form}", args=[workspace.slug]) + f"?{asked}",
        }
        for form, label in (("html", _("HTML, works offline")), ("csv", _("CSV, exact values")))
    ]
