"""Two runs side by side."""

import csv
from datetime import date

import pytest
from django.urls import reverse

from accounts.access import Role
from evidence.models import Import, State
from evidence.scope import Scope
from evidence.upkeep import forget_snapshots
from painpoints.comparing import compared, in_order, usual_other
from painpoints.differences import imports_between, share_rows
from painpoints.errors import CompareError
from painpoints.ledger import pin
from painpoints.models import Baseline, ScoringRun, ScoringSettings
from tests.factories import JourneyFactory, StageFactory, StepFactory
from tests.lake_rows import answer, passage, put, wait
from tests.painpoints.conftest import scored

from evidence import lake  # isort: skip

FIRST = Scope(since=date(2025, 3, 1), until=date(2025, 3, 4))
SECOND = Scope(since=date(2025, 3, 4), until=date(2025, 3, 8))


@pytest.fixture
def two_weeks(journey, workspace):
    """At the counter 1 of 10 waits too long, then 5 of 10; on the phone 4 of 10, then none."""

    def day(days: float, n: int) -> list:
        at = passage("counter", "x", days)["occurred_at"]
        return [wait("counter", 99 if i < n else 1, occurred_at=at) for i in range(10)] * 20

    def told(days: float, n: int) -> list:
        at = passage("phone", "x", days)["occurred_at"]
        return [answer("phone", "csat", 1 if i < n else 5, occurred_at=at) for i in range(10)] * 20

    put("waits", workspace, day(0, 1) + day(2, 5))
    put("responses", workspace, told(0, 4) + told(2, 0) + [answer("app", "csat", 1)] * 5)
    return scored(journey, FIRST), scored(journey, SECOND)


def row(found, code):
    return next(r for r in found.rows if r.code == code)


def test_what_became_worse_and_what_better_holds_after_correction(two_weeks) -> None:
    found = compared(*two_weeks)
    counter, phone, app = (row(found, code) for code in ("counter", "phone", "app"))
    assert (counter.verdict, phone.verdict, app.verdict) == ("worse", "better", "")
    assert counter.change.difference == pytest.approx(0.6 * 0.4, abs=0.03)
    assert (
        counter.change.difference_low < counter.change.difference < counter.change.difference_high
    )
    assert counter.change.p_worse > 0.99 and phone.change.p_worse < 0.01
    assert app.change is None and app.now["severity"] is None  # five answers, and only then
    assert not found.share_rows and not found.settings and not found.is_identical
    assert [d.what for d in found.asked] == ["Scope"]


def test_weights_that_differ_are_split_from_what_the_evidence_says(two_weeks, workspace) -> None:
    first = two_weeks[0]
    ScoringSettings.objects.create(workspace=workspace, weight_waited=1.0)
    second = scored(first.journey, SECOND)
    found = compared(first, second)
    assert [(d.then, d.now) for d in found.settings] == [("0.6", "1")]
    counter = row(found, "counter")
    # 0.1 of the waits hurt then, 0.5 now: 0.06 → 0.5, of which 0.4 with the same weight
    assert counter.otherwise == pytest.approx(40, abs=3)
    assert counter.from_settings == pytest.approx(4, abs=1)
    assert row(found, "phone").from_settings == pytest.approx(0, abs=0.01)


def test_other_promises_are_told_apart_by_counting_again(two_weeks, workspace) -> None:
    first = two_weeks[0]
    workspace.touchpoints.get(code="counter").promises.update(max_wait_s=100)
    second = scored(first.journey, SECOND)
    found = compared(first, second)
    assert [d.what for d in found.settings] == ["Promise of “counter”"]
    assert not found.has_same
    split = row(compared(first, second, same_settings=True), "counter")
    assert split.otherwise == pytest.approx(0, abs=1)  # nobody waits 100 s, then or now
    assert split.from_settings == pytest.approx(split.change.difference * 100, abs=1)
    put("waits", workspace, [wait("counter", 1)])  # a snapshot later than both
    with lake.cursor() as cursor:
        forget_snapshots(cursor, days=0)
    gone = compared(first, second, same_settings=True)
    assert gone.gone and not gone.has_same and row(gone, "counter").otherwise is None


@pytest.mark.parametrize(
    ("a", "b", "expected"),
    [
        (FIRST, SECOND, False),
        (SECOND, FIRST, False),
        (FIRST, Scope(), True),
        (FIRST, Scope(since=date(2025, 3, 3)), True),
        (Scope(channels=("web",)), Scope(channels=("app",)), False),
        (Scope(channels=("web",)), Scope(channels=("app", "web")), True),
        (Scope(channels=("web",)), Scope(segments=("gold",)), True),
        (Scope(units=("a",)), Scope(units=("b",), segments=("gold",)), False),
    ],
)
def test_runs_that_read_the_same_rows(a, b, expected) -> None:
    runs = [ScoringRun(scope=scope.to_json()) for scope in (a, b)]
    assert share_rows(*runs) is expected


