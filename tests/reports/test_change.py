"""The change page: periods, verdict, what holds, weeks, marks, downloads, refusals."""

from datetime import date, datetime, time, timedelta

import pytest

from evidence.models import Import
from evidence.scope import Scope
from painpoints.actions import add_action, record_pain_point
from painpoints.models import RunCounts
from reports import change as periods
from reports.change import Span
from tests.lake_rows import answer, put, wait
from tests.reports.conftest import scored

pytestmark = pytest.mark.django_db
START = date(2025, 1, 6)  # a Monday


@pytest.fixture
def moved(workspace, journey):
    """16 weeks: the app hurts 5 of 60, in the last four weeks 30 of 60; the counter never moves."""
    answers, waits = [], []
    for week in range(16):
        when = {"occurred_at": datetime.combine(START + timedelta(weeks=week, days=2), time(10))}
        hurt = 30 if week >= 12 else 5
        answers += [answer("app", "csat", 1, **when)] * hurt
        answers += [answer("app", "csat", 5, **when)] * (60 - hurt)
        waits += [wait("counter", 90, **when)] * 10 + [wait("counter", 5, **when)] * 40
    put("responses", workspace, answers, 1)
    put("waits", workspace, waits, 2)
    workspace.raise_evidence_revision()
    journey.workspace.refresh_from_db()
    return scored(journey)


def test_it_says_what_became_worse_and_what_did_not(moved, page) -> None:
    html = page("change/")
    assert "Became worse for certain: =The app &lt;b&gt; (8 → 50 of 100)." in html
    assert "31 Mar 2025 – 27 Apr 2025, compared with 3 Mar 2025 – 30 Mar 2025." in html
    assert "since 31 Mar 2025 at 50 of 100, before at 8" in html
    assert "no lasting change: 12 of 100" in html.lower()  # the counter: 0.6 of one in five
    assert "=The app <b>" not in html  # a name is text, wherever it stands


def test_another_length_and_a_year_before_can_be_chosen(moved, page) -> None:
    html = page("change/?length=1")
    assert "Nothing changed for certain" in html
    assert "21 Apr 2025 – 27 Apr 2025, compared with 14 Apr 2025 – 20 Apr 2025." in html
    html = page("change/?length=4&against=year")
    assert "The evidence covers 16 whole weeks here." in html
    assert "choose shorter ones" in html


def test_the_scopes_period_is_what_is_compared_and_all_weeks_stay(moved, page) -> None:
    html = page("change/?since=2025-03-03&until=2025-03-31")
    assert "3 Mar 2025 – 30 Mar 2025, compared with 3 Feb 2025 – 2 Mar 2025." in html
    assert "Nothing changed for certain" in html
    assert "since 31 Mar 2025 at 50 of 100" in html  # the weeks are all drawn
    html = page("change/?since=2025-03-04&until=2025-03-06")
    assert "No whole week lies in the chosen period" in html


@pytest.mark.parametrize("query", ["length=5", "against=never", "touchpoint=none"])
def test_an_address_that_means_nothing_is_not_found(moved, page, query) -> None:
    page(f"change/?{query}", status=404)


def test_a_filter_that_cannot_be_meant_is_refused_in_a_sentence(moved, page) -> None:
    assert "The period must begin before it ends" in page(
        "change/?since=2025-03-06&until=2025-03-04", status=400
    )


def test_a_touchpoint_is_drawn_large_with_what_happened_there(moved, page, owner, journey) -> None:
    workspace = journey.workspace
    touchpoint = workspace.touchpoints.get(code="counter")
    point = record_pain_point(journey=journey, touchpoint=touchpoint, title="Slow", user=owner)
    action = add_action(painpoint=point, text="Second <i>desk</i> opened")
    action.done_on = date(2025, 2, 3)
    action.save()
    Import.objects.create(
        workspace=workspace, source="w.csv", kind="waits", state="done",
        finished_at=datetime.fromisoformat("2025-05-02T10:00:00+00:00"),
    )  # fmt: skip
    html = page("change/?touchpoint=counter")
    assert 'id="change-counter-title"' in html
    assert "3 Feb 2025" in html or "Feb. 3, 2025" in html
    assert "Second &lt;i&gt;desk&lt;/i&gt; opened" in html
    assert "evidence imported" in html
    assert "Second &lt;i&gt;desk" not in page("change/?touchpoint=app")


def test_downloads_hold_the_exact_values(moved, page) -> None:
    lines = page("change/figures/comparison.csv").splitlines()
    header = next(line for line in lines if line.startswith("touchpoint,"))
    app = next(line for line in lines if line.startswith("app,"))
    values = dict(zip(header.split(","), app.split(","), strict=True))
    assert values["name"].startswith("'=")
    assert (values["now_from"], values["now_to"]) == ("2025-03-31", "2025-04-27")
    assert (values["n_before"], values["n_now"], values["holds"]) == ("240.0", "240.0", "worse")
    assert float(values["difference"]) == pytest.approx(25 / 60, abs=0.01)
    weeks = page("change/figures/weeks.csv?touchpoint=app").splitlines()
    assert sum(line.startswith("app,") for line in weeks) == 16
    both = page("change/figures/weeks.csv")
    assert both.count("\ncounter,") == both.count("\napp,") == 16
    assert "Severity week by week" in page("change/figures/weeks.html")
    page("change/figures/nothing.csv", status=404)


def test_without_enough_evidence_it_says_why(workspace, journey, page) -> None:
    when = datetime.combine(START, time(10))
    rows = [answer("app", "csat", 2, occurred_at=when + timedelta(weeks=week)) for week in range(8)]
    put("responses", workspace, rows)
    workspace.raise_evidence_revision()
    journey.workspace.refresh_from_db()
    scored(journey)
    html = page("change/")
    assert "cannot be told: no touchpoint has enough evidence in both periods" in html
    assert "fewer than 30 experiences in one of the periods" in html
    assert "NaN" not in html


def test_a_run_whose_rows_are_gone_says_so(moved, page, monkeypatch) -> None:
    RunCounts.objects.filter(run=moved).delete()
    monkeypatch.setattr("reports.views.change.breakdown_of", lambda run: None)
    assert "The rows behind this scoring are gone" in page("change/")


def test_without_any_evidence_it_shows_what_will_stand_here(journey, page) -> None:
    scored(journey)
    assert "No evidence speaks of this journey" in page("change/")


def test_families_measured_in_one_period_only_are_not_compared(moved, journey) -> None:
    found = periods.compared(
        moved, _breakdown(moved, "app", "waited"), periods.Asked("4", "before"), Scope(), {}
    )
    line = next(line for line in found.lines if line.code == "app")
    assert line.change is not None
    assert line.change.families == ("felt",)
    assert found.before == Span(8, 12)


def _breakdown(run, code, family):
    from painpoints.counts import breakdown_of

    breakdown = breakdown_of(run)
    assert breakdown is not None
    breakdown.counts["week"][code][family] = ([0] * 12 + [40] * 4, [0] * 12 + [50] * 4)
    return breakdown


def test_the_number_of_queries_does_not_grow_with_touchpoints(
    moved, page, django_assert_max_num_queries
) -> None:
    page("change/")
    with django_assert_max_num_queries(24):
        page("change/")
