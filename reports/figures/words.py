"""How figures put numbers into words: always with interval and n, or with the reason why not."""

from collections.abc import Mapping
from functools import lru_cache
from html import escape
from typing import Any
from unicodedata import east_asian_width
from urllib.parse import urlencode

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from accounts import wording
from analytics.severity import FAMILIES as FAMILIES
from painpoints import explanation
from painpoints.readings import volume as volume

METRICS = {"nps": "NPS", "csat": "CSAT", "ces": "CES"}
# Plotly's patterns; the first family is plain.
PATTERNS = {"felt": "", "waited": "|", "repeated": "/", "lost": ".", "complained": "\\"}

Line = Mapping[str, Any]


def opens(figure: str, line: Line) -> str:
    """Marks a point or a text of a drawing that opens to how we know the number (know.js)."""
    return f"know:{figure}:{line['code']}"


def opens_number(kind: str, **query: Any) -> str:
    """The same for a number of another kind (painpoints/opening.py)."""
    said = {name: str(value) for name, value in query.items() if value not in ("", None)}
    if kind == "rate":
        return f"open:{said.pop('figure')}/?{urlencode(said)}"
    return f"open:../opened/{kind}/?{urlencode(said)}"


def plotly_text(text: object) -> str:
    """User text for Plotly, which reads a little HTML."""
    return escape(str(text), quote=False)


def family_name(family: str) -> str:
    return explanation.label_of(family)


def metric_value(metric: str, value: float | None) -> str:
    return wording.signed(value) if metric == "nps" else wording.percent(value)


def metric_interval(metric: str, found: Mapping[str, Any]) -> str:
    if found.get("low") is None:
        return ""
    if metric == "nps":
        return f"({wording.signed(found['low'])} … {wording.signed(found['high'])})"
    return f"({wording.points(found['low'])}–{wording.percent(found['high'])})"


def metric_text(metric: str, found: Mapping[str, Any] | None) -> str:
    """+39.8 (+37.6 … +42.1), n 2,746."""
    if not found:
        return _("no evidence")
    told = (found["value"], found.get("low"), found.get("high"), found["n"])
    return _metric_text(metric, *told, get_language())


@lru_cache(maxsize=10_000)
def _metric_text(
    metric: str,
    value: float | None,
    low: float | None,
    high: float | None,
    n: float | None,
    _language: str | None,
) -> str:
    """A map says the same in its drawing, its table and its list."""
    interval = metric_interval(metric, {"low": low, "high": high})
    parts = [metric_value(metric, value), interval]
    return " ".join(p for p in parts if p) + ", " + n_text(n)


def n_text(n: float | None) -> str:
    return "n " + wording.number(n)


def has_evidence(line: Line) -> bool:
    return line["severity"] is not None


def severity_text(line: Line) -> str:
    """31 of 100 passages hurt (28–34), n 1,204."""
    if not has_evidence(line):
        return _("no evidence")
    told = (line["severity"], line["severity_low"], line["severity_high"], volume(line))
    return _severity_text(*told, line["too_little_evidence"], get_language())


@lru_cache(maxsize=10_000)
def _severity_text(
    severity: float,
    low: float,
    high: float,
    n: float | None,
    too_little: bool,
    _language: str | None,
) -> str:
    interval = severity_interval({"severity_low": low, "severity_high": high})
    words = f"{wording.of_hundred(severity)} {interval}, {n_text(n)}"
    return _("too little evidence: %s") % words if too_little else words


def severity_interval(line: Line) -> str:
    return f"({wording.points(line['severity_low'])}–{wording.points(line['severity_high'])})"


def burden_text(line: Line) -> str:
    if line["burden"] is None:
        return _("no evidence")
    low, high = wording.number(line["burden_low"]), wording.number(line["burden_high"])
    return f"{wording.number(line['burden'])} ({low}–{high})"


def signals(line: Line) -> list[tuple[str, Mapping[str, Any]]]:
    """Always in the same order: a stored result has lost its own."""
    families = line["families"]
    return [(family, families[family]) for family in FAMILIES if family in families]


def telling(line: Line) -> list[tuple[str, Mapping[str, Any]]]:
    """The signals that explain something of the severity, the largest share first."""
    found = [(f, v) for f, v in signals(line) if round(v["share"] * 100)]
    return sorted(found, key=lambda pair: -pair[1]["share"])


