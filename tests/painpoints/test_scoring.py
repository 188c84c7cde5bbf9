"""A run's result: every number that stands in it, from evidence put into the lake."""

import json
from datetime import date
from decimal import Decimal

import pytest

from accounts.models import Workspace
from analytics.ranking import TouchpointCounts, score
from evidence.scope import Scope
from painpoints.models import ScoringSettings
from tests.factories import EvidenceCodeFactory, MetricFactory, PromiseFactory, SegmentFactory
from tests.lake_rows import answer, passage, put, wait
from tests.painpoints.conftest import line, scored


def put_some(workspace: Workspace) -> None:
    put("waits", workspace, [wait("counter", s) for s in (0, 30, 60, 61)] * 10)
    put("waits", workspace, [wait("counter", 90, "abandoned"), wait("phone", 7)])
    put("responses", workspace, [answer("counter", "csat", s) for s in (1, 3, 4, 5)] * 10)
    put("responses", workspace, [answer("phone", "nps", s) for s in (2, 7, 9)])
    put("responses", workspace, [answer(None, "nps", s, journey="opening") for s in (9, 9, 3)])


def test_the_score_is_that_of_the_numeric_core(journey, workspace) -> None:
    put_some(workspace)
    run = scored(journey)
    expected = score(
        [
            TouchpointCounts("counter", {"felt": (10, 40), "waited": (11, 41)}, 1.0, "volume"),
            TouchpointCounts("phone", {"felt": (1, 3)}, 3 / 41, "volume"),
            TouchpointCounts("app", {}, 0.0, "volume"),
        ]
    ).by_code()
    for code in ("counter", "phone"):
        found = line(run, code)
        for name in ("severity", "severity_low", "severity_high", "burden", "burden_low",
                     "burden_high", "rank", "rank_low", "rank_high", "p_top3", "reach",
                     "reach_basis", "too_little_evidence"):  # fmt: skip
            assert found[name] == getattr(expected[code], name), (code, name)
        for family, part in expected[code].families.items():
            assert found["families"][family] == vars(part)
    assert [t["code"] for t in run.result["touchpoints"]] == ["counter", "phone", "app"]


def test_the_result_has_the_published_shape(journey, workspace) -> None:
    put_some(workspace)
    run = scored(journey)
    found = json.loads(json.dumps(run.document(), allow_nan=False))
    assert {"formula", "scope", "snapshot", "touchpoints", "outcome"} <= set(found)
    assert found["formula"] == "pain/1"
    assert found["snapshot"] == run.snapshot and run.snapshot > 0
    counter = line(run, "counter")
    assert {
        "code", "name", "rank", "rank_low", "rank_high", "p_top3", "severity", "severity_low",
        "severity_high", "reach", "reach_basis", "burden", "burden_low", "burden_high",
        "too_little_evidence", "families", "nps", "csat", "ces", "waits",
    } <= set(counter)  # fmt: skip
    assert counter["csat"] | {"low": 0, "high": 0} == {
        "n": 40, "value": 0.5, "low": 0, "high": 0, "x": 20, "n_eff": 40,
    }  # fmt: skip
    assert counter["csat"]["low"] < 0.5 < counter["csat"]["high"]
    assert counter["nps"] is None and counter["ces"] is None
    waits = counter["waits"]
    assert (waits["offered"], waits["p50_s"], waits["promise_s"]) == (41, 60.0, 60.0)
    assert waits["service_level"] == 30 / 41
    assert waits["abandoned_share"] == 1 / 41
    assert found["outcome"]["nps"]["value"] == pytest.approx(100 / 3)
    assert found["outcome"]["nps"]["n"] == 3
    assert {k: found["outcome"]["nps"][k] for k in ("promoters", "detractors", "n_eff")} == {
        "promoters": 2, "detractors": 1, "n_eff": 3,
    }  # fmt: skip
    assert found["outcome"]["csat"] is None


def test_too_little_evidence_stands_below_and_has_no_rank(journey, workspace) -> None:
    put_some(workspace)
    phone = line(scored(journey), "phone")
    assert phone["too_little_evidence"] is True
    assert phone["rank"] is phone["p_top3"] is phone["band"] is None
    assert phone["severity"] > 0


def test_no_evidence_is_said_by_null_not_by_zero(journey, workspace) -> None:
    run = scored(journey)
    app = line(run, "app")
    for name in ("rank", "severity", "severity_low", "reach", "reach_basis", "burden", "nps",
                 "csat", "ces", "waits", "emotion"):  # fmt: skip
        assert app[name] is None, name
    assert app["families"] == {}
    assert run.result["outcome"] == {"nps": None, "csat": None, "ces": None, "metrics": {}}


