"""The part of the mapping page for surveys with a column per question."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.http import QueryDict

from evidence.guessing_answers import metric_of, off_scale, questions
from evidence.guessing_columns import Column
from evidence.guessing_words import without_metric
from evidence.mapping_form import column, split_values
from evidence.sampling import Preview

MOST_QUESTIONS = 150


@dataclass
class AnswerRow:
    """A column that holds, or might hold, the answers to a question."""

    index: int
    name: str
    example: str
    used: bool
    about: str = "touchpoint"  # touchpoint, journey, or "" where a field tells it for all
    code: str = ""
    metric: str = ""
    missing: str = ""
    comment: str = ""  # index of the column with the words
    likely: bool = False
    mapped: int = 0  # values renamed by a map that only the JSON shows


def answer_rows(document: Mapping[str, Any], preview: Preview) -> list[AnswerRow]:
    """The chosen questions first as they stand in the file, and every column not used otherwise."""
    chosen = {entry.get("column"): entry for entry in document.get("answers", [])}
    elsewhere = {
        name
        for given in document.get("fields", {}).values()
        for name in (*given.get("columns", []), given.get("column"))
    }
    columns = {
        name: Column(name, [row[i] if i < len(row) else "" for row in preview.rows])
        for i, name in enumerate(preview.header)
    }
    likely = questions(list(columns.values()))
    rows = [
        _row(i, columns[name], chosen.get(name), name in likely, preview.header)
        for i, name in enumerate(preview.header)
        if name in chosen or name not in elsewhere
    ]
    rows.sort(key=lambda row: not (row.used or row.likely))
    return rows[:MOST_QUESTIONS]


def _row(
    index: int,
    found: Column,
    entry: Mapping[str, Any] | None,
    likely: bool,
    header: Sequence[str],
) -> AnswerRow:
    example = ", ".join(value[:12] for value, _n in found.counts.most_common(4))
    if entry is None:
        metric = metric_of(found)
        return AnswerRow(
            index=index,
            name=found.name,
            example=example,
            used=False,
            code=without_metric(found.name) or metric,
            metric=metric,
            missing=", ".join(off_scale(found, metric)) if likely else "",
            likely=likely,
        )
    about = "touchpoint" if entry.get("touchpoint") else "journey" if entry.get("journey") else ""
    comment = entry.get("comment")
    return AnswerRow(
        index=index,
        name=found.name,
        example=example,
        used=True,
        about=about,
        code=str(entry.get(about, "")) if about else "",
        metric=str(entry.get("metric", "")),
        missing=", ".join(str(v) for v in entry.get("missing", [])),
        comment=str(header.index(comment)) if comment in header else "",
        likely=likely,
        mapped=len(entry.get("map", {})),
    )


def posted_answers(
    post: QueryDict, base: Sequence[Mapping[str, Any]], preview: Preview
) -> list[dict[str, Any]]:
    """The questions ticked in the form; what it does not show of an entry is kept."""
    before = {entry.get("column"): entry for entry in base}
    if "a-shown" not in post:
        return [dict(entry) for entry in base]
    made = []
    for i, name in enumerate(preview.header):
        if not post.get(f"a-{i}-use"):
            continue
        entry: dict[str, Any] = {"column": name}
        about, code = post.get(f"a-{i}-about", ""), post.get(f"a-{i}-code", "").strip()
        if about in ("touchpoint", "journey") and code:
            entry[about] = code
        if metric := post.get(f"a-{i}-metric", ""):
            entry["metric"] = metric
        if missing := split_values(post.get(f"a-{i}-missing", "")):
            entry["missing"] = missing
        if comment := column(post.get(f"a-{i}-comment", ""), preview):
            entry["comment"] = comment
        for key in ("map", "otherwise"):
            if key in before.get(name, {}):
                entry[key] = before[name][key]
        made.append(entry)
    return made
