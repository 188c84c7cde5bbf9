"""A mapping says exactly what is wrong with it."""

from typing import Any

import pytest

from evidence.errors import MappingError
from evidence.mapping import check_columns
from evidence.mapping_document import parse
from tests.evidence.bringing import ANSWERS, WAITS, having

METRICS = ("nps", "csat", "ces")


def refused(document: Any) -> str:
    with pytest.raises(MappingError) as error:
        parse(document, metrics=METRICS)
    return str(error.value)


def test_the_documented_examples_are_read() -> None:
    mapping = parse(
        having(
            WAITS,
            occurred_at={"columns": ["date", "time"], "format": "%y%m%d %H:%M:%S"},
            outcome={"column": "outcome", "map": {"AGENT": "served", "PHANTOM": None}},
        ),
        metrics=METRICS,
    )
    assert mapping.unit == "rows"
    assert mapping.fields["occurred_at"].columns == ("date", "time")
    assert mapping.fields["outcome"].renames == {"AGENT": "served", "PHANTOM": None}
    assert mapping.columns == ["date", "time", "queue", "wait", "outcome"]


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({"kind": "wait"}, "Did you mean “waits”?"),
        ({"kind": None}, "it is nothing"),
        ({"feilds": {}}, "Did you mean “fields”?"),
        ({"fields": []}, "must be an object"),
        ({"ignore": {"a": ["b"]}}, "must be a list"),
        ({"ignore": [{"a": "b"}]}, "must be a list of texts"),
        ({"read": {"delimeter": ";"}}, "Did you mean “delimiter”?"),
        ({"read": {"delimiter": ";;"}}, "must be one character"),
        ({"answers": [{"column": "q"}]}, "belong to responses"),
    ],
)
def test_a_wrong_key_is_named_with_the_nearest_right_one(change: Any, says: str) -> None:
    assert says in refused({**WAITS, **change})


@pytest.mark.parametrize(
    ("fields", "says"),
    [
        ({"touch_point": {"column": "q"}}, "Did you mean “touchpoint”?"),
        ({"channel": "phone"}, "must be an object"),
        ({"channel": {}}, "exactly one of"),
        ({"channel": {"column": "a", "value": "b"}}, "exactly one of"),
        ({"channel": {"column": ["a"]}}, "must be text"),
        ({"channel": {"columns": []}}, "is empty"),
        ({"channel": {"column": "a", "unit": "s"}}, "“unit” is not known"),
        ({"channel": {"column": "a", "map": ["a"]}}, "must be an object of old and new"),
        ({"channel": {"column": "a", "otherwise": "drop", "map": {"a": "b"}}}, "must be one of"),
        ({"channel": {"column": "a", "otherwise": "reject"}}, "needs a “map”"),
        ({"wait_s": {"column": "w", "unit": "sec"}}, "must be one of ms, s, min, h"),
        ({"occurred_at": {"column": "a", "timezone": "Asia/Jerusalm"}}, "Asia/Jerusalem"),
        ({"outcome": {"column": "o", "map": {"a": "serverd"}}}, "Did you mean “served”?"),
        ({"outcome": {"value": "gone"}}, "must be one of served, abandoned"),
    ],
)
def test_a_wrong_field_is_refused(fields: Any, says: str) -> None:
    assert says in refused(having(WAITS, **fields))


@pytest.mark.parametrize("name", ["occurred_at", "touchpoint", "wait_s"])
def test_waits_need_their_fields(name: str) -> None:
    fields = {k: v for k, v in WAITS["fields"].items() if k != name}
    assert name in refused({**WAITS, "fields": fields})


def test_an_unknown_metric_is_refused_with_the_nearest() -> None:
    assert "Did you mean “csat”?" in refused(having(ANSWERS, metric={"value": "csta"}))


def test_responses_need_a_place_a_question_and_an_answer() -> None:
    for name, says in (("touchpoint", "journey"), ("metric", "metric"), ("score", "comment")):
        fields = {k: v for k, v in ANSWERS["fields"].items() if k != name}
        assert says in refused({**ANSWERS, "fields": fields})


def test_answers_bring_their_own_scores() -> None:
    document = {**ANSWERS, "answers": [{"column": "q1", "touchpoint": "a", "metric": "csat"}]}
    assert "has no place" in refused(document)
    fields = {"occurred_at": {"value": "2025-01-01"}}
    assert "needs a “metric”" in refused(
        {"kind": "responses", "fields": fields, "answers": [{"column": "q", "touchpoint": "a"}]}
    )
    assert "needs a “touchpoint” or a “journey”" in refused(
        {"kind": "responses", "fields": fields, "answers": [{"column": "q", "metric": "nps"}]}
    )


def test_interactions_need_somebody() -> None:
    fields = {"occurred_at": {"column": "a"}, "touchpoint": {"column": "b"}}
    assert "who passed here" in refused({"kind": "interactions", "fields": fields})


def test_a_missing_or_repeated_column_is_named() -> None:
    mapping = parse(WAITS, metrics=METRICS)
    with pytest.raises(MappingError, match=r"no column “wait”. Did you mean “waits”"):
        check_columns(mapping, ["at", "queue", "waits"])
    with pytest.raises(MappingError, match="more than once"):
        check_columns(mapping, ["at", "queue", "wait", "wait (2)"], {"wait"})