def test_the_same_figures_on_other_evidence_are_said_to_be_the_same(journey, workspace) -> None:
    put("waits", workspace, [wait("counter", s) for s in (1, 99)] * 20)
    first = scored(journey)
    put("waits", workspace, [wait("elsewhere", 1)])
    workspace.raise_evidence_revision()
    second = scored(journey)
    assert first.pk != second.pk and first.snapshot != second.snapshot
    assert compared(first, second).is_identical
    put("waits", workspace, [wait("counter", 1)])
    workspace.raise_evidence_revision()
    assert not compared(first, scored(journey)).is_identical


def test_a_touchpoint_in_one_of_them_only(two_weeks, journey, workspace) -> None:
    journey.steps.filter(name="phone").delete()
    later = scored(journey, SECOND)
    found = row(compared(two_weeks[0], later), "phone")
    assert found.now is None and found.change is None and found.then["rank"] == 1
    assert row(compared(later, two_weeks[0]), "phone").then is None


def test_families_that_only_one_has_are_left_out_and_said(journey, workspace) -> None:
    put("waits", workspace, [wait("counter", s) for s in (1, 99)] * 20)
    put("responses", workspace, [answer("counter", "csat", 5)] * 40)
    first = scored(journey)
    workspace.touchpoints.get(code="counter").promises.all().delete()
    found = row(compared(first, scored(journey)), "counter")
    assert found.compared == "Felt" and found.change.families == ("felt",)
    assert abs(found.change.difference) < 0.02 < first.result["touchpoints"][0]["severity"]


def test_two_journeys_and_unfinished_runs_are_refused(two_weeks, journey, workspace) -> None:
    other = JourneyFactory(workspace=workspace, slug="closing", name="Closing")
    StepFactory(journey=other, stage=StageFactory(journey=other)).touchpoints.add(
        workspace.touchpoints.get(code="app")
    )
    with pytest.raises(CompareError, match=r"same journey.*Opening an account.*Closing"):
        compared(two_weeks[0], scored(other))
    with pytest.raises(CompareError, match="two different"):
        compared(two_weeks[0], two_weeks[0])
    with pytest.raises(CompareError, match="finished"):
        compared(two_weeks[0], ScoringRun(journey=journey))


def test_imports_between_are_named(journey, workspace) -> None:
    def brought(source: str, **more) -> Import:
        return Import.objects.create(
            workspace=workspace, source=source, kind="waits", state=State.DONE,
            snapshot=lake.snapshot(), **more,
        )  # fmt: skip

    put("waits", workspace, [wait("counter", 1)])
    before = brought("before.csv")
    first = scored(journey)
    put("waits", workspace, [wait("counter", 1)])
    workspace.raise_evidence_revision()
    between = brought("between.csv")
    second = scored(journey)
    assert list(imports_between(first, second)) == [between]
    Import.objects.filter(pk=before.pk).update(
        undone_at=first.finished_at + (second.finished_at - first.finished_at) / 2
    )
    assert set(imports_between(first, second)) == {before, between}
    assert list(imports_between(second, second)) == []


def test_the_usual_other_is_the_baseline_else_the_one_before(two_weeks, journey, owner) -> None:
    first, second = two_weeks
    assert usual_other(first) is None
    assert usual_other(second) == first  # of another scope, for want of a better
    whole = scored(journey)
    journey.workspace.raise_evidence_revision()
    journey.workspace.refresh_from_db()
    newer = scored(type(journey).objects.get(pk=journey.pk))
    assert usual_other(newer) == whole
    pin(run=first, user=owner)
    assert usual_other(newer) == first


def test_the_earlier_period_stands_first_whenever_it_was_scored(two_weeks, journey) -> None:
    first, second = two_weeks
    assert in_order(second, first) == (first, second)
    again = scored(journey, Scope(since=date(2025, 2, 1), until=date(2025, 3, 1)))
    assert in_order(first, again) == (again, first)


# ---- pages ----


@pytest.fixture
def analyst(member, client_for):
    return client_for(member(Role.ANALYST))


def at(name: str, workspace, *args) -> str:
    return reverse(f"painpoints:{name}", args=[workspace.slug, *args])


