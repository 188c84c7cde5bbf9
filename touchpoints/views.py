"""Pages of the touchpoint library."""

from collections import Counter
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from accounts.access import Permission, get_workspace
from accounts.changes import told
from accounts.models import SettingsChange, User, Workspace
from evidence.models import Import
from touchpoints import actions, trash
from touchpoints.errors import LibraryError
from touchpoints.forms import MapCodeForm, Promises, TouchpointForm
from touchpoints.history import history_of
from touchpoints.meaning import recorded
from touchpoints.models import Touchpoint
from touchpoints.unmapped import unmapped_codes
from touchpoints.uses import uses_of


@login_required
@require_GET
def touchpoint_list(request: HttpRequest, slug: str) -> HttpResponse:
    workspace = get_workspace(request, slug)
    touchpoints = _listed(workspace)
    chosen = request.GET.get("channel", "")
    if chosen:
        touchpoints = touchpoints.filter(channel__code=chosen)
    return render(
        request,
        "touchpoints/list.html",
        {
            "rows": [(touchpoint, _journeys_of(touchpoint)) for touchpoint in touchpoints],
            "total": workspace.touchpoints.count(),
            "channels": workspace.channels.all(),
            "chosen": chosen,
            "unmapped_count": len(_unmapped(workspace)),
        },
    )


def _listed(workspace: Workspace) -> QuerySet[Touchpoint]:
    return (
        Touchpoint.objects.filter(workspace=workspace)
        .select_related("channel")
        .prefetch_related(
            "promises__segment", "promises__channel", "evidence_codes", "steps__journey__workspace"
        )
    )


def _journeys_of(touchpoint: Touchpoint) -> list[Any]:
    journeys = {step.journey for step in touchpoint.steps.all()}
    return sorted((j for j in journeys if j.deleted_at is None), key=lambda j: j.name)


@login_required
@require_http_methods(["GET", "POST"])
def touchpoint_add(request: HttpRequest, slug: str) -> HttpResponse:
    workspace = get_workspace(request, slug, Permission.EDIT_LIBRARY)
    return _touchpoint_form(request, workspace, Touchpoint(workspace=workspace))


