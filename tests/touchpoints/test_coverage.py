"""Coverage: what stands where and when, what is unmapped, and whether those who answer pass."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.core.cache import cache

from accounts.models import SettingsChange
from analytics.rates import wilson
from evidence.coverage import coverage, mondays_until
from evidence.models import Import, State
from tests.factories import EvidenceCodeFactory, TouchpointFactory
from tests.lake_rows import NOON, answer, customer, passage, put, wait
from touchpoints.coverage import bias_of, drawing_of, freshness, lines_of

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def no_cache():
    cache.clear()


@pytest.fixture
def desk(workspace):
    return TouchpointFactory(workspace=workspace, code="desk", name="Desk")


def looked(workspace, until=date(2025, 3, 9)):
    found = coverage(workspace, mondays_until(workspace, until))
    return found, *lines_of(workspace, found)


def test_rows_are_counted_by_touchpoint_kind_and_week_in_its_own_time_zone(workspace, desk):
    workspace.timezone = "Asia/Shanghai"
    workspace.save()
    EvidenceCodeFactory(touchpoint=desk, code="D1")
    # Sunday evening in UTC is Monday morning in Shanghai
    sunday = datetime(2025, 3, 2, 20)
    put("waits", workspace, [
        wait("desk", 1), wait("D1", 1), wait("desk", 1, occurred_at=sunday),
        wait("desk", 1, occurred_at=sunday - timedelta(days=1)),
        wait("desk", 1, occurred_at=sunday - timedelta(days=900)),
    ])  # fmt: skip
    found, (line,), unmapped, whole = looked(workspace)
    seen = line.kinds["waits"]
    assert (seen.n, unmapped, whole) == (5, [], None)
    assert seen.weeks == {51: 3, 50: 1}  # what lies before the weeks shown counts, unshown
    assert seen.first_at == (sunday - timedelta(days=900)).replace(tzinfo=UTC)
    drawing = drawing_of(line, len(found.mondays))
    assert "4 in 2 of 52 weeks" in drawing["words"]
    assert [len(lane["paths"]) for lane in drawing["lanes"]] == [0, 1, 0]


def test_unmapped_codes_and_answers_about_the_whole_stand_apart(workspace, desk):
    put("responses", workspace, [answer("moon", "csat", 3), answer(None, "nps", 9, journey="j")])
    put("waits", workspace, [wait("moon", 5, occurred_at=NOON + timedelta(days=3))])
    _found, (line,), (moon,), whole = looked(workspace)
    assert line.rows == 0 and whole.rows == 1
    assert (moon.code, moon.rows) == ("moon", 2)
    assert [at.day for at in moon.span] == [3, 6]


def test_the_weeks_end_with_the_newest_row_but_never_in_the_future(workspace):
    made = Import.objects.create(
        workspace=workspace, source="a", kind="waits", state=State.DONE,
        last_at=datetime(2024, 5, 15, tzinfo=UTC),
    )  # fmt: skip
    assert mondays_until(workspace, None)[-1] == date(2024, 5, 13)
    made.last_at = datetime(2199, 5, 15, tzinfo=UTC)
    made.save()
    assert mondays_until(workspace, None)[-1] <= datetime.now(UTC).date()
    put("waits", workspace, [wait("a", 1, occurred_at=datetime(2199, 5, 15))])
    told = {f["kind"]: f for f in freshness(coverage(workspace, mondays_until(workspace, None)))}
    assert told["waits"]["is_ahead"] and told["responses"]["rows"] == 0


def test_the_response_rate_counts_known_customers_who_passed_and_answered(workspace, desk):
    put("interactions", workspace, [
        passage("desk", "anna"), passage("desk", "anna", 1), passage("desk", "berta", 0.5),
        passage("desk", "carl", 2), passage("desk", None, 1), passage("moon", "dora", 1),
    ])  # fmt: skip
    put("responses", workspace, [
        answer("desk", "csat", 5, customer=customer("anna"), occurred_at=NOON),
        answer("desk", "ces", 5, customer=customer("anna"), occurred_at=NOON),
        answer("desk", "csat", 5, customer=customer("zoe"), occurred_at=NOON + timedelta(days=2)),
    ])  # fmt: skip
    found, lines, _unmapped, _whole = looked(workspace)
    bias = bias_of(workspace, found, lines)
    assert bias.why_not == "" and bias.no_replies == ""
    ((touchpoint, rate),) = bias.replies
    assert touchpoint == desk and (rate.x, rate.n) == (1, 3)
    assert (rate.low, rate.high) == tuple(map(float, wilson(1, 3)))
    assert (bias.together.x, bias.together.n) == (1, 3)


def test_those_who_answer_more_than_they_pass_are_named(workspace, desk):
    days = [NOON + timedelta(minutes=n) for n in range(200)]
    put("interactions", workspace, [
        passage("desk", f"p{n}", n / 1440, channel="app" if n % 2 else "branch", segment="mass")
        for n in range(200)
    ])  # fmt: skip
    put("responses", workspace, [
        answer("desk", metric, 3, customer=customer(f"p{n}"), occurred_at=days[n],
               channel="app" if n % 10 else "branch")
        for n in (0, *range(1, 199), 199) for metric in ("csat", "ces")
    ])  # fmt: skip
    found, lines, _unmapped, _whole = looked(workspace)
    (_channel, rows, why), (_segment, none, no_segment) = bias_of(workspace, found, lines).mixes
    assert why == "" and {row.value: row.verdict for row in rows} == {
        "app": "more",
        "branch": "fewer",
    }
    # two answers of one person are one person
    assert {row.value: (row.answers.x, row.answers.n) for row in rows}["branch"] == (20, 200)
    assert none == [] and "do not both name segments" in no_segment


@pytest.mark.parametrize(
    ("responses", "interactions", "why"),
    [
        ([], [("desk", 0)], "There are no responses."),
        ([("desk", 0)], [], "There are no interactions"),
        ([("desk", 0)], [("moon", 0)], "No touchpoint has both"),
        ([("desk", 0), ("desk", 1)], [("desk", 50), ("desk", 51)], "are of different times"),
    ],
)
def test_what_cannot_be_compared_says_why(workspace, desk, responses, interactions, why):
    if responses:
        put("responses", workspace, [
            answer(code, "csat", 3, occurred_at=NOON + timedelta(days=day))
            for code, day in responses
        ])  # fmt: skip
    if interactions:
        put("interactions", workspace, [passage(code, "a", day) for code, day in interactions])
    found, lines, _unmapped, _whole = looked(workspace)
    assert why in bias_of(workspace, found, lines).why_not


def test_answers_without_customers_have_a_mix_but_no_rate(workspace, desk):
    for n in range(3):
        at = NOON + timedelta(hours=n)
        put("responses", workspace, [answer("desk", "csat", 3, channel="app", occurred_at=at)], n)
    put("interactions", workspace, [passage("desk", "a", n / 24, channel="app") for n in range(3)])
    found, lines, _unmapped, _whole = looked(workspace)
    bias = bias_of(workspace, found, lines)
    assert bias.together is None and "responses name no customers" in bias.no_replies
    assert bias.mixes[0][1][0].answers.n == 3


def test_a_code_is_mapped_from_the_page_and_nothing_is_imported_again(
    workspace, desk, client_for, member
):
    put("waits", workspace, [wait("moon", 5)])
    Import.objects.create(workspace=workspace, source="a", kind="waits", state=State.DONE,
                          rows=1, accepted=1, codes={"moon": 1},
                          last_at=NOON.replace(tzinfo=UTC))  # fmt: skip
    client, at = client_for(member("analyst")), f"/w/{workspace.slug}/evidence/coverage/"
    text = client.get(at).content.decode()
    assert "<code>moon</code>" in text and "rows/?kind=waits&amp;code=moon" in text
    sent = {"code": "moon", "touchpoint": desk.pk, "name": "", "next": at}
    answered = client.post(f"/w/{workspace.slug}/touchpoints/unmapped/map/", sent)
    assert answered["Location"] == at
    text = client.get(at).content.decode()
    assert "<code>moon</code>" not in text and "1 in 1 of 52 weeks" in text
    assert SettingsChange.objects.get(kind="codes").subject == "desk"
    viewer = client_for(member("viewer")).get(at).content.decode()
    assert "Coverage" in viewer and "evidence/rows/" not in viewer


def test_an_empty_workspace_says_what_will_be_here(workspace, client_for, owner):
    text = client_for(owner).get(f"/w/{workspace.slug}/evidence/coverage/?until=nonsense&page=9")
    assert "Nothing is covered yet" in text.content.decode()
