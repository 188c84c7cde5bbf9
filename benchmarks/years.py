"""Years of weekly alerts on simulated journeys: how many are false, how much is found.

A journey of 15 touchpoints is looked at every week by the rule of analytics/alerts.py, with its own
defaults: the newest four weeks against the four before, false discoveries at 10%, each finding told
once. Weeks:
    quiet     every rate stays what it is for the whole year
    restless  the same, but each week every rate is off by about a tenth of itself, as services are
    worse     quiet, but three touchpoints get worse in some week: one family by 10 to 25 points
An alert is false where the true severity of the weeks compared (the mean over them) did not rise.
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from analytics import alerts, severity
from benchmarks.simulated import FELT, PLANTED, TOUCHPOINTS, WEIGHTS, calm

WEEKS = 52
A_WEEK = {"very rich": 1500.0, "rich": 150.0, "sparse": 20.0}
UNREST = 0.1


@dataclass(frozen=True)
class Year:
    """rates: (t, f, weeks), true ones, without unrest.  x, n: likewise, counted.

    worse: touchpoint → its week.
    """

    rates: np.ndarray
    x: np.ndarray
    n: np.ndarray
    worse: dict[int, int]

    def weekly(self, until: int) -> alerts.Weekly:
        return {
            f"t{t:02}": {
                family: (self.x[t, f, :until].tolist(), self.n[t, f, :until].tolist())
                for f, family in enumerate(severity.FAMILIES)
                if self.n[t, f].any()
            }
            for t in range(TOUCHPOINTS)
        }

    def rise(self, t: int, families: tuple[str, ...], last: int, window: int) -> float:
        """By how much the true severity of the newest window lies above the one before."""
        columns = [severity.FAMILIES.index(family) for family in families]
        rates = self.rates[t, columns]
        now, before = (
            1 - np.prod(1 - WEIGHTS[columns] * rates[:, begin : begin + window].mean(axis=1))
            for begin in (last + 1 - window, last + 1 - 2 * window)
        )
        return float(now - before)


def quiet(rng: np.random.Generator, a_week: float) -> Year:
    return _counted(rng, a_week, np.repeat(calm(rng)[..., None], WEEKS, axis=2), {})


def restless(rng: np.random.Generator, a_week: float) -> Year:
    return _counted(rng, a_week, np.repeat(calm(rng)[..., None], WEEKS, axis=2), {}, UNREST)


def worse(rng: np.random.Generator, a_week: float) -> Year:
    rates = np.repeat(calm(rng)[..., None], WEEKS, axis=2)
    steps = {}
    for t in rng.choice(TOUCHPOINTS, PLANTED, replace=False):
        week = int(rng.integers(10, WEEKS - 6))
        rates[t, FELT, week:] += rng.uniform(0.10, 0.25)
        steps[int(t)] = week
    return _counted(rng, a_week, rates, steps)


def _counted(
    rng: np.random.Generator,
    a_week: float,
    rates: np.ndarray,
    steps: dict[int, int],
    unrest: float = 0.0,
) -> Year:
    measured = rng.random(rates.shape[:2]) < 2 / 3
    measured[:, FELT] = True
    volume = np.exp(rng.normal(0.0, 1.0, TOUCHPOINTS))
    usual = a_week * volume[:, None] * rng.uniform(0.3, 1.5, measured.shape) * measured
    n = rng.poisson(usual[..., None] * np.ones(WEEKS))
    restless_rates = rates * np.exp(rng.normal(0.0, unrest, rates.shape)) if unrest else rates
    return Year(rates, rng.binomial(n, np.minimum(restless_rates, 1.0)), n, steps)


KINDS: dict[str, Callable[[np.random.Generator, float], Year]] = {
    "quiet": quiet,
    "restless": restless,
    "worse": worse,
}


@dataclass
class Tally:
    """What the alerts of some years came to; looks: weeks in which the rule was asked."""

    years: int = 0
    looks: int = 0
    alarms: int = 0  # looks at which anything false was found, told before or not
    true: int = 0
    false: int = 0
    shares: float = 0.0  # sum over the years of the false among those told
    steps: int = 0
    found: int = 0
    weeks_until: int = 0


def watch(kind: str, a_week: float, years: int, *, window: int, draws: int) -> Tally:
    rng = np.random.default_rng(52)
    tally = Tally()
    for _ in range(years):
        _one_year(KINDS[kind](rng, a_week), tally, window, draws)
    return tally


def _one_year(year: Year, tally: Tally, window: int, draws: int) -> None:
    told: dict[str, int] = {}
    true, false, found_at = 0, 0, {}
    for until in range(2 * window, WEEKS + 1):
        findings = alerts.evaluate(year.weekly(until), window=window, draws=draws)
        tally.looks += 1
        wrong = False
        for finding in findings:
            t = int(finding.code[1:])
            rose = year.rise(t, finding.families, finding.last_week, window) > 1e-12
            wrong |= not rose
            if not alerts.is_news(
                week=finding.last_week, told=told.get(finding.code), window=window
            ):
                continue
            told[finding.code] = finding.last_week
            true, false = true + rose, false + (not rose)
            if rose and t in year.worse:
                found_at.setdefault(t, finding.last_week)
        tally.alarms += wrong
    tally.years += 1
    tally.true += true
    tally.false += false
    tally.shares += false / max(1, true + false)
    tally.steps += len(year.worse)
    tally.found += len(found_at)
    tally.weeks_until += sum(at - year.worse[t] + 1 for t, at in found_at.items())


def report(years: int, window: int = alerts.WINDOW, draws: int = 1000) -> None:
    """Prints the table: one line for each kind of year and evidence."""
    print(f"{years} years per line, looked at weekly, {window} weeks against {window}")
    print("| years, evidence a week | false alerts a year | looks with a false one | "
          "false among those told | found | weeks until |")  # fmt: skip
    print("|---|--:|--:|--:|--:|--:|")
    for kind in KINDS:
        for evidence, a_week in A_WEEK.items():
            t = watch(kind, a_week, years, window=window, draws=draws)
            cells = [f"{t.false / t.years:.2f}", f"{t.alarms / t.looks:.1%}"]
            if t.steps:
                cells += [f"{t.shares / t.years:.1%}", f"{t.found / t.steps:.0%}"]
                cells += [f"{t.weeks_until / max(1, t.found):.1f}"]
            else:
                cells += ["–"] * 3
            print(f"| {kind}, {evidence} ({a_week:.0f}) | " + " | ".join(cells) + " |", flush=True)
