"""The small checks a mapping's JSON is read with; each names the key at fault."""

import difflib
from collections.abc import Iterable, Mapping, Sequence
from typing import Any
from zoneinfo import available_timezones

from django.utils.translation import gettext as _

from evidence.errors import MappingError


def did_you_mean(word: str, known: Iterable[str]) -> str:
    """“ Did you mean “…”?”, or nothing where nothing is near."""
    by_fold = {each.casefold(): each for each in known}
    near = difflib.get_close_matches(word.casefold(), by_fold, n=1, cutoff=0.6)
    return " " + _("Did you mean “%s”?") % by_fold[near[0]] if near else ""


def check_keys(given: Mapping[str, Any], known: Sequence[str], where: str) -> None:
    for key in given:
        if key not in known:
            raise MappingError(
                _("“%(key)s” is not known in %(where)s.%(hint)s Known are: %(known)s.")
                % {
                    "key": key,
                    "where": where,
                    "hint": did_you_mean(str(key), known),
                    "known": ", ".join(known),
                },
                str(key),
            )


def one_of(given: Any, known: Sequence[str], where: str) -> str:
    if isinstance(given, str) and given in known:
        return given
    raise MappingError(
        _("“%(where)s” must be one of %(known)s; it is %(given)s.%(hint)s")
        % {
            "where": where,
            "known": ", ".join(known),
            "given": shown(given),
            "hint": did_you_mean(given, known) if isinstance(given, str) else "",
        },
        where,
    )


def text(given: Any, where: str) -> str:
    """A word; numbers are taken as they are written."""
    if isinstance(given, str) and "\x00" not in given:
        return given
    if isinstance(given, int | float) and not isinstance(given, bool):
        return str(given)
    raise MappingError(
        _("“%(where)s” must be text; it is %(given)s.") % {"where": where, "given": shown(given)},
        where,
    )


def count(given: Any, where: str, most: int) -> int:
    if isinstance(given, int) and not isinstance(given, bool) and 0 <= given <= most:
        return given
    raise MappingError(
        _("“%(where)s” must be a whole number from 0 to %(most)d; it is %(given)s.")
        % {"where": where, "most": most, "given": shown(given)},
        where,
    )


def text_list(given: Any, where: str) -> tuple[str, ...]:
    if not isinstance(given, list):
        raise MappingError(
            _("“%(where)s” must be a list of texts; it is %(given)s.")
            % {"where": where, "given": shown(given)},
            where,
        )
    return tuple(text(each, where) for each in given)


def text_map(given: Any, where: str) -> dict[str, str | None]:
    if not isinstance(given, dict):
        raise MappingError(
            _("“%(where)s” must be an object of old and new values; it is %(given)s.")
            % {"where": where, "given": shown(given)},
            where,
        )
    return {
        str(key).strip(): None if value is None else text(value, f"{where}.{key}").strip()
        for key, value in given.items()
    }


def check_timezone(name: str, where: str) -> None:
    if name not in available_timezones():
        raise MappingError(
            _(
                "“%(where)s” is not a time zone: “%(name)s”.%(hint)s "
                "Use a name such as Asia/Shanghai."
            )
            % {"where": where, "name": name, "hint": did_you_mean(name, available_timezones())},
            where,
        )


def shown(given: Any) -> str:
    if given is None:
        return _("nothing")
    written = f"“{given}”" if isinstance(given, str) else repr(given)
    return written if len(written) <= 60 else written[:60] + "…"
