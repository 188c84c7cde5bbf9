"""Waits by hour of the week, in the real lake: local hours, clock changes, what was observed."""

import json
from dataclasses import replace
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from accounts.models import Workspace
from evidence import lake
from evidence.hours import Hours, count_hours
from evidence.metrics import BUILT_IN
from evidence.question import Place, Question, Standard
from evidence.scope import Scope
from tests.lake_rows import put, wait

COUNTER = Place("counter", ("counter",), (Standard(60_000),))
PHONE = Place("phone", ("phone", "PS"), (Standard(60_000), Standard(35_000, segment="vip")))
MONDAY = datetime(2025, 3, 3)
TEN = 10


@pytest.fixture
def question(workspace: Workspace) -> Question:
    return Question(workspace.pk, "opening", (COUNTER, PHONE), BUILT_IN)


def ask(question: Question) -> Hours:
    with lake.transaction() as cursor:
        found = count_hours(cursor, question)
    return Hours.from_json(json.loads(json.dumps(found.to_json())))


def told(found: Hours, code: str, name: str) -> dict[int, int]:
    place = found.places[code]
    return dict(zip(place.hours, place.counts[name], strict=True))


def observed(found: Hours, code: str) -> dict[int, float]:
    """Hour of the week → hours seen."""
    place = found.places[code]
    return {h: s / 3600 for h, s in zip(place.hours, place.period_s, strict=True)}


def at(*moments: datetime, touchpoint: str = "counter", seconds: float = 10) -> list[dict]:
    return [wait(touchpoint, seconds, occurred_at=moment) for moment in moments]


def test_without_waits_there_is_nothing(question) -> None:
    assert ask(question).places == {}


def test_every_count_of_an_hour(question, workspace) -> None:
    ten = MONDAY + timedelta(hours=10, minutes=59)
    put("waits", workspace, [
        wait("counter", 60, occurred_at=ten, service_ms=100_000),
        wait("counter", 60.001, occurred_at=ten, service_ms=50_000),
        wait("counter", 7, "abandoned", occurred_at=ten, service_ms=9),
        wait("counter", 70, "abandoned", occurred_at=ten),
        wait("counter", 4, "abandoned", occurred_at=ten),  # too short to count
        wait("counter", 0, occurred_at=ten),
        wait("counter", 20, occurred_at=ten + timedelta(minutes=1)),
    ])  # fmt: skip
    place = ask(question).places["counter"]
    assert place.hours == [10, 11]
    expected = {
        "offered": 5, "abandoned": 2, "wait_ms": 197_001, "service_n": 2, "service_ms": 150_000,
        "in_time": 2, "served_late": 1, "gave_up_in_time": 1, "gave_up_late": 1,
        "wait_ms2": 60_000**2 + 60_001**2 + 7_000**2 + 70_000**2,
    }  # fmt: skip
    assert {name: place.counts[name][0] for name in expected} == expected
    assert place.served_within(60.0) == [2, 1]
    assert place.served_within(15.0) == [1, 0]
    assert place.served_within(90.0) == [3, 1]
    assert place.total("offered") == 6


def test_promises_of_a_segment_hold_there_and_can_be_asked_for(question, workspace) -> None:
    ten = MONDAY + timedelta(hours=10)
    put("waits", workspace, [
        wait("PS", 40, segment="vip", occurred_at=ten),
        wait("phone", 40, segment="new", occurred_at=ten),
        wait("phone", 35, segment="new", occurred_at=ten),
    ])  # fmt: skip
    place = ask(question).places["phone"]
    assert (place.counts["in_time"], place.counts["served_late"]) == ([2], [1])
    assert place.served_within(35.0) == [1]
    assert 35.0 not in ask(question).places["phone"].limits_s[:5]


def test_hours_are_those_of_the_workspaces_clock(question, workspace) -> None:
    put("waits", workspace, at(datetime(2025, 3, 3, 4, 29), datetime(2025, 3, 3, 4, 30)))
    kolkata = replace(question, zone=ZoneInfo("Asia/Kolkata"))  # half past: UTC + 5:30
    assert told(ask(kolkata), "counter", "offered") == {9: 1, 10: 1}
    kathmandu = replace(question, zone=ZoneInfo("Asia/Kathmandu"))  # UTC + 5:45
    assert told(ask(kathmandu), "counter", "offered") == {10: 2}


