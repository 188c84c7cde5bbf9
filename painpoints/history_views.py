"""Effort and business value set in place, and what was changed of a pain point taken back."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from accounts.access import Permission
from accounts.models import User
from painpoints import actions
from painpoints.forms import WorthForm
from painpoints.models import PainPoint, PainPointChange
from painpoints.views import get_pain_point


@login_required
@require_POST
def painpoint_worth(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """Sets effort, business value or both; a script is answered with JSON, a form by its page."""
    point = get_pain_point(request, slug, pk, Permission.EDIT_PAINPOINTS)
    form = WorthForm(request.POST, instance=point)
    if not form.is_valid():
        told = " ".join(str(e) for errors in form.errors.values() for e in errors)
        if _is_script(request):
            return JsonResponse({"error": told}, status=422)
        messages.error(request, told)
        return _back(request, point)
    assert isinstance(request.user, User)
    change = actions.change_pain_point(
        painpoint=point, user=request.user, changes=form.cleaned_data
    )
    undo = undo_url(change) if change else ""
    if _is_script(request):
        return JsonResponse({"said": _("Saved."), "undo": undo})
    messages.success(request, _("Saved."), extra_tags=f"undo:{undo}" if undo else "")
    return _back(request, point)


@login_required
@require_POST
def painpoint_undo(request: HttpRequest, slug: str, pk: int, change: int) -> HttpResponse:
    """One entry of the history taken back; itself an entry, which can be taken back."""
    point = get_pain_point(request, slug, pk, Permission.EDIT_PAINPOINTS)
    assert isinstance(request.user, User)
    taken = actions.take_back(change=get_object_or_404(point.changes, pk=change), user=request.user)
    if _is_script(request):
        return JsonResponse({"said": _("Taken back."), "undo": undo_url(taken) if taken else ""})
    messages.success(
        request, _("Taken back."), extra_tags=f"undo:{undo_url(taken)}" if taken else ""
    )
    return _back(request, point)


def undo_url(change: PainPointChange) -> str:
    point = change.painpoint
    return reverse("painpoints:undo", args=[point.workspace.slug, point.pk, change.pk])


def _is_script(request: HttpRequest) -> bool:
    return request.headers.get("X-Requested-With") == "fetch"


def _back(request: HttpRequest, point: PainPoint) -> HttpResponse:
    """To the page that asked, if it is one of ours."""
    asked = request.POST.get("next") or request.headers.get("Referer", "")
    if asked and url_has_allowed_host_and_scheme(
        asked, {request.get_host()}, require_https=request.is_secure()
    ):
        return HttpResponseRedirect(asked)
    return HttpResponseRedirect(reverse("painpoints:detail", args=[point.workspace.slug, point.pk]))
