"""What an address asks of the portfolio: which journeys, in which order, how they are shown."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.http import QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from painpoints import shifts
from reports.portfolio import Row

CARDS, TABLE = "cards", "table"
PER_PAGE = {CARDS: 24, TABLE: 50}
NOBODY = "none"


@dataclass(frozen=True)
class Asked:
    """Empty is no wish; words that mean nothing are none either. `down` turns the order round."""

    text: str = ""
    owner: str = ""
    kind: str = ""
    state: str = ""
    sort: str = "pain"
    turned: bool = False
    against: str = shifts.BEFORE
    view: str = CARDS

    @property
    def narrows(self) -> bool:
        return bool(self.text or self.owner or self.kind or self.state)


def asked_in(query: QueryDict) -> Asked:
    sort = query.get("sort", "")
    turned, sort = sort.startswith("-"), sort.removeprefix("-")
    against, view = query.get("against", ""), query.get("view", "")
    return Asked(
        text=query.get("q", "").strip()[:100],
        owner=query.get("owner", ""),
        kind=query.get("kind", ""),
        state=query.get("state", ""),
        sort=sort if sort in ORDERS else "pain",
        turned=turned and sort in ORDERS,
        against=against if against in shifts.AGAINST else shifts.BEFORE,
        view=view if view in PER_PAGE else CARDS,
    )


def chosen(rows: list[Row], asked: Asked) -> list[Row]:
    """Those that are asked for, in their order; what has no value of it comes last."""
    found = [row for row in rows if _is_meant(row, asked)]
    key = ORDERS[asked.sort]
    told = [row for row in found if key(row) is not None]
    told.sort(key=lambda row: row.journey.name.casefold())
    told.sort(key=lambda row: key(row), reverse=asked.turned)
    return told + [row for row in found if key(row) is None]


def _is_meant(row: Row, asked: Asked) -> bool:
    owner = row.journey.owner
    if asked.owner == NOBODY and owner is not None:
        return False
    if asked.owner.isdigit() and (owner is None or owner.pk != int(asked.owner)):
        return False
    if asked.kind and row.journey.kind != asked.kind:
        return False
    if asked.state and asked.state not in row.states:
        return False
    if not asked.text:
        return True
    said = (row.journey.name, row.journey.goal, str(owner or ""), (row.worst or {}).get("name", ""))
    return any(asked.text.casefold() in text.casefold() for text in said)


def _outcome(row: Row) -> float | None:
    """From the worst, on one scale of 0 to 1."""
    found = row.outcome
    if found is None:
        return None
    return (found["value"] + 100) / 200 if found["figure"] == "nps" else float(found["value"])


def _change(row: Row) -> tuple[bool, float] | None:
    if row.shift.why:
        return None
    return row.shift.holds == "", -row.shift.difference


# Word → what is compared, the most pressing first.
ORDERS: dict[str, Callable[[Row], Any]] = {
    "pain": lambda row: -row.worst["severity"] if row.worst else None,
    "burden": lambda row: -row.total["value"] if row.total else None,
    "outcome": _outcome,
    "change": _change,
    "points": lambda row: -row.pain_points,
    "fresh": lambda row: row.evidence_until,
    "owner": lambda row: str(row.journey.owner).casefold() if row.journey.owner else None,
    "name": lambda row: row.journey.name.casefold(),
}
# Those that begin with the largest number.
FALLING = {"pain", "burden", "change", "points"}


def order_words() -> dict[str, str]:
    return {
        "pain": _("Hurts most"),
        "burden": _("Burden"),
        "outcome": _("Outcome"),
        "change": pgettext("a page of figures", "Change"),
        "points": _("Open pain points"),
        "fresh": _("Evidence"),
        "owner": _("Owner"),
        "name": _("Journey"),
    }


def state_words() -> dict[str, str]:
    return {
        "worse": _("Became worse"),
        "better": _("Became better"),
        "steady": _("No change that holds"),
        "untold": _("Change cannot be told"),
        "stale": _("Evidence changed since"),
        "scoring": _("Being scored"),
        "failed": _("Scoring failed"),
        "empty": _("Without evidence"),
        "unscored": _("Not scored yet"),
    }
