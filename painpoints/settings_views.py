"""The page of weights and thresholds, with the history of all settings that scores depend on."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST

from accounts.access import Permission, get_workspace
from accounts.changes import Told
from accounts.models import SettingsChange, User, Workspace
from accounts.wording import number
from evidence import metric_history
from evidence.metrics import own_scales
from painpoints import ledger
from painpoints.errors import LedgerError
from painpoints.explanation import label_of
from painpoints.forms import SettingsForm
from painpoints.models import ScoringSettings
from touchpoints.history import tell
from touchpoints.meaning import meanings

PER_PAGE = 20


@login_required
@require_http_methods(["GET", "POST"])
def scoring_settings(request: HttpRequest, slug: str) -> HttpResponse:
    """Weights and thresholds; for those who may not set them, to read."""
    needed = Permission.VIEW if request.method == "GET" else Permission.ADMINISTER
    workspace = get_workspace(request, slug, needed)
    settings = ScoringSettings.of(workspace)
    form = SettingsForm(request.POST or None, instance=settings)
    if request.method == "POST" and form.is_valid():
        assert isinstance(request.user, User)
        again = form.cleaned_data["score_again"]
        runs = ledger.change_settings(
            settings=form.save(commit=False), user=request.user, score_again=again
        )
        messages.success(
            request,
            _scored_again(len(runs))
            if again
            else _("Saved. Runs made before keep the settings they were made with."),
        )
        return redirect("painpoints:settings", slug)
    changes = SettingsChange.objects.filter(workspace=workspace).select_related("user")
    page = Paginator(changes, PER_PAGE).get_page(request.GET.get("page"))
    context = {"form": form, "page": page, "history": _told(workspace, page)}
    return render(request, "painpoints/settings.html", context)


@login_required
@require_POST
def settings_again(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """Weights and thresholds that stood once become those of today."""
    workspace = get_workspace(request, slug, Permission.ADMINISTER)
    change = get_object_or_404(
        SettingsChange, workspace=workspace, kind=SettingsChange.Kind.SCORING, pk=pk
    )
    assert isinstance(request.user, User)
    values = change.before if request.POST.get("which") == "before" else change.after
    try:
        runs = ledger.use_settings_again(change=change, values=values, user=request.user)
    except LedgerError as error:
        messages.error(request, str(error))
    else:
        messages.success(request, _scored_again(len(runs)))
    return redirect("painpoints:settings", slug)


def _scored_again(n: int) -> str:
    return ngettext(
        "Saved; %(n)d journey is being scored again.",
        "Saved; %(n)d journeys are being scored again.",
        n,
    ) % {"n": n}


def _told(workspace: Workspace, changes: Any) -> list[Told]:
    """The entries in words; which of them can be used again depends on what stands today."""
    today = ScoringSettings.of(workspace).values()
    promises = {pk: list(meaning.promises) for pk, meaning in meanings(workspace).items()}
    scales = own_scales(workspace)
    found = []
    for change in changes:
        if change.kind == SettingsChange.Kind.METRICS:
            found.append(metric_history.tell(change, scales.get(change.subject)))
            continue
        if change.kind != SettingsChange.Kind.SCORING:
            found.append(tell(change, promises.get(change.subject_id)))
            continue
        changed = [name for name in change.after if change.before.get(name) != change.after[name]]
        found.append(
            Told(
                change,
                [_setting(name, change.before.get(name)) for name in changed],
                [_setting(name, change.after[name]) for name in changed],
                "after" if change.after != today else "before",
            )
        )
    return found


def _setting(name: str, value: Any) -> str:
    if name.startswith("weight_"):
        label = label_of(name.removeprefix("weight_"))
        return _("weight of “%(family)s” %(value)s") % {"family": label, "value": f"{value:g}"}
    if name == "short_abandon_s":
        return _("short abandons up to %(value)s s") % {"value": value}
    return _("a repeat within %(value)s days") % {"value": number(value)}
