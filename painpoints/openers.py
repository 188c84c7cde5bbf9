"""Opens a run's severities of groups and of weeks, and its key drivers."""

from collections.abc import Mapping
from typing import Any
from urllib.parse import urlencode

from django.utils.translation import gettext as _

from accounts import wording
from analytics.cells import Cell
from analytics.ranking import TouchpointCounts, score
from evidence.rows import Part
from painpoints.beside import beside
from painpoints.counts import breakdown_of
from painpoints.explanation import label_of
from painpoints.formulas import Definition, num, severity_lines
from painpoints.knowing import UnknownNumber, Value
from painpoints.knowing_counts import GROUPS, WEEK, count_in, part_of, part_text
from painpoints.models import ScoringRun
from painpoints.opening import Opened, Query, counted_of, opens
from painpoints.readings import line_of
from painpoints.series import Trend, counts_of_level, trends_of
from painpoints.whom import whom
from painpoints.whom_words import difference_text

Line = Mapping[str, Any]


def line_asked(run: ScoringRun, query: Query) -> Line:
    line = line_of(run, query.get("at", ""))
    if line is None:
        raise UnknownNumber("at")
    return line


@opens("cell")
def cell(run: ScoringRun, query: Query) -> Opened:
    """Severity of a touchpoint for one segment, channel or unit."""
    line, part = line_asked(run, query), part_of(query)
    against = query.get("against", "")
    found = None
    if part.dimension in GROUPS:
        both = (part.dimension, part.value, against)
        found = beside(run, *both) if against else whom(run, part.dimension)
    told = found.cells.get(line["code"], {}).get(part.value) if found else None
    if told is None:
        raise UnknownNumber("cell")
    shown = Value(told.severity, told.severity_low, told.severity_high, told.n, "points", level=90)
    words = _(
        "The touchpoint's severity for this group alone: everything is counted and scored as if "
        "there were no other, with priors fitted over the group's touchpoints."
    )
    lines = _scored_alone(run, part.dimension, told) if told.severity is not None else ()
    scope = run.journey.get_absolute_url() + "?" + urlencode(_filtered(run, part))
    return Opened(
        name=_("Severity"),
        place=f"{line['name']} · {part_text(run, part)}",
        shown=shown,
        unit=_("of 100 passages"),
        why_not=""
        if told.severity is not None
        else _("Fewer than 30 experiences of every kind, so no severity is told."),
        definition=Definition(
            _("Of 100 passages of this touchpoint about %(count)s hurt.")
            % {"count": wording.points(told.severity)}
            if told.severity is not None
            else "",
            words,
            lines,
            (("w", _("weight of the family")), ("r", _("rate of painful experiences in it"))),
        ),
        judged=_against_the_rest(told, _of(run, part.dimension, against)),
        counted=tuple(counted_of(run, line["code"], told.families, part, label_of)),
        links=((_("The journey's page for this group alone"), scope),),
    )


def _filtered(run: ScoringRun, part: Any) -> list[tuple[str, str]]:
    """The run's own scope with this group in place of its filter on such groups."""
    scope = run.scope
    pairs = [(name, scope[name]) for name in ("since", "until") if scope.get(name)]
    for name in GROUPS:
        codes = [part.value] if name == part.dimension else scope.get(f"{name}s") or []
        pairs += [(name, code) for code in codes]
    return pairs


def _scored_alone(run: ScoringRun, dimension: str, told: Cell) -> tuple[str, ...]:
    """The formula with its numbers: the column scored as for the map, see analytics.cells."""
    breakdown = breakdown_of(run)
    if breakdown is None:
        return ()
    i = breakdown.values[dimension].index(told.value)
    column = [
        TouchpointCounts(code, {f: (x[i], n[i]) for f, (x, n) in families.items() if n[i]},
                         1.0, "volume")
        for code, families in breakdown.counts[dimension].items()
    ]  # fmt: skip
    scores = score(column, weights=run.parameters["weights"])
    found = scores.by_code()[told.code]
    rates = [
        f"{label_of(family)}: r = ({num(scores.priors[family].a)} + {num(one.x)}) ÷ "
        f"({num(scores.priors[family].a)} + {num(scores.priors[family].b)} + {num(one.n)}) = "
        f"{num(one.rate)}"
        for family, one in found.families.items()
    ]
    factors = [(one.weight, one.rate) for one in found.families.values()]
    return (*severity_lines(factors, told.severity), *rates)


def _of(run: ScoringRun, dimension: str, against: str) -> str:
    """What a group is compared with, in words."""
    if not against:
        return _("Against the rest")
    return _("Against %s") % part_text(run, Part(dimension, against))


def _against_the_rest(told: Cell, label: str) -> tuple[tuple[str, str], ...]:
    if told.difference is None or told.p is None:
        return ((label, _("nothing to compare with")),)
    ends = (told.difference, told.difference_low, told.difference_high)
    exact = " … ".join(wording.signed(100 * (end or 0.0), 1) for end in ends[1:])
    return (
        (label, difference_text(told)),
        (_("90% interval of the difference"), _("%(ends)s points") % {"ends": exact}),
        (_("Compared by"), ", ".join(map(label_of, told.compared))),
        ("p", p_text(told.p)),
        (_("Does it hold?"), _("yes") if told.differs else _("no, it may be chance")),
        (_("How it is decided"), _(
            "The rest is the touchpoint for all other groups together. Both sides have Jeffreys' "
            "prior (½, ½) and draws of their own; p is twice the smaller share of draws on one "
            "side of 0. A difference holds where p passes Benjamini and Hochberg's procedure at "
            "10% among all groups and touchpoints compared.")),
    )  # fmt: skip


