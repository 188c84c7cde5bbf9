"""Tables on slides: every row once, as high as it needs, and no last slide with a single row."""

from hypothesis import given
from hypothesis import strategies as st

from reports.files import slides

WORDS = st.sampled_from(
    ["", "等待时间过长，", "Gets help when a payment is wrong ", "345 (341–349) "]
)
CELLS = st.builds(lambda word, times: word * times, WORDS, st.integers(0, 8))
ROWS = st.lists(st.tuples(CELLS, CELLS, CELLS), min_size=1, max_size=40)
WIDE = [200.0, 300.0, 380.0]


def heights(rows):
    return [slides._height(row, WIDE, slides.CELLS_SIZE) for row in rows]


@given(ROWS)
def test_rows_are_shared_out_evenly(rows):
    parts = slides._filled(rows, WIDE, slides.CELLS_SIZE)
    assert [row for part in parts for row in part] == rows and all(parts)
    room = slides.BOTTOM - slides.TOP - 3 * slides.CELLS_SIZE
    assert all(len(part) == 1 or sum(heights(part)) <= room for part in parts)


def test_one_row_too_many_is_not_left_alone():
    row = ("Lin Mei 0; Mr Zhou −1; Grace Tan +1 " * 3, "x", "y")
    room = slides.BOTTOM - slides.TOP - 3 * slides.CELLS_SIZE
    fit = int(room / heights([row])[0])
    parts = slides._filled([row] * (2 * fit + 1), WIDE, slides.CELLS_SIZE)
    assert len(parts) == 3 and max(map(len, parts)) - min(map(len, parts)) <= 1


def test_a_chinese_row_is_as_high_as_its_lines():
    assert (
        heights([("等待时间过长，" * 20, "", "")])[0] > heights([("等待时间过长，", "", "")])[0] * 3
    )
