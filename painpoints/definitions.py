"""What a number means: in one plain sentence, as a definition, and as its formula filled in.

The formulas are those of docs/methods.md, with the same symbols; the numbers are the run's own.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from math import sqrt
from typing import Any

from django.utils.formats import number_format
from django.utils.translation import gettext as _

from accounts import wording
from analytics.severity import FAMILIES
from painpoints.explanation import count_of, explain, sentence_of
from painpoints.knowing import ASKED, QUANTILES, Number
from painpoints.readings import volume

Z = 1.959964


@dataclass(frozen=True)
class Definition:
    """`lines`: the formula, then the same with this number's values; `terms`: what symbols mean."""

    sentence: str
    words: str
    lines: tuple[str, ...] = ()
    terms: tuple[tuple[str, str], ...] = ()


def definition_of(number: Number) -> Definition:
    """Of a number that is known; what it would mean, without values, of one that is not."""
    known = number.shown.value is not None
    figure = number.figure
    if figure in FAMILIES:
        lines = _family_lines(number) if known else ("r = (a + x) ÷ (a + b + n)",)
        terms = [("x, n", _("painful experiences, and all that were counted")),
                 ("a, b", _("the prior: what is usual at this journey's touchpoints")),
                 ("r", _("the rate: mean of its posterior, a Beta distribution"))]  # fmt: skip
        told = sentence_of(figure, number.found or {}) if known else ""
        return Definition(told, _family_words(number), lines, tuple(terms))
    told = _sentence(number) if known else ""
    lines = _lines(number) if known else ()
    return Definition(told, _words(number), lines, _terms(figure))


def _sentence(number: Number) -> str:
    line, found, shown = number.line, number.found or {}, number.shown
    n = count_of(shown.n or 0)
    if number.figure == "severity":
        return _("Of 100 passages of this touchpoint about %(count)s hurt.") % {
            "count": wording.points(shown.value)
        }
    if number.figure == "burden":
        return _("Per 1,000 customers of the journey, about %(count)s passages hurt here.") % {
            "count": wording.number(shown.value)
        }
    if number.figure == "rank":
        ranked = sum(t["rank"] is not None for t in number.result["touchpoints"])
        return _(
            "By painful passages per 1,000 customers it stands at place %(rank)s of %(of)s; "
            "chance leaves places %(low)s to %(high)s open."
        ) % {"rank": line["rank"], "of": ranked, "low": line["rank_low"], "high": line["rank_high"]}
    if number.figure == "reach":
        return _reach_sentence(number)
    if number.figure in ASKED:
        return _asked_sentence(number.figure, found)
    if number.figure in QUANTILES:
        share = {"wait_p50": 0.5, "wait_p90": 0.9, "wait_p95": 0.95}[number.figure]
        return _("%(share)s of %(n)s waits were over within %(time)s.") % {
            "share": wording.percent(share), "n": n, "time": wording.duration(shown.value)
        }  # fmt: skip
    if number.figure == "wait_mean":
        return _("%(n)s waits lasted %(time)s on average.") % {
            "n": n, "time": wording.duration(shown.value)
        }  # fmt: skip
    if number.figure == "service_level":
        x = found.get("in_time", round((shown.value or 0) * (shown.n or 0)))
        return _("%(x)s of %(n)s were served within the promise.") % {"x": count_of(x), "n": n}
    return _("%(x)s of %(n)s gave up waiting.") % {"x": count_of(found["abandoned"]), "n": n}


def _reach_sentence(number: Number) -> str:
    if number.line["reach_basis"] == "interactions":
        return _("%(x)s of the journey's %(n)s customers pass here.") % {
            "x": count_of(number.line["passages"]["customers"]),
            "n": count_of(number.result["customers"]),
        }
    return _(
        "Nothing tells which customers pass here, so what was counted here, %(x)s, stands beside "
        "the most counted at any touchpoint, %(n)s."
    ) % {"x": count_of(volume(number.line)), "n": count_of(_largest(number.result))}


