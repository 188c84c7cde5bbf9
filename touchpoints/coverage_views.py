"""What the evidence covers, what it does not, and codes that wait to be told what they mean."""

from datetime import date, timedelta
from typing import Any

from django.contrib.auth.decorators import login_required
from django.core.cache import cache
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.formats import date_format
from django.views.decorators.http import require_GET

from accounts.access import get_workspace
from accounts.models import Workspace
from evidence.coverage import KEPT_S, WEEKS, Coverage, coverage, mondays_until
from touchpoints.coverage import Bias, Line, bias_of, drawing_of, freshness, lines_of
from touchpoints.forms import MapCodeForm

PER_PAGE = 30
MOST_UNMAPPED = 20  # each has a form that names every touchpoint


@login_required
@require_GET
def coverage_page(request: HttpRequest, slug: str) -> HttpResponse:
    """Coverage by week and touchpoint, freshness, unmapped codes, and who answers."""
    workspace = get_workspace(request, slug)
    mondays = mondays_until(workspace, _day(request.GET.get("until", "")))
    found = coverage(workspace, mondays)
    lines, unmapped, whole = lines_of(workspace, found)
    page = Paginator(lines, PER_PAGE).get_page(request.GET.get("page"))
    drawn = [(line, drawing_of(line, len(mondays))) for line in page]
    if whole is not None and page.number == 1:
        drawn.append((whole, drawing_of(whole, len(mondays))))
    context = {
        "page": page,
        "lines": drawn,
        "freshness": freshness(found),
        "total": sum(line.rows for line in (*lines, *unmapped, *filter(None, [whole]))),
        "months": _months(mondays),
        "mondays": mondays,
        "weeks": len(mondays),
        "last_day": mondays[-1] + timedelta(days=6),
        "earlier": mondays[0] - timedelta(days=1),
        "later": mondays[-1] + timedelta(weeks=WEEKS),
        "is_moved": bool(request.GET.get("until")),
        "unmapped": [
            _with_form(workspace, n, line) for n, line in enumerate(unmapped[:MOST_UNMAPPED])
        ],
        "unmapped_left": max(0, len(unmapped) - MOST_UNMAPPED),
        "bias": _bias(workspace, found, lines),
    }
    return render(request, "touchpoints/coverage.html", context)


def _bias(workspace: Workspace, found: Coverage, lines: list[Line]) -> Bias:
    """Kept until evidence or library change: which codes are whose decides what is compared."""
    known = hash(tuple(sorted((line.code, line.rows) for line in lines if line.rows)))
    key = f"bias:{workspace.pk}:{workspace.evidence_revision}:{known}"
    kept: Bias | None = cache.get(key)
    if kept is None:
        kept = bias_of(workspace, found, lines)
        if not kept.why_not:
            cache.set(key, kept, KEPT_S)
    return kept


def _with_form(workspace: Workspace, n: int, line: Line) -> tuple[Line, MapCodeForm]:
    return line, MapCodeForm(
        initial={"code": line.code}, workspace=workspace, auto_id=f"code{n}_%s"
    )


def _day(text: str) -> date | None:
    try:
        day = date.fromisoformat(text)
    except ValueError:
        return None
    return day if 1900 < day.year < 2900 else None


def _months(mondays: list[date]) -> list[dict[str, Any]]:
    """Where months begin along the weeks, as shares of the width, every second one named."""
    starts = [
        (place, monday)
        for place, monday in enumerate(mondays)
        if monday.day <= 7 and place < len(mondays) - 3
    ]
    return [
        {
            "at": f"{100 * place / len(mondays):.2f}",
            "label": date_format(monday, "M Y" if not n else "M"),
        }
        for n, (place, monday) in enumerate(starts[::3])
    ]
