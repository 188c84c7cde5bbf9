"""A map cut into sheets of paper and slides, and its curves."""

import pytest

from accounts.models import Workspace
from journeys.mapfile import load_map
from journeys.states import present
from reports.poster import sheets
from reports.poster.build import poster_of
from reports.poster.curves import path_of
from reports.poster.parts import Poster


@pytest.fixture
def poster(workspace: Workspace):
    """A poster with so many steps in each of its stages."""

    def made(*steps: int) -> Poster:
        columns = [(i, j) for i, n in enumerate(steps) for j in range(n)]
        journey = load_map(
            workspace,
            {
                "format": "touchline-map/1",
                "journey": {"slug": "long", "name": "Long", "kind": "as-is"},
                "stages": [{"id": f"g{i}", "name": f"Stage {i}"} for i in range(len(steps))],
                "steps": [
                    {"id": f"s{i}-{j}", "stage": f"g{i}", "name": f"S{i}.{j}"} for i, j in columns
                ],
                "lanes": [{"id": "feel", "kind": "emotion", "name": "Feelings"}],
                "cards": [
                    {"id": f"c{i}-{j}", "lane": "feel", "step": f"s{i}-{j}", "emotion": (j % 5) - 2}
                    for i, j in columns
                ],
            },
            None,
        )
        number, lists = present(journey)
        return poster_of(journey=journey, lists=lists, number=number, address_of=str)

    return made


def widths(cut: list[sheets.Sheet]) -> list[int]:
    return [len(sheet.columns) for sheet in cut]


def test_stages_stay_whole_on_paper_as_long_as_they_fit(poster) -> None:
    cut = sheets.paper(poster(4, 4, 4))
    assert widths(cut) == [8, 4]
    assert [sheet.title for sheet in cut] == ["Stage 0, Stage 1", "Stage 2"]
    assert [(sheet.number, sheet.of) for sheet in cut] == [(1, 2), (2, 2)]


def test_a_stage_wider_than_a_sheet_goes_on_evenly_and_says_so(poster) -> None:
    cut = sheets.paper(poster(20))
    assert widths(cut) == [7, 7, 6]
    assert [sheet.title for sheet in cut] == ["Stage 0"] + ["Stage 0 (continued)"] * 2


@pytest.mark.parametrize("steps", [(1,), (0, 3, 0), (9, 1), (30, 2, 0, 11)])
@pytest.mark.parametrize("cut", [sheets.paper, sheets.slides])
def test_every_step_stands_on_exactly_one_sheet(poster, steps, cut) -> None:
    drawn = poster(*steps)
    names = [c.step.name for sheet in cut(drawn) for c in sheet.columns if c.step]
    assert names == [f"S{i}.{j}" for i, n in enumerate(steps) for j in range(n)]


def test_a_slide_is_a_stage(poster) -> None:
    assert widths(sheets.slides(poster(3, 7, 1))) == [3, 4, 3, 1]
    assert sheets.slides(poster()) == sheets.paper(poster()) == []


def test_points_of_a_sheet_lie_within_it_and_the_curve_goes_on(poster) -> None:
    cut = sheets.paper(poster(20))
    for sheet in cut:
        (panel,) = (row.panel for row in sheet.rows)
        (curve,) = panel.curves
        assert len(curve.dots) == len(sheet.columns)
        assert all(0 < dot.left < 100 and 0 < dot.top < 100 for dot in curve.dots)
    # The same line on all; each shows its part of it.
    assert len({row.panel.curves[0].path for sheet in cut for row in sheet.rows}) == 1
    assert len({row.panel.view_box for sheet in cut for row in sheet.rows}) == 3


def test_a_curve_goes_through_its_points_and_not_beyond_them() -> None:
    path = path_of([(0.5, -2), (1.5, 2), (2.5, 2)])
    numbers = [float(n) for n in path.replace("M", "").replace("C", "").split()]
    heights = numbers[1::2]
    assert (min(heights), max(heights)) == (20.0, 80.0)
    assert path_of([]) == ""
