"""The colours of standalone files are those of the pages, and can be read."""

import re

import pytest

from accounts import palette


@pytest.mark.parametrize(
    ("lightness", "chroma", "hue", "text"),
    [  # the sRGB primaries and white, as CSS Color 4 (section 4.3, sample conversions) has them
        (0.62796, 0.25768, 29.234, "#ff0000"),
        (0.86644, 0.29483, 142.495, "#00ff00"),
        (0.45201, 0.31321, 264.052, "#0000ff"),
        (1.0, 0.0, 0.0, "#ffffff"),
    ],
)
def test_oklch_becomes_srgb(lightness, chroma, hue, text):
    assert palette.hex_of_oklch(lightness, chroma, hue) == text


def luminance(colour: str) -> float:
    parts = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    red, green, blue = (c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    light, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


@pytest.mark.parametrize("mode", ["light", "dark"])
@pytest.mark.parametrize("surface", ["--surface", "--surface-raised", "--surface-sunken"])
@pytest.mark.parametrize(
    "text", ["--text", "--text-soft", "--text-faint", "--action", "--danger", "--warning"]
)
def test_text_can_be_read(mode, surface, text):
    tokens = palette.colours(mode)
    assert contrast(tokens[text], tokens[surface]) >= 4.5


@pytest.mark.parametrize("mode", ["light", "dark"])
@pytest.mark.parametrize("step", range(1, 8))
def test_numbers_on_the_pain_scale_can_be_read(mode, step):
    tokens = palette.colours(mode)
    assert contrast(tokens[f"--on-pain-{step}"], tokens[f"--pain-{step}"]) >= 4.5


@pytest.mark.parametrize("mode", ["light", "dark"])
def test_marks_stand_out_from_the_page(mode):
    tokens = palette.colours(mode)
    marks = [f"--category-{i}" for i in range(1, 9)]
    marks += [n for n in tokens if n.startswith("--emotion")] + ["--interval", "--border-control"]
    for mark in marks:
        assert contrast(tokens[mark], tokens["--surface-raised"]) >= 3, mark


def test_pain_grows_steadily_in_both_modes():
    for mode in ("light", "dark"):
        tokens = palette.colours(mode)
        steps = [luminance(tokens[f"--pain-{i}"]) for i in range(1, 8)]
        assert steps == sorted(steps, reverse=mode == "light")


def test_every_token_a_figure_may_use_has_a_colour(settings):
    doc = (settings.BASE_DIR / "docs" / "front-end.md").read_text()
    paragraph = re.search(r"Colour tokens for figures:(.*)", doc)
    assert paragraph
    named = set(re.findall(r"--[a-z]+(?:-[a-z0-9]+)+", paragraph[1]))
    assert named <= set(palette.colours("light"))
