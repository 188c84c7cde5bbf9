"""Reports to read: the list, a new one, and one report as it is now."""

from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_GET, require_http_methods

from accounts.access import Permission, get_workspace
from reports import report_actions
from reports.blocks.content import Content, Filled, filled, lines_of
from reports.blocks.kinds import FIGURE, MAP, RANKING
from reports.blocks.starters import STARTERS
from reports.gallery import user_of
from reports.report_forms import NewReportForm
from reports.report_models import Report

# How a figure is shown on a page; all others as components/figure.html does.
SHOWN = {
    MAP: "reports/map_figure.html",
    RANKING: "reports/ranking_figure.html",
    "waiting": "reports/waiting_figure.html",
    "by-segment": "reports/heat_figure.html",
    "by-channel": "reports/heat_figure.html",
    "by-unit": "reports/heat_figure.html",
    "change": "reports/change_figure.html",
}
PLAIN = "components/figure.html"
# A page that waits for scores looks again after so long.
AGAIN_S = 4


def get_report(
    request: HttpRequest, slug: str, pk: int, permission: Permission = Permission.VIEW
) -> Report:
    """The workspace's report, for this user."""
    workspace = get_workspace(request, slug, permission)
    found = Report.objects.standing().select_related("workspace", "journey__workspace")
    return get_object_or_404(found, workspace=workspace, pk=pk)


@login_required
@require_GET
def report_list(request: HttpRequest, slug: str) -> HttpResponse:
    workspace = get_workspace(request, slug)
    every = Report.objects.filter(workspace=workspace).select_related(
        "workspace", "journey", "created_by"
    )
    standing = list(every.filter(deleted_at=None))
    for one in standing:
        starter = STARTERS.get(one.template)
        one.kind = starter.name if starter else ""  # type: ignore[attr-defined]
    deleted = every.exclude(deleted_at=None).order_by("-deleted_at")
    context = {"reports": standing, "deleted": deleted, "starters": STARTERS}
    return render(request, "reports/report/list.html", context)


@login_required
@require_http_methods(["GET", "POST"])
def report_new(request: HttpRequest, slug: str) -> HttpResponse:
    workspace = get_workspace(request, slug, Permission.EDIT_REPORTS)
    answer = request.POST if request.method == "POST" else None
    asked = {name: request.GET[name] for name in ("template", "journey") if name in request.GET}
    form = NewReportForm(answer, initial=asked, workspace=workspace)
    if answer is not None and form.is_valid():
        made = report_actions.create_report(
            workspace=workspace, user=user_of(request.user), **form.cleaned_data
        )
        return redirect("reports:report_edit", slug, made.pk)
    status = 200 if answer is None else 422
    context = {"form": form, "starters": STARTERS}
    return render(request, "reports/report/new.html", context, status=status)


@login_required
@require_GET
def report(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    found = get_report(request, slug, pk)
    context = {"report": found, **body_context(filled(found, user_of(request.user)))}
    return render(request, "reports/report/report.html", context)


@login_required
@require_GET
def body(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """The report without its frame: what the editor shows beside the blocks."""
    found = get_report(request, slug, pk)
    context = {"report": found, **body_context(filled(found, user_of(request.user)))}
    return render(request, "reports/report/_body.html", context)


def body_context(found: Filled) -> dict[str, Any]:
    """What templates/reports/report/_body.html takes."""
    return {
        "filled": found,
        "contents": [_shown(content) for content in found.contents],
        "again_s": AGAIN_S if found.is_coming else 0,
    }


def _shown(content: Content) -> dict[str, Any]:
    template = SHOWN.get(content.block.kind) or SHOWN.get(content.block.name)
    if content.block.kind not in (FIGURE, MAP, RANKING) or template is None:
        template = PLAIN
    says = template in (PLAIN, SHOWN["change"])  # the others tell their sentence themselves
    return {
        "block": content.block,
        "title": content.title,
        "paragraphs": [lines_of(text) for text in content.paragraphs],
        "figures": [
            {"context": one.context(), "template": template if one.plot or one.extra else PLAIN,
             "says": says or not (one.plot or one.extra), "sentence": one.aria}
            for one in content.figures
        ],
        "run": content.run,
        "journey": content.journey,
        "why": content.why,
        "is_coming": content.is_coming,
    }  # fmt: skip
