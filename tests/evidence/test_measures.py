"""Counts of small evidence, worked out by hand, through the real lake."""

import random
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest

from accounts.models import Workspace
from evidence import lake
from evidence.answers import Rate
from evidence.measures import Measure, Passages, measure
from evidence.metrics import BUILT_IN, Scale
from evidence.question import Place, Question, Standard
from evidence.scope import Scope
from tests.evidence.asking import COUNTER, OUTCOMES, PHONE, ask, counter
from tests.lake_rows import NOON, answer, passage, put, wait


@pytest.fixture
def question(workspace: Workspace) -> Question:
    return Question(workspace.pk, "opening", (COUNTER, PHONE), BUILT_IN)


def test_a_touchpoint_without_evidence_has_nothing(question: Question) -> None:
    measures = ask(question)
    assert measures.touchpoints == (Measure("counter"), Measure("phone"))
    assert measures.customers == 0
    assert measures.outcome == {}


def test_a_journey_without_touchpoints_is_answered_too(question: Question) -> None:
    assert ask(replace(question, places=())).touchpoints == ()


def test_painful_answers_of_all_metrics_count_together(question, workspace) -> None:
    scores = {"nps": [6, 7, 9, 10, 0], "csat": [2, 3, 5], "ces": [3, 4]}
    put(
        "responses",
        workspace,
        [answer("counter", metric, s) for metric, told in scores.items() for s in told],
    )
    found = counter(question)
    assert found.felt == Rate(x=4.0, n=10.0)  # NPS 6 and 0, CSAT 2, CES 3
    assert (found.answers["nps"].promoters, found.answers["nps"].detractors) == (2, 2)
    assert found.answers["csat"].good == 1
    assert (found.answers["ces"].n, found.answers["ces"].good) == (2, 0)


def test_weighted_answers_count_by_kishs_formula(question, workspace) -> None:
    rows = [
        answer("counter", "csat", 1, weight=Decimal("2")),
        answer("counter", "csat", 5, weight=Decimal("1")),
        answer("counter", "csat", 5, weight=Decimal("1")),
    ]
    put("responses", workspace, rows)
    felt = counter(question).felt
    assert felt is not None
    # Σw = 4, Σw² = 6: n = 16/6, and half of the weight is painful.
    assert felt.n == pytest.approx(16 / 6, abs=1e-15)
    assert felt.x == pytest.approx(8 / 6, abs=1e-15)


def test_answers_of_weight_0_say_nothing(question, workspace) -> None:
    nobody = [answer("counter", "csat", 1, weight=Decimal(0)) for _ in range(3)]
    put("responses", workspace, [*nobody, answer("counter", "csat", 5, weight=Decimal(2))])
    assert counter(question).felt == Rate(x=0.0, n=1.0)


def test_answers_that_all_weigh_nothing_are_no_evidence(question, workspace) -> None:
    put("responses", workspace, [answer("counter", "nps", 1, weight=Decimal(0))])
    found = counter(question)
    assert (found.felt, found.feeling) == (None, None)
    assert (found.answers["nps"].n, found.answers["nps"].w) == (1, 0)


def test_equal_weights_leave_whole_numbers(question, workspace) -> None:
    put(
        "responses",
        workspace,
        [answer("counter", "csat", s, weight=Decimal("0.1234567891")) for s in (1, 2, 5)],
    )
    assert counter(question).felt == Rate(x=2.0, n=3.0)


def test_feelings_are_rescaled_from_worst_to_best(question, workspace) -> None:
    rows = [answer("counter", "nps", 10), answer("counter", "csat", 1), answer("counter", "ces", 4)]
    put("responses", workspace, rows)
    feeling = counter(question).feeling
    assert feeling is not None
    assert (feeling.n, feeling.mean, feeling.var) == (3, 0.0, 4.0)  # 2, −2 and 0


def test_a_metric_on_which_much_is_bad_is_turned_round(question, workspace) -> None:
    stress = Scale("stress", Decimal(0), Decimal(100), pain_at_least=Decimal(80))
    put("responses", workspace, [answer("counter", "stress", s) for s in (0, 79.999, 80, 100)])
    found = counter(replace(question, scales={**BUILT_IN, "stress": stress}))
    assert found.felt == Rate(x=2.0, n=4.0)
    assert found.feeling is not None and found.feeling.mean == pytest.approx(-0.59999)


def test_comments_without_score_and_unknown_metrics_are_left_out(question, workspace) -> None:
    put("responses", workspace, [answer("counter", "nps", None), answer("counter", "joy", 1)])
    found = counter(question)
    assert found.felt is None and found.feeling is None and found.answers == {}