def _asked_sentence(figure: str, found: Mapping[str, Any]) -> str:
    words = {
        "nps": _("Of %(n)s answers %(x)s recommend it (9–10) and %(d)s do not (0–6)."),
        "csat": _("%(x)s of %(n)s answers are satisfied: 4 or 5 of 5."),
        "ces": _("%(x)s of %(n)s answers say that it was easy: 5 to 7 of 7."),
        "metric": _("%(x)s of %(n)s answers were painful."),
    }[figure]
    x, d = found.get("promoters", found.get("x")), found.get("detractors")
    if x is None:
        return ""
    said = {"x": count_of(x), "n": count_of(found["n_eff"])}
    return words % ({**said, "d": count_of(d)} if d is not None else said)


def _words(number: Number) -> str:
    return {
        "severity": _(
            "Severity is the chance that a passage hurts. Families of signals hurt independently "
            "of each other; a weight is the share of such experiences that really hurt."
        ),
        "burden": _(
            "Burden is how many painful passages a touchpoint causes per 1,000 customers: how many "
            "come here, times how often it hurts. The ranking goes by it."
        ),
        "rank": _(
            "Touchpoints are ranked by burden, worst first. 4,000 draws from what the evidence "
            "leaves possible give the places it may really have, and how sure it is among the "
            "three worst."
        ),
        "reach": _(
            "Reach is the share of the journey's customers who pass the touchpoint; where no "
            "interactions tell, its volume beside the largest volume."
        ),
        "nps": _(
            "Share of promoters (9–10) less share of detractors (0–6), from −100 to +100; adjusted "
            "Wald interval (Rocks 2016)."
        ),
        "csat": _("Share of answers that are 4 or 5 of 5; Wilson's interval."),
        "ces": _("Share of answers that are 5, 6 or 7 of 7; Wilson's interval."),
        "metric": _("Share of answers at or beyond the metric's threshold; Wilson's interval."),
        "service_level": _(
            "Served within the promise, of all served and all who gave up after more than the "
            "promise; Wilson's interval."
        ),
        "abandonment": _("Who gave up, of all waits without short abandons; Wilson's interval."),
    }.get(
        number.figure,
        _(
            "Of all waits, served or given up, without short abandons. The value is exact for "
            "these waits; the interval says how far it would be off for all customers like these."
        )
        + " "
        + (
            _("Student's t interval.")
            if number.figure == "wait_mean"
            else _("The interval lies between two of the waits and assumes no distribution.")
        ),
    )


def _family_words(number: Number) -> str:
    words = {
        "felt": _("Share of all answers about the touchpoint, to any question, that tell of pain."),
        "waited": _(
            "Share of waits to which a promise applies that were served late or given up. Short "
            "abandons are left out."
        ),
        "repeated": _("Share of passages whose customer had passed here shortly before."),
        "lost": _("Share of journeys that came here and ended here, short of the goal."),
        "complained": _("Complaints about the touchpoint, of its passages."),
    }[number.figure]
    shrunk = _("Small samples are drawn towards what is usual in the journey.")
    return f"{words} {shrunk}"


def _terms(figure: str) -> tuple[tuple[str, str], ...]:
    if figure == "severity":
        return (("w", _("weight of the family")), ("r", _("rate of painful experiences in it")))
    if figure == "nps":
        return (("P, D, n", _("promoters, detractors, all answers")),)
    return ()


def _lines(number: Number) -> tuple[str, ...]:
    line, found = number.line, number.found or {}
    if number.figure == "severity":
        parts = explain(line)
        # A factor stays on one line.
        factors = " · ".join(f"(1\xa0−\xa0{_num(p.weight)}\xa0·\xa0{_num(p.rate)})" for p in parts)
        return (_("severity = 1 − Π (1 − w · r)"), f"= 1 − {factors} = {_num(line['severity'])}")
    if number.figure == "burden":
        filled = f"= 1000 · {_num(line['reach'])} · {_num(line['severity'])} = "
        return (_("burden = 1000 · reach · severity"), filled + _num(line["burden"], 1))
    if number.figure == "reach":
        return _reach_lines(number)
    if number.figure == "nps" and "promoters" in found:
        return _nps_lines(found)
    if number.figure in (*QUANTILES, "wait_mean"):
        return _wait_lines(number)
    x_n = {"service_level": ("in_time", "service_level_n"), "abandonment": ("abandoned", "offered")}
    x, n = (found.get(name) for name in x_n.get(number.figure, ("x", "n_eff")))
    if x is None or n is None:
        return ()
    return _wilson_lines(float(x), float(n), number)


