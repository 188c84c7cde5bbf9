"""Two runs of one journey side by side: what changed, how surely, and what only seems to.

The two are compared by what each has stored: every x and n, and its own weights. Where both read
the same rows they are no independent samples: differences are shown, chances are not.
"""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from analytics.change import Change, benjamini_hochberg, compare
from analytics.draws import DRAWS
from analytics.ranking import TouchpointCounts
from evidence import snapshots
from evidence.measures import measure
from evidence.scope import Scope
from painpoints import differences
from painpoints.differences import Difference
from painpoints.errors import CompareError
from painpoints.explanation import label_of
from painpoints.models import ScoringRun
from painpoints.parameters import question_of
from painpoints.scoring import families_of

Line = dict[str, Any]
WORSE, BETTER = "worse", "better"


@dataclass(frozen=True)
class Row:
    """One touchpoint in both runs. `verdict` only where it holds after correction."""

    code: str
    name: str
    then: Line | None
    now: Line | None
    change: Change | None
    same: Change | None  # both counted and weighed with the later run's settings
    verdict: str = ""
    compared: str = ""  # the families, where they are not all that either run has

    @property
    def points(self) -> Mapping[str, float]:
        """The difference and its ends in points of a hundred."""
        names = ("difference", "difference_low", "difference_high")
        return {name: 100 * getattr(self.change, name) for name in names} if self.change else {}

    @property
    def p_worse(self) -> float | None:
        """Never quite 0 or 1: so many draws cannot tell more."""
        least = 0.5 / DRAWS
        return min(max(self.change.p_worse, least), 1 - least) if self.change else None

    @property
    def from_settings(self) -> float | None:
        """The part of the difference that the settings alone make, in points of a hundred."""
        if self.change is None or self.same is None:
            return None
        return 100 * (self.change.difference - self.same.difference)

    @property
    def otherwise(self) -> float | None:
        """The part that is left: what the evidence says, settings being equal."""
        return None if self.same is None else 100 * self.same.difference


@dataclass(frozen=True)
class Comparison:
    then: ScoringRun
    now: ScoringRun
    rows: list[Row]
    share_rows: bool
    is_identical: bool
    asked: list[Difference]
    settings: list[Difference]
    has_same: bool  # whether `same` is told
    gone: bool  # it was asked for, but the earlier run's rows are gone

    @property
    def bars_high(self) -> float:
        """Where the bars of the differences end, left and right of nothing, in points."""
        ends = [abs(point) for row in self.rows for point in row.points.values()]
        return max(10.0, 10.0 * math.ceil(max(ends, default=0) / 10))

    @property
    def bars_low(self) -> float:
        return -self.bars_high


def compared(then: ScoringRun, now: ScoringRun, *, same_settings: bool = False) -> Comparison:
    """`same_settings` counts the earlier run's rows again, at its snapshot, with the later ones.

    Where only the weights differ no row is needed, and it is told without asking.
    """
    refuse_incomparable(then, now)
    settings = differences.set_differently(then, now)
    recounted, gone = None, False
    if settings and differences.only_weights_differ(then, now):
        recounted = counts_of(then)
    elif settings and same_settings:
        try:
            recounted = _counted_again(then, now)
        except snapshots.SnapshotGone:
            gone = True
    return Comparison(
        then=then,
        now=now,
        rows=_rows(then, now, recounted),
        share_rows=differences.share_rows(then, now),
        is_identical=figures(then) == figures(now),
        asked=differences.asked_differently(then, now),
        settings=settings,
        has_same=recounted is not None,
        gone=gone,
    )


def refuse_incomparable(then: ScoringRun, now: ScoringRun) -> None:
    if then.journey_id != now.journey_id:
        raise CompareError(
            _(
                "Two runs of the same journey can be compared; these are of “%(then)s” and "
                "“%(now)s”. Choose two of one journey."
            )
            % {"then": then.journey, "now": now.journey}
        )
    if then.pk == now.pk:
        raise CompareError(_("Choose two different runs to compare."))
    for run in (then, now):
        if run.result is None:
            raise CompareError(_("A run must be finished before it can be compared."))


