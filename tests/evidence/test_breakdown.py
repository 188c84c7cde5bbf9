"""Counts by segment, channel, unit and week, through the real lake."""

import json
import random
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest

from accounts.models import Workspace
from evidence import lake
from evidence.breakdown import Breakdown, Families, break_down, span_of
from evidence.measures import Measure, measure
from evidence.metrics import BUILT_IN
from evidence.question import Place, Question, Standard
from evidence.scope import Scope
from tests.lake_rows import NOON, answer, passage, put, wait

COUNTER = Place("counter", ("counter",), (Standard(60_000),))
PHONE = Place("phone", ("phone", "PS"), (Standard(60_000), Standard(30_000, segment="vip")))
DONE = Place("done", ("done",), is_goal=True)


@pytest.fixture
def question(workspace: Workspace) -> Question:
    return Question(workspace.pk, "opening", (COUNTER, PHONE), BUILT_IN)


def ask(question: Question) -> Breakdown:
    with lake.transaction() as cursor:
        return break_down(cursor, question, span_of(cursor, question))


def told(found: Breakdown, dimension: str, code: str, family: str) -> dict[str, tuple]:
    """Value → (x, n)."""
    x, n = found.counts[dimension][code][family]
    pairs = zip(found.values[dimension], zip(x, n, strict=True), strict=True)
    return {value: pair for value, pair in pairs if pair[1]}


def test_without_evidence_there_is_nothing(question) -> None:
    found = ask(question)
    assert found.values == {"segment": [], "channel": [], "unit": [], "week": []}
    assert found.counts == {"segment": {}, "channel": {}, "unit": {}, "week": {}}


def test_every_dimension_is_counted_and_null_is_no_value(question, workspace) -> None:
    rows = [
        answer("counter", "csat", 1, segment="vip", channel="branch", unit="Köln"),
        answer("counter", "csat", 5, segment="vip", channel="branch", unit="北京"),
        answer("counter", "nps", 0, segment="new", channel="branch"),
        answer("counter", "nps", 10),
    ]
    put("responses", workspace, rows)
    found = ask(question)
    assert told(found, "segment", "counter", "felt") == {"vip": (1, 2), "new": (1, 1)}
    assert told(found, "channel", "counter", "felt") == {"branch": (2, 3)}
    assert told(found, "unit", "counter", "felt") == {"Köln": (1, 1), "北京": (0, 1)}
    assert told(found, "week", "counter", "felt") == {"2025-03-03": (2, 4)}


def test_a_promise_for_one_segment_holds_there(question, workspace) -> None:
    waits = [wait("PS", 45, segment=who) for who in ("vip", "vip", "new")]
    put("waits", workspace, [*waits, wait("phone", 3, "abandoned", segment="new")])
    found = ask(question)
    # The call given up after 3 s is no wait offered.
    assert told(found, "segment", "phone", "waited") == {"vip": (2, 2), "new": (0, 1)}


def test_a_passage_that_comes_back_counts_where_it_comes_back(question, workspace) -> None:
    put("interactions", workspace, [
        passage("counter", "Mei", 0, channel="branch"),
        passage("counter", "Mei", 2, channel="phone"),
        passage("counter", "Jan", 0, channel="branch"),
        passage("counter", None, 0, channel="branch"),
    ])  # fmt: skip
    found = ask(question)
    assert told(found, "channel", "counter", "repeated") == {"branch": (0, 2), "phone": (1, 1)}


def test_an_instance_counts_once_where_it_was_last(question, workspace) -> None:
    put("interactions", workspace, [
        passage("counter", "Mei", 0, segment="new", unit="A"),
        passage("counter", "Mei", 1, segment="vip", unit="B"),
        passage("done", "Jan", 2),
        passage("counter", "Jan", 1, segment="new", unit="A"),
    ])  # fmt: skip
    found = ask(replace(question, places=(COUNTER, DONE)))
    assert told(found, "segment", "counter", "lost") == {"vip": (1, 1), "new": (0, 1)}
    assert told(found, "unit", "counter", "lost") == {"B": (1, 1), "A": (0, 1)}


