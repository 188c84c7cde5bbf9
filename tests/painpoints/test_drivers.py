"""Key drivers of a run: found through the lake, kept, refused where they would mislead."""

import json

import numpy as np
import pytest

from analytics.drivers import key_drivers
from evidence.upkeep import keep_in_order
from jobs.actions import run_job
from jobs.models import Job, Status
from painpoints.drivers_work import kept_drivers, request_drivers
from tests.lake_rows import answer, customer, put, wait
from tests.painpoints.conftest import scored


def survey(n: int = 160) -> tuple[np.ndarray, np.ndarray]:
    """CSAT 1–5 of counter and app, and an NPS that the counter moves more."""
    rng = np.random.default_rng(4)
    answers = rng.integers(1, 6, size=(n, 2))
    nps = np.clip(answers @ [1.6, 0.5] + rng.normal(size=n), 0, 10).round()
    return answers, nps


def rows(answers: np.ndarray, nps: np.ndarray) -> list:
    found = []
    for i, ((counter, app), score) in enumerate(zip(answers.tolist(), nps.tolist(), strict=True)):
        who = customer(f"c{i}")
        found += [answer("counter", "csat", counter, customer=who),
                  answer("app", "csat", app, customer=who),
                  answer(None, "nps", score, customer=who, journey="opening")]  # fmt: skip
    return found


def found_for(run) -> dict:
    job = run_job(job_id=str(request_drivers(run=run).pk))
    assert job.status == Status.DONE, job.error + job.log
    kept = kept_drivers(run)
    assert kept is not None
    return kept


@pytest.fixture
def asked(workspace, journey):
    put("responses", workspace, rows(*survey()))
    return scored(journey)


def test_drivers_are_those_of_the_rows(asked) -> None:
    answers, nps = survey()
    (outcome,) = found_for(asked)["outcomes"]
    assert (outcome["metric"], outcome["linked"]) == ("nps", 160)
    assert outcome["left_out"] == [{"code": "phone", "reason": "none", "n": 0}]
    expected = np.corrcoef(np.column_stack([answers, nps]), rowvar=False)
    for method in ("weights", "lmg"):
        found = outcome["methods"][method]
        by_hand = key_drivers(answers.astype(float), nps, method=method, resamples=2)
        told = {d["code"]: d for d in found["touchpoints"]}
        assert [d["code"] for d in found["touchpoints"]] == ["counter", "app"]
        assert [told[c]["importance"] for c in ("counter", "app")] == pytest.approx(
            by_hand.importance
        )
        assert told["counter"]["correlation"] == pytest.approx(expected[0, 2])
        assert told["app"]["performance"] == pytest.approx((answers[:, 1].mean() - 1) * 2.5)
        assert told["app"]["n"] == found["n"] == 160
        assert found["r_squared"] == pytest.approx(by_hand.r_squared)
        assert found["r_squared_low"] < found["r_squared"] < found["r_squared_high"]
        assert told["counter"]["stands_out"]


def test_what_is_kept_is_plain_json_and_found_once(asked) -> None:
    first = found_for(asked)
    json.dumps(first, allow_nan=False)
    assert Job.objects.filter(kind="drivers").count() == 1
    assert found_for(asked) == first


def test_two_readers_share_one_job(asked) -> None:
    assert request_drivers(run=asked) == request_drivers(run=asked)


def test_later_answers_do_not_change_an_older_run(asked, workspace) -> None:
    put("responses", workspace, rows(*survey(40)), 2)
    (outcome,) = found_for(asked)["outcomes"]
    assert outcome["linked"] == 160


def test_where_the_rows_are_gone_the_job_says_so(asked, workspace) -> None:
    put("responses", workspace, rows(*survey(40)), 2)
    keep_in_order(days=0)
    job = run_job(job_id=str(request_drivers(run=asked).pk))
    assert job.status == Status.FAILED
    assert "rows behind it are gone" in job.error
    assert kept_drivers(asked) is None
    assert request_drivers(run=asked) == job  # not tried again by everybody who looks


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        (lambda answers, nps: (answers[:99], nps[:99]), "predictors"),
        (lambda answers, nps: (answers, nps * 0 + 9), "constant"),
        (lambda answers, nps: (answers * 0 + 4, nps), "predictors"),
    ],
    ids=["too few customers", "a constant outcome", "constant answers"],
)
def test_what_would_mislead_is_refused_with_its_reason(workspace, journey, change, reason) -> None:
    put("responses", workspace, rows(*change(*survey())))
    (outcome,) = found_for(scored(journey))["outcomes"]
    assert {m["refused"] for m in outcome["methods"].values()} == {reason}


def test_twins_are_told_apart_by_leaving_one_out(workspace, journey) -> None:
    answers, nps = survey()
    answers[:, 1] = answers[:, 0]
    put("responses", workspace, rows(answers, nps))
    (outcome,) = found_for(scored(journey))["outcomes"]
    assert [(o["code"], o["reason"]) for o in outcome["left_out"]] == [
        ("phone", "none"), ("app", "same"),
    ]  # fmt: skip
    assert [d["code"] for d in outcome["methods"]["weights"]["touchpoints"]] == ["counter"]


def test_a_journey_nobody_was_asked_about_has_no_outcomes(workspace, journey) -> None:
    put("waits", workspace, [wait("counter", 90)])
    assert found_for(scored(journey)) == {"outcomes": []}
