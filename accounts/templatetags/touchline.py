"""Template tags every page uses: icons, numbers with their uncertainty, the frame's links.

Formats (`fmt`) of a number, always given in the unit of the core:
  number   as it is                     1,204
  points   severity 0–1                 31        (of 100)
  percent  share 0–1                    31%
  signed   NPS −100…100                 +39.8
  seconds  a duration in seconds        1 min 44 s
"""

import json
from functools import cache
from importlib.resources import files
from io import BytesIO
from typing import Any
from urllib.parse import urlencode
from zipfile import ZipFile

from django import template
from django.core.serializers.json import DjangoJSONEncoder
from django.http import HttpRequest
from django.template.context import Context
from django.urls import reverse
from django.utils.html import escape, format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from accounts import estimates, minimap, wording
from accounts.filter_bar import DatePreset, active_chips, date_presets

register = template.Library()

_IN_SCRIPT = {"<": "\\u003C", ">": "\\u003E", "&": "\\u0026"}


@register.simple_tag
def icon(name: str, label: str = "", size: int = 18) -> str:
    """A line icon. Without a label it is decoration and must stand beside its words."""
    svg = _drawn(name, size)
    if label:
        # A literal in a template counts as safe, so it is escaped whatever it says of itself.
        named = f'role="img" aria-label="{escape(label)}"'
        svg = svg.replace('aria-hidden="true"', named, 1)
    return mark_safe(svg)


@cache
def _drawn(name: str, size: int) -> str:
    svg = _icons().read(f"outline/{name}.svg").decode().strip()
    inline = f'<svg class="icon" focusable="false" width="{size}" height="{size}"'
    return svg.replace('<svg xmlns="http://www.w3.org/2000/svg"', inline, 1)


@cache
def _icons() -> ZipFile:
    """The drawings, opened once: the package's own tags read the archive's list for every icon."""
    return ZipFile(BytesIO((files("heroicons") / "heroicons.zip").read_bytes()))


# ---- numbers ----

for _filter in (
    wording.number,
    wording.points,
    wording.percent,
    wording.signed,
    wording.duration,
    wording.of_hundred,
    wording.pain_step,
    wording.plain,
):
    register.filter(_filter.__name__, _filter)

FORMATS = {
    "number": wording.number,
    "points": wording.points,
    "percent": wording.percent,
    "signed": wording.signed,
    "seconds": wording.duration,
}
SCALES = {"points": (0.0, 1.0), "percent": (0.0, 1.0), "signed": (-100.0, 100.0)}


@register.simple_tag
def estimate(
    value: float | None,
    low: float | None = None,
    high: float | None = None,
    n: float | None = None,
    unit: str = "",
    *,
    fmt: str = "number",
    digits: int | None = None,
    n_of: str = "",
    level: int = 90,
    promise: float | None = None,
    scale_low: float | None = None,
    scale_high: float | None = None,
    too_little: bool = False,
    style: str = "",
    know: dict[str, str] | None = None,
) -> SafeString:
    """A value with its interval as a thin bar, n in grey, the promise as a tick.

    Without value and n it says "no evidence"; with `too_little` it is hatched and says so.
    `scale_low`/`scale_high` are the ends of the bar (known for points, percent and signed).
    `style` is "compact" or "stacked". `know` ({"url", "label"}, of the tag `know`) makes the value
    a link that opens how we know it.
    """
    # Templates hand over "" for what is not there.
    value, low, high, n, promise = (None if v == "" else v for v in (value, low, high, n, promise))
    write = FORMATS[fmt]
    extra = () if digits is None else (digits,)

    def text(v: float | None) -> str:
        return write(v, *extra)  # type: ignore[operator]

    if value is None:
        if too_little and n:
            return estimates.estimate("", None, n, too_little=True, know=know)
        return estimates.nothing(know)
    known = [v for v in (value, low, high, promise) if v is not None and v != float("inf")]
    start, end = SCALES.get(fmt, (min([*known, 0.0]), max([*known, 0.0]) * 1.15))
    start = start if scale_low is None else scale_low
    end = end if scale_high is None else scale_high

    def at(v: float) -> float:
        return round(100 * min(1.0, max(0.0, (v - start) / (end - start))), 2)

    bar = None
    if low is not None and high is not None and end > start:
        bar = estimates.Bar(
            at(value), at(low), at(high), text(low), text(high), level,
            "" if promise is None else text(promise), None if promise is None else at(promise),
        )  # fmt: skip
    return estimates.estimate(
        text(value), bar, n, n_of=n_of, unit=unit, style=style, too_little=too_little, know=know
    )


