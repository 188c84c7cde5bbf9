"""Several journeys counted in one pass are counted as each by itself."""

import random
from dataclasses import replace

import pytest

from accounts.models import Workspace
from evidence import lake
from evidence.breakdown import break_down, break_down_all, span_of
from evidence.measures import Measures, measure, measure_all
from evidence.metrics import BUILT_IN
from evidence.question import Place, Question, Standard
from evidence.scope import Scope
from tests.lake_rows import answer, passage, put, wait

COUNTER = Place("counter", ("counter",), (Standard(60_000),))
STRICT = Place("counter", ("counter", "Schalter"), (Standard(20_000), Standard(9, channel="app")))
PHONE = Place("phone", ("phone", "PS"))
DONE = Place("done", ("done",), is_goal=True)
BEYOND = Place("phone", ("phone", "PS"), is_goal=True, on_map=False)
PEOPLE = [f"person {i}" for i in range(60)]
MAPS = {
    "opening": (COUNTER, PHONE, DONE),  # ends where it says
    "closing": (PHONE, STRICT),  # has no goal
    "moving": (DONE, COUNTER, BEYOND),  # ends beyond its map
    "asking": (),
    "silent": (Place("letter", ("letter",), is_goal=True),),
}


@pytest.fixture
def questions(workspace: Workspace) -> list[Question]:
    return [Question(workspace.pk, name, places, BUILT_IN) for name, places in MAPS.items()]


@pytest.fixture
def evidence(workspace: Workspace) -> None:
    luck = random.Random(11)
    codes, channels = ("counter", "Schalter", "phone", "PS", "done"), ("app", "branch", None)

    def somewhere() -> dict[str, str | None]:
        return {
            "channel": luck.choice(channels),
            "journey": luck.choice((None, None, "opening", "moving")),
        }

    journeys = ("opening", "closing", "another")
    own = [
        answer(None, "csat", luck.randint(1, 5), journey=luck.choice(journeys), channel=channel)
        for channel in (*channels, *channels, *channels, *channels)
    ]
    put("responses", workspace, [
        answer(luck.choice(codes), "nps", luck.randint(0, 10), **somewhere()) for _ in range(80)
    ] + own)  # fmt: skip
    put("waits", workspace, [
        wait(luck.choice(codes), luck.random() * 90, luck.choice(("served", "abandoned")),
             **somewhere())
        for _ in range(120)
    ])  # fmt: skip
    put("interactions", workspace, [
        passage(luck.choice(codes), luck.choice((*PEOPLE, None)), luck.randint(0, 40),
                case_id=luck.choice((None, None, "case-1", "case-2")), **somewhere())
        for _ in range(160)
    ])  # fmt: skip


@pytest.mark.parametrize("scope", [Scope(), Scope(channels=("app",)), Scope(channels=("fax",))])
def test_each_is_told_what_it_would_be_told_alone(questions, evidence, scope) -> None:
    asked = [replace(question, scope=scope) for question in questions]
    with lake.transaction() as cursor:
        together = measure_all(cursor, asked)
        alone = [measure(cursor, question) for question in asked]
    assert [repr(each) for each in together] == [repr(each) for each in alone]
    for each, question in zip(together, asked, strict=True):
        on_map = [place.code for place in question.places if place.on_map]
        assert [found.code for found in each.touchpoints] == on_map
    if scope.is_whole:
        lost = [sum(p.instances.lost for p in m.touchpoints if p.instances) for m in together]
        assert lost[0] and lost[2] and not lost[1]
        assert all(measures.customers > 20 for measures in together[:3])
        assert together[3] == Measures((), 0, {})
        assert together[4].customers == 0


@pytest.mark.parametrize("scope", [Scope(), Scope(channels=("app",)), Scope(channels=("fax",))])
def test_each_is_broken_down_as_it_would_be_alone(questions, evidence, scope) -> None:
    asked = [replace(question, scope=scope) for question in questions]
    with lake.transaction() as cursor:
        span = span_of(cursor, asked[0])
        together = break_down_all(cursor, asked, span)
        alone = [break_down(cursor, question, span) for question in asked]
    assert together == alone
    if scope.is_whole:
        counted = [broken.counts["week"] for broken in together]
        assert {"felt", "waited", "repeated", "lost"} <= counted[0]["counter"].keys()
        assert not any("lost" in families for families in counted[1].values())
        assert not counted[3] and not counted[4]


def test_what_is_asked_of_all_must_be_alike(questions, evidence) -> None:
    other = replace(questions[1], scope=Scope(units=("east",)))
    with lake.transaction() as cursor, pytest.raises(ValueError, match="journey and places only"):
        measure_all(cursor, [questions[0], other])
