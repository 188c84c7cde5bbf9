"""Rows of evidence in words for people, and where each of their facts came from."""

from collections.abc import Mapping
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

from django.utils.formats import date_format
from django.utils.translation import gettext as _

from accounts import wording
from evidence.browse import ABOUT, OWN, Row
from evidence.field_words import LABELS
from evidence.lines import Line
from evidence.models import Import, Kind
from evidence.rows import pseudonym

NUMBERS = {"score", "weight", "wait_ms", "service_ms"}
MOST_ORIGINALS = 6
# As the lake names it → as a mapping does.
IN_MAPPING = {"wait_ms": "wait_s", "service_ms": "service_s"}


def table_of(
    kind: str, rows: list[Row], names: Mapping[str, str], zone: ZoneInfo
) -> dict[str, Any]:
    """The rows as cells; columns that no row fills are left out."""
    told = [
        name
        for name in ("occurred_at", "touchpoint", *OWN[Kind(kind)], *ABOUT)
        if any(row[name] is not None for row in rows)
        and not (name == "weight" and all(row["weight"] == 1 for row in rows))
    ]
    return {
        "columns": [
            {"name": name, "label": LABELS[name], "number": name in NUMBERS} for name in told
        ],
        "rows": [
            {
                "cells": [
                    (name, LABELS[name], name in NUMBERS, shown(name, row[name], names, zone))
                    for name in told
                ],
                "import": row["import_id"],
                "row": row["row_no"],
                "customer": row["customer"].hex if row["customer"] else "",
            }
            for row in rows
        ],
    }


def local(moment: datetime, zone: ZoneInfo) -> datetime:
    """A time of the lake, which is in UTC and does not say so, where the workspace is."""
    return moment.replace(tzinfo=UTC).astimezone(zone)


def shown(name: str, value: Any, names: Mapping[str, str], zone: ZoneInfo) -> str:
    if value is None:
        return wording.NO_VALUE
    if isinstance(value, datetime):
        here = local(value, zone)
        return f"{date_format(here, 'SHORT_DATE_FORMAT')} {here:%H:%M:%S}"
    if name == "customer":
        return pseudonym(value)
    if name in ("wait_ms", "service_ms"):
        return wording.duration(value / 1000)
    if name == "touchpoint":
        return names.get(value, value)
    if name == "outcome" and value in ("served", "abandoned"):
        return str(LABELS[value])
    return f"{value.normalize():f}" if isinstance(value, Decimal) else str(value)


def beside(
    found: Import, row: Row, names: Mapping[str, str], zone: ZoneInfo, line: Line | None
) -> list[dict[str, Any]]:
    """Each fact of a row: where it stood in the file, as what, and what it became."""
    answer = _answer_of(found.mapping, row)
    told = []
    for name in ("occurred_at", "touchpoint", *OWN[Kind(found.kind)], *ABOUT):
        given = _given(found.mapping, answer, IN_MAPPING.get(name, name))
        if row[name] is None and given is None:
            continue
        told.append({
            "label": LABELS[name],
            "became": shown(name, row[name], names, zone),
            "code": row[name] if name == "touchpoint" and row[name] in names else "",
            "is_new": name == "touchpoint" and row[name] is not None and row[name] not in names,
            "columns": [(column, (line or {}).get(column)) for column in _columns(given)],
            # Where the words themselves stand, nobody needs to be told what they may have been.
            "told": "" if line and (given or {}).get("map") else _told(name, given, row[name]),
        })  # fmt: skip
    return told


def _answer_of(mapping: Mapping[str, Any], row: Row) -> Mapping[str, Any] | None:
    """The question this answer belongs to, where it can be told from what it became."""
    fitting = [
        entry
        for entry in mapping.get("answers") or ()
        if all(
            entry.get(name, row[name]) == row[name] for name in ("touchpoint", "journey", "metric")
        )
    ]
    return fitting[0] if len(fitting) == 1 else None


def _given(mapping: Mapping[str, Any], answer: Mapping[str, Any] | None, name: str) -> Any:
    """What the mapping says of a field: an object as in its JSON, or None where it says nothing."""
    if answer is not None:
        if name == "score":
            return {key: answer[key] for key in ("column", "map", "missing") if key in answer}
        if name == "comment" and answer.get("comment"):
            return {"column": answer["comment"]}
        if name in answer and name != "comment":
            return {"value": answer[name]}
    return (mapping.get("fields") or {}).get(name)


def _columns(given: Any) -> list[str]:
    if not isinstance(given, Mapping):
        return []
    return [given["column"]] if "column" in given else list(given.get("columns") or ())


def _told(name: str, given: Any, value: Any) -> str:
    """How the column's words became this value, as far as the mapping lets it be told back."""
    if not isinstance(given, Mapping):
        return _("not in the mapping; filled in by rule")
    if "value" in given:
        return _("the same for every row, set in the mapping")
    if name == "customer":
        return _("replaced by a keyed hash")
    renames = given.get("map") or {}
    before = [word for word, became in renames.items() if became == value]
    if before:
        words = ", ".join(f"“{word}”" for word in before[:MOST_ORIGINALS])
        more = " …" if len(before) > MOST_ORIGINALS else ""
        if str(value) not in renames and given.get("otherwise", "keep") == "keep":
            return _("written %(words)s, or just so") % {"words": words + more}
        return _("written %s") % (words + more)
    if name in ("wait_ms", "service_ms"):
        return _("in the unit “%s”") % given.get("unit", "s")
    if name in ("occurred_at", "ended_at") and given.get("format"):
        return _("read as %s") % given["format"]
    return ""
