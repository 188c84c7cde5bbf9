"""What the values of one column look like."""

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cached_property

from evidence.guessing_times import TimeFormat, is_clock, time_format
from evidence.guessing_words import FIELD_WORDS, WORDED, strength

MOST_NUMBERS = 0.9
LONG_TEXT = 25
# What people write where there is nothing to say.
NO_VALUE = {
    "-", "--", "---", "–", "—", "/", "n/a", "na", "n.a.", "#n/a", "null", "none", "nan", "(null)",
    "(blank)", "not applicable", "不适用", "无", "空", "暂无", "未填", "未作答", "(空)",
}  # fmt: skip
DECIMAL = re.compile(r"[+-]?\d+,\d{1,2}$")
# 1.234,5 and 1,234.5: which sign stands before decimals is plain.
COMMA_LAST = re.compile(r"[+-]?\d{1,3}(\.\d{3})+,\d+$")
POINT_LAST = re.compile(r"[+-]?\d{1,3}(,\d{3})+(\.\d+)?$")


def as_number(value: str) -> float | None:
    """The number a value tells, decimal commas and thousands included."""
    if DECIMAL.match(value) or COMMA_LAST.match(value):
        value = value.replace(".", "").replace(",", ".")
    elif POINT_LAST.match(value):
        value = value.replace(",", "")
    try:
        return float(value)
    except ValueError:
        return None


@dataclass
class Column:
    name: str
    values: Sequence[str]
    american: bool = False
    label: str = ""  # the question in full, where the file tells it
    counts: Counter[str] = field(init=False)
    blanks: list[str] = field(init=False)  # values that stand for none

    def __post_init__(self) -> None:
        self.values = [value.strip() for value in self.values]
        self.counts = Counter(value for value in self.values if value)
        self.blanks = [value for value in self.counts if value.casefold() in NO_VALUE]
        if len(self.blanks) < len(self.counts):
            for value in self.blanks:
                del self.counts[value]

    @property
    def words(self) -> str:
        return f"{self.name} {self.label}".strip()

    @cached_property
    def n(self) -> int:
        return sum(self.counts.values())

    @cached_property
    def numbers(self) -> list[float]:
        """The values that are numbers, each as often as it stands there."""
        found: list[float] = []
        for value, count in self.counts.items():
            number = as_number(value)
            if number is not None:
                found += [number] * count
        return found

    @cached_property
    def decimal(self) -> str:
        """The sign before decimals, where the values show it beyond doubt and it matters."""
        if any(COMMA_LAST.match(value) for value in self.counts):
            return ","
        points = [value for value in self.counts if POINT_LAST.match(value)]
        return "." if points and not any(DECIMAL.match(value) for value in self.counts) else ""

    @property
    def is_numeric(self) -> bool:
        return self.n > 0 and len(self.numbers) >= MOST_NUMBERS * self.n

    @cached_property
    def is_worded(self) -> bool:
        """Answers in words, such as “very satisfied”."""
        known = sum(c for v, c in self.counts.items() if v.casefold() in WORDED)
        return self.n > 0 and known >= MOST_NUMBERS * self.n

    @cached_property
    def time(self) -> TimeFormat | None:
        # Spreadsheets write times of a day as a day at the end of 1899: no date anybody meant.
        if any("1899" in value for value in list(self.counts)[:5]):
            return None
        named = max(strength(self.name, FIELD_WORDS[f]) for f in ("occurred_at", "ended_at")) > 0
        return time_format(list(self.counts), compact=named, american=self.american)

    @cached_property
    def is_clock(self) -> bool:
        return is_clock(list(self.counts))

    @property
    def is_unique(self) -> bool:
        return self.n > 1 and len(self.counts) == self.n == len(self.values)

    @property
    def has_few_values(self) -> bool:
        return 0 < len(self.counts) <= max(20, self.n // 4)

    @property
    def is_text(self) -> bool:
        return not self.is_numeric and self.time is None and not self.is_clock

    @property
    def is_long_text(self) -> bool:
        lengths = sum(len(value) * count for value, count in self.counts.items())
        return self.is_text and self.n > 0 and lengths / self.n >= LONG_TEXT

    @cached_property
    def whole(self) -> list[int]:
        """The numbers, where all of them are whole and none is negative; empty otherwise."""
        if not self.is_numeric or any(v < 0 or v != int(v) for v in self.numbers):
            return []
        return [int(v) for v in self.numbers]
