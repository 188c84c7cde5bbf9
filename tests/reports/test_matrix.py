"""The opportunity matrix: what is drawn, told, sorted, weighed, opened and taken away."""

import csv
import io
import json

import pytest
from django.urls import reverse

from accounts.access import Role
from painpoints.models import PainPoint, RunCounts
from reports.matrix import Asked, rows_of


@pytest.fixture
def points(run, journey, workspace) -> dict[str, PainPoint]:
    """A pain point at each touchpoint: those scoring found, and those people told."""
    found = {}
    for code in ("counter", "app"):
        touchpoint = workspace.touchpoints.get(code=code)
        found[code] = PainPoint.objects.filter(touchpoint=touchpoint).first() or (
            PainPoint.objects.create(
                workspace=workspace, journey=journey, touchpoint=touchpoint, origin="person",
                title=f"=pain at {code} <b>",
            )
        )  # fmt: skip
    return found


def page(workspace, client, **query):
    return client.get(reverse("reports:matrix", args=[workspace.slug]), query)


def rows(workspace, **asked):
    return {row.point.touchpoint.code: row for row in rows_of(workspace, Asked(**asked))}


def test_without_an_effort_it_is_drawn_apart_and_said(workspace, points, client_for, owner) -> None:
    answer = page(workspace, client_for(owner))
    assert answer.status_code == 200
    figure = answer.context["figure"]
    assert all(x < 0 for x in figure["plot"]["data"][0]["x"])
    assert "2 pain points nobody has estimated" in figure["aria"]
    row = rows(workspace)["app"]
    assert row.first is None and row.why["first"] == "no effort is estimated yet"


def test_effort_and_value_decide_what_comes_first(workspace, points) -> None:
    PainPoint.objects.filter(pk=points["counter"].pk).update(effort_days=100, business_value=10)
    PainPoint.objects.filter(pk=points["app"].pk).update(effort_days=1)
    assert list(rows(workspace)) == ["app", "counter"]
    by_business = rows(workspace, business=50)
    assert list(by_business) == ["counter", "app"]
    assert by_business["app"].why["value"] == "no business value is told yet"
    counter = rows(workspace)["counter"]
    assert counter.value is not None and counter.first is not None
    assert counter.first.value == pytest.approx(counter.value.value / 10)


def test_rice_needs_known_customers(workspace, points) -> None:
    PainPoint.objects.update(effort_days=5)
    row = rows(workspace)["counter"]  # evidence of waits only
    assert row.rice is None
    assert row.why["rice"] == "passages of known customers are not in the evidence"


def test_ulwicks_score_from_kept_drivers_only(workspace, points, run) -> None:
    row = rows(workspace)["app"]
    assert row.why["opportunity"] == "the journey's drivers have not been looked for yet"
    line = {"code": "app", "importance": 0.2, "importance_low": 0.1, "importance_high": 0.3}
    heavier = {**line, "code": "counter", "importance": 0.4}
    document = {"outcomes": [{"methods": {"weights": {"n": 120, "touchpoints": [heavier, line]}}}]}
    RunCounts.objects.create(run=run, kind="drivers", document=document)
    row = rows(workspace)["app"]
    # 20 of 60 answers are good: S = 3.33; I = 10 · 0.2 / 0.4 = 5; 5 + 5 − 3.33
    assert row.opportunity is not None
    assert row.opportunity.value == pytest.approx(5 + 5 - 10 * 20 / 60)
    assert row.opportunity.low < row.opportunity.value < row.opportunity.high


def test_filters_and_order_are_in_the_address(workspace, points, client_for, owner) -> None:
    points["app"].status = "dismissed"
    points["app"].save()
    assert list(rows(workspace)) == ["counter"]
    assert set(rows(workspace, status="any")) == {"counter", "app"}
    assert list(rows(workspace, status="dismissed")) == ["app"]
    asked = Asked.from_query({"sort": "rice", "business": "30", "journey": "opening"})
    assert asked.to_query() == {"journey": "opening", "business": 30, "sort": "rice"}
    assert Asked.from_query({"sort": "x", "business": "-3"}) == Asked()


def test_viewers_see_no_fields_and_managers_do(workspace, points, member, client_for) -> None:
    seen = page(workspace, client_for(member(Role.VIEWER))).content.decode()
    assert 'name="effort_days"' not in seen and "not estimated yet" in seen
    edited = page(workspace, client_for(member(Role.MANAGER))).content.decode()
    assert 'name="effort_days"' in edited and 'data-steps="edit"' in edited


def test_strangers_do_not_learn_of_it(workspace, points, stranger, client_for) -> None:
    assert page(workspace, client_for(stranger)).status_code == 404


def test_the_csv_has_the_exact_values_and_why_not(workspace, points, client_for, owner) -> None:
    answer = client_for(owner).get(reverse("reports:matrix_csv", args=[workspace.slug]))
    lines = [x for x in csv.reader(io.StringIO(answer.content.decode("utf-8-sig")))]
    head = next(i for i, line in enumerate(lines) if line[0] == "number")
    told = [dict(zip(lines[head], line, strict=True)) for line in lines[head + 1 :]]
    exact = {code: row.burden.value for code, row in rows(workspace).items() if row.burden}
    assert {t["touchpoint"]: float(t["burden"]) for t in told} == pytest.approx(exact)
    assert all("rice: " in t["why_not"] for t in told)
    assert not any(cell.startswith("=") for line in lines for cell in line)


def test_every_number_opens(workspace, points, run, client_for, owner) -> None:
    PainPoint.objects.update(effort_days=5, business_value=4)
    client = client_for(owner)
    for figure in ("value", "first", "rice", "opportunity"):
        url = reverse("painpoints:opened", args=[workspace.slug, run.pk, "worth"])
        query = {"point": points["app"].pk, "figure": figure, "business": 20}
        answer = client.get(url, query)
        assert answer.status_code == 200, figure
    assert client.get(url, {**query, "point": 0}).status_code == 404


def test_user_text_is_never_markup(workspace, points, client_for, owner) -> None:
    PainPoint.objects.filter(origin="person").update(title="</script><b>x")
    answer = page(workspace, client_for(owner))
    bubbles = json.dumps(answer.context["bubbles"])
    if PainPoint.objects.filter(origin="person").exists():
        assert "</script><b>x" in bubbles
    assert b"</script><b>x" not in answer.content
