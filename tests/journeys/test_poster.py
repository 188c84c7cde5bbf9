"""The layout of maps on paper: nothing lost, nothing over an edge."""

import random
from collections.abc import Iterable, Iterator
from datetime import date

import pytest

from journeys.paper import poster, typeface
from journeys.paper.curves import bent, between
from journeys.paper.drawing import Drawing
from journeys.paper.marks import Box, Group, Mark, Page, Text


def a_drawing(text: str = "Dials the number 拨号", steps: int = 9, cards: int = 120) -> Drawing:
    seeded = random.Random(4)
    kinds = ["action", "emotion", "frontstage", "pain"]
    lists = {
        "stages": [{"id": f"g{i}", "name": f"Stage {i}"} for i in range(4)],
        "steps": [{"id": f"s{i}", "name": f"Step {i}", "stage": f"g{i % 3}"} for i in range(steps)],
        "lanes": [{"id": f"l{i}", "kind": kind, "name": kind} for i, kind in enumerate(kinds)],
        "personas": [],
        "cards": [
            {"id": f"c{i}", "lane": f"l{seeded.randrange(4)}", "step": f"s{i % steps}",
             "text": f"<{i}> {text}", "emotion": seeded.randint(-2, 2)}
            for i in range(cards)
        ],
    }  # fmt: skip
    return Drawing("A map", "As it is", "here", lists, date(2026, 11, 24))


def flat(marks: Iterable[Mark]) -> Iterator[Mark]:
    for mark in marks:
        yield mark
        if isinstance(mark, Group):
            yield from flat(mark.marks)


def texts(pages: list[Page]) -> str:
    return " ".join(m.text for page in pages for m in flat(page.marks) if isinstance(m, Text))


@pytest.mark.parametrize("paper", [poster.SHEET, poster.A3, poster.A4, poster.SLIDES])
def test_every_card_stands_somewhere_and_none_over_an_edge(paper):
    pages = poster.pages_of(a_drawing(), paper)
    told = texts(pages)
    assert all(f"<{i}>" in told for i in range(120))
    for page in pages:
        for mark in flat(page.marks):
            if isinstance(mark, Box | Text):
                assert mark.y + mark.height <= page.height + 0.5
                assert mark.x + mark.width <= page.width + 0.5


def test_a_card_higher_than_a_page_goes_on_upon_the_next():
    words = " ".join(f"word{i}" for i in range(1500))
    pages = poster.pages_of(a_drawing(words, steps=1, cards=1), poster.A4)
    told = texts(pages)
    assert len(pages) > 2
    assert all(f"word{i}" in told.split() or f"word{i} " in told for i in range(1500))
    for page in pages:
        assert all(
            m.y + m.height <= page.height + 0.5 for m in flat(page.marks) if isinstance(m, Box)
        )


def test_slides_begin_a_stage_each():
    titles = [page.title for page in poster.pages_of(a_drawing(cards=9), poster.SLIDES)]
    assert titles == [f"A map: Stage {i}" for i in range(4)]


@pytest.mark.parametrize(
    "text",
    ["one two three", "中文没有空格也要换行，标点不能在行首。", "x" * 200, "a\n\nb", "", "😀 ok"],
)
def test_lines_fit_and_joined_are_the_text(text):
    lines = typeface.wrapped(text, 60, 9)
    assert "".join(lines) == text
    assert all(typeface.width_of(line.rstrip(), 9) <= 60 for line in lines)
    assert not any(line[0] in "，。" for line in lines if line)


def test_a_curve_passes_its_points_and_never_leaves_their_range():
    points = [(0.0, -2.0), (1.0, 1.0), (4.0, 1.5), (5.0, -1.0)]
    line = bent(points)
    assert set(points) <= {(round(x, 9), round(y, 9)) for x, y in line}
    assert min(y for _x, y in line) >= -2
    assert max(y for _x, y in line) <= 1.5
    part = between(line, 0.5, 4.5)
    assert (part[0][0], part[-1][0]) == (0.5, 4.5)
    assert between(line, 1.2, 1.21)[0][0] == 1.2
    assert between(line, 6, 7) == []