def test_the_journeys_own_answers_name_no_touchpoint(question, workspace) -> None:
    rows = [
        answer(None, "nps", 10, journey="opening"),
        answer(None, "nps", 3, journey="closing"),
        answer("counter", "nps", 3, journey="opening"),
    ]
    put("responses", workspace, rows)
    outcome = ask(question).outcome
    assert (outcome["nps"].n, outcome["nps"].promoters) == (1, 1)


def test_waits_are_held_against_the_promise(question, workspace) -> None:
    rows = [
        wait("counter", 0),
        wait("counter", 60),  # in time: the promise is kept to the last moment
        wait("counter", 60.001),
        wait("counter", 5, "abandoned"),  # so short that it does not count
        wait("counter", 5.001, "abandoned"),
        wait("counter", 100, "abandoned"),
    ]
    put("waits", workspace, rows)
    waits = counter(question).waits
    assert waits is not None
    assert (waits.offered, waits.abandoned, waits.promised) == (5, 2, 5)
    assert waits.painful == 3  # one late, two abandoned
    assert (waits.in_time, waits.level_base) == (2, 4)  # 3 served + 1 abandoned after 60 s
    assert waits.p50_s == 60.0
    assert waits.p90_s == pytest.approx(60.001 + 0.6 * (100 - 60.001))
    assert waits.mean_s == pytest.approx((0 + 60 + 60.001 + 5.001 + 100) / 5)


def test_without_a_promise_waits_are_measured_but_not_judged(question, workspace) -> None:
    put("waits", workspace, [wait("phone", 10), wait("PS", 30)])
    waits = ask(question).touchpoints[1].waits
    assert waits is not None
    assert (waits.offered, waits.p50_s) == (2, 20.0)
    assert (waits.promised, waits.painful, waits.level_base) == (0, 0, 0)


def test_the_most_specific_promise_applies(question, workspace) -> None:
    promises = (
        Standard(40_000),
        Standard(30_000, channel="phone"),
        Standard(20_000, segment="gold"),
        Standard(10_000, segment="gold", channel="phone"),
    )
    place = replace(COUNTER, promises=promises)
    cases = {
        ("gold", "phone"): 10,
        ("gold", "branch"): 20,
        ("gold", None): 20,
        ("mass", "phone"): 30,
        (None, "phone"): 30,
        ("mass", "branch"): 40,
        (None, None): 40,
    }
    for (segment, channel), promise_s in cases.items():
        only = wait("counter", promise_s, segment=segment, channel=channel)
        put("waits", workspace, [only, {**only, "wait_ms": promise_s * 1000 + 1}])
    waits = counter(replace(question, places=(place,))).waits
    assert waits is not None
    assert (waits.promised, waits.painful, waits.in_time) == (14, 7, 7)


def test_where_only_some_have_a_promise_only_theirs_are_judged(question, workspace) -> None:
    place = replace(COUNTER, promises=(Standard(20_000, segment="gold"),))
    rows = [wait("counter", 30, segment=s) for s in ("gold", "mass", None)]
    put("waits", workspace, rows)
    waits = counter(replace(question, places=(place,))).waits
    assert waits is not None
    assert (waits.offered, waits.promised, waits.painful) == (3, 1, 1)


def test_several_raw_codes_are_one_touchpoint(question, workspace) -> None:
    put("responses", workspace, [answer(code, "nps", 1) for code in ("phone", "PS", "ps")])
    put("interactions", workspace, [passage("phone", "ann"), passage("PS", "ann", 1)])
    found = ask(question).touchpoints[1]
    assert found.felt == Rate(x=2.0, n=2.0)
    assert found.passages == Passages(n=2, repeated=1, customers=1)


def test_a_repeat_comes_within_seven_days_and_no_later(question, workspace) -> None:
    microsecond = 1 / 86_400_000_000
    rows = [
        *(passage("counter", "ann", day) for day in (0, 7, 14.5)),
        *(passage("counter", "bob", day) for day in (0, 7 + microsecond)),
        *(passage("counter", "eve", day) for day in (0, 0)),  # twice at the same moment
        passage("phone", "eve", 1),
        passage("counter", None, 0, case_id="42"),
    ]
    put("interactions", workspace, rows)
    measures = ask(question)
    assert measures.touchpoints[0].passages == Passages(n=7, repeated=2, customers=3)
    assert measures.touchpoints[1].passages == Passages(n=1, repeated=0, customers=1)
    assert measures.customers == 3


