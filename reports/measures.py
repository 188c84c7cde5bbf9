"""What evidence says beside a map that is being edited: a run's figures by touchpoint and step.

Every number comes with its words, so that the page that shows it writes none of its own.
"""

from collections.abc import Iterable, Mapping
from math import sqrt
from typing import Any

from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext as _

from accounts import wording
from accounts.filter_bar import date_presets, period_label
from accounts.wording import pain_step, points
from journeys.models import Journey, StepTouchpoint
from reports.figures import words
from reports.figures.map_emotion import FEW
from reports.figures.map_records import emotion_text
from reports.filters import filters_of, last_day
from reports.promised import lines_of
from reports.reading import Reading

Found = Mapping[str, Any]
OTHERS_SHOWN = 60


def measures_of(journey: Journey, reading: Reading) -> dict[str, Any]:
    """Of the run that can be shown; `state` says how it stands with a newer one."""
    run = reading.run
    lines = {line["code"]: line for line in lines_of(run)}
    return {
        "state": _state(reading),
        "error": reading.failed.error if reading.failed else "",
        "run": run.pk if run else None,
        "evidence_revision": run.evidence_revision if run else None,
        "snapshot": run.snapshot if run else None,
        "touchpoints": {code: _touchpoint(line) for code, line in lines.items()},
        "steps": {key: _feeling(found) for key, found in _feelings(journey, lines)},
    }


def scope_of(journey: Journey, reading: Reading, get: Any) -> dict[str, Any]:
    """The scope in words, and what it can be narrowed to."""
    scope = reading.scope
    since = scope.since.isoformat() if scope.since else ""
    until = scope.until.isoformat() if scope.until else ""
    filters = filters_of(journey.workspace, scope)
    named = [
        label
        for one in filters
        for code, label in one["options"]
        if code in one["selected"]
    ]  # fmt: skip
    return {
        "said": " · ".join(filter(None, [period_label(since, until), *named])),
        "since": since,
        "until": until,
        "filters": [one for one in filters if one["options"]],
        "presets": date_presets(get, since, until, last_day(journey.workspace)),
    }


def others_of(journey: Journey) -> dict[str, Any]:
    """Maps whose curve can be laid beside this one's; `of` is its as-is or its copy."""
    there = Journey.objects.filter(workspace=journey.workspace).exclude(pk=journey.pk)
    kin = there.filter(Q(pk=journey.copied_from_id) | Q(copied_from=journey)).order_by(
        "-created_at"
    )
    own = kin.exclude(kind=journey.kind).first() or kin.first()
    slug = journey.workspace.slug
    return {
        "of": own.slug if own else "",
        "maps": [
            {
                "slug": other.slug,
                "name": other.name,
                "kind": other.get_kind_display(),
                "url": reverse("journeys:export", args=[slug, other.slug]),
            }
            for other in there.order_by("name")[:OTHERS_SHOWN]
        ],
    }


def pooled(found: Iterable[Found]) -> Found | None:
    """One feeling for a step from those of its touchpoints, each answer counting once.

    The mean of groups asked apart, weighted by n, with the interval that follows from theirs:
    half-widths add in squares, weighted alike (Cochran, Sampling Techniques, 1977, §5.4). Where
    one group tells no interval, the whole has none.

    >>> one = {"n": 100, "value": 1.0, "low": 0.8, "high": 1.2}
    >>> pooled([one]) is one
    True
    >>> both = pooled([one, {"n": 300, "value": -1.0, "low": -1.1, "high": -0.9}])
    >>> both["n"], both["value"], round(both["low"], 4), round(both["high"], 4)
    (400, -0.5, -0.5901, -0.4099)
    """
    groups = [each for each in found if each and each["n"]]
    if len(groups) < 2:
        return groups[0] if groups else None
    n = sum(each["n"] for each in groups)
    value = sum(each["n"] * each["value"] for each in groups) / n
    if any(each["low"] is None for each in groups):
        return {"n": n, "value": value, "low": None, "high": None}
    # An end that was cut off at the scale's is the shorter one.
    halves = [max(e["high"] - e["value"], e["value"] - e["low"]) for e in groups]
    half = sqrt(sum((e["n"] / n * h) ** 2 for e, h in zip(groups, halves, strict=True)))
    return {"n": n, "value": value, "low": max(value - half, -2.0), "high": min(value + half, 2.0)}


def _state(reading: Reading) -> str:
    if reading.failed:
        return "failed"
    if reading.job:
        return "running"
    return "ready" if reading.has_evidence else "empty"


def _feelings(journey: Journey, lines: Mapping[str, Found]) -> list[tuple[str, Found]]:
    """By the key of each step where somebody was asked."""
    links = StepTouchpoint.objects.filter(step__journey=journey)
    asked: dict[str, list[Found]] = {}
    for key, code in links.values_list("step__key", "touchpoint__code"):
        emotion = lines.get(code, {}).get("emotion")
        if emotion:
            asked.setdefault(key, []).append(emotion)
    found = ((key, pooled(each)) for key, each in asked.items())
    return [(key, each) for key, each in found if each]


def _feeling(found: Found) -> dict[str, Any]:
    return {**found, "too_little": found["n"] < FEW, "said": emotion_text(found)}


def _touchpoint(line: Found) -> dict[str, Any]:
    return {
        "severity": _severity(line) if words.has_evidence(line) else None,
        "severity_said": words.severity_text(line),
        "emotion": _feeling(line["emotion"]) if line.get("emotion") else None,
        **{metric: _metric(metric, line[metric]) for metric in words.METRICS if line.get(metric)},
        "waits": _waits(line["waits"]) if line.get("waits") else None,
    }


def _metric(metric: str, found: Found) -> dict[str, Any]:
    return {
        **found,
        "said": words.metric_text(metric, found),
        "value_said": words.metric_value(metric, found["value"]),
        "interval_said": words.metric_interval(metric, found),
        "n_said": words.n_text(found["n"]),
    }


def _severity(line: Found) -> dict[str, Any]:
    return {
        "value": line["severity"],
        "low": line["severity_low"],
        "high": line["severity_high"],
        "n": words.volume(line),
        "too_little": line["too_little_evidence"],
        "step": pain_step(line["severity"]),
        "points": points(line["severity"]),
        "interval_said": words.severity_interval(line),
        "n_said": words.n_text(words.volume(line)),
    }


def _kept(waits: Found) -> dict[str, str]:
    """The share served within the promise, with its interval; or that there is none."""
    if waits.get("service_level") is None:
        return {"value_said": "", "beside_said": words.promise_text(waits)}
    low, high = waits["service_level_low"], waits["service_level_high"]
    interval = "" if low is None else f"({wording.points(low)}–{wording.percent(high)})"
    promise = wording.duration(waits["promise_s"]) if waits["promise_s"] is not None else ""
    return {
        "value_said": wording.percent(waits["service_level"]),
        "beside_said": " · ".join(filter(None, [interval, promise])),
    }


def _waits(waits: Found) -> dict[str, Any]:
    names = ("offered", "p50_s", "p90_s", "promise_s", "service_level", "service_level_low",
             "service_level_high", "abandoned_share")  # fmt: skip
    late = waits["promise_s"] is not None and waits["p90_s"] > waits["promise_s"]
    promise = words.promise_text(waits)
    return {
        **{name: waits.get(name) for name in names},
        "late": late,
        "p90_said": wording.duration(waits["p90_s"]),
        "n_said": words.n_text(waits["offered"]),
        "kept": _kept(waits),
        "said": _("%(waits)s; promise: %(promise)s")
        % {"waits": words.wait_text(waits), "promise": promise},
    }
