"""Alerts: after a scoring of all evidence, people are told what became worse; each finding once.

Two workers never tell the same: whoever evaluates holds the rule's row, and the finding's
touchpoint, direction and week are unique.
"""

import logging
from collections.abc import Mapping
from dataclasses import asdict
from datetime import date
from typing import Any

from django.conf import settings
from django.db import transaction
from django.utils import timezone
from django.utils.translation import override

from accounts.models import User
from accounts.notices import notify
from analytics.alerts import Finding, evaluate, is_news
from journeys.models import Journey
from painpoints.alert_mail import send_later
from painpoints.alert_models import Alert, AlertMail, AlertReader, AlertRule
from painpoints.alert_words import message_of
from painpoints.counts import breakdown_of
from painpoints.models import ScoringRun
from touchpoints.models import Touchpoint

log = logging.getLogger(__name__)


def tell_of(run: ScoringRun) -> list[Alert]:
    """Evaluates the journey's rule on this run; whatever goes wrong here leaves the run alone."""
    try:
        return evaluate_run(run=run)
    except Exception:
        log.exception("The alerts of run %s were not evaluated", run.pk)
        return []


@transaction.atomic
def evaluate_run(*, run: ScoringRun) -> list[Alert]:
    """New findings of the run's newest weeks, told to the rule's readers."""
    rule = (
        AlertRule.objects.select_for_update(of=("self",), no_key=True)
        .select_related("journey__workspace")
        .filter(journey=run.journey_id, is_on=True, journey__deleted_at=None)
        .first()
    )
    if rule is None or not run.is_whole or _is_overtaken(run):
        return []
    breakdown = breakdown_of(run)
    if breakdown is None:
        return []
    findings = evaluate(
        breakdown.counts["week"],
        window=rule.window,
        weights=run.parameters["weights"],
        least=rule.least / 100,
        better=rule.better,
    )
    places = {
        touchpoint.code: touchpoint
        for touchpoint in Touchpoint.objects.filter(
            workspace=run.workspace_id, code__in=[finding.code for finding in findings]
        )
    }
    weeks = breakdown.weeks()
    new = [
        _recorded(rule, run, places[finding.code], finding, weeks[finding.last_week])
        for finding in findings
        if finding.code in places and _is_new(rule, finding, weeks[finding.last_week])
    ]
    for alert in new:
        _tell(rule, alert)
    return new


def _is_overtaken(run: ScoringRun) -> bool:
    whole = ScoringRun.objects.filter(journey=run.journey_id).done().unfiltered()
    return whole.filter(evidence_revision__gt=run.evidence_revision).exists()


def _is_new(rule: AlertRule, finding: Finding, monday: date) -> bool:
    told = (
        Alert.objects.filter(rule=rule, touchpoint__code=finding.code, direction=finding.direction)
        .order_by("-week")
        .first()
    )
    if told is None:
        return True
    window = max(rule.window, told.window)
    return is_news(week=_number(monday), told=_number(told.week), window=window)


def _number(monday: date) -> int:
    return monday.toordinal() // 7


def _recorded(
    rule: AlertRule, run: ScoringRun, touchpoint: Touchpoint, finding: Finding, monday: date
) -> Alert:
    kept = {
        name: value
        for name, value in asdict(finding).items()
        if name not in ("code", "direction", "last_week")
    }
    return Alert.objects.create(
        rule=rule,
        touchpoint=touchpoint,
        direction=finding.direction,
        week=monday,
        window=rule.window,
        finding=kept,
        run=run,
    )


def _tell(rule: AlertRule, alert: Alert) -> None:
    """Everybody who asked, in their own language; by e-mail in jobs of their own."""
    workspace = rule.journey.workspace
    readers = AlertReader.objects.filter(
        rule=rule, user__memberships__workspace=workspace, user__is_active=True
    ).select_related("user")
    for reader in readers:
        user = reader.user
        with override(user.language):
            message = message_of(alert)
        notify(
            workspace_id=workspace.pk,
            user_id=user.pk,
            key=f"alert-{alert.pk}",
            title=message.title,
            text=message.text,
            url=message.url,
        )
        if reader.by_email:
            mail = AlertMail.objects.create(
                alert=alert, user=user, address=user.email, due_at=timezone.now()
            )
            send_later(mail=mail)


@transaction.atomic
def change_rule(
    *, journey: Journey, user: User, values: Mapping[str, Any], readers: Mapping[int, bool]
) -> AlertRule:
    """Saves the rule and who is told; readers: user's id → whether by e-mail too."""
    rule, _is_first = AlertRule.objects.select_for_update(of=("self",)).update_or_create(
        journey=journey, defaults={**values, "changed_by": user}
    )
    rule.readers.exclude(user__in=readers).delete()
    for user_id, by_email in readers.items():
        AlertReader.objects.update_or_create(
            rule=rule, user_id=user_id, defaults={"by_email": by_email}
        )
    return rule


@transaction.atomic
def subscribe(*, rule: AlertRule, user: User, told: bool, by_email: bool) -> None:
    """A person's own choice: to be told or not."""
    if told:
        AlertReader.objects.update_or_create(rule=rule, user=user, defaults={"by_email": by_email})
    else:
        rule.readers.filter(user=user).delete()


def mail_is_set_up() -> bool:
    return bool(settings.EMAIL_IS_SET_UP)
