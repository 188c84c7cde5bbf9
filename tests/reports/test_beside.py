"""Stages as lines of the map of severities, and two groups side by side."""

import csv
import io

import pytest
from django.urls import reverse

from analytics.cells import cells
from analytics.ranking import TouchpointCounts
from painpoints.beside import beside, foremost
from painpoints.stages import staged
from tests.factories import StageFactory, StepFactory
from tests.lake_rows import answer, put
from tests.reports.conftest import scored


@pytest.fixture
def told(workspace, journey):
    """Two stages; at the app new customers hurt far more, at the counter a few VIPs answered."""
    step = journey.steps.get(name="Uses the app")
    step.stage = StageFactory(journey=journey, name="Use", key="use", position=10**9)
    step.save()
    rows = [answer("app", "csat", s, segment="new") for s in [1] * 60 + [5] * 40]
    rows += [answer("app", "csat", s, segment="known") for s in [1] * 20 + [5] * 180]
    rows += [answer("counter", "csat", s, segment="new") for s in [1] * 5 + [5] * 45]
    rows += [answer("counter", "csat", 1, segment="vip")] * 12
    put("responses", workspace, rows)
    return scored(journey)


def url(name: str, workspace, *args) -> str:
    return reverse(f"reports:{name}", args=[workspace.slug, "opening", *args])


def test_two_groups_are_compared_as_the_numeric_core_says(told) -> None:
    found = beside(told, "segment", "new", "known")
    assert found is not None and found.values == ("new", "known")
    exact = {
        (c.code, c.value): c
        for c in cells(
            {
                "new": [
                    TouchpointCounts("app", {"felt": (60, 100)}, 1.0, "volume"),
                    TouchpointCounts("counter", {"felt": (5, 50)}, 1.0, "volume"),
                ],
                "known": [TouchpointCounts("app", {"felt": (20, 200)}, 1.0, "volume")],
            }
        )
    }
    assert found.cells["app"]["new"] == exact["app", "new"]
    assert found.cells["app"]["new"].differs
    assert found.cells["app"]["known"].difference == -(found.cells["app"]["new"].difference or 0)
    assert beside(told, "segment", "new", "new") is None
    assert beside(told, "segment", "new", "nobody") is None
    assert foremost(told, "segment") == ["known", "new", "vip"]


def test_the_page_says_what_holds_and_hides_small_cells(told, workspace, client_for, owner) -> None:
    client = client_for(owner)
    page = client.get(url("beside", workspace), {"by": "segment", "one": "new", "other": "known"})
    assert page.status_code == 200
    assert "new against known at “=The app <b>”" in page.context["figure"]["said"][0]
    small = client.get(url("beside", workspace), {"by": "segment", "one": "vip", "other": "new"})
    row = next(r for r in small.context["figure"]["heat"]["rows"] if "counter" in r["name"])
    assert {c["state"] for c in row["cells"]} == {"few", "known"}
    assert not any(c.get("mark") for c in row["cells"])


def test_periods_lead_to_the_page_of_change_and_nonsense_to_the_usual(
    told, workspace, client_for, owner
) -> None:
    client = client_for(owner)
    page = client.get(url("beside", workspace), {"one": "x", "other": "new"})
    assert page.context["pair"] == ("known", "new")
    assert url("change", workspace) in page.content.decode()
    assert client.get(url("beside", workspace), {"by": "moon"}).status_code == 404
    nothing = client.get(url("beside", workspace), {"by": "unit"}).content.decode()
    assert "There are no two to compare" in nothing


def test_a_cell_opens_to_what_it_was_compared_with(told, workspace, client_for, owner) -> None:
    opened = reverse("painpoints:opened", args=[workspace.slug, told.pk, "cell"])
    query = {"at": "app", "segment": "new", "against": "known"}
    answer_ = client_for(owner).get(opened, query)
    told_ = answer_.content.decode()
    assert answer_.status_code == 200 and "Against segment known" in told_
    assert "Against the rest" not in told_
    assert client_for(owner).get(opened, {**query, "against": "nobody"}).status_code == 404


def test_stages_put_their_touchpoints_together(told) -> None:
    found = staged(told, "segment")
    assert found is not None
    assert [line["name"] for line in found.lines] == ["Apply", "Use"]
    use = next(line for line in found.lines if line["name"] == "Use")
    assert (use["families"]["felt"]["x"], use["families"]["felt"]["n"]) == (80, 300)
    assert found.found.cells["use"]["new"].families == {"felt": (60, 100)}


def test_a_map_that_changed_is_counted_anew(told, workspace, journey) -> None:
    before = staged(told, "segment")
    step = StepFactory(journey=journey, stage=journey.stages.get(key="use"), name="Again")
    step.touchpoints.add(workspace.touchpoints.get(code="counter"))
    after = staged(told, "segment")
    assert before is not None and after is not None
    assert before.found.cells["use"]["new"].n == 100
    assert after.found.cells["use"]["new"].n == 150


def test_stages_are_a_choice_of_the_page_open_and_can_be_taken_away(
    told, workspace, client_for, owner
) -> None:
    client = client_for(owner)
    page = client.get(url("segments", workspace), {"by": "segment", "rows": "stages"})
    assert [row["name"] for row in page.context["figures"][0]["heat"]["rows"]] == ["Apply", "Use"]
    opened = reverse("painpoints:opened", args=[workspace.slug, told.pk, "stage"])
    for query in ({"at": "use"}, {"at": "use", "segment": "new"}):
        text = client.get(opened, query).content.decode()
        assert "Severity of a stage" in text
    assert client.get(opened, {"at": "nowhere"}).status_code == 404
    answer_ = client.get(url("figure_csv", workspace, "stages-segment"))
    lines = list(csv.reader(io.StringIO(answer_.content.decode("utf-8-sig"))))
    assert any(line[:2] == ["use", "Use"] for line in lines)


def test_the_pair_as_csv(told, workspace, client_for, owner) -> None:
    answer_ = client_for(owner).get(
        url("beside_csv", workspace, "beside-segment"), {"one": "new", "other": "known"}
    )
    text = answer_.content.decode("utf-8-sig")
    assert answer_.status_code == 200 and "new and known side by side" in text


def test_strangers_see_neither(told, workspace, stranger, client_for) -> None:
    assert client_for(stranger).get(url("beside", workspace)).status_code == 404
