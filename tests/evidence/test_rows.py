"""The rows behind a figure are those that were counted: each kind of row against the counts."""

import random
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

import pytest

from accounts.models import Workspace
from evidence import lake, rows
from evidence.measures import Measure, measure
from evidence.metrics import BUILT_IN, Scale
from evidence.question import Place, Question, Standard
from evidence.rows import Account, Wanted
from evidence.scope import Scope
from tests.lake_rows import NOON, answer, customer, passage, put, wait

STRESS = Scale("stress", Decimal(0), Decimal(100), pain_at_least=Decimal(80))
COUNTER = Place(
    "counter",
    ("counter", "desk"),
    (Standard(60_000), Standard(30_000, segment="gold"), Standard(90_000, channel="phone"),
     Standard(10_000, "gold", "phone")),
)  # fmt: skip
PHONE = Place("phone", ("phone", "PS"), (Standard(5_000, segment="gold"),))
DONE = Place("done", ("done",), is_goal=True, on_map=False)
ALL = ("ces", "csat", "nps", "stress")


@pytest.fixture
def question(workspace: Workspace) -> Question:
    scales = {**BUILT_IN, "stress": STRESS}
    return Question(workspace.pk, "opening", (COUNTER, PHONE, DONE), scales)


@pytest.fixture
def evidence(workspace: Workspace) -> None:
    """Four hundred rows of each kind, in every combination that matters."""
    chance = random.Random(7)

    def where() -> dict:
        return {
            "touchpoint": chance.choice(["counter", "desk", "phone", "PS", "elsewhere"]),
            "segment": chance.choice(["gold", "mass", None]),
            "channel": chance.choice(["phone", "branch", None]),
            "unit": chance.choice(["north", "south", None]),
            "occurred_at": NOON + timedelta(minutes=chance.randrange(40_000)),
        }

    def answered() -> dict:
        metric = chance.choice([*ALL, "unknown"])
        score = chance.choice([None, *range(11)]) if metric == "nps" else chance.randrange(1, 6)
        weight = Decimal(chance.choice(["1", "1", "0.5", "2.25", "0"]))
        return {**answer("", metric, score, weight=weight), **where()}

    def waited() -> dict:
        return {**wait("", chance.choice([0, 3, 5, 5.001, 10, 30, 60, 61, 90, 200]),
                       chance.choice(["served", "abandoned"])), **where()}  # fmt: skip

    def passed() -> dict:
        row = {**where(), "customer": chance.choice([None, *map(customer, "abcdefghij")])}
        case = chance.choice([None, "k1", "k2", "k3"])
        place = chance.choice([row["touchpoint"], row["touchpoint"], "done"])
        return {**row, "case_id": case, "touchpoint": place,
                "journey": chance.choice([None, "opening", "another"])}  # fmt: skip

    put("responses", workspace, [answered() for _ in range(400)], import_id=4)
    own = [{**answer(None, "nps", n % 11), "journey": "opening"} for n in range(60)]
    put("responses", workspace, own, import_id=5)
    put("waits", workspace, [waited() for _ in range(400)], import_id=6)
    put("interactions", workspace, [passed() for _ in range(400)], import_id=7)


SCOPES = (Scope(), Scope(segments=("gold",)), Scope(channels=("phone",), units=("north",)))


def counted(question: Question) -> dict[str, Measure]:
    with lake.transaction() as cursor:
        return {m.code: m for m in measure(cursor, question).touchpoints}


def told(question: Question, wanted: Wanted) -> Account:
    with lake.cursor() as cursor:
        return rows.account(cursor, question, wanted)


