"""Checks a map file: its shape by the published JSON Schema, then what a schema cannot say."""

import json
from collections.abc import Iterable, Iterator
from difflib import get_close_matches
from functools import cache
from itertools import islice
from math import isfinite
from typing import Any

from django.conf import settings
from django.utils.translation import gettext as _
from jsonschema import Draft202012Validator, FormatChecker
from jsonschema.exceptions import ValidationError
from jsonschema.validators import extend

SCHEMA_FILE = settings.BASE_DIR / "docs" / "map-file.schema.json"
ENOUGH = 200  # problems looked for; far fewer are shown


def problems_in(document: Any) -> list[str]:
    """Every problem of the document by itself, without looking at a workspace."""
    errors = list(islice(_validator().iter_errors(document), ENOUGH))
    errors.sort(key=lambda error: [str(part).zfill(6) for part in error.absolute_path])
    problems = [message for error in errors for message in _messages(error)]
    if len(problems) < ENOUGH and isinstance(document, dict):
        problems += islice(_unstorable(document, ""), ENOUGH)
        problems += islice(_references(document), ENOUGH)
    return problems


def problems_in_entry(kind: str, entry: Any) -> list[str]:
    """Every problem of one entry by itself; `kind` is its name in the schema: stage, card, …"""
    errors = _entry_validator(kind).iter_errors(entry)
    problems = [message for error in islice(errors, ENOUGH) for message in _messages(error)]
    return problems or list(islice(_unstorable(entry, ""), ENOUGH))


@cache
def _entry_validator(kind: str) -> Any:
    return _with_formats({"$defs": schema()["$defs"], "$ref": f"#/$defs/{kind}"})


@cache
def schema() -> dict[str, Any]:
    found: dict[str, Any] = json.loads(SCHEMA_FILE.read_text(encoding="utf-8"))
    return found


@cache
def _validator() -> Any:
    return _with_formats(schema())


def _with_formats(schema: dict[str, Any]) -> Any:
    """A validator that also looks at the calendar."""
    validator = extend(Draft202012Validator, {"items": _bounded_items})
    return validator(schema, format_checker=FormatChecker(["date"]))


def _bounded_items(validator: Any, items: Any, value: Any, schema: Any) -> Iterator[Any]:
    """Checks no more entries than a list may have: a list far too long is one problem, not all."""
    if isinstance(value, list):
        value = value[: schema.get("maxItems", len(value))]
    yield from Draft202012Validator.VALIDATORS["items"](validator, items, value, schema)


def nearest(word: str, known: Iterable[str]) -> str:
    """“; did you mean …?”, or what there is to choose from."""
    word = word[:200]
    options = [str(option) for option in known]
    close = get_close_matches(word, options, 1, 0.5)
    if not close:
        close = get_close_matches(word.lower(), [o for o in options if o.lower() == o], 1, 0.5)
    if close:
        return _("; did you mean “%s”?") % close[0]
    if not options:
        return ""
    listed = ", ".join(sorted(options)[:12]) + (", …" if len(options) > 12 else "")
    return _("; there is: %s") % listed


def place(path: Iterable[str | int]) -> str:
    """cards[3].lane"""
    text = ""
    for part in path:
        text += f"[{part}]" if isinstance(part, int) else f".{part}" if text else part
    return text or _("the document")


def _words_for(kind: str) -> str:
    return {
        "object": _("an object {…}"),
        "array": _("a list […]"),
        "string": _("text"),
        "integer": _("a whole number"),
        "number": _("a number"),
        "boolean": _("true or false"),
    }[kind]


def short(text: str) -> str:
    return text if len(text) <= 60 else text[:57] + "…"


def shown(value: Any) -> str:
    return short(json.dumps(value, ensure_ascii=False, default=str))


def _messages(error: ValidationError) -> Iterator[str]:
    """The validator's finding in words that say what to do."""
    where = place(error.absolute_path)
    limit, value = error.validator_value, error.instance
    match error.validator:
        case "additionalProperties":
            known = error.schema["properties"]
            for key in value:
                if key not in known:
                    hint = nearest(key, known)
                    yield _("%(where)s: unknown key “%(key)s”%(hint)s") % {
                        "where": where,
                        "key": short(key),
                        "hint": hint,
                    }
        case "required":
            # The validator reports each missing key apart, but names it only in its own sentence.
            for key in limit:
                if key not in value and error.message.startswith(repr(key)):
                    yield _("%(where)s: “%(key)s” is missing") % {"where": where, "key": key}
        case "type":
            yield _("%(where)s: expected %(expected)s; got %(value)s") % {
                "where": where,
                "expected": _words_for(str(limit)),
                "value": shown(value),
            }
        case "enum":
            yield _("%(where)s: expected one of %(options)s; got %(value)s%(hint)s") % {
                "where": where,
                "options": ", ".join(limit),
                "value": shown(value),
                "hint": nearest(str(value), limit) if get_close_matches(str(value), limit) else "",
            }
        case "const":
            yield _("%(where)s: expected “%(expected)s”; got %(value)s") % {
                "where": where,
                "expected": limit,
                "value": shown(value),
            }
        case "minimum" | "maximum":
            yield _("%(where)s: expected a number from %(low)s to %(high)s; got %(value)s") % {
                "where": where,
                "low": error.schema["minimum"],
                "high": error.schema["maximum"],
                "value": shown(value),
            }
        case "maxLength":
            yield _("%(where)s: at most %(limit)d characters; this has %(size)d") % {
                "where": where,
                "limit": limit,
                "size": len(value),
            }
        case "maxItems":
            yield _("%(where)s: at most %(limit)d entries; there are %(size)d") % {
                "where": where,
                "limit": limit,
                "size": len(value),
            }
        case "minLength":
            yield _("%(where)s: expected at least one character; it is empty") % {"where": where}
        case "pattern":
            yield _("%(where)s: %(rule)s; got %(value)s") % {
                "where": where,
                "rule": _rule_of(str(limit)),
                "value": shown(value),
            }
        case "format":
            yield _(
                "%(where)s: expected a day of the calendar such as 2026-03-31; got %(value)s"
            ) % {
                "where": where,
                "value": shown(value),
            }
        case _other:
            yield f"{where}: {error.message}"


