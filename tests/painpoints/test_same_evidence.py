"""The order of rows, and how they were cut into files, change no bit of a result."""

import json
import random
from collections.abc import Iterable
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from accounts.models import Workspace
from painpoints.counts import COUNTERS, WHEN_LOOKED_AT, counts_of
from tests.evidence.bringing import ANSWERS, WAITS, bring, having
from tests.factories import (
    JourneyFactory,
    PromiseFactory,
    SegmentFactory,
    StageFactory,
    StepFactory,
    TouchpointFactory,
    WorkspaceFactory,
)
from tests.painpoints.conftest import scored

CODES = ("counter", "phone", "app")
COLUMN = {name: {"column": name} for name in ("segment", "unit", "customer", "weight")}
KINDS: dict[str, dict[str, Any]] = {
    "answers": having(
        ANSWERS, segment=COLUMN["segment"], weight=COLUMN["weight"], metric={"column": "metric"}
    ),
    "waits": having(
        WAITS,
        segment=COLUMN["segment"],
        service_s={"column": "service"},
        outcome={"column": "outcome"},
    ),
    "passages": {
        "kind": "interactions",
        "fields": {
            "occurred_at": {"column": "at"},
            "touchpoint": {"column": "where"},
            "customer": COLUMN["customer"],
        },
    },
}
HEADS = {
    "answers": "at,where,metric,score,segment,weight",
    "waits": "at,queue,wait,service,outcome,segment",
    "passages": "at,where,customer",
}


def evidence() -> dict[str, list[str]]:
    """Rows with fractions, weights, ties in time and customers who come again."""
    rng = random.Random(20)
    noon = datetime(2025, 3, 3, 12)

    def at() -> str:
        return (noon + timedelta(minutes=rng.randrange(40) * 720)).isoformat(" ")

    def row(*cells: Any) -> str:
        return ",".join(map(str, cells))

    scales = {"nps": (0, 10), "csat": (1, 5), "ces": (1, 7)}
    answers = []
    for _ in range(300):
        metric = rng.choice(sorted(scales))
        weight = rng.choice([1, 0.1, 0.37, 2.25])
        answers.append(
            row(at(), rng.choice(CODES), metric, rng.randint(*scales[metric]), segment(rng), weight)
        )
    waits = [
        row(
            at(),
            rng.choice(CODES),
            round(rng.expovariate(1 / 50), 3),
            round(rng.expovariate(1 / 90), 3),
            rng.choice(["served", "served", "abandoned"]),
            segment(rng),
        )
        for _ in range(300)
    ]
    passages = [row(at(), rng.choice(CODES), f"c{rng.randrange(90)}") for _ in range(300)]
    return {"answers": answers, "waits": waits, "passages": passages}


def segment(rng: random.Random) -> str:
    return rng.choice(["gold", "plain", ""])


def result_of(files: Iterable[tuple[str, list[str]]], folder: Path) -> str:
    """What a run tells, as JSON, in a workspace of its own that these files were brought to."""
    workspace: Workspace = WorkspaceFactory()
    journey = JourneyFactory(workspace=workspace, slug="opening", name="Opening an account")
    stage = StageFactory(journey=journey)
    for code in CODES:
        touchpoint = TouchpointFactory(workspace=workspace, code=code, name=code.title())
        StepFactory(journey=journey, stage=stage, name=code).touchpoints.add(touchpoint)
        PromiseFactory(touchpoint=touchpoint)
    gold = SegmentFactory(workspace=workspace, code="gold")
    PromiseFactory(touchpoint=workspace.touchpoints.get(code="phone"), segment=gold, max_wait_s=9)
    journey.goal_touchpoints.add(workspace.touchpoints.get(code="app"))
    for kind, rows in files:
        text = "\n".join([HEADS[kind], *rows]) + "\n"
        found = bring(workspace, folder, text, KINDS[kind])
        assert (found.accepted, found.rejected) == (len(rows), 0), found.problems
    run = scored(journey)
    beside = {kind: counts_of(run, kind) for kind in (*COUNTERS, *WHEN_LOOKED_AT)}
    told = {**without_snapshot(run.result), "beside": beside}
    return json.dumps(told, sort_keys=True, allow_nan=False)


def without_snapshot(told: Any) -> Any:
    """The number of the snapshot tells when the lake was read, not what stood in it."""
    if isinstance(told, dict):
        return {name: without_snapshot(part) for name, part in told.items() if name != "snapshot"}
    return [without_snapshot(part) for part in told] if isinstance(told, list) else told


@pytest.fixture
def whole(workspace: Workspace, tmp_path: Path) -> str:
    return result_of(evidence().items(), tmp_path)


def test_the_evidence_of_these_tests_tells_something(whole: str) -> None:
    result = json.loads(whole)
    for touchpoint in result["touchpoints"]:
        assert {"felt", "waited", "repeated", "lost"} == set(touchpoint["families"])
        assert touchpoint["families"]["felt"]["n"] % 1  # weighted
        assert touchpoint["reach_basis"] == "interactions"
    assert result["customers"] == 85
    assert all(result["beside"].values())


def test_permuting_rows_changes_nothing(whole: str, tmp_path: Path) -> None:
    rng = random.Random(1)
    mixed = {kind: rng.sample(rows, len(rows)) for kind, rows in evidence().items()}
    assert result_of(mixed.items(), tmp_path) == whole


def test_splitting_imports_and_their_order_change_nothing(whole: str, tmp_path: Path) -> None:
    files = [(kind, rows[part::3]) for kind, rows in evidence().items() for part in range(3)]
    random.Random(3).shuffle(files)
    assert result_of(files, tmp_path) == whole


def test_one_row_fewer_changes_it(whole: str, tmp_path: Path) -> None:
    fewer = {kind: rows[1:] if kind == "waits" else rows for kind, rows in evidence().items()}
    assert result_of(fewer.items(), tmp_path) != whole
