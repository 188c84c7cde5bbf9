"""A mapping's JSON, read strictly: an unknown key, metric or kind, and a wrong type, are refused
with the key at fault and the nearest right one.
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django.utils.translation import gettext as _

from evidence.errors import MappingError
from evidence.mapping import (
    BETWEEN,
    DURATIONS,
    FIELDS,
    MOST_HEADER,
    MOST_SKIPPED,
    MS,
    NEEDED,
    OUTCOMES,
    TIMES,
    Answer,
    Field,
    ParsedMapping,
    Read,
)
from evidence.mapping_words import (
    check_keys,
    check_timezone,
    count,
    one_of,
    text,
    text_list,
    text_map,
)
from evidence.models import Kind

OWN_KEYS = {
    **dict.fromkeys(TIMES, ("format", "timezone")),
    **dict.fromkeys(DURATIONS, ("unit", "format")),
}
OTHERWISE = ("keep", "ignore", "reject")
TOP_KEYS = ("kind", "read", "fields", "answers", "ignore")
READ_KEYS = ("delimiter", "encoding", "quote", "sheet", "header", "skip", "decimal", "case")
SOURCE_KEYS = ("column", "columns", "value")
FIELD_KEYS = (*SOURCE_KEYS, "map", "otherwise", "missing")
ANSWER_KEYS = (
    "column", "touchpoint", "journey", "metric", "missing", "map", "otherwise", "comment",
)  # fmt: skip


def parse(document: Any, *, metrics: Iterable[str]) -> ParsedMapping:
    """Checks the JSON of a mapping and returns it as values."""
    if not isinstance(document, dict):
        raise MappingError(_("A mapping is a JSON object, such as {“kind”: “waits”, …}."))
    check_keys(document, TOP_KEYS, _("the mapping"))
    kind = one_of(document.get("kind"), list(Kind.values), "kind")
    known = sorted(metrics)
    fields = _fields(document.get("fields"), kind, known)
    mapping = ParsedMapping(
        kind=kind,
        read=_read(document.get("read", {})),
        fields=fields,
        answers=_answers(document.get("answers", []), kind, known, fields),
        ignore=_ignore(document.get("ignore", [])),
    )
    _check_needed(mapping)
    return mapping


def _read(given: Any) -> Read:
    if not isinstance(given, dict):
        raise MappingError(_("“read” must be an object, such as {“delimiter”: “;”}."), "read")
    check_keys(given, READ_KEYS, "read")
    counts = {"header": MOST_HEADER, "skip": MOST_SKIPPED}
    told: dict[str, Any] = {
        key: count(value, f"read.{key}", counts[key])
        if key in counts
        else text(value, f"read.{key}")
        for key, value in given.items()
    }
    read = Read(**told)
    if read.decimal not in ("", ".", ","):
        one_of(read.decimal, [".", ","], "read.decimal")
    for key in ("delimiter", "quote"):
        if len(getattr(read, key)) > 1:
            raise MappingError(
                _("“read.%(key)s” must be one character; it is “%(value)s”.")
                % {"key": key, "value": getattr(read, key)[:20]},
                f"read.{key}",
            )
    return read


def _fields(given: Any, kind: str, metrics: list[str]) -> dict[str, Field]:
    if not isinstance(given, dict):
        raise MappingError(
            _("“fields” must be an object that says where each field comes from."), "fields"
        )
    check_keys(given, FIELDS[kind], _("the fields of %(kind)s") % {"kind": kind})
    fields = {name: _field(name, value) for name, value in given.items()}
    _check_told(fields.get("metric"), metrics, "fields.metric")
    if kind == Kind.WAITS:
        _check_told(fields.get("outcome"), OUTCOMES, "fields.outcome")
    return fields


def _check_told(given: Field | None, known: Sequence[str], where: str) -> None:
    """The values a field gives by itself (a constant, the new words of a map) must be known."""
    if given is None:
        return
    for code in [given.value] if given.is_constant else given.renames.values():
        if code is not None:
            one_of(code, known, where)


def _field(name: str, given: Any) -> Field:
    where = f"fields.{name}"
    if not isinstance(given, dict):
        raise MappingError(
            _("“%(where)s” must be an object such as {“column”: “…”}.") % {"where": where}, where
        )
    own = OWN_KEYS.get(name, ())
    check_keys(given, (*FIELD_KEYS, *own), where)
    sources = [key for key in SOURCE_KEYS if key in given]
    if len(sources) != 1:
        raise MappingError(
            _("“%(where)s” needs exactly one of “column”, “columns” and “value”; it has %(n)d.")
            % {"where": where, "n": len(sources)},
            where,
        )
    found = Field(
        columns=_columns(given, where),
        value=text(given["value"], f"{where}.value") if "value" in given else None,
        renames=text_map(given.get("map", {}), f"{where}.map"),
        otherwise=one_of(given.get("otherwise", "keep"), OTHERWISE, f"{where}.otherwise"),
        missing=text_list(given.get("missing", []), f"{where}.missing"),
        unit=one_of(given.get("unit", "s"), list(MS), f"{where}.unit"),
        format=text(given.get("format", ""), f"{where}.format"),
        timezone=text(given.get("timezone", ""), f"{where}.timezone"),
    )
    if found.unit == BETWEEN and len(found.columns) != 2:
        raise MappingError(
            _("“%(where)s” with the unit “between” needs two “columns”: from when, until when.")
            % {"where": where},
            where,
        )
    if found.timezone:
        check_timezone(found.timezone, f"{where}.timezone")
    if found.otherwise != "keep" and not found.renames:
        raise MappingError(
            _("“%(where)s.otherwise” needs a “map” to be other than.") % {"where": where}, where
        )
    return found


def _columns(given: dict[str, Any], where: str) -> tuple[str, ...]:
    if "column" in given:
        return (text(given["column"], f"{where}.column"),)
    if "columns" in given:
        names = text_list(given["columns"], f"{where}.columns")
        if not names:
            raise MappingError(
                _("“%(where)s.columns” is empty; name at least one column.") % {"where": where},
                where,
            )
        return names
    return ()


def _answers(
    given: Any, kind: str, metrics: list[str], fields: Mapping[str, Field]
) -> tuple[Answer, ...]:
    if not isinstance(given, list):
        raise MappingError(_("“answers” must be a list of questions."), "answers")
    if given and kind != Kind.RESPONSES:
        raise MappingError(_("“answers” belong to responses, not to %s.") % kind, "answers")
    for name in ("score", "comment"):
        if given and name in fields:
            raise MappingError(
                _("With “answers”, “fields.%s” has no place: each question brings its own.") % name,
                f"fields.{name}",
            )
    return tuple(_answer(entry, f"answers[{i}]", metrics) for i, entry in enumerate(given))


def _answer(given: Any, where: str, metrics: list[str]) -> Answer:
    if not isinstance(given, dict) or "column" not in given:
        raise MappingError(
            _("“%(where)s” must be an object that names a “column”.") % {"where": where}, where
        )
    check_keys(given, ANSWER_KEYS, where)
    words = {
        key: text(given[key], f"{where}.{key}")
        for key in ("touchpoint", "journey", "metric", "comment")
        if key in given
    }
    if "metric" in words:
        one_of(words["metric"], metrics, f"{where}.metric")
    score = Field(
        columns=(text(given["column"], f"{where}.column"),),
        renames=text_map(given.get("map", {}), f"{where}.map"),
        otherwise=one_of(given.get("otherwise", "keep"), OTHERWISE, f"{where}.otherwise"),
        missing=text_list(given.get("missing", []), f"{where}.missing"),
    )
    return Answer(score=score, **words)


def _ignore(given: Any) -> tuple[Mapping[str, tuple[str, ...]], ...]:
    if not isinstance(given, list):
        raise MappingError(
            _("“ignore” must be a list of objects such as {“status”: [“test”]}."), "ignore"
        )
    entries = []
    for i, entry in enumerate(given):
        where = f"ignore[{i}]"
        if not isinstance(entry, dict) or not entry:
            raise MappingError(
                _("“%(where)s” must name columns and the values that drop a row.")
                % {"where": where},
                where,
            )
        entries.append({name: text_list(v, f"{where}.{name}") for name, v in entry.items()})
    return tuple(entries)


def _check_needed(mapping: ParsedMapping) -> None:
    fields, answers = mapping.fields, mapping.answers
    for name in NEEDED[Kind(mapping.kind)]:
        if name not in fields:
            raise MappingError(
                _("A mapping of %(kind)s needs the field “%(name)s”.")
                % {"kind": mapping.kind, "name": name},
                f"fields.{name}",
            )
    if mapping.kind == Kind.INTERACTIONS and not {"customer", "case_id"} & set(fields):
        raise MappingError(
            _("A mapping of interactions needs a “customer” or a “case_id”: who passed here?"),
            "fields",
        )
    if mapping.kind == Kind.RESPONSES:
        _check_responses(fields, answers)


def _check_responses(fields: Mapping[str, Field], answers: tuple[Answer, ...]) -> None:
    for i, each in enumerate(answers):
        if each.metric is None and "metric" not in fields:
            raise MappingError(
                _("“answers[%d]” needs a “metric”, or “fields” one for all.") % i, f"answers[{i}]"
            )
        if not (each.touchpoint or each.journey or {"touchpoint", "journey"} & set(fields)):
            raise MappingError(
                _("“answers[%d]” needs a “touchpoint” or a “journey” it is about.") % i,
                f"answers[{i}]",
            )
    if answers:
        return
    if not {"score", "comment"} & set(fields):
        raise MappingError(
            _("A mapping of responses needs a “score” or a “comment”, or a list of “answers”."),
            "fields",
        )
    if "metric" not in fields:
        raise MappingError(
            _("A mapping of responses needs a “metric”: which question was answered?"),
            "fields.metric",
        )
    if not {"touchpoint", "journey"} & set(fields):
        raise MappingError(
            _("A mapping of responses needs a “touchpoint” or a “journey” they are about."),
            "fields",
        )
