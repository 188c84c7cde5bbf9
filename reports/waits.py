"""The waiting-time distributions of a run's touchpoints, counted from the rows it was made from."""

from django.core.cache import cache

from evidence import snapshots
from evidence.distribution import WaitBins, wait_bins
from evidence.scope import Scope
from painpoints.models import ScoringRun
from painpoints.parameters import question_of
from reports.figures.waiting import longest_shown

KEPT_S = 24 * 3600


def bins_of(run: ScoringRun) -> dict[str, WaitBins] | None:
    """Touchpoint code → its bins; None where the rows it was made from are gone."""
    key = f"wait-bins:{run.pk}"
    found: dict[str, WaitBins] | None = cache.get(key)
    if found is None:
        found = _counted(run)
        if found is not None:
            cache.set(key, found, KEPT_S)
    return found


def _counted(run: ScoringRun) -> dict[str, WaitBins] | None:
    lines = (run.result or {}).get("touchpoints", [])
    longest = {line["code"]: longest_shown(line["waits"]) for line in lines if line["waits"]}
    if not longest:
        return {}
    question = question_of(run.workspace_id, Scope.from_json(run.scope), run.parameters)
    try:
        with snapshots.at(run.snapshot) as cursor:
            return wait_bins(cursor, question, longest)
    except snapshots.SnapshotGone:
        return None
