"""A journey's alerts: the rule, who is told, and what was told."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.db.models import Prefetch
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from accounts.access import Permission, get_workspace
from accounts.models import User
from journeys.models import Journey
from painpoints import alerts
from painpoints.alert_forms import AlertRuleForm
from painpoints.alert_models import Alert, AlertMail, AlertRule
from painpoints.alert_words import message_of

PER_PAGE = 20


def get_journey(
    request: HttpRequest, slug: str, journey: str, permission: Permission = Permission.VIEW
) -> Journey:
    """The workspace's journey, for this user."""
    workspace = get_workspace(request, slug, permission)
    return get_object_or_404(workspace.journeys.select_related("workspace"), slug=journey)


@login_required
@require_http_methods(["GET", "POST"])
def alert_rule(request: HttpRequest, slug: str, journey: str) -> HttpResponse:
    """Everybody sees the rule; who may edit pain points changes it."""
    if request.method == "POST":
        return _change(request, get_journey(request, slug, journey, Permission.EDIT_PAINPOINTS))
    found = get_journey(request, slug, journey)
    rule = AlertRule.of(found)
    form = AlertRuleForm(instance=rule, workspace=found.workspace)
    readers = dict(rule.readers.values_list("user", "by_email")) if rule.pk else {}
    return _page(request, found, form, readers)


def _change(request: HttpRequest, journey: Journey) -> HttpResponse:
    rule = AlertRule.of(journey)
    form = AlertRuleForm(request.POST, instance=rule, workspace=journey.workspace)
    if not form.is_valid():
        return _page(request, journey, form, _ticked(request), status=422)
    assert isinstance(request.user, User)
    changed = alerts.change_rule(
        journey=journey, user=request.user, values=form.rule_values(), readers=form.readers()
    )
    told = (
        _("Alerts are on: the next scoring is the first to be looked at.")
        if changed.is_on
        else _("Alerts are off.")
    )
    messages.success(request, told)
    return redirect("painpoints:alerts", journey.workspace.slug, journey.slug)


def _ticked(request: HttpRequest) -> dict[int, bool]:
    """What stood in a form that was refused."""
    by_email = {int(pk) for pk in request.POST.getlist("by_email") if pk.isdigit()}
    people = {int(pk) for pk in request.POST.getlist("people") if pk.isdigit()}
    return {pk: pk in by_email for pk in people | by_email}


@login_required
@require_POST
def alert_mine(request: HttpRequest, slug: str, journey: str) -> HttpResponse:
    """To be told, or no longer: a person's own affair in any role."""
    found = get_journey(request, slug, journey)
    rule = AlertRule.objects.filter(journey=found).first()
    assert isinstance(request.user, User)
    if rule is None or not rule.is_on:
        messages.error(request, _("Alerts are off here; ask somebody who looks after pain points."))
    else:
        told = request.POST.get("told", "")
        alerts.subscribe(
            rule=rule, user=request.user, told=told in ("app", "email"), by_email=told == "email"
        )
        messages.success(
            request,
            _("You will be told.") if told in ("app", "email") else _("You are no longer told."),
        )
    return redirect("painpoints:alerts", slug, journey)


def _page(
    request: HttpRequest,
    journey: Journey,
    form: AlertRuleForm,
    readers: dict[int, bool],
    status: int = 200,
) -> HttpResponse:
    rule = AlertRule.of(journey)  # as it is stored, whatever stands in the form
    mails = Prefetch("mails", AlertMail.objects.select_related("user"))
    told = (
        Alert.objects.filter(rule__journey=journey)
        .select_related("rule__journey__workspace", "touchpoint")
        .prefetch_related(mails)
    )
    page = Paginator(told, PER_PAGE).get_page(request.GET.get("page"))
    mine = readers.get(request.user.pk or 0)
    context: dict[str, Any] = {
        "journey": journey,
        "rule": rule,
        "form": form,
        "people": [
            {
                "pk": member.user_id,
                "user": member.user,
                "told": member.user_id in readers,
                "by_email": readers.get(member.user_id, False),
            }
            for member in form.members
        ],
        "told_count": len(readers),
        "mine": "" if mine is None else ("email" if mine else "app"),
        "page": page,
        "alerts": [(alert, message_of(alert)) for alert in page],
        "mail_is_set_up": alerts.mail_is_set_up(),
    }
    return render(request, "painpoints/alerts.html", context, status=status)
