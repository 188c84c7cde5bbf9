"""Which touchpoints become pain points, of what type and cause; and what stands when re-scored."""

from uuid import NAMESPACE_OID, uuid5

import pytest
from django.urls import reverse

from painpoints.actions import change_pain_point
from painpoints.findings import Finding, cause_of, findings_in, is_pain_point, type_of
from painpoints.models import PainPoint
from tests.lake_rows import answer, passage, put, wait
from tests.painpoints.conftest import scored


def scored_line(severity=0.2, p_top3=0.6, rank=1, code="counter", **shares):
    families = {family: {"share": share} for family, share in shares.items()}
    return {
        "code": code, "rank": rank, "severity": severity, "p_top3": p_top3, "families": families
    }  # fmt: skip


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        (scored_line(severity=0.3, p_top3=0.0), True),
        (scored_line(severity=0.29, p_top3=0.49), False),
        (scored_line(severity=0.1, p_top3=0.5), True),
        (scored_line(severity=0.09, p_top3=1.0), False),
        (scored_line(severity=0.9, p_top3=None, rank=None), False),  # too little evidence
    ],
)
def test_severe_or_likely_worst_touchpoints_are_found(line, expected) -> None:
    assert is_pain_point(line) is expected
    assert bool(findings_in({"touchpoints": [line]})) is expected


@pytest.mark.parametrize(
    ("shares", "cause"),
    [
        ({"waited": 0.6, "felt": 0.4}, "waiting"),
        ({"felt": 0.6, "waited": 0.4}, ""),
        ({"repeated": 0.3, "lost": 0.3, "waited": 0.4}, "procedures"),
        ({"repeated": 0.3, "felt": 0.4, "waited": 0.3}, ""),
        ({"complained": 1.0}, ""),
        ({}, ""),
    ],
)
def test_the_family_that_explains_most_names_the_cause(shares, cause) -> None:
    assert cause_of(scored_line(**shares)) == cause


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        (scored_line(severity=0.3, waited=1.0), "pain"),
        (scored_line(p_top3=0.9, felt=1.0), "pain"),
        (scored_line(p_top3=0.89, felt=1.0), ""),
        (scored_line(severity=0.5, lost=1.0), "difficulty"),
    ],
)
def test_types(line, expected) -> None:
    assert type_of(line, cause_of(line)) == expected


@pytest.fixture
def long_waits(workspace, journey):
    put("waits", workspace, [wait("counter", s) for s in (10, 90, 100)] * 20)
    put("responses", workspace, [answer("phone", "csat", 5)] * 60)
    return scored(journey)


def test_a_run_over_all_evidence_opens_pain_points(long_waits, workspace) -> None:
    point = PainPoint.objects.get()
    assert (point.touchpoint.code, point.type, point.cause) == ("counter", "pain", "waiting")
    assert (point.origin, point.status, point.owner) == ("scoring", "open", None)
    assert point.title == "Counter — waiting"
    assert point.first_run == point.last_run == long_waits


def test_a_filtered_run_opens_none(journey, workspace) -> None:
    from evidence.scope import Scope

    put("waits", workspace, [wait("counter", 99, channel="branch")] * 60)
    scored(journey, Scope(channels=("branch",)))
    assert not PainPoint.objects.exists()


def test_scoring_again_makes_no_second_one_and_people_have_the_last_word(
    long_waits, journey, workspace, owner
) -> None:
    point = PainPoint.objects.get()
    changes = {"type": "itch", "cause": "information", "owner": owner, "title": "The queue"}
    change_pain_point(painpoint=point, user=owner, changes=changes)
    workspace.raise_evidence_revision()
    again = scored(journey)
    point.refresh_from_db()
    assert PainPoint.objects.count() == 1
    assert (point.first_run, point.last_run) == (long_waits, again)
    assert (point.type, point.cause, point.title) == ("itch", "information", "The queue")
    assert (point.type_by, point.cause_by, point.owner) == (owner, owner, owner)


