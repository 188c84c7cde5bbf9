"""What is asked of a queue in the address, and the numbers that answer it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext as _

from accounts import wording
from analytics.rates import wilson
from evidence.hours import HourCounts
from reports.queueing import Expected, Fitness, Hour, expected, fitness, mean_wait, model_of

WORKDAYS = range(5)
MOST_FEWER, MOST_MORE = -99, 99
MOST_POINTS = 40
TARGET = 0.8
PROMISE_S = 60.0
SEVERAL = (-2, 6)  # agents fewer and more that are drawn for several hours together
Query = Mapping[str, str]


@dataclass(frozen=True)
class Choice:
    """day: 0 … 6, "work" or "all"; hour: 0 … 23 or "all"; `errors` say what could not be meant."""

    day: str
    hour: str
    promise_s: float
    target: float
    change: int
    errors: list[str] = field(default_factory=list)

    def holds(self, place: int) -> bool:
        day, hour = divmod(place, 24)
        right_day = self.day == "all" or (
            day in WORKDAYS if self.day == "work" else str(day) == self.day
        )
        return right_day and self.hour in ("all", str(hour))

    @property
    def is_one_hour(self) -> bool:
        return self.day.isdigit() and self.hour.isdigit()


@dataclass(frozen=True)
class Observed:
    """What was counted in the chosen hours that the model can tell something of; 95% intervals."""

    offered: int
    late: tuple[float, float, float]
    abandoned: tuple[float, float, float]
    mean_s: tuple[float, float, float]


@dataclass(frozen=True)
class Answer:
    """`chosen` are the chosen hours the model can tell something of, `left_out` the others."""

    choice: Choice
    hours: list[Hour]
    chosen: list[Hour]
    left_out: list[Hour]
    observed: Observed | None
    before: Expected | None
    after: Expected | None
    curve: list[tuple[int, Expected]]
    fit: Fitness | None

    @property
    def agents(self) -> float:
        """In each of the chosen hours, on average."""
        return sum(h.agents for h in self.chosen) / len(self.chosen)

    @property
    def agents_after(self) -> float:
        change = self.choice.change
        return sum(h.after(change) for h in self.chosen) / len(self.chosen)


def choice_of(query: Query, counts: HourCounts, waits: Mapping[str, Any]) -> Choice:
    """What the address asks; where it cannot be meant, the usual instead, and a sentence."""
    errors: list[str] = []
    promise_s = usual_promise(waits)
    asked = query.get("promise", "")
    if asked and asked in {f"{s:g}" for s in counts.limits_s}:
        promise_s = next(s for s in counts.limits_s if f"{s:g}" == asked)
    elif asked:
        errors.append(_("The promise must be one of those in the list; “%s” is not.") % asked[:20])
    day, hour = _hours_asked(query, counts, errors)
    target = _number(query, "target", 100 * usual_target(waits), 1, 99.9, errors)
    change = _number(query, "change", 0, MOST_FEWER, MOST_MORE, errors)
    return Choice(day, hour, promise_s, target / 100, int(change), errors)


def usual_promise(waits: Mapping[str, Any]) -> float:
    """The touchpoint's own, else the first of several, else a minute."""
    several = [p["max_wait_s"] for p in waits.get("promises") or []]
    return float(waits.get("promise_s") or (several[0] if several else PROMISE_S))


def usual_target(waits: Mapping[str, Any]) -> float:
    told = [p["target_share"] for p in waits.get("promises") or [] if p["target_share"]]
    return float(told[0]) if told else TARGET


def answer(key: str, counts: HourCounts, choice: Choice) -> Answer:
    hours = model_of(key, counts, choice.promise_s, choice.target)
    asked = [h for h in hours if choice.holds(h.place)]
    chosen = [h for h in asked if h.told]
    left_out = [h for h in asked if not h.told]
    fit = fitness(hours)
    if not chosen:
        return Answer(choice, hours, [], left_out, None, None, None, [], fit)
    return Answer(
        choice, hours, chosen, left_out,
        observed=_observed(counts, chosen, choice.promise_s),
        before=expected(chosen, 0, choice.promise_s),
        after=expected(chosen, choice.change, choice.promise_s),
        curve=[(c, expected(chosen, c, choice.promise_s)) for c in _changes(chosen, choice)],
        fit=fit,
    )  # fmt: skip


def promises_offered(counts: HourCounts, waits: Mapping[str, Any], chosen_s: float) -> list[float]:
    """Times that make sense here, among those that were counted."""
    own = {p["max_wait_s"] for p in waits.get("promises") or []} | {chosen_s}
    longest = max(4 * waits["p95_s"], *(4 * s for s in own), PROMISE_S)
    return [s for s in counts.limits_s if s in own or s <= longest]


def _changes(chosen: Sequence[Hour], choice: Choice) -> list[int]:
    """From the fewest agents to some more than are needed."""
    if len(chosen) == 1:
        (hour,) = chosen
        needed = (hour.needed or 0) - int(hour.agents)
        low, high = max(-10, 1 - int(hour.agents)), max(3, needed + 2)
    else:
        low, high = SEVERAL
    low, high = min(low, choice.change, 0), max(min(high, 60), choice.change)
    step = 1 + (high - low) // MOST_POINTS
    return sorted({*range(low, high + 1, step), 0, choice.change})


def _observed(counts: HourCounts, chosen: Sequence[Hour], promise_s: float) -> Observed:
    where = [counts.hours.index(h.place) for h in chosen]
    within = counts.served_within(promise_s)

    def total(name: str) -> int:
        return sum(counts.counts[name][i] for i in where)

    offered = total("offered")
    late = offered - sum(within[i] for i in where)
    return Observed(
        offered,
        _share(late, offered),
        _share(total("abandoned"), offered),
        mean_wait(offered, total("wait_ms"), total("wait_ms2")),
    )


def _share(x: int, n: int) -> tuple[float, float, float]:
    low, high = wilson(x, n)
    return x / n, float(low), float(high)


def _hours_asked(query: Query, counts: HourCounts, errors: list[str]) -> tuple[str, str]:
    days = {"work", "all", *map(str, range(7))}
    hours = {"all", *map(str, range(24))}
    day, hour = query.get("day", ""), query.get("hour", "")
    worst_day, worst_hour = _worst(counts)
    if day and day not in days:
        errors.append(_("“%s” is no day of the week.") % day[:20])
    if hour and hour not in hours:
        errors.append(_("“%s” is no hour of the day; it must be from 0 to 23.") % hour[:20])
    if day in days and hour in hours:
        return day, hour
    return worst_day, worst_hour


def _worst(counts: HourCounts) -> tuple[str, str]:
    """The hour in which most gave up or were served late."""
    found = counts.counts
    hurt = [
        late + gone
        for late, gone in zip(found["served_late"], found["abandoned"], strict=True)
    ]  # fmt: skip
    day, hour = divmod(counts.hours[hurt.index(max(hurt))], 24)
    return str(day), str(hour)


def _number(
    query: Query, name: str, usual: float, least: float, most: float, errors: list[str]
) -> float:
    text = query.get(name, "").strip().replace("−", "-").replace(",", ".")
    if not text:
        return usual
    try:
        value = float(text)
    except ValueError:
        value = float("nan")
    if least <= value <= most and (name != "change" or value == int(value)):
        return value
    label = {"change": _("Agents more or fewer"), "target": _("The share to be served in time")}
    errors.append(
        _("%(name)s: expected a number from %(least)s to %(most)s, got “%(text)s”.")
        % {"name": label[name], "least": wording.number(least), "most": wording.number(most, 1),
           "text": text[:20]}
    )  # fmt: skip
    return usual
