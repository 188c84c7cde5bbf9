"""The parts of a touchpoint's waiting page: which figures, and what stands beside them."""

from typing import Any

from django.http import HttpRequest
from django.utils.translation import gettext as _

from accounts import wording
from evidence.hours import HourCounts
from reports.figures import hours as hours_figures
from reports.figures import hours_records, patience_records, whatif_fit, whatif_records, words
from reports.figures import patience as patience_figures
from reports.figures import whatif as whatif_figures
from reports.figures.clock import span, weekday
from reports.figures.sheet import Figure
from reports.figures.waiting import waiting
from reports.place import Place
from reports.queueing import BELIEVED, Expected
from reports.whatif import Answer, answer, choice_of, promises_offered


def distribution_figure(request: HttpRequest, place: Place) -> Figure | None:
    if not place.bins:
        return None
    return waiting(place.line, place.bins, place.source, place.ends)


# ---- by hour of the week ----


def hours(request: HttpRequest, place: Place) -> dict[str, Any]:
    assert place.hours is not None
    measure, day = _measure(request, place), _weekday(request, place.hours)
    return {
        "measures": [
            (name, hours_records.label_of(name), name == measure)
            for name in hours_records.MEASURES
            if name != "late" or place.has_promise
        ],
        "weekdays": [(d, weekday(d), d == day) for d in range(7)],
        "weekday": weekday(day),
        "worst": hours_figures.worst_hour(place.hours) if place.has_promise else "",
        "zone": place.run.parameters["timezone"],
    }


def hours_figure(request: HttpRequest, place: Place) -> Figure | None:
    if place.hours is None:
        return None
    measure = _measure(request, place)
    return hours_figures.hours_map(place.line, place.hours, measure, place.source)


def weekday_figure(request: HttpRequest, place: Place) -> Figure | None:
    if place.hours is None:
        return None
    measure, day = _measure(request, place), _weekday(request, place.hours)
    return hours_figures.weekday_line(place.line, place.hours, measure, day, place.source)


def _measure(request: HttpRequest, place: Place) -> str:
    asked = request.GET.get("show", "")
    usual = "late" if place.has_promise else "abandoned"
    known = asked in hours_records.MEASURES and (asked != "late" or place.has_promise)
    return asked if known else usual


