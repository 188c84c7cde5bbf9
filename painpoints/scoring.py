"""From what was counted to the result of a run: scores, and the figures beside them.

Letters as in docs/methods.md: x painful experiences out of n; shares 0–1, NPS −100…100, seconds.
Scores, and the rates behind them, carry 90% intervals; the figures beside them 95%.
"""

from collections.abc import Mapping, Sequence
from math import isfinite
from typing import Any

from analytics import rates
from analytics.ranking import FamilyScore, TouchpointCounts, TouchpointScore, score
from evidence.answers import FEELING_HIGH, FEELING_LOW, Answers, Feeling, effective, effective_n
from evidence.measures import Measure, Measures, Waits

Counts = dict[str, tuple[float, float]]


def result_of(
    measures: Measures, parameters: Mapping[str, Any], names: Mapping[str, str]
) -> dict[str, Any]:
    """Scores of all touchpoints, worst first, with what is shown beside them; plain JSON."""
    counts = {m.code: families_of(m) for m in measures.touchpoints}
    scores = score(
        [_counted(m, counts, measures.customers) for m in measures.touchpoints],
        weights=parameters["weights"],
    )
    measured = {m.code: m for m in measures.touchpoints}
    promises = {t["code"]: t["promises"] for t in parameters["touchpoints"]}
    return {
        "formula": scores.formula,
        "journey": parameters["journey"],
        "draws": scores.draws,
        "priors": {family: {"a": p.a, "b": p.b} for family, p in scores.priors.items()},
        "customers": measures.customers,
        "touchpoints": [
            {
                "code": line.code,
                "name": names.get(line.code, line.code),
                **_scored(line),
                **_beside(measured[line.code], promises[line.code]),
            }
            for line in scores.touchpoints
        ],
        "outcome": asked(measures.outcome),
    }


def families_of(measure: Measure) -> Counts:
    """Each family's (x, n); a family without evidence is left out."""
    found: Counts = {}
    if measure.felt:
        found["felt"] = (measure.felt.x, measure.felt.n)
    if measure.waits and measure.waits.promised:
        found["waited"] = (measure.waits.painful, measure.waits.promised)
    if measure.passages:
        found["repeated"] = (measure.passages.repeated, measure.passages.n)
    if measure.instances:
        found["lost"] = (measure.instances.lost, measure.instances.n)
    return found


def _counted(measure: Measure, counts: Mapping[str, Counts], customers: int) -> TouchpointCounts:
    """Reach by customers where the touchpoint has interactions, by volume where it has none."""
    families = counts[measure.code]
    if measure.passages and customers:
        return TouchpointCounts(
            measure.code, families, measure.passages.customers / customers, "interactions"
        )
    largest = max((_volume(c) for c in counts.values()), default=0.0)
    reach = _volume(families) / largest if largest else 0.0
    return TouchpointCounts(measure.code, families, reach, "volume")


def _volume(families: Counts) -> float:
    return max((n for _x, n in families.values()), default=0.0)


def _scored(line: TouchpointScore) -> dict[str, Any]:
    known = line.severity is not None
    return {
        "rank": line.rank,
        "rank_low": line.rank_low,
        "rank_high": line.rank_high,
        "p_top3": line.p_top3,
        "band": line.band,
        "severity": line.severity,
        "severity_low": line.severity_low,
        "severity_high": line.severity_high,
        "reach": line.reach if known else None,
        "reach_basis": line.reach_basis if known else None,
        "burden": line.burden,
        "burden_low": line.burden_low,
        "burden_high": line.burden_high,
        "too_little_evidence": line.too_little_evidence,
        "families": {family: _family(found) for family, found in line.families.items()},
    }


def _family(found: FamilyScore) -> dict[str, float]:
    return {
        "x": _whole(found.x),
        "n": _whole(found.n),
        "rate": found.rate,
        "low": found.low,
        "high": found.high,
        "weight": found.weight,
        "share": found.share,
    }


