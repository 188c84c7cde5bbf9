"""Waiting times of which some were cut short.

Suffixes:
    _s         seconds (any other unit of time works the same, if it is one throughout)
    events     how many waits ended at that time in what is studied
    censored   how many were cut short at that time by something else
    survival   share of waits that last longer than that time, 0 to 1

For customers' patience an abandonment is the event and service censors; for the virtual wait
(how long one would have waited) service is the event and abandonment censors.
"""

from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike
from scipy import special

from analytics.rates import CONFIDENCE, checked_confidence


class Curve(NamedTuple):
    """A step function: `survival[i]` holds from `times[i]` on; before `times[0]` it is 1."""

    times: np.ndarray
    survival: np.ndarray
    low: np.ndarray
    high: np.ndarray


class Hazard(NamedTuple):
    """Rates per second at which waits end while they last, arrays (k,); see `hazard`.

    Interval i goes from starts[i] (excluded) to ends[i] (included); at_risk waits were still going
    when it began, events of them ended in it, and exposure_s is the time waited in it by all.
    """

    starts: np.ndarray
    ends: np.ndarray
    at_risk: np.ndarray
    events: np.ndarray
    exposure_s: np.ndarray
    rate: np.ndarray
    low: np.ndarray
    high: np.ndarray


def kaplan_meier(time_s: ArrayLike, event: ArrayLike, confidence: float = CONFIDENCE) -> Curve:
    """Kaplan–Meier curve from single waits.

    time_s: float (n,), >= 0.  event: bool (n,), False where the wait was cut short.
    Returns a Curve over the distinct times, see kaplan_meier_counts.

    >>> curve = kaplan_meier([1, 2, 3, 4], [True, False, True, True])
    >>> [float(s) for s in curve.survival]
    [0.75, 0.75, 0.375, 0.0]
    """
    time_s, event = np.asarray(time_s, dtype=float), np.asarray(event, dtype=bool)
    if time_s.shape != event.shape or time_s.ndim != 1:
        raise ValueError(
            f"expected two arrays of one length, got shapes {time_s.shape} and {event.shape}"
        )
    times, where = np.unique(time_s, return_inverse=True)
    events = np.bincount(where, weights=event, minlength=len(times))
    censored = np.bincount(where, weights=~event, minlength=len(times))
    return kaplan_meier_counts(times, events, censored, confidence)


def kaplan_meier_counts(
    times: ArrayLike, events: ArrayLike, censored: ArrayLike, confidence: float = CONFIDENCE
) -> Curve:
    """Kaplan–Meier curve from counts per time, with Greenwood's log-log interval.

    times: float (k,), >= 0, rising.  events, censored: (k,), >= 0.  Of those at one time, events
    come before censorings.  Returns a Curve of arrays (k,).  Where nobody has ended yet the
    interval is (1, 1); where the curve reaches 0 its variance has no value: the lower end is 0
    and the upper one stays where it was.  Raises ValueError for times that do not rise.
    Sources: Kaplan & Meier 1958, JASA 53, 457–481; Greenwood 1926; log-log: Kalbfleisch &
    Prentice 1980, p. 15.

    >>> curve = kaplan_meier_counts([10, 20, 30], [5, 2, 0], [1, 0, 2])
    >>> [round(float(s), 3) for s in curve.survival]
    [0.5, 0.25, 0.25]
    """
    times, events, censored = counted(times, events, censored)
    gone = events + censored
    at_risk = np.cumsum(gone[::-1])[::-1]
    held = np.where(at_risk > 0, at_risk, 1.0)
    survival = np.cumprod(1.0 - events / held)
    return Curve(times, survival, *_log_log(events, held, survival, confidence))


def median_from(times: ArrayLike, survival: ArrayLike) -> float:
    """The first time at which at most half still wait, in the unit of `times`.

    times, survival: (k,), a Kaplan–Meier curve.  Returns inf where it stays above one half.

    >>> median_from([10, 20, 30], [0.8, 0.5, 0.2])
    20.0
    """
    below = np.flatnonzero(np.asarray(survival) <= 0.5)
    return float(np.asarray(times, dtype=float)[below[0]]) if len(below) else float("inf")


