"""Which format the times of a column are written in."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

ISO = re.compile(r"\d{4}-\d\d-\d\d([T ]\d\d:\d\d(:\d\d(\.\d{1,6})?)?( ?(Z|[+-]\d\d(:?\d\d)?))?)?$")
CLOCK = re.compile(r"\d{1,3}:\d\d(:\d\d(\.\d+)?)?$")
DATE_LIKE = re.compile(r"\d{1,4}[-/.年 ][\dA-Za-z]{1,3}[-/.月 ]\d{1,4}")
COUNTED = re.compile(r"\d+(\.\d+)?$")
COUNTED_FROM = {
    "excel": (30_000.0, 60_000.0),  # 1982 to 2064
    "unix": (946_684_800.0, 3e9),
    "unix_ms": (946_684_800_000.0, 3e12),
}
ENOUGH = 0.8
MOST_VALUES = 1_000

DATES = ("%Y/%m/%d", "%d.%m.%Y", "%Y.%m.%d", "%Y年%m月%d日", "%d/%m/%Y", "%m/%d/%Y", "%d-%m-%Y",
         "%d/%m/%y", "%m/%d/%y", "%d.%m.%y", "%d %b %Y", "%d-%b-%Y", "%Y-%m-%d")  # fmt: skip
COMPACT = {14: "%Y%m%d%H%M%S", 12: "%Y%m%d%H%M", 8: "%Y%m%d", 6: "%y%m%d"}
CLOCKS = ("", " %H:%M:%S", " %H:%M", "T%H:%M:%S", " %H:%M:%S.%f", " %I:%M %p", " %I:%M:%S %p",
          "%H:%M:%S", "%H:%M", " %H时%M分%S秒", " %H时%M分", "%H时%M分")  # fmt: skip


@dataclass(frozen=True)
class TimeFormat:
    """`format` is empty where the times need none (2025-03-31 14:05:00)."""

    format: str
    share: float  # of the values that fit
    has_clock: bool
    doubtful: bool = False  # day and month could be the other way round


def time_format(
    values: Sequence[str], *, compact: bool = False, american: bool = False
) -> TimeFormat | None:
    """The format most of these values fit, or None where they are no times.

    `compact` also takes digits alone (990101), which only a column's name can tell from numbers.
    """
    told = [value for value in values if value][:MOST_VALUES]
    if not told:
        return None
    iso = sum(bool(ISO.match(value)) for value in told) / len(told)
    if iso >= ENOUGH:
        return TimeFormat("", iso, any(":" in value for value in told))
    if all(COUNTED.match(value) for value in told):
        return (_compact(told) or _counted(told)) if compact else None
    if sum(bool(DATE_LIKE.match(value)) for value in told) < ENOUGH * len(told):
        return None
    shares = {}
    few = told[:3]
    for date in DATES:
        for clock in CLOCKS:
            pattern = date + clock
            if any(_fits(value, pattern) for value in few):
                shares[pattern] = sum(_fits(value, pattern) for value in told) / len(told)
    return _best(shares, american)


def is_clock(values: Sequence[str]) -> bool:
    """Times of a day without a date, such as 8:18:42."""
    told = [value for value in values if value][:MOST_VALUES]
    return bool(told) and sum(bool(CLOCK.match(v)) for v in told) >= ENOUGH * len(told)


def clock_format(values: Sequence[str]) -> str:
    told = [value for value in values if value]
    return "%H:%M:%S" if told and told[0].count(":") == 2 else "%H:%M"


def _best(shares: dict[str, float], american: bool) -> TimeFormat | None:
    good = {pattern: share for pattern, share in shares.items() if share >= ENOUGH}
    if not good:
        return None
    top = max(good.values())
    best = [pattern for pattern, share in good.items() if share == top]
    other = [p for p in best if p.startswith("%m/%d") == american and p[:2] in ("%m", "%d")]
    chosen = (other or best)[0]
    doubtful = len({p[:2] for p in best if p[:5] in ("%d/%m", "%m/%d")}) > 1
    return TimeFormat(chosen, top, "%H" in chosen or "%I" in chosen, doubtful)


def _compact(told: Sequence[str]) -> TimeFormat | None:
    pattern = COMPACT.get(len(told[0]))
    if not pattern or not all(value.isdigit() for value in told):
        return None
    share = sum(len(v) == len(told[0]) and _fits(v, pattern) for v in told) / len(told)
    return TimeFormat(pattern, share, "%H" in pattern) if share >= ENOUGH else None


def _counted(told: Sequence[str]) -> TimeFormat | None:
    """Times as a number: a spreadsheet's days, or seconds since 1970; of this century."""
    numbers = [float(value) for value in told]
    for pattern, (low, high) in COUNTED_FROM.items():
        if all(low <= number <= high for number in numbers):
            has_clock = pattern != "excel" or any(number % 1 for number in numbers)
            return TimeFormat(pattern, 1.0, has_clock)
    return None


def _fits(value: str, pattern: str) -> bool:
    try:
        datetime.strptime(value, pattern)
    except ValueError:
        return False
    return True
