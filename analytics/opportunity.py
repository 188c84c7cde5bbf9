"""What to mend first: value against effort, RICE, and Ulwick's opportunity score.

Words and suffixes:
    customers     customers who pass the touchpoint, as counted in the evidence
    severity      chance that a passage hurts, 0 to 1
    effort_days   person-days that mending would take
    value         0 to 10; the customers' part is the burden against the heaviest one compared
    _low, _high   ends of an interval of the same level as those that go in

None where something is not known; nothing is guessed.
"""

from dataclasses import dataclass

GREATEST = 10.0
# RICE counts effort in person-months (McBride 2018).
DAYS_A_MONTH = 20.0
# Value is shown for so many person-days.
PER_DAYS = 10.0


@dataclass(frozen=True)
class Estimate:
    value: float
    low: float
    high: float

    def times(self, factor: float) -> "Estimate":
        return Estimate(self.value * factor, self.low * factor, self.high * factor)


def customer_value(burden: Estimate, heaviest: float) -> Estimate:
    """0 to 10: 10 is the heaviest burden of those compared."""
    return burden.times(GREATEST / heaviest) if heaviest > 0 else Estimate(0.0, 0.0, 0.0)


def weighted_value(
    customers: Estimate, business: float | None, business_weight: float
) -> Estimate | None:
    """The customers' and the business' value by their weights, which add up to 1.

    >>> weighted_value(Estimate(8, 6, 10), 4, 0.25)
    Estimate(value=7.0, low=5.5, high=8.5)
    """
    if not 0 <= business_weight <= 1:
        raise ValueError("expected a weight between 0 and 1")
    if business_weight == 0:
        return customers
    if business is None:
        return None
    own = customers.times(1 - business_weight)
    added = business * business_weight
    return Estimate(own.value + added, own.low + added, own.high + added)


def value_for_effort(value: Estimate | None, effort_days: float | None) -> Estimate | None:
    """Value for ten person-days."""
    if value is None or not effort_days:
        return None
    return value.times(PER_DAYS / effort_days)


def confidence(severity: Estimate) -> float:
    """The part of the severity that the evidence vouches for: its lower end against its mean.

    >>> round(confidence(Estimate(0.40, 0.30, 0.50)), 2)
    0.75
    """
    return min(1.0, max(0.0, severity.low / severity.value)) if severity.value > 0 else 0.0


def rice(customers: float | None, severity: Estimate, effort_days: float | None) -> Estimate | None:
    """Reach × impact × confidence ÷ effort: painful customers spared for a person-month.

    Reach: customers who pass.  Impact: severity, the most that mending can take away.  Confidence:
    see there.  The interval is that of the impact; confidence and effort are taken as they are.
    Source: McBride 2018, "RICE: Simple prioritization for product managers", Intercom.

    >>> round(rice(1000, Estimate(0.4, 0.3, 0.5), 10).value)
    600
    """
    if customers is None or not effort_days:
        return None
    return severity.times(customers * confidence(severity) * DAYS_A_MONTH / effort_days)


def opportunity(importance: Estimate, satisfaction: Estimate) -> Estimate:
    """Importance + max(importance − satisfaction, 0), both 0 to 10: 0 to 20.

    The ends take the least favourable and the most favourable ends of both at once, so that the
    interval is at least of their level.
    Source: Ulwick 2005, What Customers Want, ch. 3.

    >>> opportunity(Estimate(9, 8, 10), Estimate(3, 2, 4))
    Estimate(value=15, low=12, high=18)
    >>> opportunity(Estimate(5, 4, 6), Estimate(8, 7, 9)).value
    5
    """

    def score(i: float, s: float) -> float:
        return i + max(i - s, 0)

    return Estimate(
        score(importance.value, satisfaction.value),
        score(importance.low, satisfaction.high),
        score(importance.high, satisfaction.low),
    )
