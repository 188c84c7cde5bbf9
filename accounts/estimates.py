"""A value with its uncertainty as HTML (static/css/numbers.css).

Written here and not as a template: a page has hundreds of them, and each would be a context and
forty nodes of its own. Each ends its line, so that it stands apart from what follows.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from accounts.wording import number, plain


@dataclass(frozen=True)
class Bar:
    """The interval as a thin bar, in percent of its scale; `promise_at` is a tick on it."""

    at: float
    low_at: float
    high_at: float
    low: str
    high: str
    level: int
    promise: str = ""
    promise_at: float | None = None


def opens(know: Mapping[str, str] | None, text: str) -> str:
    """The text, which is HTML, as a link to how we know it."""
    if not know:
        return text
    url = escape(know["url"])
    return (
        f'<a class="know" href="{url}" hx-get="{url}" hx-target="#panel">{text}'
        f'<span class="visually-hidden"> {escape(know["label"])}</span></a>'
    )


def nothing(know: Mapping[str, str] | None) -> SafeString:
    said = opens(know, escape(_("no evidence")))
    return mark_safe(f'<span class="no-evidence"><span class="swatch"></span>{said}</span>\n')


def estimate(
    value: str,
    bar: Bar | None,
    n: float | None,
    *,
    n_of: str = "",
    unit: str = "",
    style: str = "",
    too_little: bool = False,
    know: Mapping[str, str] | None = None,
) -> SafeString:
    """`value` in words, "" where only the n is known."""
    kind = (f" estimate-{style}" if style else "") + (" estimate-too-little" if too_little else "")
    parts = [f'<span class="estimate{kind}">']
    if value:
        of = f'<span class="estimate-unit"> {escape(unit)}</span>' if unit else ""
        parts.append(f'<span class="estimate-value">{opens(know, escape(value))}{of}</span>')
        if bar:
            parts.append(_bar(bar))
    if too_little:
        said = opens(None if value else know, escape(_("too little evidence")))
        counted = "" if n is None else f" · n {number(n)}"
        parts.append(f'<span class="too-little"><span class="swatch"></span>{said}{counted}</span>')
    elif n is not None:
        parts.append(_n(number(n), escape(n_of)))
    return mark_safe("".join([*parts, "</span>\n"]))


def _n(n: str, n_of: str) -> str:
    if not n_of:
        return f'<span class="estimate-n">n {n}</span>'
    hidden = f'<span class="visually-hidden"> {n_of}</span>'
    return f'<span class="estimate-n" title="{n} {n_of}">n {n}{hidden}</span>'


def _bar(bar: Bar) -> str:
    ends = {"level": bar.level, "low": bar.low, "high": bar.high}
    said = _("%(level)s%% interval from %(low)s to %(high)s") % ends
    tick = ""
    if bar.promise:
        said += "; " + _("promise %(promise)s") % {"promise": bar.promise}
    if bar.promise_at is not None:
        tick = _line("promise", bar.promise_at, 0, 14)
    title = _("%(level)s%% interval") % ends
    dash = " – " if {" ", "+", "−"} & set(bar.low + bar.high) else "–"
    return (
        '<svg class="estimate-bar" viewBox="0 0 100 14" preserveAspectRatio="none" role="img" '
        f'aria-label="{escape(said)}"><line class="estimate-track" x1="0" x2="100" y1="7" y2="7" '
        'vector-effect="non-scaling-stroke"/>'
        f'<rect class="estimate-range" x="{plain(bar.low_at)}" '
        f'width="{plain(max(1.0, bar.high_at - bar.low_at))}" y="4.5" height="5"/>'
        f"{_line('point', bar.at, 2, 12)}{tick}</svg>"
        f'<span class="estimate-interval" title="{escape(title)}">'
        f"({escape(bar.low)}{dash}{escape(bar.high)})</span>"
    )


def _line(kind: str, x: float, top: int, foot: int) -> str:
    return (
        f'<line class="estimate-{kind}" x1="{plain(x)}" x2="{plain(x)}" y1="{top}" y2="{foot}" '
        'vector-effect="non-scaling-stroke"/>'
    )
