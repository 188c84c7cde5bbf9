"""“How do we know?”: a number of a run, opened to its definition, its rows and its sensitivity.

The same addresses serve the side panel (htmx, only the part asked for) and pages of their own.
"""

from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from accounts.access import Permission, get_workspace
from evidence.scope import Scope
from evidence.snapshots import SnapshotGone, is_kept
from painpoints import knowing_rows, sensitivity
from painpoints.definitions import definition_of
from painpoints.explanation import explain
from painpoints.knowing import Number, UnknownNumber, number_of
from painpoints.knowing_counts import part_number, part_of
from painpoints.models import ScoringRun
from painpoints.rows_words import table_of
from painpoints.rules import rules_of, why_not
from painpoints.unit_facts import judged_of


def get_run(
    request: HttpRequest, slug: str, pk: int, permission: Permission = Permission.VIEW
) -> ScoringRun:
    """The workspace's run, for this user."""
    workspace = get_workspace(request, slug, permission)
    runs = ScoringRun.objects.shown(workspace).select_related("workspace", "journey__workspace")
    return get_object_or_404(runs, pk=pk)


@login_required
@require_GET
def know(request: HttpRequest, slug: str, pk: int, figure: str) -> HttpResponse:
    """What the number is, how it was made, and what it was made with."""
    run = get_run(request, slug, pk)
    if run.result is None:
        return redirect("painpoints:run", slug, pk)
    number = _number(request, run, figure)
    rank = number.line.get("rank")
    judged = judged_of(number) if number.part.dimension == "unit" else []
    moves = sensitivity.weight_moves(run, number.code) if number.is_scored else []
    context = {
        **_frame(number),
        "definition": definition_of(number),
        "why_not": why_not(number),
        "rules": rules_of(number),
        "judged": judged,
        "parts": explain(number.line) if figure in ("severity", "burden", "rank") else [],
        "scope": Scope.from_json(run.scope),
        "moves": moves,
        "moves_summary": sensitivity.summary(rank, moves),
        "is_kept": is_kept(run.snapshot),
        "in_panel": _is_panel(request),
    }
    template = "know_panel" if _is_panel(request) else "know"
    return render(request, f"painpoints/{template}.html", context)


@login_required
@require_GET
def know_sources(request: HttpRequest, slug: str, pk: int, figure: str) -> HttpResponse:
    """What its rows add up to, counted again, and the imports they come from."""
    run = get_run(request, slug, pk)
    if run.result is None:
        return redirect("painpoints:run", slug, pk)
    number = _number(request, run, figure)
    context = {**_frame(number), **_behind(number)}
    template = "_know_sources" if _is_part(request) else "know_sources"
    return render(request, f"painpoints/{template}.html", context)


@login_required
@require_GET
def know_thresholds(request: HttpRequest, slug: str, pk: int, figure: str) -> HttpResponse:
    """Where the touchpoint would rank with other promises and thresholds."""
    run = get_run(request, slug, pk)
    if run.result is None:
        return redirect("painpoints:run", slug, pk)
    number = _number(request, run, figure)
    if not number.is_scored:
        raise Http404
    context: dict[str, Any] = _frame(number)
    try:
        moves = sensitivity.threshold_moves(run, number.code)
        context["moves"] = moves
        context["summary"] = sensitivity.summary(number.line["rank"], moves, thresholds=True)
    except SnapshotGone as gone:
        context["gone"] = str(gone)
    template = "_know_thresholds" if _is_part(request) else "know_thresholds"
    return render(request, f"painpoints/{template}.html", context)


@login_required
@require_GET
def know_rows(request: HttpRequest, slug: str, pk: int, figure: str) -> HttpResponse:
    """A page of the rows behind the number."""
    run = get_run(request, slug, pk, Permission.VIEW_ROWS)
    if run.result is None:
        return redirect("painpoints:run", slug, pk)
    number = _number(request, run, figure)
    painful_only = request.GET.get("painful") == "1"
    context = {**_frame(number), **_behind(number), "painful_only": painful_only}
    behind = context.get("behind")
    if behind is not None and number.wanted is not None:
        asked = request.GET.get("page", "")
        try:
            page = knowing_rows.page_of(
                number,
                page=int(asked) if asked.isdecimal() else 1,
                painful_only=painful_only,
                account=behind.account,
            )
            context |= {"page": page, "table": table_of(number, number.wanted.kind, page.rows)}
        except SnapshotGone as gone:
            context |= {"behind": None, "gone": str(gone)}
    return render(request, "painpoints/know_rows.html", context)


@login_required
@require_GET
def know_rows_csv(request: HttpRequest, slug: str, pk: int, figure: str) -> HttpResponse:
    """All rows as CSV, as they are read."""
    run = get_run(request, slug, pk, Permission.VIEW_ROWS)
    if run.result is None:
        return redirect("painpoints:run", slug, pk)
    number = _number(request, run, figure)
    if number.wanted is None:
        raise Http404
    if not is_kept(run.snapshot):
        return HttpResponse(knowing_rows.gone_words(), status=410, content_type="text/plain")
    painful_only = request.GET.get("painful") == "1"
    lines = knowing_rows.csv_lines(number, painful_only=painful_only)
    answer = StreamingHttpResponse(lines, content_type="text/csv; charset=utf-8")
    part = f"-{'painful' if painful_only else 'rows'}"
    name = f"run-{run.pk}-{figure}{part}.csv"
    answer["Content-Disposition"] = f'attachment; filename="{name}"'
    return answer  # type: ignore[return-value]


def _number(request: HttpRequest, run: ScoringRun, figure: str) -> Number:
    code, metric = request.GET.get("at", ""), request.GET.get("metric", "")
    try:
        if part := part_of(request.GET):
            return part_number(run, figure, code, part)
        return number_of(run, figure, code, metric)
    except UnknownNumber:
        raise Http404(_("This run has no such number.")) from None


def _frame(number: Number) -> dict[str, Any]:
    return {"number": number, "run": number.run, "shown": number.shown}


def _behind(number: Number) -> dict[str, Any]:
    """The rows' account; `gone` where there are none any more, neither where it never has rows."""
    if number.wanted is None:
        return {}
    try:
        return {"behind": knowing_rows.behind(number)}
    except SnapshotGone as gone:
        return {"gone": str(gone)}


def _is_panel(request: HttpRequest) -> bool:
    htmx: Any = request.htmx  # type: ignore[attr-defined]
    return bool(htmx) and htmx.target == "panel"


def _is_part(request: HttpRequest) -> bool:
    return bool(request.htmx)  # type: ignore[attr-defined]
