"""The list of pain points: what an address asks of it, and its lines, worst first.

Filters that the evidence knows (period, channel, segment, unit) choose the runs whose numbers are
shown; the others choose among the pain points.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from functools import cached_property
from typing import Any

from django.db.models import F, Prefetch, QuerySet, prefetch_related_objects
from django.http import QueryDict

from accounts.models import User, Workspace
from analytics.alerts import WORSE
from evidence.scope import Scope
from painpoints import shifts
from painpoints.against import documents_of, shift_between
from painpoints.glance import Glance, glances_of, shifts_of
from painpoints.models import Baseline, PainPoint, ScoringRun
from painpoints.readings import Line
from painpoints.scopes import Answered, answered
from painpoints.shifts import Shift, shift_in

NOBODY, UNDECIDED = "none", "none"


@dataclass(frozen=True)
class Asked:
    """What the address asks for; empty lists let everything through."""

    scope: Scope
    error: str = ""
    journeys: tuple[str, ...] = ()
    stages: tuple[str, ...] = ()
    types: tuple[str, ...] = ()
    causes: tuple[str, ...] = ()
    owners: tuple[str, ...] = ()
    statuses: tuple[str, ...] = ()
    sort: str = "burden"
    turned: bool = False
    against: str = shifts.BEFORE

    @property
    def is_dated(self) -> bool:
        return bool(self.scope.since or self.scope.until)

    @property
    def earlier(self) -> Scope | None:
        """The period that the chosen one is compared with; None where weeks or runs are."""
        scope = self.scope
        if scope.since is None or scope.until is None:
            return None
        if self.against == shifts.YEAR:
            return _moved(scope, _year_before(scope.since), _year_before(scope.until))
        return _moved(scope, scope.since - (scope.until - scope.since), scope.since)


@dataclass(frozen=True)
class Entry:
    """One pain point with the numbers of its touchpoint in the scope; None where there are none."""

    point: PainPoint
    run: ScoringRun | None
    burden: float | None
    severity: float | None
    shift: Shift
    line: Line | None = None
    compared: ScoringRun | None = None  # the run that `shift` is against, where it is one
    band: str = ""  # first, middle, last of a bracket, or nothing


@dataclass
class Listing:
    """Everything the page tells; `entries` are all, in order."""

    asked: Asked
    entries: list[Entry]
    answers: Answered
    glances: Mapping[int, Glance] = field(default_factory=dict)

    @cached_property
    def counts(self) -> dict[str, int]:
        unsolved = [e for e in self.entries if not e.point.is_closed]
        return {
            "all": len(self.entries),
            "unsolved": len(unsolved),
            "nobody": sum(e.point.owner_id is None for e in unsolved),
        }


def asked_in(query: QueryDict, scope: Scope, error: str = "") -> Asked:
    """Words that mean nothing here choose nothing or are left out, never an error."""
    sort = query.get("sort", "")
    turned, sort = sort.startswith("-"), sort.removeprefix("-")
    against = query.get("against", "")
    dated = bool(scope.since or scope.until)
    allowed = (shifts.BEFORE, shifts.YEAR) if dated or not scope.is_whole else tuple(shifts.AGAINST)

    def chosen(name: str) -> tuple[str, ...]:
        return tuple(word for word in query.getlist(name) if word)

    return Asked(
        scope=scope,
        error=error,
        journeys=chosen("journey"),
        stages=chosen("stage"),
        types=chosen("type"),
        causes=chosen("cause"),
        owners=chosen("owner"),
        statuses=chosen("status"),
        sort=sort if sort in ORDERS else "burden",
        turned=turned and sort in ORDERS,
        against=against if against in allowed else shifts.BEFORE,
    )


def listing_of(workspace: Workspace, asked: Asked, user: User) -> Listing:
    """All pain points that are asked for, with what sorts them; lines come with `with_lines`."""
    points = _known(workspace, list(chosen_points(workspace, asked)))
    answers = answered(
        workspace=workspace,
        scope=asked.scope,
        earlier=asked.earlier,
        journeys=(point.journey_id for point in points),
        user=user,
    )
    runs = {pk: answers.runs[pk] for pk in {p.journey_id for p in points} & set(answers.runs)}
    listing = Listing(asked, [], answers, glances_of(runs.values()))
    entries = [_entry(point, runs, listing) for point in points]
    if asked.sort == "change":
        entries = with_shifts(listing, entries, workspace)
    listing.entries = ordered(entries, asked)
    return listing


def chosen_points(workspace: Workspace, asked: Asked) -> QuerySet[PainPoint]:
    points = PainPoint.objects.shown(workspace).select_related("touchpoint").defer("note")
    if asked.journeys:
        points = points.filter(journey__slug__in=asked.journeys)
    if asked.stages:
        # Steps of the pain point's own journey: the touchpoint may stand on others too.
        points = points.filter(pk__in=_in_stages(workspace, asked.stages))
    if asked.types:
        points = points.filter(type__in=["" if t == UNDECIDED else t for t in asked.types])
    if asked.causes:
        points = points.filter(cause__in=["" if c == UNDECIDED else c for c in asked.causes])
    if asked.statuses:
        points = points.filter(status__in=asked.statuses)
    if asked.owners:
        people = [int(pk) for pk in asked.owners if pk.isdigit() and len(pk) < 15]
        mine = points.filter(owner__in=people)
        points = mine | points.filter(owner=None) if NOBODY in asked.owners else mine
    return points


def _known(workspace: Workspace, points: list[PainPoint]) -> list[PainPoint]:
    """With their journeys and owners, each of which is read once."""
    journeys = {journey.pk: journey for journey in workspace.journeys.all()}
    owners = User.objects.in_bulk({point.owner_id for point in points} - {None})
    for journey in journeys.values():
        journey.workspace = workspace
    points = [point for point in points if point.journey_id in journeys]
    for point in points:
        point.workspace, point.journey = workspace, journeys[point.journey_id]
        point.owner = owners.get(point.owner_id) if point.owner_id else None
    return points


def _in_stages(workspace: Workspace, stages: tuple[str, ...]) -> QuerySet[Any]:
    found = PainPoint.objects.filter(workspace=workspace, touchpoint__steps__stage__name__in=stages)
    return found.filter(touchpoint__steps__journey=F("journey")).values("pk")


def _entry(point: PainPoint, runs: Mapping[int, ScoringRun], listing: Listing) -> Entry:
    run = runs.get(point.journey_id)
    glance = listing.glances.get(run.pk) if run else None
    burden, severity = glance.place(point.touchpoint.code) if glance else (None, None)
    is_waiting = run is None and point.journey_id in listing.answers.waiting
    return Entry(
        point, run, burden, severity, Shift(shifts.WAITING if is_waiting else shifts.NEITHER)
    )


def with_shifts(listing: Listing, entries: list[Entry], workspace: Workspace) -> list[Entry]:
    """The entries with how each changed."""
    asked = listing.asked
    runs = {entry.run.pk: entry.run for entry in entries if entry.run}.values()
    if asked.is_dated:
        return _all_between(entries, listing.answers.earlier, asked)
    if asked.against == shifts.BASELINE:
        return _all_between(entries, _baselines(workspace), asked)
    documents = shifts_of(runs)
    return [
        replace(
            entry,
            shift=shift_in(documents[entry.run.pk][asked.against], entry.point.touchpoint.code),
        )
        if entry.run
        else entry
        for entry in entries
    ]


def _all_between(
    entries: list[Entry], earlier: Mapping[int, ScoringRun], asked: Asked
) -> list[Entry]:
    """Against another run of the same journey."""
    pairs = {}
    for entry in entries:
        then = earlier.get(entry.point.journey_id)
        if entry.run and then and then.pk != entry.run.pk:
            pairs[entry.run.pk] = (then, entry.run)
    documents = documents_of(pairs.values())
    found = []
    for entry in entries:
        then = earlier.get(entry.point.journey_id)
        if entry.run is None:
            found.append(entry)
        elif entry.run.pk in pairs and then is not None:
            code = entry.point.touchpoint.code
            shift = shift_between(then, entry.run, documents[entry.run.pk], code)
            found.append(replace(entry, shift=shift, compared=then))
        else:
            found.append(replace(entry, shift=Shift(_why_alone(then, asked))))
    return found


def _why_alone(then: ScoringRun | None, asked: Asked) -> str:
    if not asked.is_dated:
        return shifts.NONE_PINNED if then is None else shifts.IS_BASELINE
    return shifts.OPEN_PERIOD if asked.earlier is None else shifts.NOT_BEFORE


def _baselines(workspace: Workspace) -> dict[int, ScoringRun]:
    pinned = Baseline.objects.filter(journey__workspace=workspace).select_related("run__workspace")
    return {one.journey_id: one.run for one in pinned.defer("run__result", "run__parameters")}


# Word → what is compared, the most pressing first; None comes last.
ORDERS: dict[str, Callable[[Entry], Any]] = {
    "burden": lambda e: None if e.burden is None else -e.burden,
    "severity": lambda e: None if e.severity is None else -e.severity,
    "change": lambda e: None if e.shift.why else (e.shift.holds != WORSE, -e.shift.difference),
    "age": lambda e: e.point.created_at,
    "name": lambda e: str(e.point).casefold(),
    "journey": lambda e: e.point.journey.name.casefold(),
    "owner": lambda e: str(e.point.owner).casefold() if e.point.owner else None,
}


def ordered(entries: list[Entry], asked: Asked) -> list[Entry]:
    """Unsolved before closed; what has no value comes last among them."""
    key = ORDERS[asked.sort]
    told = sorted((e for e in entries if key(e) is not None), key=lambda e: e.point.title)
    told.sort(key=key, reverse=asked.turned)
    rest = sorted((e for e in entries if key(e) is None), key=lambda e: e.point.title)
    return sorted([*told, *rest], key=lambda e: e.point.is_closed)


def with_lines(entries: list[Entry]) -> list[Entry]:
    """With the whole line of each touchpoint; the runs' results are read in one query."""
    closed = [entry.point for entry in entries if entry.point.is_closed]
    last = ScoringRun.objects.only("pk", "evidence_revision")
    prefetch_related_objects(closed, Prefetch("last_run", queryset=last))
    runs = {entry.run.pk for entry in entries if entry.run}
    results = dict(ScoringRun.objects.filter(pk__in=runs).values_list("pk", "result"))
    lines = {
        (pk, line["code"]): line
        for pk, result in results.items()
        for line in (result or {"touchpoints": []})["touchpoints"]
    }
    return [
        replace(entry, line=lines.get((entry.run.pk, entry.point.touchpoint.code)))
        if entry.run
        else entry
        for entry in entries
    ]


def _moved(scope: Scope, since: date, until: date) -> Scope:
    return replace(scope, since=since, until=until)


def _year_before(day: date) -> date:
    """52 weeks, so that weekdays stay what they are."""
    return date.fromordinal(day.toordinal() - 364)
