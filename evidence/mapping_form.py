"""The mapping page's form: a mapping's JSON as fields to fill in, and back again.

The JSON is the truth. What the form cannot show (`ignore`, the map of an answer) passes through
unchanged.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.http import QueryDict

from evidence.field_words import HELP, LABELS
from evidence.known_words import Words
from evidence.mapping import BETWEEN, DURATIONS, FIELDS, NEEDED, OUTCOMES, TIMES
from evidence.models import Kind
from evidence.sampling import Preview

CONSTANT = "="
CODED = ("touchpoint", "journey", "channel", "segment", "unit", "outcome", "metric", "score")
WIDE_OUT = ("score", "comment")  # have no place where each question brings its own
MOST_VALUES = 60


@dataclass
class ValueRow:
    """A value found in the file and what it becomes; `known` where the workspace knows it."""

    value: str
    count: int
    to: str = ""
    drop: bool = False
    known: bool = True


@dataclass
class FieldRow:
    """One field of the mapping as the page shows it."""

    name: str
    label: str
    help: str
    needed: bool
    sources: list[str] = field(default_factory=list)  # "", CONSTANT, or indexes of columns
    value: str = ""
    format: str = ""
    timezone: str = ""
    unit: str = "s"
    missing: str = ""
    otherwise: str = "keep"
    values: list[ValueRow] = field(default_factory=list)
    more_values: int = 0
    of_all: bool = False  # the values' counts are those of the whole file
    samples: list[tuple[str, str]] = field(default_factory=list)  # as it stands, what it becomes
    choices: list[tuple[str, str]] = field(default_factory=list)
    why: str = ""  # what the guess says of its column

    @property
    def source(self) -> str:
        return self.sources[0] if self.sources else ""

    @property
    def further(self) -> list[str]:
        """The columns joined to the first; a blank one at the end to add another."""
        return [*self.sources[1:], ""] if self.source not in ("", CONSTANT) else [""]

    @property
    def is_used(self) -> bool:
        return bool(self.sources)

    @property
    def is_time(self) -> bool:
        return self.name in TIMES

    @property
    def is_duration(self) -> bool:
        return self.name in DURATIONS

    @property
    def is_coded(self) -> bool:
        return self.name in CODED

    @property
    def unknown(self) -> int:
        return sum(not row.known and not row.drop for row in self.values)


def field_rows(
    document: Mapping[str, Any],
    preview: Preview,
    words: Words,
    metrics: Sequence[str],
    why: Mapping[str, str],
) -> list[FieldRow]:
    """All fields this kind of evidence has, with what the mapping says of each."""
    kind = document.get("kind") or Kind.RESPONSES
    given = document.get("fields", {})
    wide = "answers" in document
    rows = [
        field_row(name, given.get(name, {}), preview, words, metrics, kind)
        for name in FIELDS[kind]
        if not (wide and name in WIDE_OUT)
    ]
    for row in rows:
        if row.source not in ("", CONSTANT):
            row.why = why.get(preview.header[int(row.source)], "")
    return rows


def field_row(
    name: str,
    given: Mapping[str, Any],
    preview: Preview,
    words: Words,
    metrics: Sequence[str],
    kind: str,
) -> FieldRow:
    row = FieldRow(
        name=name,
        label=str(LABELS[name]),
        help=str(HELP.get(name, "")),
        needed=name in NEEDED[Kind(kind)],
        sources=_sources(given, preview.header),
        value=str(given.get("value", "")),
        format=str(given.get("format", "")),
        timezone=str(given.get("timezone", "")),
        unit=str(given.get("unit", "s")),
        missing=", ".join(str(v) for v in given.get("missing", [])),
        otherwise=str(given.get("otherwise", "keep")),
    )
    if name == "metric":
        row.choices = [(code, code.upper()) for code in metrics]
    elif name == "outcome" and kind == Kind.WAITS:
        row.choices = [(code, str(LABELS[code])) for code in OUTCOMES]
    if row.is_coded and row.source not in ("", CONSTANT):
        _add_values(row, given, preview, words)
    return row


def _sources(given: Mapping[str, Any], header: Sequence[str]) -> list[str]:
    if "value" in given:
        return [CONSTANT]
    names = given.get("columns") or ([given["column"]] if "column" in given else [])
    return [str(header.index(name)) for name in names if name in header]


def _add_values(row: FieldRow, given: Mapping[str, Any], preview: Preview, words: Words) -> None:
    """The column's values with their counts, and those only the map names."""
    columns = [int(i) for i in row.sources]
    counts = _counts(row, columns, preview)
    for value in given.get("missing", []):
        counts.pop(str(value), None)
    renames = given.get("map", {})
    if row.name == "score" and not renames and all(_is_number(v) for v in counts):
        return
    known = {code for code, _label in row.choices} or set(words.get(row.name, {}))
    shown = [v for v, _n in counts.most_common(MOST_VALUES)]
    row.more_values = max(0, len(counts) - len(shown))
    for value in dict.fromkeys([*shown, *renames]):
        to = renames.get(value, "")
        row.values.append(
            ValueRow(
                value=value,
                count=counts[value],
                to=to or "",
                drop=value in renames and to is None,
                known=not known or (to or value) in known,
            )
        )


