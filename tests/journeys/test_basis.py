"""How strong the evidence of a card is, by the rules in docs/map-file.md."""

from datetime import date

import pytest

from journeys.basis import strength
from journeys.models import Card

TODAY = date(2026, 3, 31)
YESTERDAY = date(2026, 3, 30)

CASES = [
    ("", None, None, "none"),
    ("", 500, YESTERDAY, "none"),
    ("assumption", None, None, "assumption"),
    ("assumption", 500, YESTERDAY, "assumption"),
    ("interview", None, None, "weak"),
    ("interview", 5, None, "weak"),
    ("interview", 6, None, "good"),
    ("observation", 6, TODAY, "good"),
    ("survey", 29, None, "weak"),
    ("survey", 30, None, "good"),
    ("log", 10_000, YESTERDAY, "expired"),
    ("interview", 2, YESTERDAY, "expired"),
]


@pytest.mark.parametrize(("basis", "n", "expires", "expected"), CASES)
def test_strength(basis: str, n: int | None, expires: date | None, expected: str) -> None:
    assert strength(basis, n, expires, TODAY) == expected


def test_every_basis_has_a_strength() -> None:
    found = {basis: strength(basis, 1000, None, TODAY) for basis in Card.Basis.values}
    assert {basis for basis, s in found.items() if s == "good"} == {*Card.Basis} - {"assumption"}


@pytest.mark.parametrize(
    ("expires", "expected"), [("2020-01-01", "expired"), ("9999-12-31", "good")]
)
def test_a_card_knows_its_own_today(expires: str, expected: str) -> None:
    card = Card(basis="survey", n=40, expires=date.fromisoformat(expires))
    assert card.evidence_strength == expected