def _beside(measure: Measure, promises: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    return {
        "no_promise": not promises,
        **asked(measure.answers),
        "emotion": _emotion(measure.feeling),
        "waits": _waited(measure.waits, promises),
        "passages": (
            {"n": measure.passages.n, "customers": measure.passages.customers}
            if measure.passages
            else None
        ),
    }


def asked(answers: Mapping[str, Answers]) -> dict[str, Any]:
    """NPS, CSAT and CES, null where nobody was asked; a workspace's own metrics by their code."""
    found: dict[str, Any] = {"nps": None, "csat": None, "ces": None}
    own = {}
    for metric, told in answers.items():
        if metric == "nps":
            found[metric] = _nps(told)
        elif metric in found:
            found[metric] = _share(told, told.good)
        else:
            own[metric] = _share(told, told.painful)
    return {**found, "metrics": own}


def _nps(told: Answers) -> dict[str, float] | None:
    n_eff = effective_n(told.w, told.w2)
    if not n_eff:
        return None
    promoters, detractors = (
        _whole(effective(part, told.w, told.w2)) for part in (told.promoters, told.detractors)
    )
    value, low, high = rates.nps(promoters, detractors, n_eff)
    return {
        "n": told.n,
        "value": value,
        "low": low,
        "high": high,
        "promoters": promoters,
        "detractors": detractors,
        "n_eff": _whole(n_eff),
    }


def _share(told: Answers, part: Any) -> dict[str, float] | None:
    n_eff = effective_n(told.w, told.w2)
    if not n_eff:
        return None
    x = effective(part, told.w, told.w2)
    return {"n": told.n, **_wilson(x, n_eff), "x": _whole(x), "n_eff": _whole(n_eff)}


def _wilson(x: float, n: float) -> dict[str, float]:
    x = min(x, n)
    low, high = rates.wilson(x, n)
    return {"value": x / n, "low": float(low), "high": float(high)}


def _emotion(found: Feeling | None) -> dict[str, float | None] | None:
    if found is None:
        return None
    low, high = rates.mean_t(found.mean, found.var, found.n_eff)
    known = isfinite(low) and isfinite(high)
    return {
        "n": found.n,
        "value": found.mean,
        "low": max(low, float(FEELING_LOW)) if known else None,
        "high": min(high, float(FEELING_HIGH)) if known else None,
    }


def _waited(waits: Waits | None, promises: Sequence[Mapping[str, Any]]) -> dict[str, Any] | None:
    if waits is None:
        return None
    abandoned = _wilson(waits.abandoned, waits.offered)
    level = _wilson(waits.in_time, waits.level_base) if waits.level_base else {}
    return {
        "offered": waits.offered,
        "p50_s": waits.p50_s,
        "p90_s": waits.p90_s,
        "p95_s": waits.p95_s,
        "mean_s": waits.mean_s,
        "promised": waits.promised,
        "in_time": waits.in_time,
        "service_level_n": waits.level_base,
        "service_level": level.get("value"),
        "service_level_low": level.get("low"),
        "service_level_high": level.get("high"),
        "abandoned": waits.abandoned,
        "abandoned_share": abandoned["value"],
        "abandoned_low": abandoned["low"],
        "abandoned_high": abandoned["high"],
        "promise_s": _general_promise(promises),
        "promises": [
            {
                "segment": p["segment"],
                "channel": p["channel"],
                "max_wait_s": p["max_wait_ms"] / 1000,
                "target_share": float(p["target_share"]) if p["target_share"] else None,
            }
            for p in promises
        ],
    }


def _general_promise(promises: Sequence[Mapping[str, Any]]) -> float | None:
    """The touchpoint's own promise, or the only one it has; null where several differ."""
    own = [p for p in promises if p["segment"] is None and p["channel"] is None]
    one = own or (promises if len(promises) == 1 else [])
    return one[0]["max_wait_ms"] / 1000 if one else None


def _whole(count: float) -> float:
    return int(count) if float(count).is_integer() else count