@login_required
@require_http_methods(["GET", "POST"])
def touchpoint_edit(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """Everything the library knows of one touchpoint; for viewers, to read."""
    needed = Permission.VIEW if request.method == "GET" else Permission.EDIT_LIBRARY
    workspace = get_workspace(request, slug, needed)
    return _touchpoint_form(request, workspace, get_object_or_404(workspace.touchpoints, pk=pk))


def _touchpoint_form(
    request: HttpRequest, workspace: Workspace, touchpoint: Touchpoint
) -> HttpResponse:
    answer = request.POST if request.method == "POST" else None
    name = touchpoint.name
    form = TouchpointForm(answer, instance=touchpoint, workspace=workspace)
    promises = Promises(
        answer, instance=touchpoint, prefix="promises", form_kwargs={"workspace": workspace}
    )
    if answer is not None and all([form.is_valid(), promises.is_valid()]):
        try:
            with recorded(workspace=workspace, user=_user(request)) as found:
                saved = actions.save_touchpoint(
                    touchpoint=form.instance, codes=form.cleaned_data["codes"]
                )
                promises.instance = saved
                promises.save()
        except LibraryError as error:
            form.add_error(None, str(error))
        else:
            messages.success(request, _("“%s” is saved.") % saved + told(found))
            return redirect("touchpoints:list", workspace.slug)
    return render(
        request,
        "touchpoints/touchpoint.html",
        {
            "form": form,
            "promises": promises,
            "touchpoint": touchpoint,
            "name": name,
            "uses": uses_of(touchpoint) if touchpoint.pk else [],
            "history": history_of(touchpoint) if touchpoint.pk else [],
        },
        status=200 if answer is None else 422,
    )


@login_required
@require_POST
def touchpoint_delete(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    workspace = get_workspace(request, slug, Permission.EDIT_LIBRARY)
    touchpoint = get_object_or_404(workspace.touchpoints, pk=pk)
    try:
        entry = actions.delete_touchpoint(touchpoint=touchpoint, user=_user(request))
    except LibraryError as error:
        messages.error(request, str(error))
        return redirect("touchpoints:edit", slug, pk)
    token = trash.keep(request, workspace, "touchpoint", entry)
    messages.success(
        request,
        _("“%s” is deleted.") % entry["name"],
        extra_tags="undo:" + reverse("touchpoints:restore", args=[slug, token]),
    )
    return redirect("touchpoints:list", slug)


@login_required
@require_POST
def restore(request: HttpRequest, slug: str, token: str) -> HttpResponse:
    """Brings back what this person deleted from the library in this session."""
    workspace = get_workspace(request, slug, Permission.EDIT_LIBRARY)
    kind, fields = trash.take(request, workspace, token)
    try:
        if kind == "touchpoint":
            name = actions.restore_touchpoint(
                workspace=workspace, entry=fields, user=_user(request)
            ).name
        else:
            name = actions.restore_word(workspace=workspace, kind=kind, fields=fields).name
    except LibraryError as error:
        messages.error(request, str(error))
    else:
        messages.success(request, _("“%s” is back.") % name)
    if kind == "touchpoint":
        return redirect("touchpoints:list", slug)
    return redirect("touchpoints:words", slug, kind)


def _unmapped(workspace: Workspace) -> dict[str, int]:
    """All codes of the workspace's evidence that no touchpoint answers to."""
    counts: Counter[str] = Counter()
    for codes in (
        Import.objects.filter(workspace=workspace).standing().values_list("codes", flat=True)
    ):
        counts.update(codes)
    return unmapped_codes(workspace, counts)


@login_required
@require_GET
def unmapped_page(request: HttpRequest, slug: str) -> HttpResponse:
    """Codes in the evidence without a touchpoint, each with a form to give it one."""
    workspace = get_workspace(request, slug)
    rows = [
        (code, count, MapCodeForm(initial={"code": code}, workspace=workspace, auto_id=f"c{n}_%s"))
        for n, (code, count) in enumerate(_unmapped(workspace).items())
    ]
    return render(request, "touchpoints/unmapped.html", {"rows": rows})


@login_required
@require_POST
def map_code(request: HttpRequest, slug: str) -> HttpResponse:
    """Says which touchpoint a code means, or makes one for it; goes back to `next`."""
    workspace = get_workspace(request, slug, Permission.EDIT_LIBRARY)
    form = MapCodeForm(request.POST, workspace=workspace)
    if form.is_valid():
        try:
            target, found = actions.map_code(
                workspace=workspace, user=_user(request), **form.cleaned_data
            )
        except LibraryError as error:
            messages.error(request, str(error))
        else:
            messages.success(
                request,
                _("“%(code)s” now means “%(touchpoint)s”.")
                % {"code": form.cleaned_data["code"], "touchpoint": target}
                + told(found),
            )
    else:
        messages.error(request, _("Choose a touchpoint of this workspace, or name a new one."))
    address = request.POST.get("next", "")
    if not url_has_allowed_host_and_scheme(address, {request.get_host()}, request.is_secure()):
        address = reverse("touchpoints:unmapped", args=[slug])
    return redirect(address)


@login_required
@require_POST
def promises_again(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """Promises that stood once become those of today, as one more entry of the history."""
    workspace = get_workspace(request, slug, Permission.EDIT_LIBRARY)
    change = get_object_or_404(
        SettingsChange, workspace=workspace, kind=SettingsChange.Kind.PROMISES, pk=pk
    )
    values = change.before if request.POST.get("which") == "before" else change.after
    user = _user(request)
    assert user is not None
    try:
        found = actions.use_promises_again(change=change, values=values, user=user)
    except LibraryError as error:
        messages.error(request, str(error))
        return redirect("touchpoints:list", slug)
    messages.success(request, _("“%s” has these promises again.") % change.subject + told(found))
    assert change.subject_id is not None
    return redirect("touchpoints:edit", slug, change.subject_id)


def _user(request: HttpRequest) -> User | None:
    return request.user if isinstance(request.user, User) else None