# ---- figures ----


@register.inclusion_tag("components/mini_map.html")
def mini_map(journey: dict[str, Any]) -> dict[str, Any]:
    """A journey in miniature: feelings as designed in pencil, as measured in ink."""
    return {"journey": journey, "map": minimap.draw(journey["steps"])}


@register.simple_tag
def plot_json(plot: Any) -> SafeString:
    """A Plotly figure (a dict, or its JSON) to stand inside <script type="application/json">."""
    text = plot if isinstance(plot, str) else json.dumps(plot, cls=DjangoJSONEncoder)
    for sign, written in _IN_SCRIPT.items():  # translate() takes thirty times as long
        text = text.replace(sign, written)
    return mark_safe(text)


# ---- the frame ----


@register.simple_tag(takes_context=True)
def rail(context: Context) -> list[dict[str, Any]]:
    """The rail's links in this workspace, the current one marked."""
    workspace = context.get("workspace")
    if workspace is None:
        return []
    root = reverse("reports:portfolio", args=[workspace.slug])
    links = [
        (root, _("Portfolio"), "squares-2x2", "g p", False),
        (root + "journeys/", _("Journeys"), "map", "g j", False),
        (root + "touchpoints/", _("Touchpoints"), "map-pin", "g t", True),
        (root + "painpoints/", _("Pain points"), "fire", "g x", False),
        (root + "reports/", _("Reports"), "document-chart-bar", "g r", True),
        (root + "evidence/", _("Evidence"), "circle-stack", "g e", False),
        (root + "notifications/", _("Notifications"), "bell", "g n", True),
    ]
    if (context.get("may") or {}).get("administer"):
        links.append((root + "settings/", _("Settings"), "cog-6-tooth", "g s", True))
    request: HttpRequest | None = context.get("request")
    path = request.path if request else ""
    current = max((u for u, *_rest in links if path.startswith(u)), key=len, default="")
    return [
        {
            "url": url,
            "label": label,
            "icon": icon_name,
            "keys": keys,
            "secondary": secondary,
            "current": "page" if url == path else ("true" if url == current else ""),
        }
        for url, label, icon_name, keys, secondary in links
    ]


@register.filter
def undo_url(message: Any) -> str:
    """Where a message's Undo button posts to: extra_tags="undo:/w/demo/…"."""
    for tag in (message.extra_tags or "").split():
        if tag.startswith("undo:/") and not tag.startswith("undo://"):
            return tag.removeprefix("undo:")
    return ""


@register.filter
def milliseconds(ms: float | None) -> str:
    """A duration that is stored in milliseconds, in words."""
    return wording.duration(None if ms is None else ms / 1000)


@register.filter
def initials(person: object) -> str:
    words = str(person).split("@")[0].replace(".", " ").split()
    return "".join(word[0] for word in words[:2]).upper() or "?"


@register.inclusion_tag("components/scope_parts.html", takes_context=True, name="scope_parts")
@register.inclusion_tag("components/scope_chips.html", takes_context=True)
def scope_bar(
    context: Context,
    filters: list[dict[str, Any]],
    since: str = "",
    until: str = "",
    *,
    today: Any = None,
    keep: str = "",
) -> dict[str, Any]:
    """The filter bar. `filters`: [{"name", "label", "options": [(value, label)], "selected"}].

    `keep` names further GET parameters (space-separated) that filtering must not lose.
    `today` is the day presets count back from; the last day of evidence is a good one.
    `scope_parts` is what of it is another in another scope, for a bar that is there already:
    its `filters` need no options but the selected ones.
    """
    request: HttpRequest = context["request"]
    presets: list[DatePreset] = date_presets(request.GET, since, until, today)
    prepared = [
        {
            **f,
            "options": [
                (str(v), label, str(v) in {str(s) for s in f.get("selected", [])})
                for v, label in f["options"]
            ],
        }
        for f in filters
    ]
    kept = [(k, v) for k in keep.split() for v in request.GET.getlist(k)]
    return {
        "filters": prepared,
        "since": str(since or ""),
        "until": str(until or ""),
        "presets": presets,
        "chips": active_chips(request.GET, prepared, since, until),
        "kept": kept,
        "clear_url": "?" + urlencode(kept),
        "path": request.path,
    }


@register.simple_tag
def star(required: bool) -> str:
    """Says which fields may stay empty; most must not, so the exception is marked."""
    return "" if required else format_html(' <span class="field-optional">{}</span>', _("optional"))