def _reach_lines(number: Number) -> tuple[str, ...]:
    if number.line["reach_basis"] == "interactions":
        head = _("reach = customers who pass here ÷ customers of the journey")
        x, n = number.line["passages"]["customers"], number.result["customers"]
    else:
        head = _("reach = largest n here ÷ largest n of any touchpoint")
        x, n = volume(number.line), _largest(number.result)
    return (head, f"= {_num(x)} ÷ {_num(n)} = {_num(number.line['reach'])}")


def _nps_lines(found: Mapping[str, Any]) -> tuple[str, ...]:
    promoters, detractors, n = (float(found[k]) for k in ("promoters", "detractors", "n_eff"))
    p, d = (promoters + 0.75) / (n + 3), (detractors + 0.75) / (n + 3)
    half = 100 * Z * sqrt((p + d - (p - d) ** 2) / (n + 3))
    return (
        "NPS = 100 · (P − D) ÷ n",
        f"= 100 · ({_num(promoters)} − {_num(detractors)}) ÷ {_num(n)} = {_num(found['value'], 1)}",
        "p = (P + ¾) ÷ (n + 3), d = (D + ¾) ÷ (n + 3)",
        f"p = {_num(p)}, d = {_num(d)}",
        "100 · (p − d ± 1.96 · √((p + d − (p − d)²) ÷ (n + 3)))",
        f"= {_num(100 * (p - d), 1)} ± {_num(half, 1)}",
    )


def _wait_lines(number: Number) -> tuple[str, ...]:
    """The waits between which a quantile lies; the mean with its spread."""
    ends, shown = number.ends, number.shown
    if ends is None or shown.low is None or shown.high is None:
        return ()
    low, high = wording.duration(shown.low), wording.duration(shown.high)
    if number.figure == "wait_mean":
        return (
            _("mean ± t · s ÷ √n"),
            f"s = {wording.duration(ends.sd_s)}, n = {_num(ends.offered)}: {low} – {high}",
        )
    places = ends.ends[QUANTILES[number.figure].removesuffix("_s")].places
    assert places is not None
    words = _("in order of length, from wait number %(low)s to wait number %(high)s of %(n)s")
    named = {"low": _num(places[0]), "high": _num(places[1]), "n": _num(ends.offered)}
    return (words % named, f"= {low} – {high}")


def _wilson_lines(x: float, n: float, number: Number) -> tuple[str, ...]:
    shown = number.shown
    return (
        f"x ÷ n = {_num(x)} ÷ {_num(n)} = {_num(shown.value)}",
        "(x + z²/2 ± z · √(x · (n − x) ÷ n + z²/4)) ÷ (n + z²), z = 1.96",
        f"= {_num(shown.low)} … {_num(shown.high)}",
    )


def _family_lines(number: Number) -> tuple[str, ...]:
    found = number.found or {}
    x, n = found["x"], found["n"]
    prior = number.result.get("priors", {}).get(number.figure)
    if prior is None:
        return ("r = (a + x) ÷ (a + b + n)",)
    a, b = prior["a"], prior["b"]
    return (
        "r = (a + x) ÷ (a + b + n)",
        f"= ({_num(a)} + {_num(x)}) ÷ ({_num(a)} + {_num(b)} + {_num(n)}) = {_num(found['rate'])}",
        f"Beta(a + x, b + n − x) = Beta({_num(a + x)}, {_num(b + n - x)})",
    )


def _largest(result: Mapping[str, Any]) -> float:
    return max((volume(line) for line in result["touchpoints"]), default=0)


def _num(value: float | None, digits: int = 4) -> str:
    """As many digits as it takes, at most so many."""
    if value is None:
        return wording.NO_VALUE
    text = number_format(abs(round(value, digits)), digits, force_grouping=True)
    point = number_format(0.5, 1)[1]
    if point in text:
        text = text.rstrip("0").rstrip(point)
    return ("−" if round(value, digits) < 0 else "") + text
