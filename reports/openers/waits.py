"""Opens figures of one touchpoint's waits: of an hour of the week, and service levels."""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _

from accounts import wording
from accounts.clock import hour_of_week
from evidence.rows import HOUR, Part
from evidence.scope import Scope
from painpoints.formulas import Definition, num, wilson_lines
from painpoints.knowing import UnknownNumber, Value, address
from painpoints.knowing_counts import GAVE_UP, part_number
from painpoints.models import ScoringRun
from painpoints.opening import Counted, Opened, Query, opens
from reports.figures import hours_records, waiting_levels
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


def counted_in_hour(place: Place, hour: int) -> tuple[Counted, ...]:
    """The waits of one hour of the week, with the way to their rows."""
    part = Part(HOUR, str(hour))
    numbers = [part_number(place.run, figure, place.code, part) for figure in ("waited", GAVE_UP)]
    return tuple(
        Counted("waited", number.name, number.found["x"], number.found["n"], number.address())
        for number in numbers
        if number.found
    )


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
        counted=(
            Counted(
                "waited",
                found["label"],
                found["x"],
                found["n"],
                address(run, "service_level", place.code),
            ),
        )
        if found["used"]
        else (),
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
        counted=counted_in_hour(place, record["hour_of_week"]),
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