def _weekday(request: HttpRequest, counts: HourCounts) -> int:
    """The one asked for, else the one on which most were hurt."""
    asked = request.GET.get("weekday", "")
    if asked in {str(d) for d in range(7)}:
        return int(asked)
    hurt = [0] * 7
    found = counts.counts
    lost = zip(counts.hours, found["served_late"], found["abandoned"], strict=True)
    for place, late, gone in lost:
        hurt[place // 24] += late + gone
    return hurt.index(max(hurt))


# ---- patience ----


def sentences(place: Place) -> list[str]:
    found = []
    for groups, differing in (
        (place.groups, place.touchpoint_differences),
        (place.segments if len(place.segments) > 1 else [], place.segment_differences),
    ):
        if groups and groups[0].seen_until_s:
            said = patience_records.sentence(groups[:3], place.promise_s)
            found.append(f"{said} {patience_records.comparison(groups[0], differing)}".strip())
    return found


def patience_figure(request: HttpRequest, place: Place) -> Figure | None:
    if place.patience is None or not _is_known(place):
        return None
    return patience_figures.touchpoints_figure(
        place.groups, place.touchpoint_differences, place.promise_s, place.source
    )


def segments_figure(request: HttpRequest, place: Place) -> Figure | None:
    if place.patience is None or len(place.segments) < 2 or not place.segments[0].seen_until_s:
        return None
    return patience_figures.segments_figure(
        place.segments, place.segment_differences, place.promise_s, place.source
    )


def virtual_figure(request: HttpRequest, place: Place) -> Figure | None:
    if place.patience is None or not _is_known(place):
        return None
    return patience_figures.virtual_figure(place.groups[0], place.promise_s, place.source)


def hazard_figure(request: HttpRequest, place: Place) -> Figure | None:
    if place.patience is None or not _is_known(place) or not place.groups[0].gave_up:
        return None
    return patience_figures.hazard_figure(place.groups[0], place.promise_s, place.source)


def _is_known(place: Place) -> bool:
    return bool(place.groups) and place.groups[0].seen_until_s > 0


# ---- what if ----


def whatif(request: HttpRequest, place: Place) -> dict[str, Any]:
    assert place.hours is not None
    found = _answer(request, place)
    choice, waits = found.choice, place.line["waits"]
    days = [("work", _("Monday to Friday")), ("all", _("every day"))]
    return {
        "choice": choice,
        "target": wording.plain(round(100 * choice.target, 1)),
        "days": [
            (value, label, value == choice.day)
            for value, label in [*days, *((str(d), weekday(d)) for d in range(7))]
        ],
        "hours": [
            (value, label, value == choice.hour)
            for value, label in [("all", _("all hours")), *((str(h), span(h)) for h in range(24))]
        ],
        "promises": [
            (wording.plain(s), wording.duration(s), s == choice.promise_s)
            for s in promises_offered(place.hours, waits, choice.promise_s)
        ],
        "facts": _facts(found),
        "rows": _rows(found),
        "left_out": _left_out(found),
        "notes": _notes(found),
        "fitness": whatif_fit.fitness_text(found),
        "warning": _warning(found),
    }


def whatif_figure(request: HttpRequest, place: Place) -> Figure | None:
    found = _answer(request, place) if place.hours else None
    if found is None or not found.chosen:
        return None
    return whatif_figures.curve(place.line, found, place.source)


def staffing_figure(request: HttpRequest, place: Place) -> Figure | None:
    found = _answer(request, place) if place.hours else None
    if found is None or not any(hour.needed is not None for hour in found.hours):
        return None
    return whatif_figures.staffing(place.line, found, place.source)


def fit_figure(request: HttpRequest, place: Place) -> Figure | None:
    found = _answer(request, place) if place.hours else None
    return whatif_fit.fit(place.line, found, place.source) if found else None


def _answer(request: HttpRequest, place: Place) -> Answer:
    """Once a request: three figures and the table ask the same."""
    kept: dict[str, Answer] = request.__dict__.setdefault("_waiting_answers", {})
    if place.code not in kept:
        assert place.hours is not None
        choice = choice_of(request.GET, place.hours, place.line["waits"])
        kept[place.code] = answer(f"{place.run.pk}:{place.code}", place.hours, choice)
    return kept[place.code]


def _facts(found: Answer) -> list[dict[str, str]]:
    """The model's parameters in the chosen hours; of several hours their means."""
    if not found.chosen:
        return []
    n = len(found.chosen)
    queues = [hour.queue for hour in found.chosen]
    came = sum(3600 * q.arrivals_per_s for q in queues) / n
    service = sum(q.load for q in queues) / sum(q.arrivals_per_s for q in queues)
    patience = [q.patience_s for q in queues]
    least = "≥ " if any(h.implied.fit and h.implied.fit.at_least for h in found.chosen) else ""
    offered = words.n_text(sum(h.offered for h in found.chosen))
    return [
        {"label": _("came per hour (λ)"), "text": wording.number(came, 1), "note": offered},
        {"label": _("mean service (1/μ)"), "text": wording.duration(service),
         "note": _("borrowed") if _pooled(found, "service_s") else ""},
        {"label": _("mean patience (1/θ)"), "text": whatif_records.patience_text(sum(patience) / n),
         "note": _("borrowed") if _pooled(found, "patience_s") else ""},
        {"label": _("agents as it looked"),
         "text": least + whatif_records.agents_text(found.agents),
         "note": _("per hour, mean of %s hours") % n if n > 1 else ""},
    ]  # fmt: skip


def _pooled(found: Answer, name: str) -> bool:
    return any(name in hour.fitted.pooled for hour in found.chosen)


def _rows(found: Answer) -> list[dict[str, Any]]:
    """Seen, the model with the agents there were, the model as chosen."""
    seen, before, after = found.observed, found.before, found.after
    if seen is None or before is None or after is None:
        return []

    def busy(expected: Expected) -> str:
        return wording.percent(expected.occupancy)

    mean, low, high = seen.mean_s
    return [
        {"label": _("Waited too long or gave up"), "seen": (*seen.late, seen.offered),
         "before": wording.percent(before.late), "after": wording.percent(after.late)},
        {"label": _("Gave up"), "seen": (*seen.abandoned, seen.offered),
         "before": wording.percent(before.abandoned),
         "after": wording.percent(after.abandoned)},
        {"label": _("Mean wait"), "seen_text": f"{wording.duration(mean)} "
         f"({wording.duration(low)} – {wording.duration(high)})", "n": seen.offered,
         "before": whatif_records.wait_text(before.mean_s),
         "after": whatif_records.wait_text(after.mean_s)},
        {"label": _("Agents busy"), "seen_text": _("cannot be told: not in the evidence"),
         "before": busy(before), "after": busy(after)},
        {"label": _("Agents"), "seen_text": _("cannot be told: not in the evidence"),
         "before": whatif_records.agents_text(found.agents),
         "after": whatif_records.agents_text(found.agents_after)},
    ]  # fmt: skip


def _left_out(found: Answer) -> str:
    """Chosen hours that the model can tell nothing of, by their reasons."""
    reasons: dict[str, int] = {}
    for hour in found.left_out:
        text = whatif_records.reason_text(hour.implied.reason)
        reasons[text] = reasons.get(text, 0) + 1
    told = "; ".join(f"{text} ({wording.number(n)})" for text, n in reasons.items())
    if found.chosen:
        return _("Left out of the chosen hours: %s.") % told if told else ""
    return _("Cannot be told for the chosen hours: %s.") % (told or _("nobody came"))


def _notes(found: Answer) -> list[str]:
    notes = []
    if (found.before and found.before.mean_s == float("inf")) or (
        found.after and found.after.mean_s == float("inf")
    ):
        notes.append(
            _("Nobody ever gave up here, so with fewer agents than the work needs the queue would "
              "grow without end.")
        )  # fmt: skip
    if any(hour.agents + found.choice.change < 1 <= hour.agents for hour in found.chosen):
        notes.append(_("In every hour at least one agent is left."))
    if _pooled(found, "patience_s") or _pooled(found, "service_s"):
        notes.append(
            _("Borrowed: with fewer than 20 services or abandonments in an hour, the mean of all "
              "hours together stands in.")
        )  # fmt: skip
    return notes


def _warning(found: Answer) -> str:
    fit = found.fit
    if fit is None:
        return ""
    error = max(fit.late_error, fit.abandoned_error)
    if not fit.is_believed:
        return _(
            "The model misses by %s points on average here; treat its numbers as a direction only."
        ) % wording.number(100 * error)
    far = [h for h in found.chosen if h.implied.close is False]
    if far and len(far) * 2 > len(found.chosen):
        return _(
            "In the chosen hours the model misses by more than %s points; treat its numbers as a "
            "direction only."
        ) % wording.number(100 * BELIEVED)
    return ""
