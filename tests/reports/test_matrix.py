"""The opportunity matrix: what is drawn, told, sorted, weighed, opened and taken away."""

import csv
import io
import json

import pytest
from django.http import QueryDict
from django.urls import reverse

from accounts.access import Role
from evidence.scope import Scope
from jobs.actions import run_job
from jobs.models import Job, Status
from painpoints.models import PainPoint, RunCounts
from painpoints.readings import line_of, newest_runs
from painpoints.scopes import SCORE_SCOPE
from reports.matrix import Asked, rows_of
from tests.reports.conftest import scored


@pytest.fixture(autouse=True)
def impatient(monkeypatch) -> None:
    monkeypatch.setattr("painpoints.scopes.PATIENCE_S", 0.0)


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


def asked(scope=None, **words):
    query = QueryDict(mutable=True)
    query.update({name: str(word) for name, word in words.items()})
    return Asked.from_query(query, scope or Scope())


def rows(workspace, **words):
    found = rows_of(workspace, asked(**words), newest_runs(workspace))
    return {row.point.touchpoint.code: row for row in found}


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
    assert asked(sort="rice", business=30).sort == "rice"
    assert asked(sort="x", business=-3) == asked()


def test_a_scope_reaches_every_figure(workspace, points, run, client_for, owner) -> None:
    """Burden, customers' value and what opens are those of the rows that the filters let in."""
    PainPoint.objects.update(effort_days=5)
    client = client_for(owner)
    waiting = page(workspace, client, channel="phone")
    assert waiting.context["job"] and "being computed" in waiting.content.decode()
    job = Job.objects.get(kind=SCORE_SCOPE)
    assert run_job(job_id=str(job.pk)).status == Status.DONE

    phone = scored(run.journey, Scope(channels=("phone",)))
    answer = page(workspace, client, channel="phone")
    shown = {row.point.touchpoint.code: row for _n, row, _marks in answer.context["rows"]}
    for code, row in shown.items():
        assert row.run == phone and row.line == line_of(phone, code)
    assert shown["app"].burden != rows(workspace)["app"].burden
    assert "channel phone" in answer.context["figure"]["source"]["scope"]
    assert f'/painpoints/{points["app"].pk}/?channel=phone"' in answer.content.decode()
    url = reverse("painpoints:opened", args=[workspace.slug, phone.pk, "worth"])
    opened = client.get(url, {"point": points["app"].pk, "figure": "first", "business": 0})
    assert opened.context["opened"].shown.value == shown["app"].first.value
    told = client.get(reverse("reports:matrix_csv", args=[workspace.slug]), {"channel": "phone"})
    assert repr(shown["app"].burden.value) in told.content.decode()


def test_a_word_nobody_knows_is_explained(workspace, points, client_for, owner) -> None:
    answer = page(workspace, client_for(owner), channel="fone")
    assert answer.status_code == 400
    assert "There is no channel “fone”." in answer.content.decode()


def test_why_a_number_is_missing_is_said_once(workspace, points, client_for, owner) -> None:
    seen = page(workspace, client_for(owner)).content.decode()
    said = "he journey&#x27;s drivers have not been looked for yet"
    table, notes = seen.split('<ol class="matrix-notes', 1)
    assert notes.count(said) == 1 and "/opening/drivers/" in notes
    assert f'aria-label="t{said}"' in table


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
