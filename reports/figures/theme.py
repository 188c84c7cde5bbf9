"""One look for all figures where there is no page to give it: the Plotly template from the tokens.

Within pages `static/js/plot.js` does the same, so that figures follow the reader's theme.
"""

import re
from typing import Any

from django.utils.formats import get_format

from accounts.palette import Mode, colours

FONT = (
    'system-ui, -apple-system, "Segoe UI", Roboto, "Helvetica Neue", Arial, "PingFang SC", '
    '"Microsoft YaHei", "Noto Sans CJK SC", sans-serif'
)
_TOKEN = re.compile(r"var\((--[\w-]+)\)")


def resolved(value: Any, mode: Mode = "light") -> Any:
    """A copy of a JSON value in which every token is a plain colour."""
    known = colours(mode)
    if isinstance(value, str):
        return _TOKEN.sub(lambda found: known[found[1]], value)
    if isinstance(value, list | tuple):
        return [resolved(each, mode) for each in value]
    if isinstance(value, dict):
        return {key: resolved(each, mode) for key, each in value.items()}
    return value


def template() -> dict[str, Any]:
    """Plotly's template in tokens; `resolved` makes it light or dark. Print is light."""
    axis = {
        "gridcolor": "var(--figure-grid)",
        "linecolor": "var(--figure-axis)",
        "zerolinecolor": "var(--figure-axis)",
        "tickcolor": "var(--figure-axis)",
        "zerolinewidth": 1,
        "automargin": True,
        "separatethousands": True,
        "exponentformat": "none",
        "tickfont": {"color": "var(--figure-text)", "size": 12},
    }
    return {
        "layout": {
            "paper_bgcolor": "rgba(0,0,0,0)",
            "plot_bgcolor": "rgba(0,0,0,0)",
            "margin": {"l": 48, "r": 16, "t": 12, "b": 40, "pad": 4},
            "dragmode": False,
            "separators": get_format("DECIMAL_SEPARATOR") + get_format("THOUSAND_SEPARATOR"),
            "colorway": [f"var(--category-{i})" for i in range(1, 9)],
            "font": {"family": FONT, "size": 12, "color": "var(--figure-text)"},
            "hoverlabel": {
                "bgcolor": "var(--surface-raised)",
                "bordercolor": "var(--border-firm)",
                "align": "left",
                "font": {"color": "var(--text)", "size": 12},
            },
            "xaxis": axis,
            "yaxis": axis,
        }
    }


def themed(plot: dict[str, Any], mode: Mode = "light") -> dict[str, Any]:
    """The figure with its template, all colours plain: it can stand anywhere."""
    layout = {**plot["layout"], "template": template()}
    return resolved({"data": plot["data"], "layout": layout}, mode)
