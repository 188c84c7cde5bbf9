"""Waits by bin: the same waits that the score counts, each in its bin."""

from dataclasses import replace

import pytest

from evidence import lake
from evidence.distribution import LAST_BIN, wait_bins, width_for
from evidence.measures import measure
from evidence.metrics import BUILT_IN
from evidence.question import Place, Question
from evidence.scope import Scope
from tests.lake_rows import put, wait


@pytest.fixture
def question(workspace) -> Question:
    places = (Place("counter", ("counter", "desk-1")), Place("phone", ("phone",)))
    return Question(workspace.pk, "opening", places, BUILT_IN)


def counted(question: Question, **longest: float):
    with lake.cursor() as cursor:
        return wait_bins(cursor, question, longest)


def test_a_bin_holds_its_upper_end(question, workspace) -> None:
    put("waits", workspace, [wait("counter", s) for s in (0, 0.5, 5, 5.001, 10)])
    bins = counted(question, counter=300)["counter"]
    assert bins.width_s == 5
    assert bins.served[:3] == (3, 2, 0)
    assert bins.served_within()[:2] == [0.6, 1.0]


def test_the_longest_waits_are_in_the_last_bin(question, workspace) -> None:
    put("waits", workspace, [wait("counter", 10_000), wait("counter", 1)])
    bins = counted(question, counter=60)["counter"]
    assert bins.served[LAST_BIN] == 1
    assert bins.served_within()[-1] == 0.5


def test_short_abandons_do_not_count_and_codes_are_joined(question, workspace) -> None:
    put("waits", workspace, [wait("counter", 5, "abandoned"), wait("desk-1", 6, "abandoned"),
                             wait("counter", 7)])  # fmt: skip
    bins = counted(question, counter=60)["counter"]
    assert sum(bins.abandoned) == 1
    assert bins.offered == 2


@pytest.mark.parametrize(
    "scope", [Scope(), Scope(channels=("web",)), Scope(units=("u1",), channels=("web", "app"))]
)
def test_bins_add_up_to_what_the_score_counts(question, workspace, scope) -> None:
    rows = [
        wait("counter" if i % 2 else "phone", i % 41, "served" if i % 5 else "abandoned",
             channel=["web", "app", None][i % 3], unit=["u1", "u2"][i % 2])
        for i in range(300)
    ]  # fmt: skip
    put("waits", workspace, rows)
    asked = replace(question, scope=scope)
    found = counted(asked, counter=30, phone=3)
    with lake.cursor() as cursor:
        measured = {m.code: m.waits for m in measure(cursor, asked).touchpoints if m.waits}
    assert {c: b.offered for c, b in found.items()} == {c: w.offered for c, w in measured.items()}
    assert {c: sum(b.abandoned) for c, b in found.items()} == {
        c: w.abandoned for c, w in measured.items()
    }


def test_a_touchpoint_without_waits_is_left_out(question, workspace) -> None:
    put("waits", workspace, [wait("counter", 5)])
    assert list(counted(question, counter=60, phone=60)) == ["counter"]


@pytest.mark.parametrize(
    ("longest", "width"), [(5, 0.1), (60, 1), (61, 2), (7200, 120), (1e9, 2419200)]
)
def test_widths_are_readable(longest, width) -> None:
    assert width_for(longest) == width
