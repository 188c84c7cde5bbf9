"""What the demo bank's people have done about their pain points since the first scoring."""

from dataclasses import dataclass
from datetime import date

from django.db import transaction

from accounts.models import User, Workspace
from painpoints.actions import add_action, change_pain_point
from painpoints.models import Action, PainPoint

FARAH, TOM, HUA, INES = (
    f"{name}@harbourbank.example" for name in ("farah.aziz", "tom.okafor", "liu.hua", "ines.marsh")
)


@dataclass(frozen=True)
class Deed:
    """An action with its due day, and the day it was done."""

    text: str
    due_on: date
    done_on: date | None = None


@dataclass(frozen=True)
class Care:
    """Who looks after the pain point at a touchpoint, and how far they are."""

    touchpoint: str
    owner: str
    note: str = ""
    cause: str = ""
    deeds: tuple[Deed, ...] = ()
    effort_days: int | None = None
    business_value: int | None = None


CARES = (
    Care(
        "account-id-counter", FARAH,
        "Identity checks stand in the same queue as cash. The team had believed that the card's "
        "delivery was the worst part of this journey.",
        deeds=(
            Deed("Count how many identity checks come at lunchtime", date(2026, 10, 9),
                 date(2026, 10, 8)),
            Deed("Try a counter of its own for identity checks at Railway Station and "
                 "Exchange Tower", date(2026, 12, 18)),
        ),
        effort_days=25, business_value=6,
    ),
    Care(
        "account-id-selfie", TOM,
        "Retries fell from one in three to one in ten with the camera guide. Compare the period "
        "since May 2026 with the months before.",
        deeds=(
            Deed("Camera guide with live hints", date(2026, 5, 1), date(2026, 5, 1)),
        ),
        effort_days=40, business_value=7,
    ),
    Care(
        "account-status-messages", INES,
        "Nobody is angry, but nearly everyone passes here, and many ask for a date.",
        effort_days=8, business_value=4,
    ),
    Care(
        "mortgage-document-upload", TOM,
        "Checkers give one of nine reasons; customers see none of them and send the same "
        "picture again.",
        deeds=(
            Deed("Show the checker's reason in the app", date(2026, 11, 30)),
            Deed("Strike the documents that the advice has on file already", date(2027, 1, 29)),
        ),
        effort_days=60, business_value=9,
    ),
    Care(
        "mortgage-status", TOM,
        "Worse since July 2026: the new credit system reports its steps a day late.",
        effort_days=30, business_value=5,
    ),
    Care(
        "dispute-hotline", HUA,
        "Mondays: the same number of agents for more than three times the wait.",
        deeds=(
            Deed("Early shift on Mondays, with two agents from the mortgage team",
                 date(2026, 12, 7)),
        ),
        effort_days=12, business_value=8,
    ),
    Care(
        "dispute-decision-letter", INES, "Eleven templates, last touched in 2019.",
        cause=PainPoint.Cause.COMMUNICATION,
        deeds=(Deed("Rewrite the three letters sent most often", date(2026, 12, 11)),),
        effort_days=5, business_value=3,
    ),
)  # fmt: skip


@transaction.atomic
def take_care(workspace: Workspace) -> int:
    """Gives the pain points that scoring found their owners and actions; returns to how many.

    Only those nobody has taken yet, so that what visitors changed stays as it is.
    """
    people = {user.email: user for user in User.objects.filter(memberships__workspace=workspace)}
    free = {
        point.touchpoint.code: point
        for point in PainPoint.objects.filter(
            workspace=workspace, origin=PainPoint.Origin.SCORING, owner=None, actions=None
        ).select_related("touchpoint", "workspace")
    }
    cared = [care for care in CARES if care.touchpoint in free and care.owner in people]
    for care in cared:
        _care_for(free[care.touchpoint], care, people[care.owner])
    return len(cared)


def _care_for(point: PainPoint, care: Care, owner: User) -> None:
    wanted = {
        "owner": owner, "note": care.note, "cause": care.cause,
        "effort_days": care.effort_days, "business_value": care.business_value,
    }  # fmt: skip
    changes = {name: value for name, value in wanted.items() if value}
    change_pain_point(painpoint=point, user=owner, changes=changes)
    point.refresh_from_db()
    for deed in care.deeds:
        action = add_action(
            painpoint=point, text=deed.text, owner=owner, due_on=deed.due_on, user=owner
        )
        if deed.done_on:
            Action.objects.filter(pk=action.pk).update(done_on=deed.done_on)
