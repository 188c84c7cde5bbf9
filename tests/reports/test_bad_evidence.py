"""Evidence as it should not be, in the real lake: every page and download answers."""

import json
import re
from datetime import datetime, timedelta
from decimal import Decimal
from html import unescape
from typing import Any

import pytest
from django.test import Client

from accounts.models import Workspace
from evidence.models import Import
from evidence.scope import Scope
from journeys.models import Journey
from painpoints.models import ScoringRun
from tests.factories import (
    JourneyFactory,
    PromiseFactory,
    SegmentFactory,
    StageFactory,
    StepFactory,
    TouchpointFactory,
    UnitFactory,
)
from tests.lake_rows import NOON, answer, customer, passage, put, wait
from tests.reports.conftest import scored

NO_NUMBER = re.compile(r"(?<![\w./-])-?(nan|NaN|inf|Infinity)(?![\w/-])")
PLOTLY = re.compile(r"<script[^>]*>[^<]{0,200}plotly\.js v.*?</script>", re.S)
ROW = re.compile(r"(.*/evidence/rows/\d+/\d)\d*/")
LINK = re.compile(r'(?:href|hx-get)="(/[^"#]*)')
CODES = (
    "nothing", "ties", "once", "never-hurts", "always-hurts", "weightless", "abandoned",
    "at-once", "one-week", "thin-units", "same-as-outcome",
)  # fmt: skip


@pytest.fixture
def journey(workspace: Workspace) -> Journey:
    journey = JourneyFactory(workspace=workspace, slug="opening", name="Opening an account")
    stage = StageFactory(journey=journey)
    for code in CODES:
        touchpoint = TouchpointFactory(workspace=workspace, code=code, name=code.title())
        StepFactory(journey=journey, stage=stage, name=code).touchpoints.add(touchpoint)
        if code != "ties":  # whose waits nothing was promised for
            PromiseFactory(
                touchpoint=touchpoint, max_wait_s=Decimal(0 if code == "at-once" else 20)
            )
    journey.goal_touchpoints.add(workspace.touchpoints.get(code="nothing"))
    for code in ("north", "south"):
        UnitFactory(workspace=workspace, code=code)
    SegmentFactory(workspace=workspace, code="gold")
    return journey


def linked(touchpoint: str | None, score: Any, count: int = 130, **more: Any) -> list[dict]:
    return [
        answer(touchpoint, "csat", score, customer=customer(f"c{i}"), **more) for i in range(count)
    ]


def weekly(row: dict[str, Any], *weeks: int) -> list[dict[str, Any]]:
    return [row | {"occurred_at": NOON + timedelta(weeks=week)} for week in weeks]


@pytest.fixture
def run(workspace: Workspace, journey: Journey) -> ScoringRun:
    rows: dict[str, list[dict[str, Any]]] = {
        "responses": [
            answer("once", "nps", 3),
            *[answer("never-hurts", "csat", 5, unit="north") for _ in range(60)],
            *[answer("always-hurts", "csat", 1, unit="north", segment="gold")] * 60,
            *[answer("weightless", "csat", 1, weight=Decimal(0)) for _ in range(40)],
            # a constant outcome, and answers that are constant and say the same
            *linked("same-as-outcome", 3),
            *linked("one-week", 3),
            *linked(None, 3, journey="opening"),
            answer("one-week", "ces", None, comment="A word and no score"),
        ],
        "waits": [
            *[wait("ties", 7) for _ in range(50)],
            *[wait("abandoned", 30, "abandoned", unit="south") for _ in range(50)],
            *[wait("at-once", 0, service_ms=0) for _ in range(50)],
            wait("thin-units", 4, unit="north"),
            *[wait("thin-units", 4, unit="south", segment="gold") for _ in range(40)],
            # one in each of some weeks, with empty ones between
            *weekly(wait("one-week", 5, service_ms=1000), 0, 1, 2, 40, 41, 50, 60),
        ],
        "interactions": [passage("once", "a"), passage("ties", None)],
    }
    for table, evidence in rows.items():
        source = Import.objects.create(workspace=workspace, source="made up", kind=table)
        put(table, workspace, evidence, import_id=source.pk)
    return scored(journey)


def test_the_result_is_json_without_nan(run: ScoringRun) -> None:
    found = json.loads(json.dumps(run.document(), allow_nan=False))
    by_code = {touchpoint["code"]: touchpoint for touchpoint in found["touchpoints"]}
    assert by_code["nothing"]["severity"] is None
    assert by_code["weightless"]["families"] == {} and by_code["weightless"]["csat"] is None
    assert by_code["ties"]["families"].keys() == {"lost"} or not by_code["ties"]["families"]
    assert by_code["always-hurts"]["families"]["felt"]["x"] == 60
    assert by_code["never-hurts"]["families"]["felt"]["x"] == 0
    assert by_code["abandoned"]["waits"]["abandoned_share"] == 1.0
    assert by_code["at-once"]["families"]["waited"]["x"] == 0
    assert by_code["once"]["too_little_evidence"] is True
    for counts in run.counts.all():
        json.dumps(counts.document, allow_nan=False)


def test_a_scope_of_a_single_empty_day_is_answered(run: ScoringRun, journey: Journey) -> None:
    day = datetime(2020, 1, 1).date()
    empty = scored(journey, Scope(since=day, until=day + timedelta(days=1)))
    assert all(line["severity"] is None for line in empty.result["touchpoints"])


def walk(client: Client, start: list[str], base: str) -> dict[str, str]:
    """Every address below `base` that pages lead to, one of each kind, and what it answered."""
    waiting, seen, found = list(start), set(), {}
    while waiting:
        url = unescape(waiting.pop())
        path, _, query = url.partition("?")
        # one address of a kind: the same path with other values of its parameters is one page, and
        # of an import's rows those are whose numbers begin alike, but each touchpoint has bad
        # evidence of its own
        path = ROW.sub(r"\1", path)
        parts = [part.partition("=") for part in query.split("&")]
        kind = (path, *sorted(f"{k}={v}" if k in ("touchpoint", "at") else k for k, _, v in parts))
        if not path.startswith(base) or kind in seen:
            continue
        seen.add(kind)
        answer = client.get(url)
        body = b"".join(answer) if answer.streaming else answer.content
        found[url] = f"{answer.status_code}"
        if b"\0" in body[:2000] or answer.status_code != 200:
            continue
        text = PLOTLY.sub("", body.decode(errors="replace"))
        strange = NO_NUMBER.search(text)
        if strange:
            begin = max(0, strange.start() - 80)
            found[url] = f"{strange.group()} in …{text[begin : strange.end() + 40]}…"
        waiting.extend(LINK.findall(text))
    return found


def test_every_page_that_the_journey_leads_to_answers(run, journey, owner, client_for) -> None:
    base = f"/w/{journey.workspace.slug}/"
    found = walk(client_for(owner), [f"{base}journeys/opening/", f"{base}painpoints/"], base)
    # no worker runs here: figures of a filtered scope are still to come
    wrong = {
        url: told
        for url, told in found.items()
        if told not in ("200", "302", "405") and not (told == "503" and "figures/" in url)
    }
    assert not wrong, json.dumps(wrong, indent=1)
    walked = " ".join(found)
    for part in ("ranking/", "waiting/", "segments/", "change/", "units/", "know/", ".csv"):
        assert part in walked
    assert len(found) > 20
