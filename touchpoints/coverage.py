"""The workspace's coverage by touchpoint: what stands where, what is missing, who answers."""

from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property
from typing import Any

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from accounts.models import Workspace
from accounts.wording import number
from evidence.coverage import ByKind, Coverage, Mixed, Seen, Share, mix, reply
from evidence.models import Kind
from touchpoints.codes import touchpoint_by_code
from touchpoints.models import Touchpoint

# A week's mark is darker by powers of ten: 1–9, 10–99, 100–999, 1,000 and more.
STEPS = (1, 10, 100, 1000)
CELL, GAP = 6, 1  # of a mark, in the units of the drawing
LANE = 9


@dataclass
class Line:
    """A touchpoint, or a code without one, and what stands under it."""

    code: str
    touchpoint: Touchpoint | None = None
    kinds: ByKind = field(default_factory=dict)

    @property
    def rows(self) -> int:
        return sum(seen.n for seen in self.kinds.values())

    @property
    def span(self) -> tuple[datetime, datetime] | None:
        firsts = [seen.first_at for seen in self.kinds.values() if seen.first_at]
        lasts = [seen.last_at for seen in self.kinds.values() if seen.last_at]
        return (min(firsts), max(lasts)) if firsts and lasts else None

    @cached_property
    def cells(self) -> list[dict[str, Any]]:
        """Each kind's rows, for the table."""
        return [
            {"kind": kind, "label": label, "seen": self.kinds.get(kind)}
            for kind, label in Kind.choices
        ]

    def add(self, kinds: ByKind) -> None:
        for kind, seen in kinds.items():
            self.kinds.setdefault(kind, Seen()).merge(seen)


def lines_of(workspace: Workspace, found: Coverage) -> tuple[list[Line], list[Line], Line | None]:
    """Every touchpoint of the library, most rows first; codes without one; whole journeys."""
    place_of = touchpoint_by_code(workspace)
    lines = {t.code: Line(t.code, t) for t in Touchpoint.objects.filter(workspace=workspace)}
    unmapped, whole = [], None
    for code, kinds in found.lines.items():
        if code is None:
            whole = Line("")
            whole.add(kinds)
        elif code in place_of:
            lines[place_of[code]].add(kinds)
        else:
            line = Line(code)
            line.add(kinds)
            unmapped.append(line)
    by_rows = sorted(lines.values(), key=lambda line: (-line.rows, str(line.touchpoint)))
    return by_rows, sorted(unmapped, key=lambda line: (-line.rows, line.code)), whole


def drawing_of(line: Line, weeks: int) -> dict[str, Any]:
    """The weeks as marks: a lane for each kind, drawn as few paths; and the same in words."""
    lanes, words = [], []
    for place, (kind, label) in enumerate(Kind.choices):
        seen = line.kinds.get(kind, Seen())
        paths = {
            step: "".join(
                f"M{week * (CELL + GAP)},{place * LANE}h{CELL}v{LANE - 2}h-{CELL}z"
                for week, n in sorted(seen.weeks.items())
                if _step(n) == step
            )
            for step in range(1, len(STEPS) + 1)
        }
        lanes.append({
            "kind": kind,
            "paths": [(step, path) for step, path in paths.items() if path],
            "baseline": place * LANE + LANE - 2,
        })  # fmt: skip
        words.append(
            _("%(kind)s: %(n)s in %(weeks)d of %(all)d weeks")
            % {
                "kind": label,
                "n": number(sum(seen.weeks.values())),
                "weeks": len(seen.weeks),
                "all": weeks,
            }
        )
    return {
        "width": weeks * (CELL + GAP) - GAP,
        "height": len(Kind.choices) * LANE - 2,
        "lanes": lanes,
        "words": "; ".join(words),
    }


def _step(n: int) -> int:
    return sum(n >= least for least in STEPS)


def freshness(found: Coverage) -> list[dict[str, Any]]:
    """For each kind its rows, its period, and how many days ago the newest of them happened."""
    told = []
    for kind, label in Kind.choices:
        seen = found.total(kind)
        if seen.last_at is None or seen.first_at is None:
            told.append({"kind": kind, "label": label, "rows": 0})
            continue
        days = (timezone.now() - seen.last_at).days
        told.append({
            "kind": kind, "label": label, "rows": seen.n, "first": seen.first_at,
            "last": seen.last_at, "days": days, "is_ahead": seen.last_at > timezone.now(),
        })  # fmt: skip
    return told


@dataclass(frozen=True)
class Bias:
    """Who answers, compared with who passes; or why that cannot be told."""

    why_not: str = ""
    since: datetime | None = None
    until: datetime | None = None
    together: Share | None = None
    replies: tuple[tuple[Touchpoint, Share], ...] = ()
    no_replies: str = ""
    mixes: tuple[tuple[str, list[Mixed], str], ...] = ()  # label, rows, why there are none


def bias_of(workspace: Workspace, found: Coverage, lines: list[Line]) -> Bias:
    """Only touchpoints with both answers and passages, and only the time in which both came in."""
    answers, passages = found.total(Kind.RESPONSES), found.total(Kind.INTERACTIONS)
    if not answers.n:
        return Bias(_("There are no responses."))
    if not passages.n:
        return Bias(_("There are no interactions, so nobody knows who passed without answering."))
    both = [
        line for line in lines
        if line.touchpoint and {Kind.RESPONSES, Kind.INTERACTIONS} <= set(line.kinds)
    ]  # fmt: skip
    if not both:
        return Bias(_("No touchpoint has both responses and interactions."))
    spans = [Seen(), Seen()]
    for line in both:
        spans[0].merge(line.kinds[Kind.RESPONSES])
        spans[1].merge(line.kinds[Kind.INTERACTIONS])
    since = max(seen.first_at for seen in spans if seen.first_at)
    until = min(seen.last_at for seen in spans if seen.last_at)
    if since >= until:
        return Bias(
            _("The responses (%(a)s) and the interactions (%(b)s) are of different times.")
            % {"a": _period(spans[0]), "b": _period(spans[1])}
        )
    return _compared(workspace, both, since, until)


def _compared(workspace: Workspace, both: list[Line], since: datetime, until: datetime) -> Bias:
    number_of = {line.code: place for place, line in enumerate(both)}
    places = {
        raw: number_of[code]
        for raw, code in touchpoint_by_code(workspace).items()
        if code in number_of
    }
    replies, answering = reply(workspace, places, since, until)
    together = replies.pop(None, None)
    no_replies = ""
    if together is None:
        no_replies = _("the interactions name no customers.")
    elif not answering:
        together, replies = None, {}
        no_replies = _("the responses name no customers.")
    found = mix(workspace, list(places), since, until)
    labels = {"channel": _("Channel"), "segment": _("Segment")}
    why = {
        "channel": _("responses and interactions do not both name channels."),
        "segment": _("responses and interactions do not both name segments."),
    }
    told = [(both[place].touchpoint, one) for place, one in replies.items() if place is not None]
    told.sort(key=lambda pair: (pair[1].value or 0.0, str(pair[0])))
    return Bias(
        since=since,
        until=until,
        together=together,
        replies=tuple((touchpoint, one) for touchpoint, one in told if touchpoint),
        no_replies=no_replies,
        mixes=tuple((labels[d], rows, "" if rows else why[d]) for d, rows in found.items()),
    )


def _period(seen: Seen) -> str:
    ends = [date_format(at, "DATE_FORMAT") for at in (seen.first_at, seen.last_at) if at]
    return " – ".join(ends)
