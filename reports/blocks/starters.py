"""What a new report begins with: templates, in the words of the reader's language."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from reports.blocks.kinds import (
    COMMENTS,
    FIGURE,
    MAP,
    RANKING,
    SUMMARY,
    TABLE,
    TEXT,
    Block,
)

Maker = Callable[[], Sequence[Block]]


@dataclass(frozen=True)
class Starter:
    name: str | Promise
    about: str | Promise
    blocks: Maker
    has_journey: bool = True  # asks for one


def _one_pager() -> list[Block]:
    return [
        Block("b1", SUMMARY),
        Block("b2", RANKING, title=_("Where it hurts most"), most=5, bare=True),
        Block("b3", TABLE, "painpoints", title=_("What is being done"), most=5),
    ]


def _deep_dive() -> list[Block]:
    return [
        Block("b1", SUMMARY),
        Block("b2", TABLE, "outcome"),
        Block("b3", MAP),
        Block("b4", RANKING),
        Block("b5", FIGURE, "waiting", most=6),
        Block("b6", FIGURE, "by-segment"),
        Block("b7", FIGURE, "by-channel"),
        Block("b8", FIGURE, "change"),
        Block("b9", FIGURE, "drivers"),
        Block("b10", TABLE, "painpoints"),
        Block("b11", COMMENTS, most=20),
    ]


def _monthly() -> list[Block]:
    return [
        Block("b1", SUMMARY),
        Block("b2", FIGURE, "change"),
        Block("b3", RANKING, most=10),
        Block("b4", TABLE, "painpoints"),
        Block(
            "b5", TEXT, title=_("Decisions"),
            text=_("What was decided, who does it, and until when."),
        ),
    ]  # fmt: skip


def _branches() -> list[Block]:
    return [
        Block("b1", FIGURE, "units"),
        Block("b2", FIGURE, "by-unit"),
        Block("b3", RANKING, title=_("All units together"), most=10),
        Block("b4", FIGURE, "waiting", most=3),
    ]


def _evidence() -> list[Block]:
    return [
        Block(
            "b1", TEXT, title=_("What the figures rest on"),
            text=_(
                "Which touchpoints have evidence, how much, and how new it is; what was brought "
                "in, and what of it was refused."
            ),
        ),
        Block("b2", TABLE, "journeys"),
        Block("b3", TABLE, "coverage"),
        Block("b4", TABLE, "imports"),
    ]  # fmt: skip


def _empty() -> list[Block]:
    return []


STARTERS: dict[str, Starter] = {
    "one-pager": Starter(
        gettext_lazy("Executive one-pager"),
        gettext_lazy("The journey in short: its answers, its worst touchpoints, what is done."),
        _one_pager,
    ),
    "deep-dive": Starter(
        gettext_lazy("Journey deep-dive"),
        gettext_lazy("Everything about one journey: map, ranking, waits, whom, change, drivers."),
        _deep_dive,
    ),
    "monthly": Starter(
        gettext_lazy("Monthly pain review"),
        gettext_lazy("What changed, where it hurts, who is at work on it, and what was decided."),
        _monthly,
    ),
    "branches": Starter(
        gettext_lazy("Branch comparison"),
        gettext_lazy("Which units really differ, and where."),
        _branches,
    ),
    "evidence": Starter(
        gettext_lazy("Evidence quality"),
        gettext_lazy("What the figures rest on: how much, how new, what was refused."),
        _evidence,
        has_journey=False,
    ),
    "empty": Starter(
        gettext_lazy("Empty"), gettext_lazy("Block by block, as you like it."), _empty
    ),
}
