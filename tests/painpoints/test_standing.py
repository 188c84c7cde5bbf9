"""One sentence says where a touchpoint ranks, why, and how sure we are."""

from types import SimpleNamespace
from typing import Any

import pytest
from django.utils import translation

from painpoints.models import PainPoint
from painpoints.standing import standing_of
from tests.lake_rows import answer, put, wait
from tests.painpoints.conftest import line, scored


def made(**changes: Any) -> dict[str, Any]:
    """A line as a run stores it."""
    return {
        "severity": 0.31, "severity_low": 0.28, "severity_high": 0.34,
        "rank": 1, "rank_low": 1, "rank_high": 1, "p_top3": 0.99,
        "families": {"waited": {"x": 5524, "n": 21957, "share": 0.8},
                     "felt": {"x": 1, "n": 60, "share": 0.2}},
        "waits": {"promise_s": 60.0, "promises": [{"max_wait_s": 60.0}]},
        **changes,
    }  # fmt: skip


def said(ranked: int = 5, **changes: Any) -> str:
    touchpoints = [{"rank": i + 1} for i in range(ranked)] + [{"rank": None}]
    run: Any = SimpleNamespace(result={"touchpoints": touchpoints}, parameters={"repeat_days": 7})
    return standing_of(run, made(**changes))


def test_first_for_sure() -> None:
    assert said() == (
        "It ranks first: 31 of 100 passages hurt (28–34), mostly because 5,524 of 21,957 customers "
        "waited longer than the promised 1 min or gave up; we are 99% sure that it is among the "
        "three worst."
    )
    assert said(p_top3=1.0).endswith("we are more than 99% sure that it is among the three worst.")


def test_an_unsure_rank_says_from_where_to_where() -> None:
    assert said(rank=3, rank_low=2, rank_high=4, p_top3=0.83).startswith("It ranks number 3: ")
    assert said(rank=3, rank_low=2, rank_high=4, p_top3=0.83).endswith(
        "it may be anywhere from place 2 to place 4, and we are 83% sure that it is among the "
        "three worst."
    )
    assert said(rank=4, rank_low=2, rank_high=5, p_top3=0.2).endswith("from place 2 to place 5.")
    assert "three worst" not in said(ranked=3, rank=2, rank_low=1, rank_high=3)
    assert said(rank=4, rank_low=4, rank_high=4, p_top3=0.01).endswith(
        "we are at least 90% sure of its place among the 5 ranked touchpoints."
    )
    assert said(ranked=1).endswith(
        "no other touchpoint has enough evidence to be ranked beside it."
    )


def test_two_causes_of_like_weight_are_both_told() -> None:
    families = {"repeated": {"x": 1, "n": 50, "share": 0.4},
                "felt": {"x": 9, "n": 60, "share": 0.4},
                "lost": {"x": 3, "n": 60, "share": 0.2}}  # fmt: skip
    assert (
        "because 1 of 50 passages was by a customer who had been here within 7 days, and 9 of 60 "
        "answers tell of pain;"
    ) in said(families=families)


@pytest.mark.parametrize(
    ("families", "words"),
    [
        ({"felt": {"x": 1, "n": 40, "share": 1.0}}, "because 1 of 40 answers tells of pain;"),
        ({"felt": {"x": 2.6, "n": 40.2, "share": 1.0}}, "because 3 of 40 answers tell of pain;"),
        ({"lost": {"x": 9, "n": 40, "share": 1.0}}, "9 of 40 journeys that came here ended here"),
        ({"felt": {"x": 0, "n": 40, "share": 0.0}}, "(28–34); we are"),
        ({"waited": {"x": 3, "n": 4, "share": 1.0}}, "customers waited longer than promised or"),
    ],
)
def test_each_cause_in_its_own_words(families, words) -> None:
    assert words in said(families=families, waits={"promise_s": None, "promises": [1, 2]})


def test_too_little_and_no_evidence() -> None:
    told = said(rank=None, rank_low=None, rank_high=None, p_top3=None)
    assert told == (
        "It has no rank yet, for fewer than 30 experiences of any kind are known; as far as they "
        "tell, 31 of 100 passages hurt (28–34)."
    )
    assert said(severity=None) == "" == standing_of(None, None)


def test_it_stands_on_top_of_the_page(journey, workspace, owner, client_for) -> None:
    put("waits", workspace, [wait("counter", s) for s in (10, 90, 100)] * 20)
    put("responses", workspace, [answer("phone", "csat", 5)] * 60)
    run = scored(journey)
    point = PainPoint.objects.get()
    page = client_for(owner).get(f"/w/{workspace.slug}/painpoints/{point.pk}/").content.decode()
    said = standing_of(run, line(run, "counter"))
    assert "because 40 of 60 customers waited longer than the promised 1 min" in said
    assert said in page
    assert f"/painpoints/runs/{run.pk}/know/severity/?at=counter" in page
    with translation.override("zh-hans"):
        told = standing_of(run, line(run, "counter"))
        assert told.startswith("排名第一") and "60" in told