def shares_text(line: Line) -> str:
    """Waited 63% · Felt 37%: what explains the severity."""
    return " · ".join(f"{family_name(f)} {wording.percent(v['share'])}" for f, v in telling(line))


def family_text(family: str, found: Mapping[str, Any]) -> str:
    """Waited too long: 5,524 of 21,957, 25% (25–26%), explains 63%."""
    return _("%(name)s: %(x)s of %(n)s, %(rate)s (%(low)s–%(high)s), explains %(share)s") % {
        "name": family_name(family),
        "x": wording.number(found["x"]),
        "n": wording.number(found["n"]),
        "rate": wording.percent(found["rate"]),
        "low": wording.points(found["low"]),
        "high": wording.percent(found["high"]),
        "share": wording.percent(found["share"]),
    }


def wait_text(waits: Mapping[str, Any] | None) -> str:
    """half within 8 s, nine of ten within 1 min 44 s; n 21,957."""
    if not waits:
        return _("no evidence")
    return _wait_text(waits["p50_s"], waits["p90_s"], waits["offered"], get_language())


@lru_cache(maxsize=10_000)
def _wait_text(p50_s: float, p90_s: float, n: float, _language: str | None) -> str:
    return _("half within %(p50)s, nine of ten within %(p90)s, %(n)s") % {
        "p50": wording.duration(p50_s),
        "p90": wording.duration(p90_s),
        "n": n_text(n),
    }


def promise_text(waits: Mapping[str, Any] | None) -> str:
    """within 1 min; several: for each the whom; none: says so."""
    if not waits or not waits.get("promises"):
        return _("no promise")
    if waits["promise_s"] is not None and len(waits["promises"]) == 1:
        return _("within %s") % wording.duration(waits["promise_s"])
    words = []
    for one in waits["promises"]:
        whom = ", ".join(one[key] for key in ("segment", "channel") if one[key]) or _("others")
        words.append(f"{wording.duration(one['max_wait_s'])} ({whom})")
    return _("within %s") % ", ".join(words)


def share_text(value: float | None, low: float | None, high: float | None) -> str:
    if value is None:
        return wording.NO_VALUE
    interval = "" if low is None else f" ({wording.points(low)}–{wording.percent(high)})"
    return wording.percent(value) + interval


# ---- text that must fit a box ----

CLOSING = "。，、；：！？”’）》」"  # never begins a line


def width_of(text: str) -> float:
    """In narrow characters; Chinese ones are about twice as wide."""
    if text.isascii():
        return float(len(text))
    return sum(1.85 if east_asian_width(c) in "WF" else 1.0 for c in text)


def wrapped(text: str, width: float, most: int) -> list[str]:
    """Lines no wider than `width` narrow characters, at most `most`; the rest becomes “…”."""
    return list(_wrapped(text, round(width, 1), most))


@lru_cache(maxsize=10_000)
def _wrapped(text: str, width: float, most: int) -> tuple[str, ...]:
    lines: list[str] = [""]
    for piece in _pieces(" ".join(text.split())):
        if width_of(lines[-1] + piece.rstrip()) <= width or piece in CLOSING:
            lines[-1] += piece
            continue
        while width_of(piece) > width:
            head = _head(piece, width)
            lines.append(head)
            piece = piece[len(head) :]
        lines.append(piece)
    lines = [line.strip() for line in lines if line.strip()]
    if len(lines) > most:
        last = lines[most - 1]
        while last and width_of(last) > width - 1.5:
            last = last[:-1]
        lines = [*lines[: most - 1], last.rstrip() + "…"]
    return tuple(lines)


def _pieces(text: str) -> list[str]:
    """Where a line may break: after spaces, and between Chinese characters."""
    pieces, word = [], ""
    for c in text:
        word += c
        if c == " " or east_asian_width(c) in "WF":
            pieces.append(word)
            word = ""
    return [*pieces, word] if word else pieces


def _head(text: str, width: float) -> str:
    used = 0.0
    for i, c in enumerate(text):
        used += width_of(c)
        if used > width:
            return text[: max(1, i)]
    return text
