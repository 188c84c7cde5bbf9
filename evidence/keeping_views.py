"""What is kept, for how long, and what left for good: rules, erasure with its proof, upkeep."""

import uuid
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse, JsonResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from accounts.access import Permission, get_workspace
from accounts.models import User, Workspace
from evidence.erasure import erase_customer, hash_of, rows_about, try_again
from evidence.models import Kind, UpkeepRun
from evidence.retention import MOST_MONTHS, preview, set_rules
from evidence.rows import pseudonym
from jobs.models import Job

PROOFS_SHOWN = 50
NIGHTS_SHOWN = 3


@login_required
@require_GET
def keeping(request: HttpRequest, slug: str) -> HttpResponse:
    """The rules with what they would take out, erasure, proofs, and the last nights of upkeep."""
    workspace = get_workspace(request, slug, Permission.ADMINISTER)
    if "look" not in request.GET:
        return _page(request, workspace)
    months, error = _months(request.GET)
    if error:
        return _page(request, workspace, months=months, error=error, status=422)
    told = [(Kind(p.kind).label, p) for p in preview(workspace, months)]
    return _page(request, workspace, months=months, preview=told,
                 would_go=sum(p.rows for _label, p in told))  # fmt: skip


@login_required
@require_POST
def rules_set(request: HttpRequest, slug: str) -> HttpResponse:
    """The rules as they were looked at; the upkeep of the night applies them."""
    workspace = get_workspace(request, slug, Permission.ADMINISTER)
    months, error = _months(request.POST)
    if error:
        return _page(request, workspace, months=months, error=error, status=422)
    assert isinstance(request.user, User)
    set_rules(workspace=workspace, months=months, user=request.user)
    messages.success(request, _("The rules stand. They are applied in the night."))
    return redirect("evidence:keeping", slug)


@login_required
@require_POST
def erase(request: HttpRequest, slug: str) -> HttpResponse:
    """First what would go; then, asked again, the erasure itself. There is no undo."""
    workspace = get_workspace(request, slug, Permission.ADMINISTER)
    told = request.POST.get("customer", "")
    assert isinstance(request.user, User)
    if "again" in request.POST:
        if (failed := _failed(workspace)) is not None:
            try_again(job=failed, user=request.user)
        return redirect("evidence:keeping", slug)
    if told:
        try:
            customer = uuid.UUID(told)
        except ValueError:
            return redirect("evidence:keeping", slug)
        erase_customer(workspace=workspace, customer=customer, user=request.user)
        messages.success(request, _("The erasure is under way. Its proof will stand below."))
        return redirect("evidence:keeping", slug)
    identifier = request.POST.get("identifier", "").strip()
    if not identifier:
        messages.error(request, _("Give the customer's id as it stands in your files."))
        return redirect("evidence:keeping", slug)
    customer = hash_of(workspace, identifier)
    counts = rows_about(workspace, customer)
    whom = {
        "hash": customer.hex,
        "name": pseudonym(customer),
        "counts": [(Kind(kind).label, n) for kind, n in counts.items()],
        "rows": sum(counts.values()),
    }
    return _page(request, workspace, whom=whom)


@login_required
@require_GET
def proof(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """One proof for the files of whoever has to show it."""
    workspace = get_workspace(request, slug, Permission.ADMINISTER)
    found = get_object_or_404(workspace.removals.exclude(done_at=None), pk=pk)
    return JsonResponse({**found.told(), "seal": found.seal, "intact": found.is_intact})


def _page(
    request: HttpRequest, workspace: Workspace, *, status: int = 200, **more: Any
) -> HttpResponse:
    rules = {rule.kind: rule for rule in workspace.retentions.select_related("set_by")}
    months = more.pop("months", None) or {k: rule.months for k, rule in rules.items()}
    job = Job.objects.filter(workspace=workspace, kind="erase").under_way().first()
    context = {
        "rules": [
            (kind, label, months.get(kind) or "", rules.get(kind)) for kind, label in Kind.choices
        ],
        "most": MOST_MONTHS,
        "proofs": workspace.removals.exclude(done_at=None)[:PROOFS_SHOWN],
        "nights": UpkeepRun.objects.all()[:NIGHTS_SHOWN],
        "job": job,
        "failed": None if job else _failed(workspace),
        "sse_url": reverse("job_live", args=[workspace.slug, job.pk]) if job else "",
        "poll_url": reverse("job_progress", args=[workspace.slug, job.pk]) if job else "",
        **more,
    }
    return render(request, "evidence/keeping.html", context, status=status)


def _failed(workspace: Workspace) -> Job | None:
    """The newest erasure that ended without its proof."""
    jobs = Job.objects.filter(workspace=workspace, kind="erase", arguments__has_key="customer")
    return jobs.ended().first()


def _months(given: QueryDict) -> tuple[dict[str, int | None], str]:
    months: dict[str, int | None] = {}
    for kind in Kind.values:
        text = given.get(kind, "").strip()
        if text and not (text.isdecimal() and 1 <= int(text[:6]) <= MOST_MONTHS):
            told = _("Expected whole months from 1 to %(most)d, or nothing; got “%(got)s”.")
            return months, told % {"most": MOST_MONTHS, "got": text[:20]}
        months[kind] = int(text) if text else None
    return months, ""
