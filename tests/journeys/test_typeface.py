"""The letters of exported maps: each in a typeface that has it, and measured as it is printed."""

from io import BytesIO

import pytest
from PIL import Image

from journeys.paper import typeface
from journeys.paper.marks import Page, Text
from journeys.paper.pdf import pdf_of
from journeys.paper.png import png_of
from tests import pdf

LATIN, CHINESE, EMOJI = typeface.LATIN, typeface.CHINESE, typeface.EMOJI


@pytest.mark.parametrize(
    ("text", "runs"),
    [
        ("waits 等待", [(LATIN, "waits "), (CHINESE, "等待")]),
        ("😀 ok", [(EMOJI, "😀"), (LATIN, " ok")]),
        ("好😡", [(CHINESE, "好"), (EMOJI, "😡")]),
        ("👍🏽", [(EMOJI, "👍")]),  # a skin's colour is not drawn
        ("☎ ☎️", [(CHINESE, "☎"), (LATIN, " "), (EMOJI, "☎")]),
        ("1️⃣", [(LATIN, "1")]),
        ("👨‍👩‍👧", [(EMOJI, "👨👩👧")]),  # a family is its people
        ("\ua000", [(CHINESE, "□")]),
    ],
)
def test_each_letter_comes_from_a_typeface_that_has_it(text, runs) -> None:
    assert typeface.runs(text) == runs
    drawn = sum(typeface.width_in(face, run, 12) for face, run in runs)
    assert typeface.width_of(text, 12) == pytest.approx(drawn)


@pytest.mark.parametrize("text", ["😀😡👍🏽🏦💳", "客户😀等待👨‍👩‍👧", "a ❤️ b"])
def test_lines_with_emoji_are_the_text(text: str) -> None:
    lines = typeface.wrapped(text * 9, 40, 10)
    assert "".join(lines) == text * 9
    assert all(typeface.width_of(line.rstrip(), 10) <= 40 for line in lines)


def test_no_line_begins_with_what_closes_or_parts_n_from_its_number() -> None:
    text = "3,732 中的 1,218，解释 45%；n 15,896。"
    for width in range(64, 200, 4):
        lines = typeface.wrapped(text, width, 10)
        assert "".join(lines) == text
        assert not [line for line in lines if line.lstrip()[:1] in "，；。"], (width, lines)
        assert any("n 15,896" in line for line in lines), (width, lines)


def _pdf(text: str) -> bytes:
    page = Page(60, 40, "", [Text(5, 5, 50, (text,), 20, "#000000")])
    return pdf_of([page], title="Faces", language="en")


def _ink(text: str) -> list[int]:
    return list(Image.open(BytesIO(png_of(_pdf(text)))).convert("L").tobytes())


def test_emoji_are_drawn_and_can_be_copied_from_the_pdf() -> None:
    assert [text.strip() for text in pdf.pages(_pdf("😀"))] == ["😀"]
    glad, angry, square = _ink("😀"), _ink("😡"), _ink("\ua000")
    assert min(glad) < 100
    assert glad != angry and glad != square
