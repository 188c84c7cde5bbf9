"""The rows that an import refuses: why, how many, and each as it stands in the file."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from django.utils.translation import gettext as _

from evidence.mapping_sql import REJECTED
from evidence.sql import literal
from evidence.staging import Stage

EXAMPLES = 3


def problems(staged: Stage) -> list[dict[str, Any]]:
    """Why rows were rejected: reason, field, columns, how many, some examples."""
    found = staged.run(
        f"SELECT r.problem, count(*), arg_min(r.aside, rowid, {EXAMPLES}) "
        f"FROM {staged.name}.rows r WHERE state = {REJECTED} GROUP BY r.problem "
        "ORDER BY count(*) DESC, r.problem"
    ).fetchall()
    told = []
    for number, n, examples in found:
        problem = staged.sql.problems[number - 1]
        told.append({
            "reason": problem.reason, "field": problem.field,
            "columns": list(problem.columns), "count": n,
            "examples": [_cell(raw, problem.indexes) for raw in examples],
        })  # fmt: skip
    for error, n, examples in staged.run(
        f"SELECT error, count(*), arg_min(text, line, {EXAMPLES}) "
        f"FROM {staged.name}.broken GROUP BY error"
    ).fetchall():
        told.append({
            "reason": broken_reason(error), "field": "", "columns": [],
            "count": n * staged.cells, "examples": [_shown(text or "") for text in examples],
        })  # fmt: skip
    return told


def write(staged: Stage, path: Path) -> None:
    """A CSV of the rejected rows: line, column, value, reason, then the original cells."""
    plain = {"line": "line", "column": "place", "value": "value", "reason": "reason"}
    staged.run(
        f"CREATE TABLE {staged.name}.known AS SELECT unnest($numbers) AS problem, "
        "unnest($places) AS place, unnest($reasons) AS reason, unnest($indexes) AS indexes",
        {
            "numbers": list(range(1, len(staged.sql.problems) + 1)) or [0],
            "places": [", ".join(p.columns) or p.field for p in staged.sql.problems] or [""],
            "reasons": [p.reason for p in staged.sql.problems] or [""],
            "indexes": [[i + 1 for i in p.indexes] for p in staged.sql.problems] or [[0]],
        },
    )
    shift = (
        f" ASOF LEFT JOIN {staged.name}.broken b ON {staged.row()} >= b.good_before"
        if staged.broken
        else ""
    )
    nth = "coalesce(nth, 0)" if staged.broken else "0"
    staged.run(
        f"CREATE TABLE {staged.name}.rejected AS "
        f"SELECT {staged.row()} + {staged.table.first_line} + {nth} AS line, place, "
        "array_to_string(list_transform(indexes, lambda i: coalesce(raw[i], '')), ' ') "
        "AS value, reason, raw FROM (SELECT rowid, r.problem AS problem, r.aside AS raw "
        f"FROM {staged.name}.rows r WHERE state = {REJECTED}) r "
        f"JOIN {staged.name}.known USING (problem){shift}"
    )
    for (error,) in staged.run(f"SELECT DISTINCT error FROM {staged.name}.broken").fetchall():
        staged.run(
            f"INSERT INTO {staged.name}.rejected SELECT line, '', text, $reason, NULL "
            f"FROM {staged.name}.broken WHERE error = $error",
            {"reason": broken_reason(error), "error": error},
        )
    cells = [
        f"{neutral(f'raw[{i}]')} AS {_name(name, plain)}"
        for i, name in enumerate(staged.table.columns, start=1)
    ]
    told = [f"{neutral(sql)} AS {_name(name)}" for name, sql in plain.items() if name != "line"]
    staged.run(
        f"COPY (SELECT line, {', '.join(told + cells)} FROM {staged.name}.rejected "
        f"ORDER BY line) TO {literal(str(path))} (FORMAT csv, HEADER true)"
    )


def broken_reason(error: str) -> str:
    return {
        "MISSING COLUMNS": _("the line has too few cells"),
        "TOO MANY COLUMNS": _("the line has too many cells"),
        "UNQUOTED VALUE": _("a quote is not closed, or text follows it"),
        "LINE SIZE OVER MAXIMUM": _("the line is longer than 8 million characters"),
        "INVALID ENCODING": _("the line is not in the file's encoding; tell the encoding"),
    }.get(error, _("the line cannot be read"))


def neutral(sql: str) -> str:
    """Text that a spreadsheet would take for a formula gets an apostrophe before it."""
    return (
        f"CASE WHEN regexp_matches({sql}, '^[=+\\-@\\t\\r]') AND try_cast({sql} AS DOUBLE) IS NULL "
        f"THEN '''' || {sql} ELSE {sql} END"
    )


def _name(name: str, taken: Mapping[str, str] | None = None) -> str:
    """A column's name in a CSV we write: neutral too, and apart from our own columns."""
    safe = "'" + name if name[:1] in "=+-@\t\r" else name
    safe = f"{safe} (file)" if taken and safe in taken else safe
    return '"' + safe.replace("\x00", "").replace('"', '""') + '"'


def _cell(raw: list[str | None], indexes: tuple[int, ...]) -> str:
    return _shown(" ".join((raw[i] or "") for i in indexes if i < len(raw)))


def _shown(text: str) -> str:
    """PostgreSQL's JSON takes every character but NUL."""
    return text[:80].replace("\x00", "\ufffd")
