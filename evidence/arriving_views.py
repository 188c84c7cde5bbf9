"""The page of what brings evidence in by itself: webhooks, and folders looked into."""

from typing import Any

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from accounts.access import Permission, get_workspace
from accounts.models import User, Workspace
from evidence.arriving_forms import PullForm, WebhookForm
from evidence.models import Pull, PulledFile, Webhook
from evidence.pulling import is_on_s3
from evidence.webhooks import create_webhook

FILES_SHOWN = 100
KINDS: dict[str, type[Webhook] | type[Pull]] = {"webhooks": Webhook, "pulls": Pull}


@login_required
@require_GET
def arriving(request: HttpRequest, slug: str) -> HttpResponse:
    """What brings evidence in, and what came of it."""
    workspace = get_workspace(request, slug, Permission.IMPORT)
    return _page(request, workspace)


@login_required
@require_POST
def webhook_new(request: HttpRequest, slug: str) -> HttpResponse:
    """An address for a survey tool; it is shown once."""
    workspace = get_workspace(request, slug, Permission.IMPORT)
    form = WebhookForm(request.POST, workspace=workspace)
    if not form.is_valid():
        return _page(request, workspace, webhook_form=form)
    assert isinstance(request.user, User)
    _hook, token = create_webhook(workspace=workspace, user=request.user, **form.cleaned_data)
    path = reverse("api_webhook", args=[token])
    request.session["new_webhook"] = settings.PUBLIC_URL.rstrip("/") + path
    return redirect("evidence:arriving", slug)


@login_required
@require_POST
def pull_new(request: HttpRequest, slug: str) -> HttpResponse:
    """A folder to look into."""
    workspace = get_workspace(request, slug, Permission.IMPORT)
    form = PullForm(request.POST, workspace=workspace)
    if not form.is_valid():
        return _page(request, workspace, pull_form=form)
    assert isinstance(request.user, User)
    pull = form.save(commit=False)
    pull.workspace, pull.user, pull.look_at = workspace, request.user, timezone.now()
    pull.save()
    messages.success(
        request,
        _("“%s” is looked for from now on.") % pull,
        extra_tags="undo:" + _address(workspace, "pulls", pull, "delete"),
    )
    return redirect("evidence:arriving", slug)


@login_required
@require_POST
def arriving_set(request: HttpRequest, slug: str, kind: str, pk: int, deed: str) -> HttpResponse:
    """Pauses, takes up again, deletes or brings back; each has its way back."""
    workspace = get_workspace(request, slug, Permission.IMPORT)
    found: Any = get_object_or_404(KINDS[kind], workspace=workspace, pk=pk)
    if deed in ("pause", "resume"):
        found.paused_at = timezone.now() if deed == "pause" else None
    else:
        found.deleted_at = timezone.now() if deed == "delete" else None
    fields = ["paused_at", "deleted_at"]
    if isinstance(found, Pull) and deed in ("resume", "restore"):
        found.look_at = timezone.now()
        fields.append("look_at")
    found.save(update_fields=fields)
    told, back = {
        "pause": (_("“%s” is paused."), "resume"),
        "resume": (_("“%s” goes on."), "pause"),
        "delete": (_("“%s” is deleted; what came by it stays."), "restore"),
        "restore": (_("“%s” is back."), "delete"),
    }[deed]
    undo = "undo:" + _address(workspace, kind, found, back)
    messages.success(request, told % found, extra_tags=undo)
    return redirect("evidence:arriving", slug)


def used_by(mapping_id: int) -> list[str]:
    """What still needs this mapping."""
    mine = {"mapping": mapping_id, "deleted_at": None}
    return [str(f) for model in KINDS.values() for f in model._default_manager.filter(**mine)]


def _address(workspace: Workspace, kind: str, found: Any, deed: str) -> str:
    return reverse("evidence:arriving_set", args=[workspace.slug, kind, found.pk, deed])


def _page(
    request: HttpRequest,
    workspace: Workspace,
    webhook_form: WebhookForm | None = None,
    pull_form: PullForm | None = None,
) -> HttpResponse:
    standing = {"workspace": workspace, "deleted_at": None}
    files = PulledFile.objects.filter(pull__workspace=workspace).select_related("imported", "pull")
    context = {
        "webhooks": Webhook.objects.filter(**standing).select_related("mapping", "user"),
        "pulls": Pull.objects.filter(**standing).select_related("mapping", "user"),
        "files": files[:FILES_SHOWN],
        "most_files": FILES_SHOWN,
        "webhook_form": webhook_form or WebhookForm(workspace=workspace),
        "pull_form": pull_form or PullForm(workspace=workspace),
        "webhook_open": webhook_form is not None,
        "pull_open": pull_form is not None,
        "has_mappings": workspace.mappings.exists(),
        "can_pull": bool(settings.PULL_ROOT),
        "is_on_s3": is_on_s3(),
        "new_webhook": request.session.pop("new_webhook", None),
    }
    status = 422 if webhook_form or pull_form else 200
    return render(request, "evidence/arriving.html", context, status=status)