def _rule_of(pattern: str) -> str:
    if "https?" in pattern:
        return _("expected a web address that begins with https:// or http://")
    if "a-f]{64}" in pattern:
        return _("expected a picture's id: 64 digits and letters from a to f")
    if "a-z0-9" in pattern:
        return _("use small letters, digits and single hyphens, for example “opening-an-account”")
    if pattern == r"\S":
        return _("expected more than spaces")
    return _("no spaces at its ends and no line breaks")


def _unstorable(value: Any, where: str) -> Iterator[str]:
    """What a database cannot keep: NUL characters, halves of characters, numbers that are none."""
    if isinstance(value, str):
        if "\0" in value or any("\ud800" <= char <= "\udfff" for char in value):
            yield _("%s: contains a character that is not text (NUL or half a character)") % where
    elif isinstance(value, float) and not isfinite(value):
        yield _("%s: expected a number") % where
    elif isinstance(value, dict):
        for key, inner in value.items():
            yield from _unstorable(inner, f"{where}.{key}" if where else str(key))
    elif isinstance(value, list):
        for index, inner in enumerate(value):
            yield from _unstorable(inner, f"{where}[{index}]")


def entries(document: dict[str, Any], name: str) -> Iterator[tuple[int, dict[str, Any]]]:
    """The list's well-formed entries with their places; ill-formed ones are reported elsewhere."""
    found = document.get(name)
    if isinstance(found, list):
        for index, entry in enumerate(found):
            if isinstance(entry, dict):
                yield index, entry


REFERENCES = {
    "steps": {"stage": "stages"},
    "cards": {"lane": "lanes", "step": "steps", "persona": "personas"},
}


def _references(document: dict[str, Any]) -> Iterator[str]:
    """Ids that stand twice, and references to what is not there."""
    ids: dict[str, list[str]] = {}
    for name in ("stages", "steps", "lanes", "personas", "cards"):
        ids[name] = _texts(document, name, "id")
        yield from _doubles(document, name, "id")
    yield from _doubles(document, "touchpoints", "code")
    for name, fields in REFERENCES.items():
        for index, entry in entries(document, name):
            for field, target in fields.items():
                wanted = entry.get(field)
                if isinstance(wanted, str) and wanted not in ids[target]:
                    where = f"{name}[{index}].{field}"
                    yield _("%(where)s: there is no entry “%(id)s” in %(target)s%(hint)s") % {
                        "where": where,
                        "id": short(wanted),
                        "target": target,
                        "hint": nearest(wanted, ids[target]),
                    }
    for index, step in entries(document, "steps"):
        yield from _twice(step.get("touchpoints"), f"steps[{index}].touchpoints")
    journey = document.get("journey")
    if isinstance(journey, dict):
        yield from _twice(journey.get("goal_touchpoints"), "journey.goal_touchpoints")
    for index, touchpoint in entries(document, "touchpoints"):
        yield from _twice(touchpoint.get("codes"), f"touchpoints[{index}].codes")
        yield from _promises(touchpoint, f"touchpoints[{index}].promises")


def _texts(document: dict[str, Any], name: str, key: str) -> list[str]:
    return [e[key] for _index, e in entries(document, name) if isinstance(e.get(key), str)]


def _doubles(document: dict[str, Any], name: str, key: str) -> Iterator[str]:
    first: dict[str, int] = {}
    for index, entry in entries(document, name):
        value = entry.get(key)
        if not isinstance(value, str):
            continue
        if value in first:
            yield _("%(where)s: “%(id)s” is taken already by %(other)s") % {
                "where": f"{name}[{index}].{key}",
                "id": short(value),
                "other": f"{name}[{first[value]}]",
            }
        first.setdefault(value, index)


def _twice(values: Any, where: str) -> Iterator[str]:
    if not isinstance(values, list):
        return
    seen: set[str] = set()
    for index, value in enumerate(values):
        if isinstance(value, str) and value in seen:
            yield _("%(where)s: “%(code)s” stands twice") % {
                "where": f"{where}[{index}]",
                "code": short(value),
            }
        seen.add(str(value))


def _promises(touchpoint: dict[str, Any], where: str) -> Iterator[str]:
    found = touchpoint.get("promises")
    seen: set[tuple[Any, Any]] = set()
    for index, promise in enumerate(found if isinstance(found, list) else []):
        if not isinstance(promise, dict):
            continue
        pair = (str(promise.get("segment")), str(promise.get("channel")))
        if pair in seen:
            yield _("%s: a second promise for the same segment and channel") % f"{where}[{index}]"
        seen.add(pair)