def p_text(p: float) -> str:
    return "< 0.001" if p < 0.001 else wording.number(p, 3)


@opens("week")
def week(run: ScoringRun, query: Query) -> Opened:
    """Severity of a touchpoint in one week."""
    line, part = line_asked(run, query), part_of(query)
    trends, breakdown = trends_of(run, line["code"]), breakdown_of(run)
    trend = trends.by_code.get(line["code"]) if trends else None
    if trend is None or trends is None or breakdown is None or part.since not in trend.weeks:
        raise UnknownNumber("week")
    i = trend.weeks.index(part.since)
    few = trend.is_thin(i)
    value = trend.severity[i]
    shown = Value(value, trend.low[i], trend.high[i], trend.n[i], "points", level=90)
    families = count_in(breakdown, line["code"], part)
    families.pop("lost", None)
    judged = [(_("Its level"), _level_text(trend, i))]
    if i >= trends.whole:
        judged.append((_("Note"), _("The week is not over, or has far less evidence than usual.")))
    elif few:
        judged.append((_("Note"), _("Fewer than 30 experiences: it is drawn hollow.")))
    return Opened(
        name=_("Severity of a week"),
        place=f"{line['name']} · {part_text(run, part)}",
        shown=shown,
        unit=_("of 100 passages"),
        why_not="" if value is not None else _("There is no evidence of it in this week."),
        definition=Definition(
            _("In this week about %(count)s of 100 passages hurt.")
            % {"count": wording.points(value)}
            if value is not None
            else "",
            _(
                "A week's rate in each family leans on the other weeks of its level: the prior "
                "Beta(a, b) is fitted over them and is itself uncertain, which the interval "
                "carries. Journeys lost take no part."
            ),
            (_("severity = 1 − Π (1 − w · r)"), "r = (a + x) ÷ (a + b + n)"),
            (("w", _("weight of the family")), ("r", _("rate of painful experiences in it"))),
        ),
        judged=tuple(judged),
        counted=tuple(counted_of(run, line["code"], families, part, label_of)),
    )


def _level_text(trend: Trend, i: int) -> str:
    """The level that a week belongs to; the newest, unfinished week belongs to the last."""
    level = next((one for one in trend.levels if one.begin <= i < one.end), trend.levels[-1])
    return _("%(severity)s of 100, over %(weeks)s weeks") % {
        "severity": wording.points(level.severity),
        "weeks": wording.number(level.end - level.begin),
    }


@opens("steady")
def steady(run: ScoringRun, query: Query) -> Opened:
    """The level of the weeks around one of them: severity between two changes."""
    line, part = line_asked(run, query), part_of(query)
    trends = trends_of(run, line["code"])
    trend = trends.by_code.get(line["code"]) if trends else None
    if trend is None or trends is None or part.since not in trend.weeks:
        raise UnknownNumber("week")
    at = trend.weeks.index(part.since)
    i = next((i for i, one in enumerate(trend.levels) if one.begin <= at < one.end), None)
    if i is None or trend.levels[i].severity is None:
        raise UnknownNumber("week")
    level = trend.levels[i]
    weeks = Part(since=trend.weeks[level.begin], until=trend.weeks[level.end - 1] + WEEK)
    families = counts_of_level(run, trends, line["code"], level)
    factors = [(run.parameters["weights"][f], x / n) for f, (x, n) in families.items()]
    n = max((n for _x, n in families.values()), default=0.0)
    return Opened(
        name=_("Level of the weeks"),
        place=f"{line['name']} · {part_text(run, weeks)}",
        shown=Value(level.severity, n=n, fmt="points"),
        unit=_("of 100 passages"),
        interval=_(
            "A level carries no interval: that it is one, and where it ends, was decided from the "
            "weeks, each of which has its own."
        ),
        definition=Definition(
            _level_text(trend, at),
            _("Severity over all whole weeks between two changes, from x and n added up."),
            (*severity_lines(factors, level.severity),
             *(f"{label_of(f)}: r = {num(x)} ÷ {num(n)} = {num(x / n)}"
               for f, (x, n) in families.items())),
            (("w", _("weight of the family")), ("r", _("rate of painful experiences in it"))),
        ),
        judged=(
            *((label, _level_text(trend, trend.levels[j].begin))
              for label, j in ((_("The level before"), i - 1), (_("The level after"), i + 1))
              if 0 <= j < len(trend.levels) and trend.levels[j].severity is not None),
            (_("How it is decided"), _(
                "A new level begins only where the weeks before and after differ by more than "
                "their usual unrest, φ.")),
        ),
        counted=tuple(counted_of(run, line["code"], families, weeks, label_of)),
        rows=_("The rows behind this run are gone, and this part was never counted."),
    )  # fmt: skip
