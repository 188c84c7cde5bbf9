"""The list of pain points: what filters it, what they reach, its changes, brackets and file."""

import csv
import io
from datetime import datetime, timedelta

import pytest
from django.db import connection
from django.http import QueryDict
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.access import Role
from evidence.scope import Scope
from jobs.actions import run_job
from jobs.models import Job
from painpoints.bands import chance_above
from painpoints.listing import asked_in
from painpoints.models import PainPoint, RunCounts, ScoringRun
from painpoints.scopes import SCORE_SCOPE
from tests.factories import ChannelFactory, JourneyFactory
from tests.lake_rows import answer, put, wait
from tests.painpoints.conftest import scored

MONDAY = datetime(2026, 1, 5, 12)


@pytest.fixture(autouse=True)
def impatient(monkeypatch) -> None:
    """There is no worker here to wait for."""
    monkeypatch.setattr("painpoints.scopes.PATIENCE_S", 0.0)
    monkeypatch.setattr("painpoints.at_once.IS_ON", False)


@pytest.fixture
def hurt(journey, workspace):
    """Ten weeks at the counter; in the newest four waits are long, but not for those by app."""
    ChannelFactory(workspace=workspace, code="app", name="App")
    rows = []
    for week in range(10):
        for i in range(40):
            long = i < (30 if week >= 6 else 10)
            at = MONDAY + timedelta(weeks=week, minutes=i)
            rows.append(wait("counter", 200 if long and i % 2 else 10, occurred_at=at,
                             channel="app" if i % 2 == 0 else "branch"))  # fmt: skip
    put("waits", workspace, rows)
    put("responses", workspace, [answer("phone", "csat", s) for s in (1, 5)] * 40, 2)
    workspace.raise_evidence_revision()
    journey.workspace.refresh_from_db()
    return scored(journey)


@pytest.fixture
def listed(workspace, member, client_for):
    client = client_for(member(Role.MANAGER))

    def get(query: str = "", status: int = 200):
        found = client.get(reverse("painpoints:list", args=[workspace.slug]) + "?" + query)
        assert found.status_code == status, found.content.decode()[:2000]
        return found

    return get


def titles(found) -> list[str]:
    return [entry.point.title for entry in found.context["entries"]]


def entry_of(found, code: str):
    return next(e for e in found.context["entries"] if e.point.touchpoint.code == code)


def work(workspace) -> None:
    for job in Job.objects.filter(workspace=workspace, kind=SCORE_SCOPE, status="queued"):
        done = run_job(job_id=str(job.pk))
        assert done.status == "done", done.error + done.log


def test_the_filters_reach_the_page_of_a_pain_point(
    hurt, workspace, listed, member, client_for
) -> None:
    point = PainPoint.objects.get(touchpoint__code="counter")
    client = client_for(member(Role.VIEWER))
    at = reverse("painpoints:detail", args=[workspace.slug, point.pk])
    assert "computed from the rows" in client.get(f"{at}?channel=app").content.decode()
    work(workspace)
    listed_line = entry_of(listed("channel=app"), "counter").line
    assert f'href="{at}?channel=app"' in listed("channel=app").content.decode()
    page = client.get(f"{at}?channel=app")
    assert page.context["line"] == listed_line  # what the list counted is not counted again
    whole = client.get(at).context
    assert whole["line"]["severity"] > listed_line["severity"]  # nobody waits long by app
    assert page.context["next_step"] == whole["next_step"]
    text = page.content.decode()
    assert "no longer counts this touchpoint" not in text  # said of all evidence only
    comments = reverse("painpoints:comments", args=[workspace.slug, point.pk])
    assert f'hx-get="{comments}?channel=app"' in text
    assert client.get(f"{comments}?channel=app").context["scoped"].run == page.context["scored"].run
    assert client.get(f"{at}?channel=moon").status_code == 400


def test_a_change_is_that_of_the_page_of_changes(hurt, listed, member, client_for) -> None:
    counter = entry_of(listed(), "counter")
    assert counter.shift.holds == "worse" and counter.shift.chance > 0.95
    page = client_for(member(Role.VIEWER)).get(
        f"/w/{hurt.workspace.slug}/journeys/opening/change/?length=4&against=before"
    )
    (line,) = [one for one in page.context["comparison"].lines if one.code == "counter"]
    assert line.change.difference == counter.shift.difference
    assert line.change.p_worse == counter.shift.p_worse


def test_a_filter_reaches_every_number(workspace, hurt, listed) -> None:
    """Those by app never waited long."""
    whole = entry_of(listed(), "counter")
    first = listed("channel=app")
    assert first.context["job"] is not None
    assert entry_of(first, "counter").shift.why == "waiting"
    assert listed("channel=app").context["job"] == first.context["job"]  # asked for once
    work(workspace)
    found = listed("channel=app")
    assert found.context["job"] is None
    by_app = entry_of(found, "counter")
    assert by_app.line["families"]["waited"]["x"] == 0 < whole.line["families"]["waited"]["x"]
    assert by_app.burden < whole.burden
    assert by_app.shift.holds == ""
    assert entry_of(found, "phone").line["severity"] is None  # no answer names a channel
    assert "no evidence in this scope" in found.content.decode()
    assert Job.objects.filter(kind=SCORE_SCOPE).count() == 1


def test_a_period_is_compared_with_the_time_before(workspace, hurt, listed) -> None:
    query = "since=2026-02-16&until=2026-03-16"
    listed(query)
    work(workspace)
    counter = entry_of(listed(query), "counter")
    assert counter.shift.holds == "worse"
    assert counter.compared.scope["since"] == "2026-01-19"
    assert counter.compared.scope["until"] == "2026-02-16"


