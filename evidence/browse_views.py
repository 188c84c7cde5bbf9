"""Evidence row by row: filtered, a random sample, one line beside what it became, downloads."""

import secrets
from collections.abc import Mapping
from typing import Any

import duckdb
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import (
    FileResponse,
    Http404,
    HttpRequest,
    HttpResponse,
    HttpResponseBase,
    QueryDict,
    StreamingHttpResponse,
)
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from accounts.access import Permission, get_workspace
from accounts.models import Workspace
from evidence import browse, browse_words
from evidence.browse import MOST_SAMPLED, Wanted
from evidence.erasure import hash_of
from evidence.known_words import codes_like, known_words
from evidence.lines import is_kept, original_line
from evidence.metrics import scales_of
from evidence.models import Kind
from evidence.rows import pseudonym
from evidence.scope import ScopeError

SHOWN_OF_SAMPLE = 100
IMPORTS_OFFERED = 200


@login_required
@require_GET
def rows_page(request: HttpRequest, slug: str) -> HttpResponse:
    """The rows a filter lets through, newest first, or some of them at random."""
    workspace = get_workspace(request, slug, Permission.VIEW_ROWS)
    words = known_words(workspace)
    wanted, error = _wanted(request.GET)
    codes = codes_like(wanted.code, words) if wanted.code else []
    drawn = _drawn(request.GET)
    context: dict[str, Any] = {
        "wanted": wanted,
        "error": error,
        "kinds": [(kind, label, "?" + _with(wanted, kind=kind)) for kind, label in Kind.choices],
        "query": wanted.to_query(),
        "total": browse.count(workspace, wanted, codes),
        "customer": pseudonym(wanted.customer),
        "without_customer": "?" + _with(wanted, customer=None),
        "more_chosen": any((wanted.channel, wanted.segment, wanted.unit, wanted.import_id)),
        "seed": secrets.randbelow(1_000_000),
        **_choices(workspace, wanted, words),
    }
    if drawn:
        n, seed = drawn
        rows = browse.sample(workspace, wanted, codes, n=min(n, SHOWN_OF_SAMPLE), seed=seed)
        context |= {"drawn": {"n": n, "seed": seed}}
    else:
        page = browse.page(
            workspace, wanted, codes,
            before=request.GET.get("before", ""), after=request.GET.get("after", ""),
        )  # fmt: skip
        rows = page.rows
        context["page"] = page
    names = words.get("touchpoint", {})
    context["table"] = browse_words.table_of(wanted.kind, rows, names, workspace.zone)
    return render(request, "evidence/rows.html", context, status=422 if error else 200)


@login_required
@require_POST
def rows_customer(request: HttpRequest, slug: str) -> HttpResponse:
    """From a customer's raw id to the filter by its hash; the id stands in no address, no log."""
    workspace = get_workspace(request, slug, Permission.VIEW_ROWS)
    wanted, _error = _wanted(QueryDict(request.POST.get("query", "")))
    identifier = request.POST.get("identifier", "").strip()
    if not identifier:
        messages.error(request, _("Give the customer's id as it stands in your files."))
        return redirect(_address(slug, wanted.to_query()))
    return redirect(_address(slug, _with(wanted, customer=hash_of(workspace, identifier))))


@login_required
@require_GET
def rows_download(request: HttpRequest, slug: str, format: str) -> HttpResponseBase:
    """All rows the filter lets through, or a random sample of them."""
    workspace = get_workspace(request, slug, Permission.VIEW_ROWS)
    return rows_file(workspace, request.GET, format)