def test_a_day_begins_at_midnight_there(question, workspace) -> None:
    put("waits", workspace, at(datetime(2025, 3, 2, 16, 30), datetime(2025, 3, 9, 15, 30)))
    shanghai = replace(question, zone=ZoneInfo("Asia/Shanghai"))
    assert told(ask(shanghai), "counter", "offered") == {0: 1, 167: 1}


def test_the_same_hour_of_the_clock_in_winter_and_summer(question, workspace) -> None:
    """Ten o'clock in Berlin is nine in UTC before 30 March 2025 and eight after it."""
    winter, summer = datetime(2025, 3, 24, 9), datetime(2025, 3, 31, 8)
    autumn = datetime(2025, 10, 27, 9)
    put("waits", workspace, at(winter, summer, autumn))
    berlin = replace(question, zone=ZoneInfo("Europe/Berlin"))
    assert told(ask(berlin), "counter", "offered") == {TEN: 3}
    assert observed(ask(berlin), "counter") == {TEN: 3}


def test_the_hour_that_is_there_twice_and_the_one_that_is_left_out(question, workspace) -> None:
    """Sunday's hour from two to three, in a service that never closes."""
    sunday_two = 6 * 24 + 2
    berlin = replace(question, zone=ZoneInfo("Europe/Berlin"))
    hours = [datetime(2025, 3, 22, 23) + timedelta(hours=i) for i in range(24 * 8)]
    put("waits", workspace, at(*hours))
    seen = observed(ask(berlin), "counter")
    assert told(ask(berlin), "counter", "offered")[sunday_two] == 1  # 23 March, not the 30th
    assert (seen[sunday_two], seen[sunday_two + 1]) == (1, 2)
    lake_hours = [datetime(2025, 10, 25, 22) + timedelta(hours=i) for i in range(25)]
    put("waits", workspace, at(*lake_hours), 2)
    seen = observed(ask(berlin), "counter")
    assert told(ask(berlin), "counter", "offered")[sunday_two] == 3  # twice on 26 October
    assert seen[sunday_two] == 3


def test_half_an_hour_of_summer_time(question, workspace) -> None:
    """Lord Howe sets its clocks back by half an hour: two hours' clock, 2 h 30 min long."""
    zone = ZoneInfo("Australia/Lord_Howe")
    start = datetime(2025, 4, 5, 13)  # midnight of Sunday 6 April there, UTC + 11
    put("waits", workspace, at(*(start + timedelta(minutes=30 * i) for i in range(49))))
    found = ask(replace(question, zone=zone))
    assert told(found, "counter", "offered")[6 * 24 + 1] == 3
    assert observed(found, "counter")[6 * 24 + 1] == 1.5


def test_a_closed_day_is_not_a_day_on_which_nobody_came(question, workspace) -> None:
    """Mondays at ten and eleven: both, ten only, closed, both."""
    moments = [MONDAY + timedelta(weeks=w, hours=h) for w, h in
               ((0, 10), (0, 11), (1, 10), (3, 10), (3, 11))]  # fmt: skip
    put("waits", workspace, at(*moments))
    found = ask(question)
    assert told(found, "counter", "offered") == {10: 3, 11: 2}
    assert observed(found, "counter") == {10: 3, 11: 3}
    assert found.places["counter"].days == [3, 3]


def test_the_first_and_the_last_day_count_from_the_first_to_the_last_wait(
    question, workspace
) -> None:
    moments = [MONDAY + timedelta(weeks=w, hours=h) for w, h in
               ((0, 11), (1, 10), (1, 11), (1, 12), (2, 10))]  # fmt: skip
    put("waits", workspace, at(*moments))
    assert observed(ask(question), "counter") == {10: 2, 11: 2, 12: 2}


def test_only_the_scope_counts(question, workspace) -> None:
    put("waits", workspace, at(MONDAY + timedelta(hours=9), MONDAY + timedelta(days=1, hours=9)))
    scope = Scope(since=date(2025, 3, 4))
    assert told(ask(replace(question, scope=scope)), "counter", "offered") == {33: 1}
    put("waits", workspace, [wait("counter", 5, segment="vip", occurred_at=MONDAY)], 2)
    vip = replace(question, scope=Scope(segments=("vip",)))
    assert told(ask(vip), "counter", "offered") == {0: 1}
    assert ask(replace(question, scope=Scope(segments=("none",)))).places == {}


def test_other_workspaces_and_unknown_codes_do_not_count(question, workspace) -> None:
    from tests.factories import WorkspaceFactory

    put("waits", WorkspaceFactory(), at(MONDAY))
    put("waits", workspace, at(MONDAY, touchpoint="unknown"))
    assert ask(question).places == {}
