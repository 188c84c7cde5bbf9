"""What to mend first: pain points with what mending them would take and be worth.

Everything is read from runs and from what people told; nothing is counted here.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from django.http import QueryDict
from django.utils.translation import gettext as _

from accounts.models import User, Workspace
from analytics import opportunity
from analytics.opportunity import Estimate
from evidence.scope import Scope
from painpoints.drivers import KIND as DRIVERS
from painpoints.listing import Asked as Chosen
from painpoints.listing import asked_in, chosen_points
from painpoints.models import PainPoint, RunCounts, ScoringRun
from painpoints.readings import beside_scores, newest_runs
from painpoints.scopes import Answered, answered
from reports.figures import drivers_records

Line = Mapping[str, Any]
METHOD = "weights"
ANY = "any"  # every status


@dataclass(frozen=True)
class Asked:
    """What an address says: which pain points, in which rows, the business' weight, the order."""

    chosen: Chosen = field(default_factory=lambda: Chosen(Scope()))
    business: int = 0  # percent; the customers' value has the rest
    sort: str = "first"

    @classmethod
    def from_query(cls, query: QueryDict, scope: Scope, error: str = "") -> "Asked":
        """What an address cannot mean is left at its usual."""
        weight = query.get("business", "0")
        sort = query.get("sort", "")
        return cls(
            chosen=asked_in(query, scope, error),
            business=min(100, int(weight)) if weight.isdigit() and len(weight) < 9 else 0,
            sort=sort if sort in ORDERS else cls.sort,
        )


@dataclass(frozen=True)
class Row:
    """One pain point. None where a number cannot be told; `why` says the reason, by number."""

    point: PainPoint
    run: ScoringRun | None
    line: Line | None
    burden: Estimate | None = None
    severity: Estimate | None = None
    customers: int | None = None
    value: Estimate | None = None
    first: Estimate | None = None
    rice: Estimate | None = None
    opportunity: Estimate | None = None
    importance: Estimate | None = None
    satisfaction: Estimate | None = None
    linked_n: int | None = None
    satisfaction_n: float | None = None
    why: Mapping[str, str] = field(default_factory=dict)


ORDERS: dict[str, Callable[[Row], float | None]] = {
    "first": lambda row: row.first.value if row.first else None,
    "burden": lambda row: row.burden.value if row.burden else None,
    "customers": lambda row: row.customers,
    "effort": lambda row: row.point.effort_days and -row.point.effort_days,
    "business": lambda row: row.point.business_value,
    "value": lambda row: row.value.value if row.value else None,
    "rice": lambda row: row.rice.value if row.rice else None,
    "opportunity": lambda row: row.opportunity.value if row.opportunity else None,
}


def answers_for(workspace: Workspace, asked: Asked, user: User) -> Answered:
    """The runs that answer in the scope asked for, of every journey with pain points: the
    heaviest of all is what the others are weighed against."""
    if asked.chosen.scope.is_whole:
        return Answered(newest_runs(workspace))
    points = PainPoint.objects.shown(workspace)
    found = answered(
        workspace=workspace,
        scope=asked.chosen.scope,
        earlier=None,
        journeys=points.values_list("journey_id", flat=True).distinct(),
        user=user,
    )
    whole = ScoringRun.objects.select_related("workspace", "journey").in_bulk(
        [run.pk for run in found.runs.values()]
    )
    return replace(found, runs={pk: whole[run.pk] for pk, run in found.runs.items()})


def rows_of(workspace: Workspace, asked: Asked, runs: Mapping[int, ScoringRun]) -> list[Row]:
    """The pain points asked for, in the order asked for; what cannot be told stands last."""
    points = PainPoint.objects.shown(workspace).with_last_run()
    points = points.select_related("workspace", "journey__workspace", "touchpoint", "owner")
    drivers = _drivers(runs)
    scored = beside_scores(points, dict(runs))
    heaviest = max((s.line["burden"] or 0.0 for s in scored if s.line), default=0.0)
    wanted = _wanted(workspace, asked.chosen)
    rows = [
        _row(s.point, s.run, s.line, drivers, heaviest, asked.business / 100)
        for s in scored
        if s.point.pk in wanted
    ]
    key = ORDERS[asked.sort]
    return sorted(rows, key=lambda row: _last_if_none(key(row)))


def _wanted(workspace: Workspace, chosen: Chosen) -> set[int]:
    """As the list chooses; where no status is named, what is unsolved."""
    named = tuple(status for status in chosen.statuses if status != ANY)
    points = chosen_points(workspace, replace(chosen, statuses=named))
    if not chosen.statuses:
        unsolved = PainPoint.objects.shown(workspace).unsolved()
        points = points.filter(pk__in=unsolved.values("pk"))
    return set(points.values_list("pk", flat=True))