def rows_file(workspace: Workspace, query: QueryDict, format: str) -> HttpResponseBase:
    wanted, error = _wanted(query)
    if error:
        return HttpResponse(error, status=422, content_type="text/plain; charset=utf-8")
    codes = codes_like(wanted.code, known_words(workspace)) if wanted.code else []
    drawn = _drawn(query)
    some: dict[str, int] = dict(zip(("n", "seed"), drawn, strict=True)) if drawn else {}
    part = "-sample" if drawn else ""
    name = f"{workspace.slug}-{wanted.kind}{part}.{format}"
    if format == "csv":
        lines = browse.csv_lines(workspace, wanted, codes, **some)
        answer = StreamingHttpResponse(lines, content_type="text/csv; charset=utf-8")
        answer["Content-Disposition"] = f'attachment; filename="{name}"'
        return answer
    try:
        file = browse.parquet_file(workspace, wanted, codes, **some)
    except duckdb.IOException:
        told = _("There is no room on the server's disk to make the file. Take CSV, or fewer rows.")
        return HttpResponse(told, status=507, content_type="text/plain; charset=utf-8")
    return FileResponse(
        file, as_attachment=True, filename=name, content_type="application/vnd.apache.parquet"
    )


@login_required
@require_GET
def row_page(request: HttpRequest, slug: str, pk: int, row_no: int) -> HttpResponse:
    """One line of an import: where each fact stood, and what it became."""
    workspace = get_workspace(request, slug, Permission.VIEW_ROWS)
    found = get_object_or_404(workspace.imports.select_related("created_by"), pk=pk)
    rows = browse.of_line(workspace, found.kind, found.pk, row_no) if found.kind else []
    if not rows:
        raise Http404(_("No evidence came from this line, or it was taken out since."))
    names = known_words(workspace).get("touchpoint", {})
    found.workspace = workspace
    line = original_line(found, row_no, [row["customer"] for row in rows if row["customer"]])
    context = {
        "found": found,
        "row_no": row_no,
        "rows": [browse_words.beside(found, row, names, workspace.zone, line) for row in rows],
        "line": line,
        "is_posted": not found.path,
        "is_kept": is_kept(found),
    }
    return render(request, "evidence/row.html", context)


def _wanted(query: QueryDict) -> tuple[Wanted, str]:
    try:
        return Wanted.from_query(query), ""
    except ScopeError as error:
        plain = query.copy()
        for name in ("since", "until"):
            plain.pop(name, None)
        return Wanted.from_query(plain), str(error)


def _drawn(query: QueryDict) -> tuple[int, int] | None:
    n, seed = query.get("sample", ""), query.get("seed", "")
    if not n.isdecimal() or not int(n[:9]):
        return None
    return min(int(n[:9]), MOST_SAMPLED), int(seed[:9]) if seed.isdecimal() else 0


def _with(wanted: Wanted, **other: Any) -> str:
    return Wanted(**{**vars(wanted), **other}).to_query()


def _address(slug: str, query: str) -> str:
    return f"{reverse('evidence:rows', args=[slug])}?{query}"


def _choices(
    workspace: Workspace, wanted: Wanted, words: Mapping[str, Mapping[str, str]]
) -> dict[str, Any]:
    """What the form offers. A touchpoint stands for all its codes; other codes can be typed."""
    names, own = words.get("touchpoint", {}), words.get("touchpoint_of", {})
    touchpoints = sorted(
        {(code, names[code]) for code in own.values()}, key=lambda pair: pair[1].casefold()
    )
    if wanted.code and wanted.code not in dict(touchpoints):
        touchpoints.append((wanted.code, _("code “%s”") % wanted.code))
    imports = workspace.imports.standing().filter(kind=wanted.kind)[:IMPORTS_OFFERED]
    offered = [(found.pk, f"{found.source} ({found.created_at:%Y-%m-%d})") for found in imports]
    if wanted.import_id and wanted.import_id not in dict(offered):
        offered.append((wanted.import_id, str(wanted.import_id)))
    return {
        "touchpoints": touchpoints,
        "imports": offered,
        "words": [
            (name, label, getattr(wanted, name), words.get(name, {}))
            for name, label in (
                ("channel", _("Channel")), ("segment", _("Segment")), ("unit", _("Unit")),
            )
        ],
        "metrics": sorted(scales_of(workspace)),
    }  # fmt: skip