def _counts(row: FieldRow, columns: Sequence[int], preview: Preview) -> Counter[str]:
    """Each value with its rows: in the whole file, where that is known, else in the first rows."""
    name = preview.header[columns[0]] if len(columns) == 1 else ""
    if name in preview.values:
        row.of_all = True
        return Counter(preview.values[name])
    return Counter(
        " ".join(cells)
        for each in preview.rows
        if (cells := [c for i in columns if i < len(each) and (c := each[i].strip())])
    )


def _is_number(value: str) -> bool:
    try:
        float(value)
    except ValueError:
        return False
    return True


def document_from_post(
    post: QueryDict, base: Mapping[str, Any], preview: Preview
) -> dict[str, Any]:
    """The mapping that the posted form describes."""
    kind = base.get("kind") or Kind.RESPONSES
    made: dict[str, Any] = {"kind": kind}
    if base.get("read"):
        made["read"] = base["read"]
    made["fields"] = {}
    for name in FIELDS[kind]:
        if f"f-{name}-source" in post:
            found = _posted_field(post, name, base.get("fields", {}).get(name, {}), preview)
        else:
            found = base.get("fields", {}).get(name) if name not in WIDE_OUT else None
        if found is not None:
            made["fields"][name] = found
    if "answers" in base:
        from evidence.answer_form import posted_answers

        made["answers"] = posted_answers(post, base["answers"], preview)
    if base.get("ignore"):
        made["ignore"] = base["ignore"]
    return made


def _posted_field(
    post: QueryDict, name: str, base: Mapping[str, Any], preview: Preview
) -> dict[str, Any] | None:
    def told(part: str) -> str:
        return post.get(f"f-{name}-{part}", "").strip()

    source = told("source")
    if source == "":
        return None
    if source == CONSTANT:
        made: dict[str, Any] = {"value": told("value")}
    else:
        columns = [c for i in (source, *post.getlist(f"f-{name}-and")) if (c := column(i, preview))]
        if not columns:
            return None
        made = {"column": columns[0]} if len(columns) == 1 else {"columns": columns}
    if name in TIMES:
        made.update({part: told(part) for part in ("format", "timezone") if told(part)})
    if name in DURATIONS:
        made["unit"] = told("unit") or "s"
        if made["unit"] == BETWEEN and told("format"):
            made["format"] = told("format")
    if source == CONSTANT:
        return made
    if missing := split_values(told("missing")):
        made["missing"] = missing
    if renames := _posted_map(post, name, base):
        made["map"] = renames
        if told("otherwise") not in ("", "keep"):
            made["otherwise"] = told("otherwise")
    return made


def _posted_map(post: QueryDict, name: str, base: Mapping[str, Any]) -> dict[str, str | None]:
    """What the value rows say; a field without such rows keeps the map it had."""
    if f"m-{name}-0-from" not in post:
        return dict(base.get("map", {})) if name not in CODED else {}
    renames: dict[str, str | None] = {}
    i = 0
    while (value := post.get(f"m-{name}-{i}-from")) is not None:
        to = post.get(f"m-{name}-{i}-to", "").strip()
        if post.get(f"m-{name}-{i}-drop") or to == "-":
            renames[value] = None
        elif to or (not value and base.get("map", {}).get("") == ""):
            renames[value] = to
        i += 1
    return renames


def column(index: str, preview: Preview) -> str:
    """The name of the column with this index, or nothing."""
    if index.isdigit() and int(index) < len(preview.header):
        return preview.header[int(index)]
    return ""


def split_values(text: str) -> list[str]:
    """Values a person wrote with commas between them, Chinese commas too."""
    return list(
        dict.fromkeys(v for part in text.split(",") for w in part.split("，") if (v := w.strip()))
    )