def _last_if_none(value: float | None) -> tuple[bool, float]:
    return value is None, -(value or 0.0)


def _row(
    point: PainPoint,
    run: ScoringRun | None,
    line: Line | None,
    drivers: Mapping[int, Mapping[str, Any]],
    heaviest: float,
    business_weight: float,
) -> Row:
    if run is None or line is None or line["burden"] is None:
        said = _("no evidence of the touchpoint has been scored")
        if run is not None and not run.is_whole:
            said = _("no evidence of the touchpoint in these filters")
        return Row(point, run, line, why=dict.fromkeys(
            ("burden", "customers", "value", "first", "rice", "opportunity"), said))  # fmt: skip
    burden, severity = (
        Estimate(line[name], line[f"{name}_low"], line[f"{name}_high"])
        for name in ("burden", "severity")
    )
    customers = (line["passages"] or {}).get("customers")
    value = opportunity.weighted_value(
        opportunity.customer_value(burden, heaviest), point.business_value, business_weight
    )
    importance = _importance(drivers.get(run.pk), line["code"])
    satisfaction, satisfaction_n = _satisfaction(line)
    found = None
    if importance is not None and satisfaction is not None:
        found = opportunity.opportunity(importance, satisfaction)
    row = Row(
        point=point,
        run=run,
        line=line,
        burden=burden,
        severity=severity,
        customers=customers,
        value=value,
        first=opportunity.value_for_effort(value, point.effort_days),
        rice=opportunity.rice(customers, severity, point.effort_days),
        opportunity=found,
        importance=importance,
        satisfaction=satisfaction,
        linked_n=_linked_n(drivers.get(run.pk)),
        satisfaction_n=satisfaction_n,
    )
    return Row(**{**vars(row), "why": _why(row, drivers.get(run.pk))})


def _drivers(runs: Mapping[int, ScoringRun]) -> dict[int, dict[str, Any]]:
    """Run → its first outcome's drivers, where they have been found; nothing is computed."""
    kept = RunCounts.objects.filter(run__in=list(runs.values()), kind=DRIVERS)
    return {
        one.run_id: outcomes[0]["methods"][METHOD]
        if outcomes
        else {"refused": "predictors", "p": 0, "n": 0, "least": 0, "most": 0}
        for one in kept
        for outcomes in [one.document["outcomes"]]
    }


def _importance(found: Mapping[str, Any] | None, code: str) -> Estimate | None:
    """The touchpoint's relative weight, 10 for the journey's weightiest."""
    lines: Sequence[Line] = (found or {}).get("touchpoints", [])
    most = max((line["importance"] for line in lines), default=0.0)
    line = next((line for line in lines if line["code"] == code), None)
    if line is None or most <= 0:
        return None
    ends = (line["importance"], line["importance_low"], line["importance_high"])
    value, low, high = (min(10.0, 10 * max(0.0, end) / most) for end in ends)
    return Estimate(value, low, high)


def _linked_n(found: Mapping[str, Any] | None) -> int | None:
    return found.get("n") if found else None


def _satisfaction(line: Line) -> tuple[Estimate | None, float | None]:
    """The share of good answers, of ten: CSAT 4–5, else CES 5–7."""
    for metric in ("csat", "ces"):
        if found := line[metric]:
            ends = (found["value"], found["low"], found["high"])
            return Estimate(*(10 * end for end in ends)), found["n"]
    return None, None


def _why(row: Row, found: Mapping[str, Any] | None) -> dict[str, str]:
    """For every number that is missing, why."""
    why = {}
    no_effort = _("no effort is estimated yet")
    if row.customers is None:
        why["customers"] = _("passages of known customers are not in the evidence")
    if row.value is None:
        why["value"] = _("no business value is told yet")
    if row.first is None:
        why["first"] = why.get("value") or no_effort
    if row.rice is None:
        why["rice"] = why.get("customers") or no_effort
    if row.opportunity is None:
        why["opportunity"] = _why_no_opportunity(row, found)
    return why


def _why_no_opportunity(row: Row, found: Mapping[str, Any] | None) -> str:
    if row.satisfaction is None:
        return _("no CSAT or CES was answered about the touchpoint")
    if found is None:
        return not_looked_for()
    if "refused" in found:
        return drivers_records.refusal(found)[0]
    return _("too few who answered about it answered about the whole as well")


def not_looked_for() -> str:
    return _("the journey's drivers have not been looked for yet")
