"""Severities by segment, channel and unit, from rows in the real lake to what a run keeps."""

import pytest

from evidence.scope import Scope
from painpoints.models import PainPoint, RunCounts
from painpoints.whom import MOST_VALUES, best_dimension, sizes_of, whom
from tests.factories import CardFactory, LaneFactory, SegmentFactory
from tests.kidney_stones import put_stones
from tests.lake_rows import answer, put, wait
from tests.painpoints.conftest import line, scored


@pytest.fixture
def stones(journey):
    put_stones(journey.workspace)
    journey.workspace.refresh_from_db()
    return scored(journey)


def test_a_cell_is_the_number_of_the_page_filtered_to_it(journey, stones) -> None:
    put("waits", journey.workspace, [wait("counter", 90, segment="large")] * 50, 2)
    journey.workspace.raise_evidence_revision()
    run = scored(journey)
    found = whom(run, "segment")
    for segment in ("small", "large"):
        filtered = scored(journey, Scope(segments=(segment,)))
        for code in ("counter", "phone"):
            cell, told = found.cells[code][segment], line(filtered, code)
            assert cell.severity == told["severity"]
            assert (cell.severity_low, cell.severity_high) == (
                told["severity_low"], told["severity_high"]
            )  # fmt: skip
    assert found.cells["counter"]["large"].families == {"felt": (355, 1315), "waited": (50, 50)}


def test_real_differences_are_told(stones) -> None:
    cells = whom(stones, "segment").cells
    assert cells["counter"]["large"].differs and cells["counter"]["large"].difference > 0.1
    assert cells["counter"]["small"].differs and cells["counter"]["small"].difference < -0.1


def test_what_names_no_segment_is_told_apart(journey) -> None:
    put("responses", journey.workspace, [answer("counter", "csat", 1, segment="vip")] * 84)
    put("responses", journey.workspace, [answer("counter", "csat", 5)] * 16, 2)
    put("responses", journey.workspace, [answer("phone", "csat", 5)] * 100, 3)
    journey.workspace.raise_evidence_revision()
    found = whom(scored(journey), "segment")
    assert found.named["counter"] == (84, 100)
    assert found.named["phone"] == (0, 100)
    assert found.named_share == 0.42
    assert "phone" not in found.cells
    assert found.cells["counter"]["vip"].p is None


def test_weighted_answers_never_name_more_than_there_are(journey) -> None:
    """Kish's effective numbers of the parts may add up to more than that of the whole."""
    rows = [answer("counter", "csat", 1, segment="a", weight=9)] * 40
    rows += [answer("counter", "csat", 5, segment="b", weight=1)] * 40
    put("responses", journey.workspace, rows)
    journey.workspace.raise_evidence_revision()
    run = scored(journey)
    found = whom(run, "segment")
    n = line(run, "counter")["families"]["felt"]["n"]
    assert n < 80
    assert found.named["counter"] == (n, n)


def test_it_is_computed_once_and_read_back_the_same(stones) -> None:
    first = whom(stones, "segment")
    RunCounts.objects.filter(run=stones, kind="breakdown").delete()
    assert whom(stones, "segment") == first
    assert RunCounts.objects.filter(run=stones, kind="cells/1 segment").count() == 1


def test_too_many_values_make_no_map(journey) -> None:
    rows = [answer("counter", "csat", 1, unit=f"u{i:02}") for i in range(MOST_VALUES + 1)]
    put("responses", journey.workspace, rows)
    journey.workspace.raise_evidence_revision()
    run = scored(journey)
    found = whom(run, "unit")
    assert found.is_too_many and found.cells == {}
    assert sizes_of(run) == {"segment": 0, "channel": 0, "unit": 21}


def test_once_the_rows_are_gone_and_nothing_was_counted_it_cannot_be_told(stones) -> None:
    RunCounts.objects.filter(run=stones).delete()
    stones.snapshot = None
    assert whom(stones, "segment") is None
    assert sizes_of(stones) is None


def test_the_first_dimension_is_one_that_can_be_compared() -> None:
    assert best_dimension({"segment": 1, "channel": 3, "unit": 5}) == "channel"
    assert best_dimension({"segment": 0, "channel": 1, "unit": 50}) == "channel"
    assert best_dimension({"segment": 0, "channel": 0, "unit": 0}) == "segment"


def pain_point(journey) -> PainPoint:
    return PainPoint.objects.create(
        workspace=journey.workspace,
        journey=journey,
        touchpoint=journey.touchpoints().get(code="counter"),
        origin="person",
        title="It hurts",
    )


def test_a_pain_points_page_tells_whom_it_hurts(stones, journey, member, client_for) -> None:
    SegmentFactory(workspace=journey.workspace, code="large", name="大客户 <b>")
    point = pain_point(journey)
    client = client_for(member("viewer"))
    html = client.get(f"/w/{journey.workspace.slug}/painpoints/{point.pk}/").content.decode()
    assert "Whom it hurts" in html
    assert html.index("大客户 &lt;b&gt;") < html.index('<span class="small">small</span>')
    opens = f'href="/w/{journey.workspace.slug}/painpoints/runs/{stones.pk}/opened/cell/?at=counter'
    assert f"{opens}&amp;segment=large" in html
    assert "▲20" in html and "▼20" in html


def test_without_groups_to_tell_apart_the_page_says_nothing_of_them(
    journey, member, client_for
) -> None:
    put("responses", journey.workspace, [answer("counter", "csat", 3, segment="vip")] * 84)
    journey.workspace.raise_evidence_revision()
    scored(journey)
    point = pain_point(journey)
    client = client_for(member("viewer"))
    html = client.get(f"/w/{journey.workspace.slug}/painpoints/{point.pk}/").content.decode()
    assert "Whom it hurts" not in html


def test_the_worst_units_and_the_cards_stand_on_the_page(journey, member, client_for) -> None:
    """Ten units, one of whose customers are all unhappy; a card at the step, one elsewhere."""
    rows = [answer("counter", "csat", 1 if unit == 7 or i < 12 else 5, unit=f"u{unit}")
            for unit in range(10) for i in range(40)]  # fmt: skip
    put("responses", journey.workspace, rows)
    journey.workspace.raise_evidence_revision()
    scored(journey)
    lane = LaneFactory(journey=journey, name="Thoughts")
    for code, text in (("counter", "So <i>slow</i>"), ("phone", "Never seen")):
        step = journey.steps.get(name=code)
        CardFactory(journey=journey, lane=lane, step=step, text=text, basis="interview")
    point = pain_point(journey)
    client = client_for(member("viewer"))
    page = client.get(f"/w/{journey.workspace.slug}/painpoints/{point.pk}/")
    (units,) = page.context["whom"]
    assert units["all"] == 10 and len(units["cells"]) == 8
    assert units["cells"][0]["value"] == "u7" and units["cells"][0]["mark"].startswith("▲")
    html = page.content.decode()
    assert "/units/?touchpoint=counter" in html
    assert "So &lt;i&gt;slow&lt;/i&gt;" in html and "Never seen" not in html
    assert "/edit/card/" not in html  # a viewer changes no card
