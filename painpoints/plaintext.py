"""A run as a table for terminals."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.utils.translation import gettext as _

from evidence.scope import Scope
from painpoints.models import ScoringRun

COLUMNS = ("#", "touchpoint", "severity", "burden", "felt", "waited", "repeated", "lost", "note")


def as_table(run: ScoringRun) -> str:
    result = run.document()
    rows = [COLUMNS, *(_row(line) for line in result["touchpoints"])]
    widths = [max(len(row[i]) for row in rows) for i in range(len(COLUMNS))]
    lines = [_line(row, widths) for row in rows]
    head = _("%(journey)s · %(scope)s · %(formula)s · evidence revision %(revision)s") % {
        "journey": run.journey.name,
        "scope": Scope.from_json(run.scope).describe(),
        "formula": run.formula,
        "revision": run.evidence_revision,
    }
    foot = _(
        # xgettext:no-python-format
        "Severity: of 100 passages so many hurt; burden: painful passages per 1,000 customers; "
        "both with 90% intervals. Families: painful / all."
    )
    return "\n".join([head, "", *lines, "", *_outcome(result["outcome"]), foot])


def _line(row: Sequence[str], widths: Sequence[int]) -> str:
    return "  ".join(c.ljust(width) for c, width in zip(row, widths, strict=True)).rstrip()


def _row(line: Mapping[str, Any]) -> tuple[str, ...]:
    families = [_family(line["families"].get(name)) for name in COLUMNS[4:8]]
    return (
        str(line["rank"] or "–"),
        line["name"],
        _interval(line, "severity", 100),
        _interval(line, "burden", 1),
        *families,
        _note(line),
    )


def _interval(line: Mapping[str, Any], name: str, times: float) -> str:
    if line[name] is None:
        return "–"
    value, low, high = (line[name + end] * times for end in ("", "_low", "_high"))
    return f"{value:.1f} ({low:.1f}–{high:.1f})"


def _family(found: Mapping[str, float] | None) -> str:
    return f"{found['x']:,.0f} / {found['n']:,.0f}" if found else "–"


def _note(line: Mapping[str, Any]) -> str:
    if not line["families"]:
        return _("no evidence")
    if line["too_little_evidence"]:
        return _("too little evidence")
    return _("no promise") if line["no_promise"] else ""


def _outcome(outcome: Mapping[str, Any]) -> list[str]:
    times = {"nps": 1, "csat": 100, "ces": 100}
    told = [
        f"{name.upper()} {_interval({**_ends(found)}, 'value', times[name])}, n {found['n']:,}"
        for name in times
        if (found := outcome.get(name))
    ]
    return [_("The journey's own answers: ") + "; ".join(told)] if told else []


def _ends(found: Mapping[str, float]) -> dict[str, float]:
    return {"value": found["value"], "value_low": found["low"], "value_high": found["high"]}
