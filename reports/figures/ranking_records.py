"""The ranking as a table for people, as records for exports, and band by band for phones."""

from collections.abc import Mapping, Sequence
from itertools import groupby
from typing import Any

from django.utils.translation import gettext as _

from accounts import wording
from reports.figures import words
from reports.figures.sheet import Cell, known, table

Line = Mapping[str, Any]
PLAIN = ("code", "name", "rank", "rank_low", "rank_high", "band", "p_top3", "severity",
         "severity_low", "severity_high", "reach", "reach_basis", "burden", "burden_low",
         "burden_high", "too_little_evidence")  # fmt: skip
FAMILY = ("x", "n", "rate", "low", "high", "weight", "share")
FIELDS = (*PLAIN, "n", *(f"{family}_{name}" for family in words.FAMILIES for name in FAMILY))


def records_of(lines: Sequence[Line]) -> list[dict[str, Any]]:
    records = []
    for line in lines:
        record = {name: line[name] for name in PLAIN} | {"n": words.volume(line)}
        for family, found in line["families"].items():
            record |= {f"{family}_{name}": found[name] for name in FAMILY}
        records.append(record)
    return records


def table_of(lines: Sequence[Line]) -> dict[str, Any]:
    columns: list[str | tuple[str, bool]] = [
        _("Touchpoint"),
        (_("Rank"), True),
        (_("Painful passages per 1,000 customers"), True),
        _("Severity"),
        (_("Reach"), True),
        *(words.family_name(family) for family in _present(lines)),
    ]
    return table(
        # xgettext:no-python-format
        _("The ranking as a table; 90% intervals in brackets"),
        [str(c)[:1].upper() + str(c)[1:] if isinstance(c, str) else c for c in columns],
        [_row(line, _present(lines)) for line in lines],
    )


def _present(lines: Sequence[Line]) -> list[str]:
    return [f for f in words.FAMILIES if any(f in line["families"] for line in lines)]


def rank_text(line: Line) -> str:
    if line["rank"] is None:
        return _("not ranked")
    return f"{line['rank']} ({line['rank_low']}–{line['rank_high']})"


def _row(line: Line, families: Sequence[str]) -> list[Cell]:
    return [
        line["name"],
        known(rank_text(line), line, "rank"),
        known(words.burden_text(line), line, "burden"),
        known(words.severity_text(line), line, "severity"),
        known(wording.percent(line["reach"]), line, "reach"),
        *(known(_signal(line["families"].get(f)), line, f) for f in families),
    ]


def _signal(found: Mapping[str, Any] | None) -> str:
    """5,524 of 21,957 (63%): painful of all, and the share of the severity it explains."""
    if found is None:
        return _("no evidence")
    return _("%(x)s of %(n)s, explains %(share)s") % {
        "x": wording.number(found["x"]),
        "n": wording.number(found["n"]),
        "share": wording.percent(found["share"]),
    }


def bands_of(lines: Sequence[Line]) -> list[dict[str, Any]]:
    """Touchpoints that cannot be told apart stand together; those without a rank come last."""
    most = max((line["burden_high"] or 0 for line in lines), default=0) or 1
    return [
        {
            "ranked": band is not None,
            "several": band is not None and len(group) > 1,
            "most": most,
            "lines": [
                {
                    **line,
                    "n": words.volume(line),
                    "interval": words.severity_interval(line) if words.has_evidence(line) else "",
                    "shares": [
                        (f, words.family_name(f), v["share"]) for f, v in words.telling(line)
                    ],
                }
                for line in group
            ],
        }
        for band, group in (
            (band, list(found)) for band, found in groupby(lines, key=lambda line: line["band"])
        )
    ]  # fmt: skip
