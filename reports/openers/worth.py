"""Opens what mending a pain point is worth: value, value for effort, RICE, opportunity score."""

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from accounts import wording
from analytics.opportunity import DAYS_A_MONTH, Estimate, confidence
from evidence.scope import Scope
from painpoints.formulas import Definition, num
from painpoints.knowing import UnknownNumber, Value, address
from painpoints.listing import Asked as Chosen
from painpoints.models import ScoringRun
from painpoints.opening import Opened, Query, opens
from painpoints.readings import runs_beside, volume
from reports.figures.matrix_records import DIGITS
from reports.matrix import ANY, Asked, Row, rows_of

FIGURES = ("value", "first", "rice", "opportunity")


@opens("worth")
def worth(run: ScoringRun, query: Query) -> Opened:
    """One number of a pain point's row in the opportunity matrix."""
    figure, weight = query.get("figure", ""), query.get("business", "0")
    if figure not in FIGURES or not weight.isdigit():
        raise UnknownNumber(figure)
    any_of_it = Chosen(Scope(), journeys=(run.journey.slug,), statuses=(ANY,))
    asked = Asked(any_of_it, business=min(100, int(weight)))
    rows = rows_of(run.workspace, asked, runs_beside(run))
    found = [row for row in rows if str(row.point.pk) == query.get("point")]
    if not found or found[0].run is None or found[0].run.pk != run.pk:
        raise UnknownNumber("point")
    row = found[0]
    told: Estimate | None = getattr(row, figure)
    name, unit, definition = {
        "value": _value, "first": _first, "rice": _rice, "opportunity": _opportunity,
    }[figure](row, asked.business)  # fmt: skip
    n = row.satisfaction_n if figure == "opportunity" else volume(row.line) if row.line else None
    code = row.point.touchpoint.code
    return Opened(
        name=name,
        place=str(row.point),
        shown=Value(
            told.value if told else None, told.low if told else None,
            told.high if told else None, n, "number",
            digits=DIGITS[figure], level=90 if figure != "opportunity" else 95,
        ),
        unit=unit,
        why_not=row.why.get(figure, "") if told is None else "",
        definition=definition,
        interval=_interval(figure),
        assumed=_assumed(figure),
        rows=_("It is made of numbers that open to their own rows, and of what people estimated."),
        links=(
            (_("How we know the burden"), address(run, "burden", code)),
            (_("The pain point, with the history of its estimates"),
             reverse("painpoints:detail", args=[run.workspace.slug, row.point.pk])),
        ),
    )  # fmt: skip


def _value(row: Row, business: int) -> tuple[str, str, Definition]:
    told = row.point.business_value
    lines = (
        _("V = (%(c)s × C + %(b)s × B) ÷ 100") % {"c": 100 - business, "b": business},
        f"V = {_num(row.value)}",
    )
    return pgettext("of mending", "Value"), _("of 10"), Definition(
        "",
        _(
            "What mending is worth, 0 to 10: the customers' value and the business' value, each "
            "by its weight. The weights stand in the page's address and are nowhere stored."
        ),
        lines,
        (
            ("C", _("customers' value: the burden, 10 for the heaviest of the workspace")),
            ("B", _("business value, told by people: %s")
             % (wording.number(told) if told is not None else _("not told yet"))),
        ),
    )  # fmt: skip


def _first(row: Row, business: int) -> tuple[str, str, Definition]:
    days = row.point.effort_days
    return (
        _("Value for 10 days"),
        "",
        Definition(
            "",
            _("What ten person-days of work bring, if the whole of the pain goes."),
            (f"10 × V ÷ E = 10 × {_num(row.value)} ÷ {wording.number(days)} = {_num(row.first)}",),
            (("V", _("value of 10")), ("E", _("effort in person-days, estimated by people"))),
        ),
    )


def _rice(row: Row, business: int) -> tuple[str, str, Definition]:
    sure = confidence(row.severity) if row.severity else None
    return "RICE", _("painful customers spared for a person-month"), Definition(
        "",
        _(
            "Reach × impact × confidence ÷ effort: how many customers a person-month of work "
            "spares pain, as far as the evidence vouches for it."
        ),
        (
            f"R × I × C ÷ E = {wording.number(row.customers)} × "
            f"{num(row.severity.value) if row.severity else wording.NO_VALUE} × "
            f"{num(sure) if sure is not None else wording.NO_VALUE} ÷ "
            f"({wording.number(row.point.effort_days)} ÷ {wording.number(DAYS_A_MONTH)}) = "
            f"{_num(row.rice)}",
        ),
        (
            ("R", _("reach: customers who pass the touchpoint, as counted in the evidence")),
            ("I", _("impact: the severity, the most that mending can take away")),
            ("C", _("confidence: the lower end of the severity's 90% interval ÷ the severity")),
            ("E", _("effort in person-months of 20 days")),
        ),
    )  # fmt: skip


def _opportunity(row: Row, business: int) -> tuple[str, str, Definition]:
    return (
        _("Opportunity score"),
        _("of 20"),
        Definition(
            "",
            _(
                "Ulwick's score: what matters much and satisfies little. Nobody is asked how "
                "important a touchpoint is; its importance is derived from whose answers move the "
                "answer about the journey."
            ),
            (
                f"I + max(I − S, 0) = {_num(row.importance)} + "
                f"max({_num(row.importance)} − {_num(row.satisfaction)}, 0) = "
                f"{_num(row.opportunity)}",
            ),
            (
                ("I", _("importance: Johnson's relative weight, 10 for the journey's weightiest")),
                ("S", _("satisfaction: the share of good answers (CSAT 4–5, else CES 5–7), of 10")),
            ),
        ),
    )


def _interval(figure: str) -> str:
    if figure == "opportunity":
        return _(
            # xgettext:no-python-format
            "The ends combine the least and the most favourable ends of importance and "
            "satisfaction (95% each), so that the interval is wider rather than narrower."
        )
    return _(
        # xgettext:no-python-format
        "90%, from the severity and the burden alone: what people estimated is taken as told."
    )


def _assumed(figure: str) -> tuple[str, ...]:
    return {
        "rice": (
            _("Journeys are comparable where their evidence covers the same time."),
            _("Mending takes the whole of the pain away."),
        ),
        "opportunity": (
            _("Drivers describe what goes together; they do not prove what an improvement would "
              "bring."),
        ),
    }.get(figure, (_("Mending takes the whole of the pain away."),))  # fmt: skip


def _num(estimate: Estimate | None) -> str:
    return num(estimate.value) if estimate else wording.NO_VALUE
