"""A journey's parameters and its map, remembered: never longer than the rows they are made of."""

import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from evidence.models import Metric
from journeys.models import Card, Journey, Lane, Persona, Stage, Step, StepTouchpoint
from painpoints.models import ScoringSettings
from painpoints.parameters import kept_parameters, parameters_of
from painpoints.watched import PARAMETERS
from reports.board import board_of, kept_board
from reports.watched import BOARD
from tests.factories import (
    JourneyFactory,
    PromiseFactory,
    SegmentFactory,
    StepFactory,
    TouchpointFactory,
)
from touchpoints.models import Channel, EvidenceCode, Promise, Touchpoint

KEPT = {
    "parameters": (kept_parameters, parameters_of, PARAMETERS),
    "board": (kept_board, board_of, BOARD),
}


def now() -> Journey:
    return Journey.objects.select_related("workspace__scoring_settings").get(slug="opening")


def changed(found, **values) -> None:
    type(found).objects.filter(pk=found.pk).update(**values)


def counter() -> Touchpoint:
    return Touchpoint.objects.get(code="counter")


def add_code(code: str = "desk") -> None:
    EvidenceCode.objects.create(workspace=counter().workspace, code=code, touchpoint=counter())


def claim_the_code() -> None:
    """A touchpoint's own code is its own, whatever was written before."""
    TouchpointFactory(workspace=counter().workspace, code="desk")


def add_a_place() -> None:
    step = StepFactory(journey=now(), stage=Stage.objects.get(), name="Signs")
    step.touchpoints.add(TouchpointFactory(workspace=now().workspace, code="pen"))


def promise_to_a_segment() -> None:
    segment = SegmentFactory(workspace=now().workspace, code="mass")
    PromiseFactory(touchpoint=counter(), segment=segment, max_wait_s=5)


def open_another() -> None:
    JourneyFactory(workspace=now().workspace, slug="within", name="Within")
    changed(Step.objects.first(), opens="within")


# What is done, one after the other → which of both is another then.
CHANGES = [
    (add_code, {"parameters"}),
    (claim_the_code, {"parameters"}),
    (add_a_place, {"parameters", "board"}),
    (lambda: Step.objects.filter(name="Signs").update(position=0), {"parameters", "board"}),
    (lambda: StepTouchpoint.objects.filter(touchpoint__code="pen").delete(),
     {"parameters", "board"}),
    (lambda: now().goal_touchpoints.add(counter()), {"parameters"}),
    (lambda: changed(Promise.objects.get(), max_wait_s=7), {"parameters"}),
    (promise_to_a_segment, {"parameters"}),
    (lambda: now().workspace.segments.update(code="all"), {"parameters"}),
    (lambda: ScoringSettings.objects.create(workspace=now().workspace, weight_felt=0.1),
     {"parameters"}),
    (lambda: Metric.objects.create(workspace=now().workspace, code="ease", name="Ease", low=0,
                                   high=10, pain_at_most=3), {"parameters"}),
    (lambda: changed(now().workspace, timezone="Asia/Shanghai"), {"parameters"}),
    (lambda: changed(counter(), name="Other desk"), {"board"}),
    (lambda: changed(counter(), code="other"), {"parameters", "board"}),
    (lambda: Channel.objects.update(name="Other channel"), {"board"}),
    (lambda: changed(Stage.objects.get(), name="Other stage"), {"board"}),
    (lambda: changed(Card.objects.exclude(text="").get(), text="Other"), {"board"}),
    (lambda: changed(Persona.objects.get(), name="Other"), {"board"}),
    (lambda: Lane.objects.update(hidden=True), {"board"}),
    (open_another, {"board"}),
    (lambda: Journey.objects.filter(slug="within").update(name="Other"), {"board"}),
    (lambda: changed(now(), name="Other name"), {"board"}),
]  # fmt: skip


def test_neither_outlives_a_change(journey) -> None:
    before = {name: kept(now()) for name, (kept, _made, _watched) in KEPT.items()}
    for number, (do, others) in enumerate(CHANGES):
        do()
        for name, (kept, made, _watched) in KEPT.items():
            found = kept(now())
            assert found == made(now()), (number, name)
            assert (found != before[name]) == (name in others), (number, name)
            before[name] = found


@pytest.mark.parametrize("name", KEPT)
def test_every_table_that_is_read_is_watched_and_the_second_look_is_one_query(
    journey, name
) -> None:
    kept, _made, watched = KEPT[name]
    add_code()
    open_another()
    found, own = [], now()
    for _look in range(2):
        with CaptureQueriesContext(connection) as asked:
            found.append(kept(own))
        queries = [query["sql"] for query in asked]
        read = {t for sql in queries for t in re.findall(r'(?:FROM|JOIN) "(\w+)"', sql)}
        assert read <= watched.tables
    assert found[0] is found[1]
    assert len(queries) == 1
