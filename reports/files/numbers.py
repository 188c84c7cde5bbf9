"""A text that is a number on the page, as a number with the format that shows the same text."""

import re
from typing import NamedTuple

_NUMBER = re.compile(r"(?P<sign>[+−-]?)(?P<digits>\d{1,3}(?:,\d{3})*|\d+)(?P<rest>\.\d+)?(?P<p>%?)")


class Shown(NamedTuple):
    value: float
    format: str


def shown_as(said: str) -> Shown | None:
    """“1,345” → 1345 as #,##0; “72.3%” → 0.723 as 0.0%; None where it is no number.

    Only for the languages of the pages, which all write 1,345.6.
    """
    found = _NUMBER.fullmatch(said.strip())
    if found is None:
        return None
    rest, percent = found["rest"] or "", bool(found["p"])
    value = float(found["digits"].replace(",", "") + rest)
    if found["sign"] in ("−", "-"):
        value = -value
    digits = len(rest) - 1 if rest else 0
    plain = "#,##0" + ("." + "0" * digits if digits else "") + ("%" if percent else "")
    shape = plain
    if found["sign"] == "+":
        shape = f"+{plain};−{plain};{plain}"
    elif found["sign"]:
        shape = f"{plain};−{plain}"
    return Shown(round(value / 100, digits + 4) if percent else value, shape)
