"""Opens how long customers are ready to wait: medians, shares after some time, the hazard."""

from typing import Any

from django.utils.translation import gettext as _

from accounts import wording
from evidence.patience import NO_SEGMENT
from painpoints.formulas import Definition, num
from painpoints.knowing import UnknownNumber, Value, address, name_of
from painpoints.knowing_counts import GAVE_UP
from painpoints.models import ScoringRun
from painpoints.opening import Counted, Opened, Query, opens
from reports.figures import patience_records
from reports.figures.patience import hazards_of
from reports.openers.waits import place_asked
from reports.patience import LEAST_AT_RISK, Difference, Group, at, is_reached
from reports.place import Place

MOST_SECONDS = 366 * 86_400


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
    if moment is None:
        told = _median(group)
    else:
        told = (_virtual if query.get("curve") == "virtual" else _after)(group, moment)
    where = f"{place.name} · {group.name}" if group.name != place.name else place.name
    return Opened(
        place=where,
        judged=_compared(groups[0], found),
        assumed=_assumed(),
        counted=_counted(place, group, by_segment),
        **told,
    )


def _assumed() -> tuple[str, ...]:
    return (
        _("Giving up and the wait offered are independent: where customers hear their place "
          "in the queue they are not, and patience is misjudged."),
        _("Short abandons are left out, so nobody is seen to give up in the first seconds."),
    )  # fmt: skip


def _counted(place: Place, group: Group, by_segment: bool = False) -> tuple[Counted, ...]:
    """The waits that the curve is made of; groups are segments, or other touchpoints."""
    code, more = (place.code, {"segment": group.code}) if by_segment else (group.code, {})
    url = address(place.run, GAVE_UP, code, **more)
    return (Counted("waited", name_of(GAVE_UP), group.gave_up, group.n, url),)


@opens("hazard")
def hazard(run: ScoringRun, query: Query) -> Opened:
    """How many give up per minute, of those who still wait after some time."""
    place = place_asked(run, query)
    group = place.groups[0] if place.patience is not None and place.groups else None
    records = hazards_of(group) if group is not None and group.gave_up else []
    record = next((r for r in records if f"{r['from_s']:g}" == query.get("from")), None)
    if group is None or record is None:
        raise UnknownNumber("from")
    value, low, high = (record[f"per_minute{end}"] for end in ("", "_low", "_high"))
    begin, end = (wording.duration(record[name]) for name in ("from_s", "to_s"))
    minutes = record["waited_s"] / 60
    return Opened(
        name=_("Give up per minute, of those waiting"),
        place=f"{place.name} · {begin} – {end}",
        shown=Value(value, low, high, record["at_risk"], "percent", 1),
        definition=Definition(
            _("Of %(n)s who still waited after %(begin)s, %(x)s gave up before %(end)s.")
            % {"n": wording.number(record["at_risk"]), "x": wording.number(record["gave_up"]),
               "begin": begin, "end": end},
            _("Who gave up in these moments ÷ the minutes that all together waited in them; the "
              "exact interval of a Poisson count."),
            (_("gave up ÷ minutes waited"),
             f"{num(record['gave_up'])} ÷ {num(minutes, 1)} = {num(value)}"),
        ),
        assumed=_assumed(),
        counted=_counted(place, group),
    )  # fmt: skip


def _seconds(text: str) -> float | None:
    if not text:
        return None
    try:
        seconds = float(text)
    except ValueError:
        raise UnknownNumber("after") from None
    if not 0 <= seconds <= MOST_SECONDS:
        raise UnknownNumber("after")
    return seconds


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
                                 (("t", _("time waited")), *_terms())),
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


def _virtual(group: Group, moment: float) -> dict[str, Any]:
    seen = moment <= group.seen_until_s
    few = _("fewer than %s waited so long") % LEAST_AT_RISK
    shown = Value(*at(group.virtual, moment), group.n, "percent", 1) if seen else Value(n=group.n)
    words = _(
        "The same estimator with the ends exchanged: being served is what happens, giving up cuts "
        "the wait short. So it is the wait that one has to expect who stays."
    )
    return {
        "name": _("Still not served after %s") % wording.duration(moment),
        "shown": shown,
        "why_not": "" if seen else few,
        "definition": Definition(
            _gave_up(group), words, LINES,
            (("d", _("served after just so long")), ("r", _("were still waiting then"))),
        ),
    }  # fmt: skip


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