def figures(run: ScoringRun) -> dict[str, Any]:
    """The stored result without what merely names its evidence."""
    return {
        key: value for key, value in (run.result or {}).items() if key not in ("snapshot", "scope")
    }


def counts_of(run: ScoringRun) -> list[TouchpointCounts]:
    """Every touchpoint's stored x and n, of those with evidence."""
    return [
        TouchpointCounts(
            line["code"],
            {family: (found["x"], found["n"]) for family, found in line["families"].items()},
            line["reach"] or 0.0,
            line["reach_basis"] or "volume",
        )
        for line in (run.result or {})["touchpoints"]
        if line["families"]
    ]


def _counted_again(then: ScoringRun, now: ScoringRun) -> list[TouchpointCounts]:
    """The earlier run's rows, in its own scope, by the later run's settings."""
    question = question_of(then.workspace_id, Scope.from_json(then.scope), now.parameters)
    with snapshots.at(then.snapshot) as cursor:
        measures = measure(cursor, question)
    reach = {counted.code: counted for counted in counts_of(then)}
    found = []
    for measured in measures.touchpoints:
        families = families_of(measured)
        if families:
            known = reach.get(measured.code)
            found.append(
                TouchpointCounts(
                    measured.code,
                    families,
                    known.reach if known else 0.0,
                    known.reach_basis if known else "volume",
                )
            )
    return found


def _rows(
    then: ScoringRun, now: ScoringRun, recounted: Sequence[TouchpointCounts] | None
) -> list[Row]:
    weights, old_weights = now.parameters["weights"], then.parameters["weights"]
    changes = compare(counts_of(then), counts_of(now), weights=weights, weights_before=old_weights)
    same = compare(recounted, counts_of(now), weights=weights) if recounted is not None else []
    verdicts = _verdicts(changes)
    lines = [
        {line["code"]: line for line in (run.result or {})["touchpoints"]} for run in (then, now)
    ]
    by_code = {change.code: change for change in changes}
    by_code_same = {change.code: change for change in same}
    return [
        Row(
            code=code,
            name=(lines[1].get(code) or lines[0][code])["name"],
            then=lines[0].get(code),
            now=lines[1].get(code),
            change=by_code.get(code),
            same=by_code_same.get(code),
            verdict=verdicts.get(code, ""),
            compared=_compared(by_code.get(code), lines[0].get(code), lines[1].get(code)),
        )
        for code in {**lines[1], **lines[0]}
    ]


def _verdicts(changes: Sequence[Change]) -> dict[str, str]:
    """Where it became worse, or better, each with false discoveries kept at 10%."""
    if not changes:
        return {}
    # one draw more keeps a chance that was never seen from counting as impossible
    better = benjamini_hochberg([(DRAWS * c.p_worse + 1) / (DRAWS + 1) for c in changes])
    found = {c.code: BETTER for c, holds in zip(changes, better, strict=True) if holds}
    return found | {c.code: WORSE for c in changes if c.alert}


def _compared(change: Change | None, then: Line | None, now: Line | None) -> str:
    if change is None or then is None or now is None:
        return ""
    if set(change.families) == set(then["families"]) == set(now["families"]):
        return ""
    return ", ".join(label_of(family) for family in change.families)


def usual_other(run: ScoringRun) -> ScoringRun | None:
    """What a run is compared with unless told: the baseline, else the one before it of its scope,
    else the next later one."""
    others = ScoringRun.objects.filter(journey=run.journey_id).done().exclude(pk=run.pk)
    baseline = others.filter(pinned__isnull=False).first()
    if baseline is not None:
        return baseline
    alike = others.filter(scope=run.scope)
    before = alike.filter(created_at__lt=run.created_at).order_by("-created_at").first()
    return before or others.filter(created_at__lt=run.created_at).order_by("-created_at").first()


def in_order(one: ScoringRun, other: ScoringRun) -> tuple[ScoringRun, ScoringRun]:
    """The earlier first: by the periods where both have one, else by when they were made."""
    starts = [run.scope["since"] for run in (one, other)]
    if all(starts) and starts[0] != starts[1]:
        return (one, other) if starts[0] < starts[1] else (other, one)
    return (one, other) if one.created_at <= other.created_at else (other, one)
