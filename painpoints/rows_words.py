"""The rows behind a number as a table for people: what each is, and why it counts or does not."""

from collections.abc import Callable, Mapping
from decimal import Decimal
from typing import Any

from django.utils.formats import date_format
from django.utils.translation import gettext as _

from accounts import wording
from evidence.rows import Row, pseudonym
from painpoints.knowing import Number
from painpoints.knowing_rows import local

Columns = list[tuple[str, str, bool]]


def columns_of(kind: str, found: list[Row]) -> Columns:
    """(name, label, whether it is a number); channel, segment and the like only where told."""
    own: dict[str, Columns] = {
        "waits": [("wait_ms", _("Waited"), True), ("promise_ms", _("Promise"), True)],
        "passages": [("gap_us", _("Since the passage before"), True)],
        "instances": [("ended_code", _("Ended at"), False), ("ended_at", _("Ended"), False)],
        "customers": [("passages", _("Passages here"), True)],
    }
    answers: Columns = [("metric", _("Metric"), False), ("score", _("Score"), True)]
    columns: Columns = [("occurred_at", _("Time"), False), *own.get(kind, answers)]
    if any(row["weight"] != 1 for row in found):
        columns.append(("weight", _("Weight"), True))
    columns.append(("verdict", _("Counts as"), False))
    described = (("code", _("Code")), ("channel", _("Channel")), ("segment", _("Segment")),
                 ("unit", _("Unit")), ("customer", _("Customer")),
                 ("case_id", _("Case")))  # fmt: skip
    columns += [
        (name, label, False)
        for name, label in described
        if any(row[name] is not None for row in found)
    ]
    return columns


def table_of(number: Number, kind: str, found: list[Row]) -> dict[str, Any]:
    columns = columns_of(kind, found)
    zone = number.run.workspace.zone
    names = {t["code"]: t["name"] for t in number.result["touchpoints"]}
    goes_to = _touchpoint_of(number)

    def shown(name: str, row: Row) -> str:
        if name == "verdict":
            return _VERDICTS[kind](number, row)
        value = row[name]
        if value is None:
            return wording.NO_VALUE
        if name in ("occurred_at", "ended_at"):
            when = local(value, zone)
            return f"{date_format(when, 'SHORT_DATE_FORMAT')} {when:%H:%M:%S}"
        if name == "customer":
            return pseudonym(value)
        if name in ("wait_ms", "promise_ms"):
            return wording.duration(value / 1000)
        if name == "gap_us":
            return wording.duration(value / 1_000_000)
        if name == "ended_code":
            return names.get(goes_to.get(value, value), str(value))
        return f"{value.normalize():f}" if isinstance(value, Decimal) else str(value)

    return {
        "columns": [{"name": n, "label": label, "number": num} for n, label, num in columns],
        "rows": [
            {
                "cells": [
                    (shown(name, row), is_number, name, label) for name, label, is_number in columns
                ],
                "painful": row["painful"],
                "import": row["import_id"],
                "row": row["row_no"],
            }
            for row in found
        ],
    }


def _touchpoint_of(number: Number) -> dict[str, str]:
    """Raw code → the code of its touchpoint, as the run read them."""
    known = [*number.run.parameters["touchpoints"], *number.run.parameters["goals"]]
    return {raw: t["code"] for t in known for raw in t["codes"]}


def _answer(number: Number, row: Row) -> str:
    if row["metric"] == "nps" and number.figure == "nps":
        if row["counts"]:
            return _("promoter")
        return _("detractor") if row["painful"] else _("passive")
    if row["painful"]:
        return _("painful")
    is_good = row["counts"] and number.figure in ("csat", "ces")
    return _("satisfied") if is_good else _("not painful")


def _wait(number: Number, row: Row) -> str:
    if row["outcome"] != "served":
        return _("gave up")
    if row["promise_ms"] is None:
        return _("served; no promise applies")
    return _("served late") if row["painful"] else _("served in time")


def _passage(number: Number, row: Row) -> str:
    if row["painful"]:
        return _("came again")
    return _("first passage") if row["gap_us"] is None else _("came again, but later")


def _instance(number: Number, row: Row) -> str:
    if row["painful"]:
        return _("lost here")
    return _("reached the goal") if row["reached_goal"] else _("went on from here")


def _customer(number: Number, row: Row) -> str:
    return _("passes here") if row["counts"] else _("passes elsewhere only")


_VERDICTS: Mapping[str, Callable[[Number, Row], str]] = {
    "answers": _answer,
    "outcome": _answer,
    "waits": _wait,
    "passages": _passage,
    "instances": _instance,
    "customers": _customer,
}
