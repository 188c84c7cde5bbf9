"""Questions of the workspace's own: list, add, change, delete with a way back."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core import signing
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from accounts.access import Permission, get_workspace
from accounts.changes import Recorded, told
from accounts.models import SettingsChange, User
from evidence import metric_actions
from evidence.errors import EvidenceError
from evidence.forms import MetricForm
from evidence.metric_history import history_of
from evidence.metrics import BUILT_IN

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
        metric = form.save(commit=False)
        found = metric_actions.save_metric(metric=metric, user=_user(request))
        said = _("“%s” can be used in mappings now.") % metric.name
        messages.success(request, said + told(found))
        return redirect("evidence:metrics", slug)
    return render(request, "evidence/metric.html", {"form": form}, status=_status(form))


@login_required
@require_http_methods(["GET", "POST"])
def metric_edit(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    workspace = get_workspace(request, slug, Permission.IMPORT)
    metric = get_object_or_404(workspace.metrics, pk=pk)
    form = MetricForm(request.POST or None, instance=metric, workspace=workspace)
    if request.method == "POST" and form.is_valid():
        found = metric_actions.save_metric(metric=form.save(commit=False), user=_user(request))
        messages.success(request, _("Saved.") + told(found))
        return redirect("evidence:metrics", slug)
    metric = workspace.metrics.get(pk=pk)  # not what the form made of it
    context = {"form": form, "metric": metric, "history": history_of(metric)}
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
    found = metric_actions.delete_metric(metric=metric, user=_user(request))
    messages.success(
        request,
        _("“%s” is deleted; its answers no longer count.") % metric.name + _without(found),
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
    code = kept.pop("code")
    found = metric_actions.restore_metric(
        workspace=workspace, code=code, fields=kept, user=_user(request)
    )
    messages.success(request, _("“%s” is back.") % kept["name"] + told(found))
    return redirect("evidence:metrics", slug)


@login_required
@require_POST
def metric_again(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """A scale and threshold that stood once become those of today."""
    workspace = get_workspace(request, slug, Permission.IMPORT)
    change = get_object_or_404(
        SettingsChange, workspace=workspace, kind=SettingsChange.Kind.METRICS, pk=pk
    )
    values = change.before if request.POST.get("which") == "before" else change.after
    try:
        found = metric_actions.use_scale_again(change=change, values=values, user=_user(request))
    except EvidenceError as error:
        messages.error(request, str(error))
        return redirect("evidence:metrics", slug)
    said = _("“%s” has this scale and threshold again.") % change.subject
    messages.success(request, said + told(found))
    metric = workspace.metrics.get(code=change.subject)
    return redirect("evidence:metric_edit", slug, metric.pk)


def _without(found: Recorded) -> str:
    """As accounts.changes.told, of what is gone."""
    n = found.scored_again
    if not n:
        return ""
    return " " + ngettext(
        "%(n)d journey is being scored again without it.",
        "%(n)d journeys are being scored again without it.",
        n,
    ) % {"n": n}


def _user(request: HttpRequest) -> User | None:
    return request.user if isinstance(request.user, User) else None


def _text(value: object) -> str | None:
    return None if value is None else str(value)
