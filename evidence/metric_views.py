"""Questions of the workspace's own: list, add, change, delete with a way back."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core import signing
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from accounts.access import Permission, get_workspace
from evidence.forms import MetricForm
from evidence.metrics import BUILT_IN
from evidence.models import Metric

SALT = "evidence.metric"
KEPT = ("code", "name", "low", "high", "pain_at_most", "pain_at_least")


@login_required
@require_GET
def metric_list(request: HttpRequest, slug: str) -> HttpResponse:
    """The built-in metrics and the workspace's own."""
    workspace = get_workspace(request, slug)
    context = {"metrics": workspace.metrics.all(), "built_in": list(BUILT_IN.values())}
    return render(request, "evidence/metrics.html", context)


@login_required
@require_http_methods(["GET", "POST"])
def metric_new(request: HttpRequest, slug: str) -> HttpResponse:
    workspace = get_workspace(request, slug, Permission.IMPORT)
    form = MetricForm(request.POST or None, workspace=workspace)
    if request.method == "POST" and form.is_valid():
        metric = form.save()
        messages.success(request, _("“%s” can be used in mappings now.") % metric.name)
        return redirect("evidence:metrics", slug)
    return render(request, "evidence/metric.html", {"form": form}, status=_status(form))


@login_required
@require_http_methods(["GET", "POST"])
def metric_edit(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    workspace = get_workspace(request, slug, Permission.IMPORT)
    metric = get_object_or_404(workspace.metrics, pk=pk)
    form = MetricForm(request.POST or None, instance=metric, workspace=workspace)
    if request.method == "POST" and form.is_valid():
        form.save()
        messages.success(request, _("Saved. It counts from the next scoring on."))
        return redirect("evidence:metrics", slug)
    context = {"form": form, "metric": workspace.metrics.get(pk=pk)}
    return render(request, "evidence/metric.html", context, status=_status(form))


def _status(form: MetricForm) -> int:
    return 422 if form.is_bound else 200


@login_required
@require_POST
def metric_delete(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """Answers keep standing in the evidence; without the metric they no longer count."""
    workspace = get_workspace(request, slug, Permission.IMPORT)
    metric = get_object_or_404(workspace.metrics, pk=pk)
    kept = {name: _text(getattr(metric, name)) for name in KEPT}
    token = signing.dumps({"workspace": workspace.pk, **kept}, salt=SALT)
    metric.delete()
    messages.success(
        request,
        _("“%s” is deleted; its answers no longer count.") % metric.name,
        extra_tags="undo:" + reverse("evidence:metric_restore", args=[slug, token]),
    )
    return redirect("evidence:metrics", slug)


@login_required
@require_POST
def metric_restore(request: HttpRequest, slug: str, token: str) -> HttpResponse:
    """Brings a deleted metric back."""
    workspace = get_workspace(request, slug, Permission.IMPORT)
    try:
        kept: dict[str, Any] = signing.loads(token, salt=SALT, max_age=86_400)
    except signing.BadSignature:
        raise Http404 from None
    if kept.pop("workspace") != workspace.pk:
        raise Http404
    Metric.objects.get_or_create(workspace=workspace, code=kept.pop("code"), defaults=kept)
    messages.success(request, _("“%s” is back.") % kept["name"])
    return redirect("evidence:metrics", slug)


def _text(value: object) -> str | None:
    return None if value is None else str(value)