def test_without_a_promise_there_is_no_family_waited(journey, workspace) -> None:
    put("waits", workspace, [wait("phone", s) for s in range(40)])
    phone = line(scored(journey), "phone")
    assert phone["families"] == {} and phone["severity"] is None
    assert phone["no_promise"] is True
    assert phone["waits"]["offered"] == 40
    assert phone["waits"]["service_level"] is phone["waits"]["promise_s"] is None


def test_promises_of_a_segment_apply_to_its_waits(journey, workspace) -> None:
    gold = SegmentFactory(workspace=workspace, code="gold")
    phone = workspace.touchpoints.get(code="phone")
    PromiseFactory(touchpoint=phone, segment=gold, max_wait_s=Decimal("9.5"))
    put("waits", workspace, [wait("phone", s, segment=g) for s in (9, 10) for g in ("gold", "x")])
    found = line(scored(journey), "phone")
    assert (found["families"]["waited"]["x"], found["families"]["waited"]["n"]) == (1, 2)
    assert found["waits"]["offered"] == 4
    assert found["waits"]["promise_s"] == 9.5


def test_reach_counts_customers_where_interactions_are_known(journey, workspace) -> None:
    rows = [passage("counter", name, day) for name in "abcd" for day in (0, 1)]
    put("interactions", workspace, [*rows, passage("phone", "a")])
    put("responses", workspace, [answer("app", "nps", 5) for _ in range(4)])
    run = scored(journey)
    assert run.result["customers"] == 4
    assert (line(run, "counter")["reach"], line(run, "phone")["reach"]) == (1.0, 0.25)
    assert line(run, "counter")["families"]["repeated"]["x"] == 4
    assert line(run, "counter")["reach_basis"] == "interactions"
    # No interactions at the app: by volume, its 4 answers beside the largest n, 8 passages.
    assert (line(run, "app")["reach"], line(run, "app")["reach_basis"]) == (0.5, "volume")


def test_lost_needs_touchpoints_that_mean_success(journey, workspace) -> None:
    put("interactions", workspace, [passage("counter", "a"), passage("phone", "b")])
    assert "lost" not in line(scored(journey), "counter")["families"]
    journey.goal_touchpoints.add(workspace.touchpoints.get(code="phone"))
    run = scored(journey)
    counts = {c: line(run, c)["families"]["lost"] for c in ("counter", "phone")}
    assert {c: (f["x"], f["n"]) for c, f in counts.items()} == {"counter": (1, 1), "phone": (0, 1)}


def test_weights_and_thresholds_of_the_workspace_count(journey, workspace) -> None:
    put("waits", workspace, [wait("counter", 8, "abandoned"), wait("counter", 70)] * 20)
    before = line(scored(journey), "counter")
    ScoringSettings.objects.create(workspace=workspace, weight_waited=0.3, short_abandon_s=10)
    after = line(scored(journey), "counter")
    assert before["families"]["waited"]["n"] == 40 and after["families"]["waited"]["n"] == 20
    assert after["families"]["waited"]["weight"] == 0.3


def test_a_metric_of_the_workspaces_own_is_felt(journey, workspace) -> None:
    MetricFactory(workspace=workspace, code="effort", low=0, high=10, pain_at_least=8)
    put("responses", workspace, [answer("app", "effort", s) for s in (0, 8, 10)])
    found = line(scored(journey), "app")
    assert (found["families"]["felt"]["x"], found["families"]["felt"]["n"]) == (2, 3)
    assert found["metrics"]["effort"]["value"] == pytest.approx(2 / 3)


def test_evidence_under_another_code_counts_once_it_is_mapped(journey, workspace) -> None:
    put("responses", workspace, [answer("APP-1", "nps", 1)])
    assert line(scored(journey), "app")["families"] == {}
    app = workspace.touchpoints.get(code="app")
    EvidenceCodeFactory(workspace=workspace, touchpoint=app, code="APP-1")
    assert line(scored(journey), "app")["families"]["felt"]["x"] == 1


def test_days_are_those_of_the_workspaces_time_zone(journey, workspace) -> None:
    from datetime import datetime

    put("responses", workspace, [answer("app", "nps", 1, occurred_at=datetime(2025, 3, 2, 23))])
    third = Scope(since=date(2025, 3, 3), until=date(2025, 3, 4))
    assert line(scored(journey, third), "app")["families"] == {}
    workspace.timezone = "Europe/Berlin"
    workspace.save()
    journey.workspace.refresh_from_db()
    assert line(scored(journey, third), "app")["families"]["felt"]["n"] == 1


def test_the_same_again_is_identical_to_the_last_bit(journey, workspace) -> None:
    put_some(workspace)
    first = scored(journey)
    before = first.result
    first.delete()
    again = scored(journey)
    assert json.dumps(again.result, sort_keys=True) == json.dumps(before, sort_keys=True)