def hazard(
    times: ArrayLike,
    events: ArrayLike,
    censored: ArrayLike,
    edges: ArrayLike,
    confidence: float = CONFIDENCE,
) -> Hazard:
    """How readily waits end as they grow longer: events per second waited, interval by interval.

    times, events, censored: (k,), as for kaplan_meier_counts.  edges: rising, the bounds of the
    intervals, the first usually 0.  What happened at or before the first edge, or after the last,
    is left out; so are intervals that nobody waited into. Within an interval the rate counts as
    constant; its interval is the exact one of a Poisson count.
    Raises ValueError for edges that do not rise.
    Sources: piecewise exponential, e.g. Kalbfleisch & Prentice 1980, section 2.3; Garwood 1936,
    Biometrika 28, 437–442.

    >>> found = hazard([30, 90, 200], [2, 1, 0], [0, 1, 6], edges=[0, 60, 120])
    >>> found.at_risk.tolist(), found.events.tolist(), found.exposure_s.tolist()
    ([10.0, 8.0], [2.0, 1.0], [540.0, 420.0])
    >>> [f"{60 * rate:.3f}" for rate in found.rate]  # per minute
    ['0.222', '0.143']
    """
    times, events, censored = counted(times, events, censored)
    edges = np.asarray(edges, dtype=float)
    if edges.ndim != 1 or len(edges) < 2 or np.any(~(np.diff(edges) > 0)) or edges[0] < 0:
        raise ValueError("expected at least two edges >= 0 that rise")
    starts, ends = edges[:-1], edges[1:]
    gone = events + censored
    inside = (times > starts[:, None]) & (times <= ends[:, None])
    spent_s = np.clip(np.minimum(times, ends[:, None]) - starts[:, None], 0.0, None)
    at_risk = (times > starts[:, None]) @ gone
    happened, exposure_s = inside @ events, spent_s @ gone
    waited = exposure_s > 0
    starts, ends, at_risk, happened, exposure_s = (
        figure[waited] for figure in (starts, ends, at_risk, happened, exposure_s)
    )
    tail = (1 - checked_confidence(confidence)) / 2
    fewest = np.where(happened > 0, special.chdtri(2 * np.maximum(happened, 1), 1 - tail) / 2, 0.0)
    most = special.chdtri(2 * (happened + 1), tail) / 2
    return Hazard(
        starts,
        ends,
        at_risk,
        happened,
        exposure_s,
        happened / exposure_s,
        fewest / exposure_s,
        most / exposure_s,
    )


def counted(
    times: ArrayLike, events: ArrayLike, censored: ArrayLike
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """The three as float arrays of one length, the times rising, or ValueError."""
    times = np.asarray(times, dtype=float)
    events, censored = np.asarray(events, dtype=float), np.asarray(censored, dtype=float)
    if not times.shape == events.shape == censored.shape or times.ndim != 1:
        raise ValueError("expected times, events and censored of one length")
    if not np.all(np.isfinite(times)) or np.any(times < 0) or np.any(np.diff(times) <= 0):
        raise ValueError("expected times >= 0 that rise without repeats")
    if np.any(events < 0) or np.any(censored < 0):
        raise ValueError("expected counts >= 0")
    return times, events, censored


def _log_log(
    events: np.ndarray, at_risk: np.ndarray, survival: np.ndarray, confidence: float
) -> tuple[np.ndarray, np.ndarray]:
    """Ends of the interval that is symmetric for log(−log S)."""
    z = float(special.ndtri(0.5 + checked_confidence(confidence) / 2))
    inside = (survival > 0) & (survival < 1)
    left = np.where(inside, at_risk - events, 1.0)
    greenwood = np.cumsum(np.where(inside, events / (at_risk * left), 0.0))
    log_s = np.log(np.where(inside, survival, 0.5))
    stretch = np.exp(np.minimum(z * np.sqrt(greenwood) / np.abs(log_s), 700.0))
    low = np.where(inside, np.exp(log_s * stretch), survival)
    high = np.where(inside, np.exp(log_s / stretch), survival)
    if len(survival) and survival[-1] == 0:
        first = int(np.argmax(survival == 0))
        high[first:] = high[first - 1] if first else 1.0
    return low, high
