"""From bytes to a JSON document: everything that can be wrong before its content matters."""

import json
from typing import Any, NoReturn

from django.utils.translation import gettext as _

from journeys.errors import MapError

MAX_BYTES = 20 * 2**20


def read_document(raw: bytes) -> Any:
    """The JSON document in these bytes; raises MapError where there is none."""
    if len(raw) > MAX_BYTES:
        raise MapError(
            [
                _("A map file has at most %(limit)d MB; this one has %(size).1f MB.")
                % {"limit": MAX_BYTES // 2**20, "size": len(raw) / 2**20}
            ]
        )
    if not raw.strip():
        raise MapError([_("The file is empty; expected a map file (JSON).")])
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise MapError(
            [
                _("Expected JSON in UTF-8; byte %(byte)d is not UTF-8. Save the file as UTF-8.")
                % {"byte": error.start + 1}
            ]
        ) from None
    try:
        return json.loads(text, parse_constant=_no_constant, object_pairs_hook=_without_doubles)
    except json.JSONDecodeError as error:
        raise MapError(
            [
                _("Not valid JSON at line %(line)d, column %(column)d: %(reason)s.")
                % {"line": error.lineno, "column": error.colno, "reason": error.msg}
            ]
        ) from None
    except RecursionError:
        raise MapError([_("The JSON is nested too deeply for a map file.")]) from None
    except ValueError as error:  # a number with thousands of digits
        raise MapError([_("Not valid JSON: %s.") % error]) from None


def _no_constant(name: str) -> NoReturn:
    raise MapError([_("%s is not a number in JSON; leave the value out instead.") % name])


def _without_doubles(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """JSON lets a key stand twice and keeps the last one; that would lose what was written."""
    found = dict(pairs)
    if len(found) < len(pairs):
        seen: set[str] = set()
        for key, _value in pairs:
            if key in seen:
                raise MapError([_("The key “%s” stands twice in the same object.") % key])
            seen.add(key)
    return found
