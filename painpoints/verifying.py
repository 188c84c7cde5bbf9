"""Computing a stored run again, from its stored parameters and the evidence as it was then."""

import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext as _

from analytics.ranking import FORMULA
from evidence import snapshots
from evidence.measures import measure
from evidence.scope import Scope
from painpoints.errors import LedgerError
from painpoints.models import ScoringRun
from painpoints.parameters import key_of, question_of
from painpoints.scoring import result_of

IDENTICAL, DIFFERS, GONE = "identical", "differs", "gone"
MOST = 20  # places named where the two differ


@dataclass(frozen=True)
class Verdict:
    """What computing it again said, in words too; `places` are where it differs."""

    outcome: str
    sentence: str
    places: list[str] = field(default_factory=list)


def verify(run: ScoringRun) -> Verdict:
    """Reads the run's snapshot once more and compares every stored figure to the last bit."""
    if run.result is None:
        raise LedgerError(_("Only a finished run can be computed again; wait until it is scored."))
    scope = Scope.from_json(run.scope)
    if run.formula != FORMULA:
        return Verdict(
            GONE,
            _(
                "The run was made by the formula %(then)s, and %(now)s is computed today. "
                "The run keeps its numbers."
            )
            % {"then": run.formula, "now": FORMULA},
        )
    try:
        with snapshots.at(run.snapshot) as cursor:
            measures = measure(cursor, question_of(run.workspace_id, scope, run.parameters))
    except snapshots.SnapshotGone as gone:
        return Verdict(GONE, str(gone))
    names = {line["code"]: line["name"] for line in run.result["touchpoints"]}
    again = {"scope": run.scope, "snapshot": run.snapshot}
    again |= result_of(measures, run.parameters, names)
    places = list(_differing(run.result, json.loads(json.dumps(again, allow_nan=False))))
    if key_of(scope, run.parameters) != run.key:
        places.insert(0, "key")
    if places:
        sentence = _(
            "Computed again from its snapshot, the run differs in these places: its parameters, "
            "its result or the program were changed since. Do not rely on it before you know why."
        )
        return Verdict(DIFFERS, sentence, places[:MOST])
    sentence = _(
        "Computed again from snapshot %(snapshot)s with the stored parameters: every figure is the "
        "same to the last bit."
    )
    return Verdict(IDENTICAL, sentence % {"snapshot": run.snapshot})


def _differing(stored: Any, again: Any, place: str = "") -> Iterator[str]:
    """Where a stored figure is not what was computed; figures that came later are no difference."""
    if isinstance(stored, dict) and isinstance(again, dict):
        for name, value in stored.items():
            yield from _differing(value, again.get(name), f"{place}.{name}" if place else name)
    elif isinstance(stored, list) and isinstance(again, list) and len(stored) == len(again):
        for index, (one, other) in enumerate(zip(stored, again, strict=True)):
            named = one.get("code", index) if isinstance(one, dict) else index
            yield from _differing(one, other, f"{place}[{named}]")
    elif stored != again:
        yield place