def test_what_scoring_proposed_follows_the_evidence(long_waits, journey, workspace) -> None:
    put("interactions", workspace, [passage("counter", n, d) for n in "ab" for d in range(40)])
    workspace.raise_evidence_revision()
    scored(journey)
    point = PainPoint.objects.get(touchpoint__code="counter")
    assert (point.type, point.cause) == ("difficulty", "procedures")
    assert point.title == "Counter — procedures"


def test_a_closed_pain_point_stays_closed_and_says_that_it_was_found_again(
    long_waits, journey, workspace, owner
) -> None:
    point = PainPoint.objects.get()
    change_pain_point(painpoint=point, user=owner, changes={"status": "resolved"})
    point.refresh_from_db()
    assert point.is_closed and point.closed_at and not point.found_again
    workspace.raise_evidence_revision()
    scored(journey)
    point = PainPoint.objects.get()
    assert point.status == "resolved" and point.found_again
    change_pain_point(painpoint=point, user=owner, changes={"status": "open"})
    point.refresh_from_db()
    assert point.closed_at is None and not point.found_again


def test_findings_name_touchpoints_worst_first() -> None:
    lines = [scored_line(code="a", waited=1.0, p_top3=1.0), scored_line(code="b", felt=1.0)]
    assert findings_in({"touchpoints": lines}) == [
        Finding("a", "pain", "waiting"),
        Finding("b", "", ""),
    ]


def test_a_run_overtaken_by_later_evidence_finds_nothing(long_waits, journey, workspace) -> None:
    from painpoints import work

    workspace.raise_evidence_revision()
    later = scored(journey)
    work._store(long_waits, long_waits.result, {})
    assert PainPoint.objects.get().last_run == later


def wrote(code: str, text: str, times: int, score: int, *, one_customer: bool = False) -> list:
    who = [uuid5(NAMESPACE_OID, f"{text} {0 if one_customer else i}") for i in range(times)]
    return [{**answer(code, "csat", score, customer=one), "comment": text} for one in who]


def test_comments_tell_the_cause_that_answers_leave_open(journey, workspace) -> None:
    told = wrote("app", "Nobody told me about the fees", 9, 1)
    put(
        "responses",
        workspace,
        [*told, *wrote("app", "手续太繁琐", 3, 1), *([answer("app", "csat", 1)] * 40)],
    )
    put("responses", workspace, [answer("phone", "csat", 5)] * 60)
    scored(journey)
    point = PainPoint.objects.get(touchpoint__code="app")
    assert (point.type, point.cause) == ("pain", "information")


@pytest.mark.parametrize(
    "told",
    [
        wrote("app", "Nobody told me", 4, 1),  # fewer than five
        wrote("app", "Nobody told me", 9, 1, one_customer=True),
        wrote("app", "Nobody told me", 6, 1) + wrote("app", "The form was rejected", 5, 1),
        wrote("app", "Nobody told me", 9, 5),  # of content customers
    ],
)
def test_few_words_or_words_of_two_causes_tell_none(journey, workspace, told) -> None:
    put("responses", workspace, [*told, *([answer("app", "csat", 1)] * 60)])
    scored(journey)
    assert PainPoint.objects.get(touchpoint__code="app").cause == ""


def test_where_it_hurts_little_and_something_better_is_asked_for_it_is_an_itch(
    journey, workspace, owner, client_for
) -> None:
    wishes = wrote("app", "A progress bar would be nice", 8, 5) + wrote(
        "app", "希望能看到进度", 4, 4
    )
    put(
        "responses",
        workspace,
        [*wishes, *([answer("app", "csat", 5)] * 80), *([answer("app", "csat", 1)] * 9)],
    )
    put(
        "responses",
        workspace,
        [answer("phone", "csat", 1)] * 60 + [answer("phone", "csat", 5)] * 40,
    )
    scored(journey)
    point = PainPoint.objects.get(touchpoint__code="app")
    assert point.type == "itch"
    page = (
        client_for(owner)
        .get(reverse("painpoints:detail", args=[workspace.slug, point.pk]))
        .content.decode()
    )
    assert "12 of 12 comments ask for something better (76%–100%)" in page
