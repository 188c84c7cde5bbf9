"""What would change if weights or thresholds were other: where a touchpoint would rank then.

Weights are moved over the x and n that the run stored. Thresholds decide what counts as x, so they
are moved by counting again, at the run's snapshot.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from decimal import Decimal

from django.core.cache import cache
from django.utils.translation import gettext as _

from accounts import wording
from analytics.ranking import TouchpointCounts, TouchpointScore, score
from analytics.severity import FAMILIES
from evidence import lake, snapshots
from evidence.measures import Measure, measure_one
from evidence.metrics import Scale
from evidence.question import Question
from evidence.scope import Scope
from painpoints.comparing import counts_of
from painpoints.explanation import label_of
from painpoints.models import ScoringRun
from painpoints.parameters import question_of
from painpoints.scoring import families_of

FACTORS = (0.5, 1.5)
KEPT_S = 24 * 3600
# The kind of evidence a family is counted from.
COUNTED_FROM = {
    "felt": "answers",
    "waited": "waits",
    "repeated": "passages",
    "lost": "instances",
}


@dataclass(frozen=True)
class Move:
    """One setting moved, all others as they were, and the touchpoint's score then.

    `score` is None where nothing is left to score: no wait kept, say.
    """

    setting: str
    change: str
    score: TouchpointScore | None
    note: str = ""


def weight_moves(run: ScoringRun, code: str) -> list[Move]:
    """Each weight of a family with evidence in this run, half and half as much again."""
    key = f"know-weights:{run.pk}"
    kept: list[tuple[str, float, dict[str, TouchpointScore]]] | None = cache.get(key)
    if kept is None:
        kept = list(_weighed(run))
        cache.set(key, kept, KEPT_S)
    return [
        Move(
            label_of(family),
            f"{_plain(run.parameters['weights'][family])} → {_plain(weight)}",
            scores.get(code),
            _("a weight is at most 1") if _is_capped(run, family, weight) else "",
        )
        for family, weight, scores in kept
    ]


def threshold_moves(run: ScoringRun, code: str) -> list[Move]:
    """Promise, short abandons, repeats and painful answers moved, each counted again.

    Raises SnapshotGone where the run's rows are gone.
    """
    key = f"know-thresholds:{run.pk}:{code.encode().hex()[:150]}"
    if not snapshots.is_kept(run.snapshot):
        cache.delete(key)
    kept: list[tuple[str, dict[str, str], TouchpointScore | None]] | None = cache.get(key)
    if kept is None:
        with snapshots.at(run.snapshot) as cursor:
            kept = list(_counted_again(run, code, cursor))
        cache.set(key, kept, KEPT_S)
    return [Move(*_words(setting, values), found) for setting, values, found in kept]


def summary(rank: int | None, moves: Iterable[Move], *, thresholds: bool = False) -> str:
    """In one sentence, what the moves do to the rank."""
    moves = [move for move in moves if move.score is not None]
    if rank is None:
        return _("It has no rank, so nothing can move it: there is too little evidence.")
    if not moves:
        return _("There is nothing to move: no setting has a say in its rank.")
    others = [(move, move.score.rank) for move in moves if move.score]
    moved = [(move, to) for move, to in others if to is not None and to != rank]
    lost = next((move for move, to in others if to is None), None)
    if not moved and lost is None:
        if thresholds:
            return _("It stays at place %(rank)s whichever of these is moved.") % {"rank": rank}
        if rank == 1:
            return _("It stays first whatever weight is moved by half.")
        return _("It stays at place %(rank)s whatever weight is moved by half.") % {"rank": rank}
    if not moved and lost is not None:
        return _("It would have no rank with %(setting)s %(change)s.") % _named(lost)
    worst = max(moved, key=lambda pair: abs(pair[1] - rank))
    words = {**_named(worst[0]), "rank": worst[1]}
    if worst[1] > rank:
        return _("It drops to place %(rank)s with %(setting)s %(change)s.") % words
    return _("It rises to place %(rank)s with %(setting)s %(change)s.") % words


def _weighed(run: ScoringRun) -> Iterator[tuple[str, float, dict[str, TouchpointScore]]]:
    counted, weights = counts_of(run), run.parameters["weights"]
    present = [f for f in FAMILIES if any(f in t.families for t in counted)]
    for family in present:
        for factor in FACTORS:
            weight = min(1.0, weights[family] * factor)
            moved = score(counted, weights={**weights, family: weight})
            yield family, weight, moved.by_code()


def _counted_again(
    run: ScoringRun, code: str, cursor: lake.Cursor
) -> Iterator[tuple[str, dict[str, str], TouchpointScore | None]]:
    question = question_of(run.workspace_id, Scope.from_json(run.scope), run.parameters)
    counted = counts_of(run)
    present = {family for t in counted for family in t.families}
    for setting, family, values, other in _others(question, code):
        if family in present:
            told = measure_one(cursor, other, COUNTED_FROM[family])
            scores = score(_with(counted, family, told), weights=run.parameters["weights"])
            yield setting, values, scores.by_code().get(code)


def _others(question: Question, code: str) -> Iterator[tuple[str, str, dict[str, str], Question]]:
    """(setting, family it decides on, what is moved, the question with it moved)."""
    place = next(p for p in question.places if p.code == code)
    for factor in FACTORS if place.promises else ():
        promises = tuple(
            replace(p, max_wait_ms=round(p.max_wait_ms * factor)) for p in place.promises
        )
        places = tuple(
            replace(p, promises=promises) if p.code == code else p for p in question.places
        )
        yield (
            "promise", "waited",
            {"from": _all_s(place.promises), "to": _all_s(promises)},
            replace(question, places=places),
        )  # fmt: skip
    short = question.short_abandon_ms
    for ms in dict.fromkeys((0, short * 2)):
        if ms != short:
            told = {"from": str(short), "to": str(ms)}
            yield "short_abandon", "waited", told, replace(question, short_abandon_ms=ms)
    days = question.repeat_days
    for other in dict.fromkeys((max(1, days // 2), days * 2)):
        if other != days:
            told = {"from": str(days), "to": str(other)}
            yield "repeat", "repeated", told, replace(question, repeat_days=other)
    for step in (-1, 1):
        scales = {code: _stepped(scale, step) for code, scale in question.scales.items()}
        if scales != dict(question.scales):
            yield "felt", "felt", {"step": str(step)}, replace(question, scales=scales)


def _stepped(scale: Scale, step: int) -> Scale:
    """One point more (or fewer) counts as painful; on scales longer than 20, a twentieth of it."""
    point = max(Decimal(1), (scale.high - scale.low) / 20) * step
    if scale.pain_at_most is not None:
        at_most = min(scale.high, max(scale.low, scale.pain_at_most + point))
        return replace(scale, pain_at_most=at_most)
    assert scale.pain_at_least is not None
    at_least = min(scale.high, max(scale.low, scale.pain_at_least - point))
    return replace(scale, pain_at_least=at_least)


def _with(
    counted: Iterable[TouchpointCounts], family: str, told: Mapping[str, Measure]
) -> list[TouchpointCounts]:
    """The counts with one family counted anew; reach by volume follows its volumes."""
    changed = []
    for t in counted:
        families = {f: found for f, found in t.families.items() if f != family}
        anew = families_of(told[t.code]) if t.code in told else {}
        if family in anew:
            families[family] = anew[family]
        changed.append(replace(t, families=families))
    most = max((_volume(t) for t in changed), default=0.0)
    return [
        replace(t, reach=_volume(t) / most) if t.reach_basis == "volume" and most else t
        for t in changed
    ]


def _volume(t: TouchpointCounts) -> float:
    return max((n for _x, n in t.families.values()), default=0.0)


def _words(setting: str, values: Mapping[str, str]) -> tuple[str, str]:
    if setting == "promise":
        return _("the promise here"), f"{_times(values['from'])} → {_times(values['to'])}"
    if setting == "short_abandon":
        return _("short abandons"), f"{_times(values['from'])} → {_times(values['to'])}"
    if setting == "repeat":
        days = _("%(before)s → %(then)s days") % {"before": values["from"], "then": values["to"]}
        return _("the time for repeats"), days
    more = int(values["step"]) > 0
    return _("painful answers"), _("one point more counts") if more else _("one point less counts")


def _all_s(promises: Iterable[object]) -> str:
    return ",".join(str(p.max_wait_ms) for p in promises)  # type: ignore[attr-defined]


def _times(milliseconds: str) -> str:
    return ", ".join(wording.duration(int(ms) / 1000) for ms in milliseconds.split(","))


def _named(move: Move) -> dict[str, str]:
    return {"setting": move.setting, "change": f"({move.change})"}


def _is_capped(run: ScoringRun, family: str, weight: float) -> bool:
    return weight == 1.0 and run.parameters["weights"][family] * max(FACTORS) > 1.0


def _plain(weight: float) -> str:
    return f"{round(weight, 4):g}"
