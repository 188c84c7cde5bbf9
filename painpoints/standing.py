"""One sentence for whoever is no statistician: where a touchpoint ranks, why, how sure we are."""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts import wording
from painpoints.models import ScoringRun

Line = Mapping[str, Any]
# A family that explains so much is why; below that, the second one is told as well.
MOSTLY, ALL = 0.5, 0.995
TOP = 3
NEARLY_SURE = 0.995


def standing_of(run: ScoringRun | None, line: Line | None) -> str:
    """It ranks first: 31 of 100 passages hurt (28–34), mostly because …; we are 99% sure that …"""
    if run is None or line is None or line["severity"] is None:
        return ""
    ends = f"{wording.points(line['severity_low'])}–{wording.points(line['severity_high'])}"
    hurts = f"{wording.of_hundred(line['severity'])} ({ends})"
    if line["rank"] is None:
        return _(
            "It has no rank yet, for fewer than 30 experiences of any kind are known; as far as "
            "they tell, %(hurts)s."
        ) % {"hurts": hurts}
    causes = _causes(run, line)
    words = {"rank": line["rank"], "hurts": hurts, "sure": _sure(run, line)}
    return _pattern(line, len(causes)) % {
        **words,
        **dict(zip(("cause", "also"), causes, strict=False)),
    }


def _pattern(line: Line, causes: int) -> str:
    """A whole sentence for every case, so that it can be translated as one."""
    most = max((f["share"] for f in line["families"].values()), default=0.0)
    is_first = line["rank"] == 1
    if causes == 0:
        return (
            _("It ranks first: %(hurts)s; %(sure)s.")
            if is_first
            else _("It ranks number %(rank)s: %(hurts)s; %(sure)s.")
        )
    if causes == 2:
        return (
            _("It ranks first: %(hurts)s, because %(cause)s, and %(also)s; %(sure)s.")
            if is_first
            else _(
                "It ranks number %(rank)s: %(hurts)s, because %(cause)s, and %(also)s; %(sure)s."
            )
        )
    if most >= ALL:
        return (
            _("It ranks first: %(hurts)s, because %(cause)s; %(sure)s.")
            if is_first
            else _("It ranks number %(rank)s: %(hurts)s, because %(cause)s; %(sure)s.")
        )
    return (
        _("It ranks first: %(hurts)s, mostly because %(cause)s; %(sure)s.")
        if is_first
        else _("It ranks number %(rank)s: %(hurts)s, mostly because %(cause)s; %(sure)s.")
    )


def _causes(run: ScoringRun, line: Line) -> list[str]:
    """What explains most, and what explains next most where that is not most of it."""
    told = [pair for pair in line["families"].items() if pair[1]["share"] > 0]
    told.sort(key=lambda pair: -pair[1]["share"])
    shown = 1 if told and told[0][1]["share"] >= MOSTLY else 2
    return [_cause(run, line, family, found) for family, found in told[:shown]]


def _cause(run: ScoringRun, line: Line, family: str, found: Mapping[str, float]) -> str:
    words = {
        # Weighted answers are counted in parts; whole ones say enough here.
        "x": wording.number(found["x"]),
        "n": wording.number(found["n"]),
        "days": run.parameters["repeat_days"],
    }
    waits = line["waits"] or {}
    if family == "waited" and len(waits.get("promises") or []) == 1:
        promise = wording.duration(waits["promise_s"])
        return _(
            "%(x)s of %(n)s customers waited longer than the promised %(promise)s or gave up"
        ) % {**words, "promise": promise}
    is_one = round(found["x"])
    return {
        "felt": ngettext(
            "%(x)s of %(n)s answers tells of pain", "%(x)s of %(n)s answers tell of pain", is_one
        ),
        "waited": _("%(x)s of %(n)s customers waited longer than promised or gave up"),
        "repeated": ngettext(
            "%(x)s of %(n)s passages was by a customer who had been here within %(days)s days",
            "%(x)s of %(n)s passages were by customers who had been here within %(days)s days",
            is_one,
        ),
        "lost": _("%(x)s of %(n)s journeys that came here ended here, short of the goal"),
        "complained": _("%(x)s of %(n)s passages led to a complaint"),
    }[family] % words


def _sure(run: ScoringRun, line: Line) -> str:
    ranked = sum(t["rank"] is not None for t in (run.result or {})["touchpoints"])
    if ranked == 1:
        return _("no other touchpoint has enough evidence to be ranked beside it")
    low, high, p = line["rank_low"], line["rank_high"], line["p_top3"]
    words = {"low": low, "high": high, "ranked": ranked, "p": certainty(p)}
    if low == high and (ranked <= TOP or low > TOP):
        return (
            _("we are at least 90%% sure of its place among the %(ranked)s ranked touchpoints")
            % words
        )
    if low == high:
        return _("we are %(p)s sure that it is among the three worst") % words
    if ranked <= TOP or p < MOSTLY:
        return _("it may be anywhere from place %(low)s to place %(high)s") % words
    return (
        _(
            "it may be anywhere from place %(low)s to place %(high)s, and we are %(p)s sure that "
            "it is among the three worst"
        )
        % words
    )


def certainty(p: float) -> str:
    """A probability read off draws: 4,000 draws all alike are no proof."""
    return _("more than 99%") if p >= NEARLY_SURE else wording.percent(p)
