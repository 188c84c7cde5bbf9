"""Logs of ticket machines tell moments (drawn, called, begun, ended), not how long it took.

The wait is the time from one column to the next, and so is the service.
"""

from collections.abc import MutableMapping, Sequence
from typing import Any

from django.utils.translation import gettext as _

from evidence.guessing_columns import Column
from evidence.guessing_words import strength
from evidence.mapping import BETWEEN

STATIONS: dict[str, tuple[str, ...]] = {
    "drawn": ("drawn at", "drawn", "ticket time", "issue time", "issued at", "issued",
              "print time", "arrival time", "arrived at", "arrived", "arrival", "check in",
              "checkin time", "取号时间", "取票时间", "到达时间", "抽号时间", "签到时间"),
    "called": ("called at", "called", "call time", "first call", "first called", "served at",
               "service start", "start of service", "serve start", "叫号时间", "呼叫时间",
               "开始办理时间", "办理开始时间", "受理时间", "开始服务时间", "接待时间"),
    "ended": ("ended at", "end time", "ended", "finished at", "finish time", "service end",
              "end of service", "closed at", "完成时间", "结束时间", "办结时间", "办理结束时间",
              "结束办理时间"),
}  # fmt: skip


def find(columns: Sequence[Column]) -> dict[str, Column]:
    """The columns of moments; the drawing and the call have to be there."""
    found: dict[str, Column] = {}
    for name, words in STATIONS.items():
        fitting = [
            (strength(column.name, words), -i, column)
            for i, column in enumerate(columns)
            if (column.time is not None or column.is_clock) and column not in found.values()
        ]
        best = max(fitting, key=lambda each: each[:2], default=None)
        if best and best[0] > 0:
            found[name] = best[2]
    return found if {"drawn", "called"} <= set(found) else {}


def add(
    document: dict[str, Any],
    why: MutableMapping[str, str],
    found: dict[str, Column],
    columns: Sequence[Column],
) -> None:
    """Wait and service as times between columns, where no column tells them."""
    fields = document["fields"]
    if not found:
        return
    if "wait_s" not in fields:
        fields["wait_s"] = _between(found["drawn"], found["called"])
        why[found["called"].name] = _("The wait is the time from “%(from)s” to “%(until)s”.") % {
            "from": found["drawn"].name, "until": found["called"].name,
        }  # fmt: skip
        if found["drawn"].time is not None:
            _set_time(fields, found["drawn"])
    if "service_s" not in fields and "ended" in found:
        fields["service_s"] = _between(found["called"], found["ended"])


def _between(first: Column, then: Column) -> dict[str, Any]:
    made: dict[str, Any] = {"columns": [first.name, then.name], "unit": BETWEEN}
    if form := _format(first):
        made["format"] = form
    return made


def _format(column: Column) -> str:
    if column.time is not None:
        return column.time.format
    with_seconds = any(value.count(":") == 2 for value in column.counts)
    return "%H:%M:%S" if with_seconds else "%H:%M"


def _set_time(fields: dict[str, Any], drawn: Column) -> None:
    """It happened when the ticket was drawn, whatever other column was taken for the time."""
    given = fields.get("occurred_at", {})
    if given.get("column") == drawn.name or drawn.name in given.get("columns", []):
        return
    if drawn.time is None or not drawn.time.has_clock:
        return
    made = {"column": drawn.name, "timezone": given.get("timezone", "")}
    if drawn.time.format:
        made["format"] = drawn.time.format
    fields["occurred_at"] = {key: value for key, value in made.items() if value}
