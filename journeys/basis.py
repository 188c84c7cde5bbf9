"""How well a card is founded: the strength of its evidence, from what it says of its basis.

    none        it does not say how this is known
    assumption  somebody believes it
    weak        it was seen or asked, but of few people, or of nobody knows how many
    good        it was seen or asked of enough people
    expired     it was, but by its own date that no longer counts

How many are enough depends on the question. Interviews and observations ask what there is: after
six interviews the main themes of twelve were found (Guest, Bunce & Johnson 2006, Field Methods
18:59–82). Surveys and logs ask how much: with thirty answers a share of one half is known to ±18
points at 95 % (1.96 · √(0.25 / 30)), with fewer hardly at all.
"""

from datetime import date
from enum import StrEnum

ENOUGH = {"interview": 6, "observation": 6, "survey": 30, "log": 30}


class Strength(StrEnum):
    NONE = "none"
    ASSUMPTION = "assumption"
    WEAK = "weak"
    GOOD = "good"
    EXPIRED = "expired"


def strength(basis: str, n: int | None, expires: date | None, today: date) -> Strength:
    """The strength of evidence on that day; the last day of `expires` still counts.

    >>> strength("survey", 200, date(2026, 6, 30), date(2026, 6, 30))
    <Strength.GOOD: 'good'>
    >>> strength("survey", 200, date(2026, 6, 30), date(2026, 7, 1))
    <Strength.EXPIRED: 'expired'>
    """
    if not basis:
        return Strength.NONE
    if basis not in ENOUGH:
        return Strength.ASSUMPTION
    if expires is not None and expires < today:
        return Strength.EXPIRED
    return Strength.GOOD if n is not None and n >= ENOUGH[basis] else Strength.WEAK
