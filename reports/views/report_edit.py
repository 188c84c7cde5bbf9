"""Composing a report: its settings and its blocks, by forms, keys and dragging."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from accounts.access import Permission, get_workspace
from reports import report_actions
from reports.blocks.content import filled
from reports.blocks.kinds import Block, BlockError, blocks_of
from reports.gallery import user_of
from reports.report_forms import BlockForm, ReportForm, choices
from reports.report_models import Report
from reports.views.report_pages import body_context, get_report

CHANGES_SHOWN = 15


@login_required
@require_GET
def edit(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    report = get_report(request, slug, pk, Permission.EDIT_REPORTS)
    return _page(request, report)


def _page(
    request: HttpRequest, report: Report, form: ReportForm | None = None,
    block_form: BlockForm | None = None, status: int = 200,
) -> HttpResponse:  # fmt: skip
    opened = request.GET.get("block", "")
    blocks = []
    for block in blocks_of(report.blocks):
        own = block_form if block_form and block_form.block.id == block.id else None
        blocks.append(
            {"block": block, "form": own or BlockForm(report=report, block=block),
             "is_open": own is not None or block.id == opened}
        )  # fmt: skip
    changes = report.changes.select_related("user")[:CHANGES_SHOWN]
    context: dict[str, Any] = {
        "report": report,
        "form": form or ReportForm(report=report),
        "settings_open": form is not None,
        "blocks": blocks,
        "choices": choices(),
        "changes": [(one, report_actions.WHAT[one.what]) for one in changes],
        "remove": report_actions.REMOVE,
        **body_context(filled(report, user_of(request.user))),
    }
    return render(request, "reports/report/edit.html", context, status=status)


@login_required
@require_POST
def settings(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    report = get_report(request, slug, pk, Permission.EDIT_REPORTS)
    form = ReportForm(request.POST, report=report)
    if not form.is_valid():
        return _page(request, report, form=form, status=422)
    told = form.cleaned_data
    report_actions.change_report(
        report=report, user=user_of(request.user), name=told["name"], journey=told["journey"],
        scope=told["scope"],
    )  # fmt: skip
    return redirect("reports:report_edit", slug, pk)


@login_required
@require_POST
def block_add(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """A block of the kind (and name) chosen, behind the others."""
    report = get_report(request, slug, pk, Permission.EDIT_REPORTS)
    kind, _part, name = request.POST.get("what", "").partition(":")
    try:
        added = report_actions.add_block(
            report=report, user=user_of(request.user), block=Block("b1", kind, name)
        )
    except BlockError as error:
        messages.error(request, str(error))
        return redirect("reports:report_edit", slug, pk)
    return _back(slug, pk, added.id)


@login_required
@require_POST
def block_edit(request: HttpRequest, slug: str, pk: int, block: str) -> HttpResponse:
    report = get_report(request, slug, pk, Permission.EDIT_REPORTS)
    form = BlockForm(request.POST, report=report, block=_block(report, block))
    if not form.is_valid():
        return _page(request, report, block_form=form, status=422)
    report_actions.edit_block(report=report, user=user_of(request.user), block=form.made())
    return _back(slug, pk, block, is_open=False)


@login_required
@require_POST
def block_remove(request: HttpRequest, slug: str, pk: int, block: str) -> HttpResponse:
    report = get_report(request, slug, pk, Permission.EDIT_REPORTS)
    found = _block(report, block)
    change = report_actions.remove_block(report=report, user=user_of(request.user), block=found.id)
    if change is not None:
        messages.success(
            request,
            _("“%s” is removed.") % (found.title or found.label),
            extra_tags="undo:" + reverse("reports:report_undo", args=[slug, pk, change.pk]),
        )
    return redirect("reports:report_edit", slug, pk)


@login_required
@require_POST
def block_move(request: HttpRequest, slug: str, pk: int, block: str) -> HttpResponse:
    report = get_report(request, slug, pk, Permission.EDIT_REPORTS)
    found = _block(report, block)
    by = {"up": -1, "down": 1}.get(request.POST.get("to", ""), 0)
    report_actions.move_block(report=report, user=user_of(request.user), block=found.id, by=by)
    return _back(slug, pk, block, is_open=False)


@login_required
@require_POST
def block_order(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """The order after dragging, or Alt and an arrow."""
    report = get_report(request, slug, pk, Permission.EDIT_REPORTS)
    report_actions.order_blocks(
        report=report, user=user_of(request.user), order=request.POST.getlist("order")
    )
    return HttpResponse(status=204)


@login_required
@require_POST
def undo(request: HttpRequest, slug: str, pk: int, change: int) -> HttpResponse:
    """Brings back what this change removed."""
    report = get_report(request, slug, pk, Permission.EDIT_REPORTS)
    found = get_object_or_404(report.changes, pk=change)
    try:
        report_actions.bring_back(report=report, user=user_of(request.user), change=found)
    except BlockError as error:
        messages.error(request, str(error))
    return redirect("reports:report_edit", slug, pk)


@login_required
@require_POST
def copy(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    report = get_report(request, slug, pk, Permission.EDIT_REPORTS)
    name = _("%s (copy)") % report.name
    made = report_actions.copy_report(report=report, user=user_of(request.user), name=name)
    return redirect("reports:report_edit", slug, made.pk)


@login_required
@require_POST
def delete(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    report = get_report(request, slug, pk, Permission.EDIT_REPORTS)
    report_actions.delete_report(report=report)
    messages.success(
        request,
        _("“%s” is deleted.") % report,
        extra_tags="undo:" + reverse("reports:report_restore", args=[slug, pk]),
    )
    return redirect("reports:reports", slug)


@login_required
@require_POST
def restore(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    workspace = get_workspace(request, slug, Permission.EDIT_REPORTS)
    report = get_object_or_404(Report, workspace=workspace, pk=pk)
    report_actions.restore_report(report=report)
    messages.success(request, _("“%s” is back.") % report)
    return redirect("reports:report", slug, pk)


def _block(report: Report, block: str) -> Block:
    found = next((one for one in blocks_of(report.blocks) if one.id == block), None)
    if found is None:
        raise Http404
    return found


def _back(slug: str, pk: int, block: str, *, is_open: bool = True) -> HttpResponse:
    query = f"?block={block}" if is_open else ""
    return redirect(reverse("reports:report_edit", args=[slug, pk]) + query + f"#edit-{block}")