def test_a_period_runs_from_midnight_to_midnight_where_the_workspace_is(
    question, workspace
) -> None:
    shanghai = ZoneInfo("Asia/Shanghai")
    starts = datetime(2025, 3, 1, tzinfo=shanghai).astimezone(UTC).replace(tzinfo=None)
    moment = timedelta(microseconds=1)
    times = [starts - moment, starts, starts + timedelta(days=1) - moment, starts + timedelta(1)]
    put("responses", workspace, [answer("counter", "nps", 1, occurred_at=t) for t in times])
    put("waits", workspace, [wait("counter", 1, occurred_at=t) for t in times])
    put(
        "interactions",
        workspace,
        [{**passage("counter", str(i)), "occurred_at": t} for i, t in enumerate(times)],
    )
    day = Scope(since=date(2025, 3, 1), until=date(2025, 3, 2))
    measures = ask(replace(question, scope=day, zone=shanghai))
    found = measures.touchpoints[0]
    assert (found.answers["nps"].n, found.waits.offered, found.passages.n) == (2, 2, 2)
    assert measures.customers == 2
    before = replace(question, scope=Scope(until=date(2025, 3, 1)))
    assert counter(replace(before, zone=shanghai)).answers["nps"].n == 1
    assert counter(before).answers["nps"].n == 2  # the day begins eight hours later in UTC


def test_filters_reach_every_kind_of_evidence(question, workspace) -> None:
    labels = [
        {"channel": c, "segment": s, "unit": u}
        for c in ("web", "app", None)
        for s in ("gold", "mass", None)
        for u in ("north", "south", None)
    ]
    put("responses", workspace, [answer("counter", "nps", 1, **at) for at in labels])
    put("responses", workspace, [answer(None, "nps", 1, journey="opening", **at) for at in labels])
    put("waits", workspace, [wait("counter", 1, **at) for at in labels])
    put(
        "interactions",
        workspace,
        [passage("counter", str(i), **at) for i, at in enumerate(labels)],
    )
    for scope, expected in (
        (Scope(), 27),
        (Scope(channels=("web",)), 9),
        (Scope(channels=("web", "app")), 18),
        (Scope(segments=("gold",), units=("north", "south")), 6),
        (Scope(channels=("fax",)), 0),
    ):
        measures = ask(replace(question, scope=scope))
        found = measures.touchpoints[0]
        assert expected == measures.customers
        assert expected == (measures.outcome["nps"].n if expected else 0)
        assert expected == (found.felt.n if found.felt else 0)
        assert expected == (found.waits.offered if found.waits else 0)
        assert expected == (found.passages.n if found.passages else 0)


def test_another_workspaces_evidence_is_not_seen(question, workspace) -> None:
    other = Workspace(pk=-1 - workspace.pk)
    put("waits", other, [wait("counter", 1)])
    assert counter(question).waits is None


def test_the_order_of_rows_and_their_imports_change_nothing(question, workspace) -> None:
    luck = random.Random(7)
    done = Place("done", ("done",), is_goal=True)
    asked = replace(question, places=(COUNTER, PHONE, done))
    evidence = {
        "responses": [
            answer(
                luck.choice(("counter", "PS")),
                "nps",
                luck.randint(0, 10),
                weight=Decimal(luck.randint(1, 10**9)) / 10**7,
            )
            for _ in range(60)
        ],
        "waits": [wait("counter", luck.random() * 200) for _ in range(60)],
        "interactions": [
            passage(luck.choice(("counter", "phone", "done")), luck.choice("abcdefgh"), i)
            for i in range(60)
        ],
    }
    for table, rows in evidence.items():
        put(table, workspace, rows)
    first = ask(asked)
    assert repr(first) == repr(ask(asked))

    other = Workspace(pk=-1_000_000 - workspace.pk)
    for table, rows in evidence.items():
        luck.shuffle(rows)
        put(table, other, rows[:25], import_id=2)
        put(table, other, rows[25:], import_id=3)
    assert repr(ask(replace(asked, workspace_id=other.pk))) == repr(first)


def test_a_transaction_sees_one_snapshot(question, workspace) -> None:
    put("waits", workspace, [wait("counter", 1)])
    with lake.transaction() as cursor:
        ((before,),) = cursor.execute(lake.query("snapshot")).fetchall()
        put("waits", workspace, [wait("counter", 2, occurred_at=NOON)])
        seen = measure(cursor, question).touchpoints[0].waits
        assert cursor.execute(lake.query("snapshot")).fetchall() == [(before,)]
    assert seen is not None and seen.offered == 1
    assert counter(question).waits.offered == 2


def test_periods_at_the_ends_of_the_calendar_are_asked_too(question, workspace) -> None:
    put("waits", workspace, [wait("counter", 1)])
    for zone in ("Pacific/Kiritimati", "Pacific/Pago_Pago"):
        ever = replace(question, scope=Scope(date.min, date.max), zone=ZoneInfo(zone))
        assert counter(ever).waits.offered == 1


def test_a_special_promise_elsewhere_changes_nothing_here(question, workspace) -> None:
    """Waits are asked for by another query as soon as any touchpoint has a special promise."""
    put("waits", workspace, [wait("counter", s, o) for s in (1, 60, 61) for o in OUTCOMES])
    before = counter(question)
    special = replace(PHONE, promises=(Standard(1, segment="gold"),))
    assert counter(replace(question, places=(COUNTER, special))) == before
