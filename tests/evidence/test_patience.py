"""How waits of each length ended, through the real lake."""

import json

import pytest

from accounts.models import Workspace
from evidence import lake
from evidence.metrics import BUILT_IN
from evidence.patience import Lengths, Patience, count_patience
from evidence.question import Place, Question
from tests.lake_rows import put, wait


@pytest.fixture
def question(workspace: Workspace) -> Question:
    places = (Place("counter", ("counter",)), Place("phone", ("phone", "PS")))
    return Question(workspace.pk, "opening", places, BUILT_IN)


def ask(question: Question) -> Patience:
    with lake.transaction() as cursor:
        found = count_patience(cursor, question)
    return Patience.from_json(json.loads(json.dumps(found.to_json())))


def test_without_waits_there_is_nothing(question) -> None:
    assert ask(question).places == {}
    assert ask(question).of("counter") == Lengths((), (), ())


def test_waits_are_counted_by_length_end_and_segment(question, workspace) -> None:
    put("waits", workspace, [
        wait("counter", 0),
        wait("counter", 12, segment="vip"),
        wait("counter", 11.001, "abandoned", segment="vip"),
        wait("counter", 30, "abandoned", segment="客群"),
        wait("counter", 5, "abandoned"),  # too short to count
        wait("PS", 7),
        wait("phone", 7, "abandoned"),
    ])  # fmt: skip
    found = ask(question)
    assert found.places["counter"] == {
        "": Lengths((0,), (0,), (1,)),
        "vip": Lengths((12,), (1,), (1,)),
        "客群": Lengths((30,), (1,), (0,)),
    }
    assert found.places["phone"] == {"": Lengths((7,), (1,), (1,))}
    assert found.of("counter") == Lengths((0, 12, 30), (0, 1, 1), (1, 1, 0))
    assert found.of("counter").n == 4


@pytest.mark.parametrize(
    ("seconds", "counted"),
    [(600, 600), (600.001, 605), (3600, 3600), (3601, 3660), (36_001, 39_600), (0.2, 1)],
)
def test_longer_waits_are_told_more_roughly(question, workspace, seconds, counted) -> None:
    put("waits", workspace, [wait("counter", seconds)])
    assert ask(question).of("counter").times_s == (counted,)