@pytest.mark.parametrize("scope", SCOPES, ids=["all", "gold", "phone and north"])
@pytest.mark.parametrize("code", ["counter", "phone"])
def test_rows_add_up_to_what_was_counted(question, evidence, scope, code) -> None:
    question = replace(question, scope=scope)
    found = counted(question)[code]

    felt = told(question, Wanted("answers", code, ALL))
    assert found.felt and (felt.x, felt.n) == (found.felt.x, found.felt.n)
    for metric in ("nps", "csat", "ces"):
        answers = found.answers[metric]
        one = told(question, Wanted("answers", code, (metric,), counted="good"))
        assert one.rows == answers.n
        good = answers.promoters if metric == "nps" else answers.good
        kish = float(answers.w / answers.w2)
        assert one.x == pytest.approx(float(good) * kish)
        assert one.x_painful == pytest.approx(float(answers.painful) * kish)

    waits = found.waits
    assert waits
    for wanted, x, n in (
        (Wanted("waits", code, among="promised"), waits.painful, waits.promised),
        (Wanted("waits", code, counted="in_time", among="level"), waits.in_time, waits.level_base),
        (Wanted("waits", code, counted="abandoned"), waits.abandoned, waits.offered),
    ):
        assert (told(question, wanted).x, told(question, wanted).n) == (x, n), wanted

    assert found.passages and found.instances
    passages = told(question, Wanted("passages", code))
    assert (passages.x, passages.n) == (found.passages.repeated, found.passages.n)
    instances = told(question, Wanted("instances", code))
    assert (instances.x, instances.n) == (found.instances.lost, found.instances.n)


def test_reach_counts_customers(question, evidence) -> None:
    with lake.transaction() as cursor:
        measures = measure(cursor, question)
    here = measures.touchpoints[0].passages
    found = told(question, Wanted("customers", "counter"))
    assert here and (found.x, found.n) == (here.customers, measures.customers)


def test_the_journeys_own_answers_are_its_own(question, evidence) -> None:
    found = told(question, Wanted("outcome", metrics=("nps",), counted="good"))
    assert (found.rows, found.x, found.x_painful) == (60, 10, 40)


def test_pages_hold_every_row_once_in_order(question, evidence) -> None:
    wanted = Wanted("waits", "counter", among="promised")
    total = told(question, wanted)
    with lake.cursor() as cursor:
        every = list(rows.every(cursor, question, wanted, painful_only=False))
        paged = []
        for offset in range(0, total.rows, 50):
            paged += rows.some(
                cursor, question, wanted, painful_only=False, offset=offset, limit=50
            )
        painful = list(rows.every(cursor, question, wanted, painful_only=True))
    assert len(every) == total.rows and paged == every
    assert len({row["row_no"] for row in every}) == total.rows
    assert [row["occurred_at"] for row in every] == sorted(row["occurred_at"] for row in every)
    assert len(painful) == total.painful == sum(row["painful"] for row in every) > 20


def test_rows_tell_which_import_they_are_of(question, workspace) -> None:
    put("waits", workspace, [wait("counter", 61), wait("desk", 1)], import_id=3)
    put("waits", workspace, [wait("counter", 62)], import_id=9)
    wanted = Wanted("waits", "counter", among="promised")
    with lake.cursor() as cursor:
        assert rows.imports(cursor, question, wanted) == [(3, 2, 1), (9, 1, 1)]
        first = rows.some(cursor, question, wanted, painful_only=False, offset=0, limit=1)[0]
    assert (first["import_id"], first["row_no"], first["code"]) == (3, 1, "counter")
    assert (first["wait_ms"], first["promise_ms"], first["painful"]) == (61_000, 60_000, True)


def test_a_lost_journey_tells_where_it_ended(question, workspace) -> None:
    put("interactions", workspace, [
        passage("counter", "ann"), passage("phone", "ann", days=1),
        passage("counter", "bob"), passage("done", "bob", days=2),
        passage("counter", "cleo", days=3),
    ])  # fmt: skip
    with lake.cursor() as cursor:
        found = list(
            rows.every(cursor, question, Wanted("instances", "counter"), painful_only=False)
        )
    told = {(r["ended_code"], r["reached_goal"], r["painful"]) for r in found}
    assert told == {("phone", False, False), ("done", True, False), ("counter", False, True)}


def test_no_rows_are_an_empty_account(question) -> None:
    assert told(question, Wanted("waits", "counter")) == Account(0, 0, 0, 0, 0, 0)


def test_customers_are_shown_by_a_short_name() -> None:
    assert rows.pseudonym(customer("ann")) == f"c-{str(customer('ann'))[:8]}"
    assert rows.pseudonym(None) == ""
