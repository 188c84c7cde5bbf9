"""The part of a workspace's evidence that a figure speaks of: a period and filters."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from typing import Any
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

from django.http import QueryDict
from django.utils.formats import date_format
from django.utils.translation import gettext as _

DATES = ("since", "until")
# The name in an address (and of an option on the command line) → the name of the field.
FILTERS = {"channel": "channels", "segment": "segments", "unit": "units"}


class ScopeError(Exception):
    """A scope that cannot be meant: what was expected, what came, what to do."""


@dataclass(frozen=True)
class Scope:
    """`since` is included, `until` is not; dates are days in the workspace's time zone.

    An empty filter lets everything through. Rows that name no channel (segment, unit) match
    no filter on channels (segments, units).
    """

    since: date | None = None
    until: date | None = None
    channels: tuple[str, ...] = ()
    segments: tuple[str, ...] = ()
    units: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        for name in FILTERS.values():
            object.__setattr__(self, name, tuple(sorted(set(getattr(self, name)))))
            if any("\0" in code for code in getattr(self, name)):
                raise ScopeError(_("“%s” holds a NUL character; leave it out.") % name)
        if self.since and self.until and self.since >= self.until:
            raise ScopeError(
                _(
                    "The period must begin before it ends: since %(since)s, until %(until)s. "
                    "The day of “until” is no longer part of it."
                )
                % {"since": self.since.isoformat(), "until": self.until.isoformat()}
            )

    @property
    def is_whole(self) -> bool:
        """All evidence: no period and no filters."""
        return self == Scope()

    def starts_at(self, zone: ZoneInfo) -> datetime | None:
        """The first moment inside, in UTC."""
        return _midnight(self.since, zone)

    def ends_at(self, zone: ZoneInfo) -> datetime | None:
        """The first moment after it, in UTC."""
        return _midnight(self.until, zone)

    def to_json(self) -> dict[str, Any]:
        return {
            "since": self.since.isoformat() if self.since else None,
            "until": self.until.isoformat() if self.until else None,
            "channels": list(self.channels),
            "segments": list(self.segments),
            "units": list(self.units),
        }

    @classmethod
    def from_json(cls, document: Mapping[str, Any]) -> "Scope":
        return cls.from_words(
            {name: document.get(name) or "" for name in DATES},
            {name: document.get(field) or () for name, field in FILTERS.items()},
        )

    @classmethod
    def from_query(cls, query: QueryDict) -> "Scope":
        """The scope an address names; keys since, until, channel, segment, unit."""
        return cls.from_words(
            {name: query.get(name, "") for name in DATES},
            {name: query.getlist(name) for name in FILTERS},
        )

    @classmethod
    def from_words(
        cls, dates: Mapping[str, str | None], filters: Mapping[str, Iterable[str]]
    ) -> "Scope":
        """From text, as addresses and the command line have it; empty words are left out."""
        days = {name: _day(name, dates.get(name) or "") for name in DATES}
        codes = {
            field: tuple(word.strip() for word in filters.get(name) or () if word.strip())
            for name, field in FILTERS.items()
        }
        return cls(**days, **codes)  # type: ignore[arg-type]

    def to_query(self) -> str:
        """The same scope as the query string of an address; empty for the whole."""
        pairs = [(name, getattr(self, name).isoformat()) for name in DATES if getattr(self, name)]
        for name, field in FILTERS.items():
            pairs += [(name, code) for code in getattr(self, field)]
        return urlencode(pairs)

    def describe(self) -> str:
        """In words for people."""
        parts = [self._period()]
        for label, codes in (
            (_("channel %s"), self.channels),
            (_("segment %s"), self.segments),
            (_("unit %s"), self.units),
        ):
            if codes:
                parts.append(label % ", ".join(codes))
        return " · ".join(parts)

    def _period(self) -> str:
        words = {
            name: date_format(getattr(self, name), "DATE_FORMAT")
            for name in DATES
            if getattr(self, name)
        }
        if len(words) == 2:
            return _("from %(since)s until before %(until)s") % words
        if "since" in words:
            return _("since %(since)s") % words
        if "until" in words:
            return _("before %(until)s") % words
        return _("all evidence")


def _day(name: str, text: str) -> date | None:
    text = text.strip()
    if not text:
        return None
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise ScopeError(
            _("“%(name)s” must be a day such as 2025-03-31; it is “%(text)s”.")
            % {"name": name, "text": text[:40]}
        ) from None


def _midnight(day: date | None, zone: ZoneInfo) -> datetime | None:
    if day is None:
        return None
    try:
        return datetime.combine(day, time(), zone).astimezone(UTC)
    except OverflowError:
        # The first and last days of the calendar have no UTC in some zones: nothing lies there.
        return datetime.combine(day, time(), UTC)