def test_a_period_without_an_end_has_none_before_it(workspace, hurt, listed) -> None:
    listed("since=2026-02-16")
    work(workspace)
    found = listed("since=2026-02-16")
    assert entry_of(found, "counter").shift.why == "open_period"
    assert "the period needs a first and a last day" in found.content.decode()


def test_new_evidence_asks_again_and_shows_the_old_meanwhile(workspace, hurt, listed) -> None:
    listed("channel=app")
    work(workspace)
    workspace.raise_evidence_revision()
    found = listed("channel=app")
    assert found.context["job"] is not None
    assert entry_of(found, "counter").line is not None


def test_a_failed_scope_says_so(workspace, hurt, listed) -> None:
    job = listed("channel=app").context["job"]
    Job.objects.filter(pk=job.pk).update(
        status="failed", finished_at=job.created_at, error="No disk"
    )
    html = listed("channel=app").content.decode()
    assert "These filters could not be counted." in html and "No disk" in html


def test_an_impossible_scope_is_explained(hurt, listed) -> None:
    assert (
        "must begin before it ends"
        in listed("since=2026-02-01&until=2026-01-01", 400).content.decode()
    )
    assert "There is no channel" in listed("channel=nonsense", 400).content.decode()


def test_the_list_filters(workspace, hurt, listed, journey, owner) -> None:
    PainPoint.objects.create(
        workspace=workspace, journey=journey, origin="person", title="Aside", owner=owner,
        touchpoint=workspace.touchpoints.get(code="app"), cause="information", type="itch",
    )  # fmt: skip
    everything = titles(listed())
    assert everything[-1] == "Aside" and len(everything) == 3  # nothing is known of its touchpoint
    assert titles(listed("cause=information")) == ["Aside"]
    assert titles(listed("type=itch")) == ["Aside"]
    assert "Aside" not in titles(listed("cause=waiting&cause=procedures"))
    assert titles(listed(f"owner={owner.pk}")) == ["Aside"]
    assert set(titles(listed(f"owner={owner.pk}&owner=none"))) == set(everything)
    assert titles(listed("journey=no-such")) == titles(listed("status=resolved")) == []
    assert titles(listed("journey=opening&stage=elsewhere")) == []
    stage = journey.stages.get()
    assert len(titles(listed(f"journey=opening&stage={stage.name}"))) == 3
    assert titles(listed("sort=name")) == sorted(everything, key=str.casefold)


def test_closed_ones_come_last_whatever_sorts(workspace, hurt, listed) -> None:
    point = PainPoint.objects.get(touchpoint__code="counter")
    point.status = "resolved"
    point.save()
    for sort in ("burden", "severity", "change", "-name", "age"):
        assert titles(listed(f"sort={sort}"))[-1] == point.title


def test_the_file_has_what_is_shown(workspace, hurt, listed) -> None:
    text = listed("format=csv").content.decode("utf-8-sig")
    lines = list(csv.reader(io.StringIO(text)))
    head = next(i for i, line in enumerate(lines) if line[0] == "painpoint")
    rows = [dict(zip(lines[head], line, strict=True)) for line in lines[head + 1 :]]
    counter = next(row for row in rows if row["touchpoint"] == "counter")
    stored = next(t for t in hurt.result["touchpoints"] if t["code"] == "counter")
    assert float(counter["severity"]) == stored["severity"]
    assert float(counter["burden_low"]) == stored["burden_low"]
    assert float(counter["waited_n"]) == stored["families"]["waited"]["n"]
    assert counter["change_holds"] == "worse" and float(counter["change_p_worse"]) > 0.95


def test_as_many_queries_for_thirty_journeys_as_for_three(workspace, hurt, listed) -> None:
    used = []
    counts = list(RunCounts.objects.filter(run=hurt))
    point = PainPoint.objects.get(touchpoint__code="counter")
    for begin, end in ((0, 2), (2, 29)):
        for i in range(begin, end):
            made = ScoringRun.objects.get(pk=hurt.pk)
            made.pk, made.journey = None, JourneyFactory(workspace=workspace, slug=f"copy-{i}")
            made.save()
            RunCounts.objects.bulk_create(
                [RunCounts(run=made, kind=one.kind, document=one.document) for one in counts]
            )
            point.pk, point.journey, point.last_run = None, made.journey, made
            point.save()
        for query in ("", "sort=change&against=year"):
            listed(query)
            with CaptureQueriesContext(connection) as queries:
                listed(query)
            used.append(len(queries))
    assert used[:2] == used[2:]
    assert max(used) < 20


def test_strangers_see_nothing(workspace, hurt, stranger, client_for) -> None:
    url = reverse("painpoints:list", args=[workspace.slug])
    assert client_for(stranger).get(url).status_code == 404


def test_what_cannot_be_told_apart_is_near_even() -> None:
    def line(burden, half):
        return {"burden": burden, "burden_low": burden - half, "burden_high": burden + half}

    assert chance_above(line(10, 2), line(10, 5)) == pytest.approx(0.5)
    # Two normal values 1.645 standard deviations of the difference apart.
    assert chance_above(line(10 + 2**0.5, 1), line(10, 1)) == pytest.approx(0.95)
    assert chance_above(line(5, 0), line(4, 0)) == 1.0


def test_words_that_mean_nothing_choose_nothing() -> None:
    asked = asked_in(QueryDict("sort=x&against=baseline&owner="), Scope(channels=("app",)))
    assert (asked.sort, asked.against, asked.owners) == ("burden", "before", ())
