"""Opens the figures of one touchpoint's waits: of an hour of the week, and of patience."""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _

from accounts import wording
from evidence.patience import NO_SEGMENT
from evidence.scope import Scope
from painpoints.definitions import Definition, num, wilson_lines
from painpoints.knowing import UnknownNumber, Value, address
from painpoints.models import ScoringRun
from painpoints.opening import Opened, Query, opens
from reports.figures import hours_records, patience_records, waiting_levels
from reports.figures.clock import hour_of_week
from reports.patience import LEAST_AT_RISK, Difference, Group, is_reached
from reports.place import Place, place_of

FORMATS = {"late": "percent", "abandoned": "percent", "wait": "seconds", "offered": "number"}


def place_asked(run: ScoringRun, query: Query) -> Place:
    scope = Scope.from_json(run.scope)
    place = place_of(run.journey, scope, run, query.get("at", ""))
    if place is None:
        raise UnknownNumber("at")
    return place


def all_waits(place: Place) -> tuple[tuple[str, str], ...]:
    """Where the touchpoint's waits are listed one by one."""
    figure = "waited" if place.has_promise else "abandonment"
    return ((_("All waits of this touchpoint, one by one"),
             address(place.run, figure, place.code)),)  # fmt: skip


@opens("level")
def level(run: ScoringRun, query: Query) -> Opened:
    """A service level by one of its usual names."""
    place = place_asked(run, query)
    levels = waiting_levels.levels(place.line, place.hours)
    found = next((one for one in levels if one["name"] == query.get("figure")), None)
    if found is None or found["value"] is None:
        raise UnknownNumber("figure")
    shown = Value(found["value"], found["low"], found["high"], found["n"], "percent", 1)
    return Opened(
        name=_("Served within the promise"),
        place=f"{place.name} · {found['label']}",
        shown=shown,
        definition=Definition(
            _("%(x)s of %(n)s were served within the promise.")
            % {"x": wording.number(found["x"]), "n": wording.number(found["n"])},
            _("The names differ in what becomes of those who gave up; Wilson's interval."),
            wilson_lines(found["x"], found["n"], shown),
        ),
        rows=_("Its waits are among those of the touchpoint."),
        links=all_waits(place),
    )


@opens("hour")
def hour(run: ScoringRun, query: Query) -> Opened:
    """A measure of one hour of the week."""
    place, measure = place_asked(run, query), query.get("figure", "")
    records = hours_records.records_of(place.code, place.hours) if place.hours else []
    record = next((r for r in records if str(r["hour_of_week"]) == query.get("hour")), None)
    if record is None or measure not in hours_records.MEASURES:
        raise UnknownNumber(measure)
    value, low, high = (record[name] for name in hours_records.MEASURES[measure])
    n = record["promised"] if measure == "late" else record["offered"]
    digits = None if measure == "wait" else 1
    shown = Value(value, low, high, n, FORMATS[measure], digits)
    name = hours_records.label_of(measure)
    return Opened(
        name=name,
        place=f"{place.name} · {hour_of_week(record['hour_of_week'])}",
        shown=shown if value is not None else Value(n=n),
        why_not="" if value is not None else _why(measure, record),
        definition=Definition(
            _hour_sentence(measure, record) if value is not None else "",
            _hour_words(measure),
            _hour_lines(measure, record, shown) if value is not None else (),
        ),
        judged=(
            (_("Days on which it was seen"), wording.number(record["days"])),
            (_("Observed"), wording.duration(record["observed_s"])),
            (_("Clock"), str(run.parameters["timezone"])),
        ),
        assumed=(
            _("Waits of one hour are taken to be independent; in a rush they are not, so the "
              "interval is rather too narrow."),
        ),
        rows=_("The rows are not listed hour by hour."),
        links=all_waits(place),
    )  # fmt: skip


def _why(measure: str, record: Mapping[str, Any]) -> str:
    if record["too_little_evidence"] or (measure == "late" and record["promised"]):
        return _("Fewer than 30 waits in this hour.")
    if measure == "late":
        return _("No promise applies to these waits, so none can be longer than promised.")
    return _("It is not known how long this hour was observed.")


def _hour_sentence(measure: str, record: Mapping[str, Any]) -> str:
    x, n = {
        "late": (record["late"], record["promised"]),
        "abandoned": (record["abandoned"], record["offered"]),
    }.get(measure, (0, record["offered"]))
    said = {
        "late": _("%(x)s of %(n)s waited longer than promised, or gave up."),
        "abandoned": _("%(x)s of %(n)s gave up waiting."),
        "wait": _("%(n)s waits lasted %(time)s on average."),
        "offered": _("%(n)s came in %(hours)s hours."),
    }[measure]
    return said % {
        "x": wording.number(x),
        "n": wording.number(n),
        "time": wording.duration(record["mean_wait_s"]),
        "hours": wording.number(record["observed_s"] / 3600, 1),
    }