def test_from_the_list_to_the_two(two_weeks, workspace, analyst) -> None:
    first, second = two_weeks
    page = analyst.get(at("runs", workspace)).content.decode()
    assert f'name="run" value="{first.pk}"' in page
    there = analyst.get(at("compare_chosen", workspace), {"run": [second.pk, first.pk]})
    assert there.url == at("run_compare", workspace, second.pk) + f"?with={first.pk}"
    page = analyst.get(there.url)
    text = page.content.decode()
    assert (
        page.status_code == 200 and "P(worse)" in text and ">worse<" in text.replace("</svg>", ">")
    )


@pytest.mark.parametrize("chosen", [[], ["x"], [0], [0, 1, 2]])
def test_other_than_two_is_refused_in_words(two_weeks, workspace, analyst, chosen) -> None:
    numbers = [two_weeks[0].pk if n == 0 else n for n in chosen]
    page = analyst.get(at("compare_chosen", workspace), {"run": numbers}, follow=True)
    assert "Choose exactly two runs" in page.content.decode()


def test_overlapping_runs_carry_no_chances(two_weeks, journey, workspace, analyst) -> None:
    whole = scored(journey)
    text = analyst.get(
        at("run_compare", workspace, whole.pk), {"with": two_weeks[0].pk}
    ).content.decode()
    assert "read the same rows in part" in text
    assert 'data-label="P(worse)"' not in text and ">99%" not in text


def test_the_file_has_the_figures_and_their_origin(two_weeks, workspace, analyst) -> None:
    first, second = two_weeks
    address = at("run_compare", workspace, second.pk)
    answer = analyst.get(address, {"with": first.pk, "format": "csv"})
    assert answer["Content-Disposition"].endswith(f'runs-{first.pk}-{second.pk}.csv"')
    lines = list(csv.reader(answer.content.decode("utf-8-sig").splitlines()))
    facts = {line[0]: line[1] for line in lines if line[0].startswith("# ")}
    assert facts["# then: run"] == str(first.pk) and facts["# now: snapshot"] == str(
        second.snapshot
    )
    names, *records = [line for line in lines if not line[0].startswith("# ")]
    counter = next(
        r
        for r in (dict(zip(names, v, strict=True)) for v in records)
        if r["touchpoint"] == "counter"
    )
    change = row(compared(first, second), "counter").change
    assert (counter["n_then"], counter["n_now"]) == ("200", "200")
    assert (counter["p_worse"], counter["verdict"]) == (repr(change.p_worse), "worse")


def test_a_run_of_another_workspace_is_not_found(two_weeks, workspace, analyst) -> None:
    other = JourneyFactory()
    strange = ScoringRun.objects.create(
        workspace=other.workspace, journey=other, formula="pain/1", scope=Scope().to_json(),
        is_whole=True, parameters={}, key="1" * 64, evidence_revision=0, result={"touchpoints": []},
    )  # fmt: skip
    address = at("run_compare", workspace, two_weeks[1].pk)
    assert analyst.get(address, {"with": strange.pk}).status_code == 404
    assert analyst.get(address, {"with": "x"}).status_code == 404


def test_the_api_compares_pins_and_verifies(two_weeks, journey, workspace, analyst) -> None:
    first, second = two_weeks

    def call(method: str, run: ScoringRun, what: str, **query: int):
        address = f"/api/v1/scoring-runs/{run.pk}/{what}/?workspace={workspace.slug}"
        return getattr(analyst, method)(address + "".join(f"&{k}={v}" for k, v in query.items()))

    told = call("get", second, "compare", **{"with": first.pk}).json()
    counter = next(line for line in told["touchpoints"] if line["code"] == "counter")
    assert (told["then"], counter["verdict"], counter["p_worse"] > 0.99) == (
        first.pk,
        "worse",
        True,
    )
    whole = scored(journey)
    lines = call("get", whole, "compare", **{"with": first.pk}).json()["touchpoints"]
    assert all(line["p_worse"] is line["verdict"] is None for line in lines)
    assert call("get", second, "compare", **{"with": second.pk}).status_code == 400
    assert call("post", whole, "baseline").json() == {"run": whole.pk, "baseline": True}
    assert call("get", second, "compare").json()["then"] == whole.pk
    call("delete", whole, "baseline")
    assert not Baseline.objects.exists()
    assert call("post", first, "verify").json()["outcome"] == "identical"


def test_alone_it_says_so(journey, workspace, analyst) -> None:
    run = scored(journey)
    page = analyst.get(at("run_compare", workspace, run.pk), follow=True)
    assert "no other finished run" in page.content.decode()
