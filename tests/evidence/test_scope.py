"""Scopes: read from addresses, written to them, told in words."""

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import pytest
from django.http import QueryDict
from hypothesis import given
from hypothesis import strategies as st

from evidence.scope import Scope, ScopeError

CODES = st.lists(
    st.text(st.characters(exclude_categories=["Cs", "Cc", "Z"]), min_size=1), max_size=3
)


def test_codes_are_sorted_and_stand_once() -> None:
    scope = Scope(channels=("web", "app", "web"))
    assert scope.channels == ("app", "web")
    assert scope == Scope(channels=("app", "web"))


@given(st.dates(), st.one_of(st.none(), st.dates()), CODES, CODES, CODES)
def test_addresses_and_json_give_back_the_same_scope(day, other, channels, segments, units) -> None:
    since, until = (day, None) if other is None or day == other else sorted((day, other))
    scope = Scope(since, until, tuple(channels), tuple(segments), tuple(units))
    assert Scope.from_query(QueryDict(scope.to_query())) == scope
    assert Scope.from_json(scope.to_json()) == scope


def test_an_empty_address_means_everything() -> None:
    for query in ("", "since=&until=&channel=", "channel=%20", "page=2"):
        assert Scope.from_query(QueryDict(query)).is_whole
    assert Scope().to_query() == ""
    assert not Scope(units=("north",)).is_whole


@pytest.mark.parametrize(
    ("query", "told"),
    [
        ("since=yesterday", "“since” must be a day such as 2025-03-31; it is “yesterday”."),
        ("until=2025-02-30", "“until” must be a day"),
        ("since=20250301x", "“since” must be a day"),
        ("since=2025-03-01&until=2025-03-01", "must begin before it ends"),
        ("since=2025-03-02&until=2025-03-01", "must begin before it ends"),
    ],
)
def test_what_cannot_be_meant_is_refused(query, told) -> None:
    with pytest.raises(ScopeError, match=told.split("(")[0]):
        Scope.from_query(QueryDict(query))


def test_days_begin_at_midnight_where_the_workspace_is() -> None:
    scope = Scope(since=date(2025, 3, 30), until=date(2025, 3, 31))
    berlin = ZoneInfo("Europe/Berlin")  # that day has 23 hours
    assert scope.starts_at(berlin) == datetime(2025, 3, 29, 23, tzinfo=UTC)
    assert scope.ends_at(berlin) == datetime(2025, 3, 30, 22, tzinfo=UTC)
    assert Scope().starts_at(berlin) is None


def test_the_ends_of_the_calendar_are_days_too() -> None:
    scope = Scope(since=date.min, until=date.max)
    for zone in ("Pacific/Kiritimati", "Pacific/Pago_Pago"):
        assert scope.starts_at(ZoneInfo(zone)) < scope.ends_at(ZoneInfo(zone))


def test_it_is_told_in_words() -> None:
    assert Scope().describe() == "all evidence"
    told = Scope(since=date(2025, 3, 1), segments=("gold", "mass")).describe()
    assert told == "since 1 Mar 2025 · segment gold, mass"