def _hour_words(measure: str) -> str:
    return {
        "late": _(
            "Share of waits to which a promise applies that were served late or given up. Short "
            "abandons are left out."
        ),
        "abandoned": _("Who gave up, of all waits without short abandons; Wilson's interval."),
        "wait": _("Mean of all waits offered, also of those who gave up; normal interval."),
        "offered": _("Waits offered ÷ hours observed; the exact interval of a Poisson count."),
    }[measure]


def _hour_lines(measure: str, record: Mapping[str, Any], shown: Value) -> tuple[str, ...]:
    if measure == "late":
        return wilson_lines(record["late"], record["promised"], shown)
    if measure == "abandoned":
        return wilson_lines(record["abandoned"], record["offered"], shown)
    if measure == "offered":
        hours = record["observed_s"] / 3600
        return (f"{num(record['offered'])} ÷ {num(hours, 1)} h = {num(shown.value, 2)}",)
    return ()


@opens("patience")
def patience(run: ScoringRun, query: Query) -> Opened:
    """The median patience of a touchpoint or segment, or the share patient after some time."""
    place, code = place_asked(run, query), query.get("who", "")
    by_segment = query.get("of") == "segments"
    if place.patience is None or code == NO_SEGMENT:
        raise UnknownNumber("who")
    groups = place.segments if by_segment else place.groups
    group = next((one for one in groups if one.code == code), None)
    if group is None:
        raise UnknownNumber("who")
    differing = place.segment_differences if by_segment else place.touchpoint_differences
    found = next((one for one in differing if one.group.code == code), None)
    moment = _seconds(query.get("after", ""))
    told = _after(group, moment) if moment is not None else _median(group)
    where = f"{place.name} · {group.name}" if group.name != place.name else place.name
    return Opened(
        place=where,
        judged=_compared(groups[0], found),
        assumed=(
            _("Giving up and the wait offered are independent: where customers hear their place "
              "in the queue they are not, and patience is misjudged."),
            _("Short abandons are left out, so nobody is seen to give up in the first seconds."),
        ),
        rows=_("The curve is made of all waits of the touchpoint by their length."),
        links=all_waits(place),
        **told,
    )  # fmt: skip


def _seconds(text: str) -> float | None:
    if not text:
        return None
    try:
        return float(text)
    except ValueError:
        raise UnknownNumber("after") from None


def _median(group: Group) -> dict[str, Any]:
    value, low, high = group.median()
    known = bool(group.seen_until_s) and is_reached(value)
    shown = Value(value, low, high if is_reached(high) else None, group.n, "seconds")
    return {
        "name": _("Half would give up within"),
        "shown": shown if known else Value(n=group.n),
        "why_not": "" if known else patience_records.median_text(group),
        "interval": "" if is_reached(high) else _("Its upper end lies beyond what was seen."),
        "definition": Definition(_gave_up(group), _words(), LINES,
                                 ((_("t"), _("time waited")), *_terms())),
    }  # fmt: skip


def _after(group: Group, moment: float) -> dict[str, Any]:
    found = group.patient_at(moment)
    few = _("fewer than %s waited so long") % LEAST_AT_RISK
    return {
        "name": _("Still patient after %s") % wording.duration(moment),
        "shown": Value(*found, group.n, "percent", 1) if found else Value(n=group.n),
        "why_not": "" if found else few,
        "definition": Definition(_gave_up(group), _words(), LINES, _terms()),
    }


LINES = ("S(t) = Π (1 − d ÷ r)", "ln(−ln S) ± 1.96 · √(Σ d ÷ (r · (r − d))) ÷ |ln S|")


def _terms() -> tuple[tuple[str, str], ...]:
    return (
        ("d", _("gave up after just so long")),
        ("r", _("were still waiting then")),
    )


def _gave_up(group: Group) -> str:
    return _("%(x)s of %(n)s gave up waiting.") % {
        "x": wording.number(group.gave_up),
        "n": wording.number(group.n),
    }


def _words() -> str:
    return _(
        "Kaplan–Meier: the share who would still wait after so long, if nobody were served. "
        "Whoever was served might have waited longer and counts until then. The interval is "
        "Greenwood's, on the log(−log) scale; it is told as long as 30 still wait."
    )


def _compared(first: Group, found: Difference | None) -> tuple[tuple[str, str], ...]:
    if found is None:
        return ()
    return (
        (_("Against “%(name)s”") % {"name": first.name}, patience_records.difference_text(found)),
        (_("How it is decided"), _(
            "Log-rank test, corrected for being one of several (Benjamini and Hochberg, 10%).")),
    )  # fmt: skip
