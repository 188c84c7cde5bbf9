"""The colour tokens of static/css/tokens.css as #rrggbb, for files that leave the browser.

Björn Ottosson's OKLab matrices (https://bottosson.github.io/posts/oklab/, 2020).
"""

import math
import re
from functools import cache
from typing import Literal

from django.conf import settings

Mode = Literal["light", "dark"]
_TOKEN = re.compile(r"(--[\w-]+):\s*([^;]+);")
_LIGHT_DARK = re.compile(r"light-dark\((oklch\([^)]*\)),\s*(oklch\([^)]*\))\)")
_OKLCH = re.compile(r"oklch\(([\d.]+)% ([\d.]+) ([\d.]+)\)")
_VAR = re.compile(r"var\((--[\w-]+)\)")


def hex_of_oklch(lightness: float, chroma: float, hue: float) -> str:
    """sRGB of an OKLCH colour, clipped to the gamut. lightness 0–1, hue in degrees.

    >>> hex_of_oklch(1.0, 0.0, 0.0)
    '#ffffff'
    """
    a = chroma * math.cos(math.radians(hue))
    b = chroma * math.sin(math.radians(hue))
    long = (lightness + 0.3963377774 * a + 0.2158037573 * b) ** 3
    medium = (lightness - 0.1055613458 * a - 0.0638541728 * b) ** 3
    short = (lightness - 0.0894841775 * a - 1.2914855480 * b) ** 3
    linear = (
        4.0767416621 * long - 3.3077115913 * medium + 0.2309699292 * short,
        -1.2684380046 * long + 2.6097574011 * medium - 0.3413193965 * short,
        -0.0041960863 * long - 0.7034186147 * medium + 1.7076147010 * short,
    )
    return "#" + "".join(f"{round(255 * _encoded(c)):02x}" for c in linear)


def _encoded(linear: float) -> float:
    c = min(1.0, max(0.0, linear))
    return 12.92 * c if c <= 0.0031308 else 1.055 * c ** (1 / 2.4) - 0.055


@cache
def colours(mode: Mode = "light") -> dict[str, str]:
    """Every opaque colour token, such as {"--pain-5": "#b83a2f"}."""
    css = (settings.BASE_DIR / "static" / "css" / "tokens.css").read_text()
    raw: dict[str, str] = dict(_TOKEN.findall(css))
    found: dict[str, str] = {}
    for name, value in raw.items():
        while reference := _VAR.fullmatch(value):
            value = raw.get(reference[1], "")
        if pair := _LIGHT_DARK.fullmatch(value):
            value = pair[1 if mode == "light" else 2]
        if parts := _OKLCH.fullmatch(value):
            lightness, chroma, hue = (float(p) for p in parts.groups())
            found[name] = hex_of_oklch(lightness / 100, chroma, hue)
    return found