@pytest.mark.parametrize("zone", ["UTC", "Europe/Berlin", "Asia/Kolkata", "America/New_York"])
def test_a_week_begins_on_monday_at_midnight_there(question, workspace, zone) -> None:
    """Also in the weeks in which summer time begins or ends."""
    place = ZoneInfo(zone)
    moments = [
        datetime(2024, 12, 30, tzinfo=place) + timedelta(weeks=week, seconds=seconds)
        for week in range(60)
        for seconds in (-1, 0, 3 * 86_400)
    ]
    rows = [
        answer("counter", "csat", 3, occurred_at=m.astimezone(UTC).replace(tzinfo=None))
        for m in moments
    ]
    put("responses", workspace, rows)
    found = ask(replace(question, zone=place))
    mondays = [m.date() - timedelta(days=m.weekday()) for m in moments]
    expected = {str(d): (0, mondays.count(d)) for d in sorted(set(mondays))}
    assert told(found, "week", "counter", "felt") == expected


def test_weeks_without_evidence_stand_between(question, workspace) -> None:
    times = [NOON, NOON + timedelta(weeks=3)]
    put("responses", workspace, [answer("counter", "csat", 1, occurred_at=t) for t in times])
    found = ask(question)
    assert found.values["week"] == ["2025-03-03", "2025-03-10", "2025-03-17", "2025-03-24"]
    assert found.counts["week"]["counter"]["felt"] == ([1, 0, 0, 1], [1, 0, 0, 1])


def test_weights_count_by_kishs_formula(question, workspace) -> None:
    weights = {"vip": [2, 1, 1], "new": [1]}
    rows = [
        answer("counter", "csat", 1 if i == 0 else 5, segment=who, weight=Decimal(w))
        for who, given in weights.items()
        for i, w in enumerate(given)
    ]
    put("responses", workspace, rows)
    found = told(ask(question), "segment", "counter", "felt")
    assert found["vip"] == pytest.approx((8 / 6, 16 / 6))
    assert found["new"] == (1, 1)


def test_one_value_is_counted_as_a_scope_filtered_to_it_is(question, workspace) -> None:
    """For felt and waited exactly; so each sum over segments is the touchpoint's own count."""
    dice = random.Random(7)
    segments, units = ["vip", "new", "旧客户"], [f"u{i}" for i in range(9)]
    where = [
        {"segment": dice.choice(segments), "unit": dice.choice(units), "channel": "phone"}
        for _ in range(300)
    ]
    put("responses", workspace, [
        answer(dice.choice(["counter", "PS"]), "csat", dice.randint(1, 5), **w) for w in where
    ])  # fmt: skip
    put("waits", workspace, [
        wait(dice.choice(["counter", "phone"]), dice.randint(0, 120),
             dice.choice(["served", "abandoned"]), **w) for w in where
    ])  # fmt: skip
    found = ask(question)
    for dimension, values in (("segment", segments), ("unit", units)):
        for value in values:
            with lake.transaction() as cursor:
                scope = Scope(**{f"{dimension}s": (value,)})
                alone = measure(cursor, replace(question, scope=scope))
            for line in alone.touchpoints:
                assert _felt_and_waited(line) == {
                    family: counted.get(value, (0, 0))
                    for family in ("felt", "waited")
                    for counted in [told(found, dimension, line.code, family)]
                }


def _felt_and_waited(line: Measure) -> dict[str, tuple[float, float]]:
    return {
        "felt": (line.felt.x, line.felt.n) if line.felt else (0, 0),
        "waited": (line.waits.painful, line.waits.promised) if line.waits else (0, 0),
    }


def test_it_goes_through_json(question, workspace) -> None:
    put("responses", workspace, [answer("counter", "csat", 1, segment="vip")])
    found = ask(question)
    again = Breakdown.from_json(json.loads(json.dumps(found.to_json())))
    assert again.values == found.values
    families: Families = again.counts["segment"]["counter"]
    assert tuple(map(list, families["felt"])) == found.counts["segment"]["counter"]["felt"]
