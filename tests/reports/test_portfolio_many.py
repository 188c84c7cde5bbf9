"""The portfolio's journeys: what each shows, found, sorted, and with how many queries."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from jobs.models import Job
from painpoints import glance
from painpoints.models import Baseline, RunCounts, ScoringRun
from reports.portfolio import portfolio_of
from tests.factories import JourneyFactory
from tests.lake_rows import put, wait
from tests.reports.conftest import scored


@pytest.fixture
def seen(run, member, client_for):
    """What a viewer sees of the portfolio with this query."""
    client = client_for(member("viewer"))

    def get(query: str = ""):
        answer = client.get(f"/w/{run.workspace.slug}/?{query}")
        assert answer.status_code == 200
        return answer

    return get


def names(answer) -> list[str]:
    return [row.journey.name for row, _spark in answer.context["cells"]]


def copy(run, how_many: int, begin: int = 0) -> None:
    """Journeys with the same run and the same kept counts."""
    counts = list(RunCounts.objects.filter(run=run))
    for i in range(begin, begin + how_many):
        journey = JourneyFactory(workspace=run.workspace, slug=f"copy-{i}", name=f"Copy {i:02}")
        made = ScoringRun.objects.get(pk=run.pk)
        made.pk, made.journey = None, journey
        made.save()
        RunCounts.objects.bulk_create(
            [RunCounts(run=made, kind=one.kind, document=one.document) for one in counts]
        )


def test_what_is_kept_is_what_the_run_says(run) -> None:
    (row,) = portfolio_of(run.workspace).rows
    worst = run.result["touchpoints"][0]
    assert row.worst["severity"] == worst["severity"]
    assert row.outcome["value"] == run.result["outcome"]["nps"]["value"]
    assert row.total["value"] == pytest.approx(
        sum(line["burden"] for line in run.result["touchpoints"])
    )
    assert row.total["low"] < row.total["value"] < row.total["high"]
    assert RunCounts.objects.filter(run=run, kind=glance.KIND).count() == 1


def test_a_change_that_cannot_be_told_says_why(seen) -> None:
    html = seen().content.decode()
    assert "cannot be told: the evidence covers" in html


def test_as_many_queries_for_thirty_journeys_as_for_three(run, member, client_for) -> None:
    client, used = client_for(member("viewer")), []
    for begin, more in ((0, 2), (2, 27)):
        copy(run, more, begin)
        for view in ("cards", "table&against=baseline"):
            client.get(f"/w/{run.workspace.slug}/?view={view}")
            with CaptureQueriesContext(connection) as queries:
                client.get(f"/w/{run.workspace.slug}/?view={view}")
            used.append(len(queries))
    assert used[:2] == used[2:]
    assert max(used) < 20


def test_journeys_are_found_by_text_owner_kind_and_state(run, seen, owner) -> None:
    mine = JourneyFactory(workspace=run.workspace, slug="mine", name="Mine", owner=owner)
    JourneyFactory(workspace=run.workspace, slug="to-be", name="Should be", kind="to-be")
    assert names(seen("q=MINE")) == ["Mine"]
    assert names(seen("q=the app")) == ["Opening an account"]  # its worst touchpoint
    assert names(seen(f"owner={owner.pk}")) == [mine.name]
    assert set(names(seen("owner=none"))) == {"Opening an account", "Should be"}
    assert names(seen("kind=to-be")) == ["Should be"]
    assert names(seen("state=untold")) == ["Opening an account"]
    assert set(names(seen("state=unscored"))) == {"Mine", "Should be"}
    nothing = seen("q=zzz")
    assert names(nothing) == [] and "No journey is like this." in nothing.content.decode()


def test_the_order_is_in_the_address_and_what_has_no_value_comes_last(run, seen) -> None:
    JourneyFactory(workspace=run.workspace, slug="a", name="A journey")
    assert names(seen()) == ["Opening an account", "A journey"]
    assert names(seen("sort=name")) == ["A journey", "Opening an account"]
    assert names(seen("sort=-name")) == ["Opening an account", "A journey"]
    assert names(seen("sort=-pain"))[-1] == "A journey"
    assert names(seen("sort=nonsense")) == ["Opening an account", "A journey"]
    assert "portfolio-table" in seen("view=table").content.decode()


def test_stale_scoring_and_failed_are_told_apart(run, seen) -> None:
    run.workspace.raise_evidence_revision()
    assert "evidence changed since" in seen().content.decode()
    newer = ScoringRun.objects.get(pk=run.pk)
    newer.pk, newer.result, newer.evidence_revision = None, None, run.evidence_revision + 1
    newer.job = Job.objects.create(workspace=run.workspace, kind="score")
    newer.save()
    assert "being scored" in seen("state=scoring").content.decode()
    Job.objects.filter(pk=newer.job.pk).update(
        status="failed", finished_at=newer.created_at, error="No disk"
    )
    html = seen("state=failed").content.decode()
    assert "scoring failed" in html and "No disk" in html


def test_against_a_baseline_a_difference_of_the_same_rows_has_no_chance(run, seen) -> None:
    assert "no run is pinned as the baseline" in seen("against=baseline").content.decode()
    Baseline.objects.create(journey=run.journey, run=run)
    assert "the newest run is the baseline itself" in seen("against=baseline").content.decode()
    put("waits", run.workspace, [wait("counter", 200)] * 40, 6)
    run.workspace.raise_evidence_revision()
    run.journey.workspace.refresh_from_db()
    newer = scored(run.journey)
    html = seen("against=baseline").content.decode()
    assert "both runs read the same rows" in html
    assert f"/runs/{newer.pk}/compare/?with={run.pk}" in html


def test_the_burden_of_a_journey_opens(run, member, client_for) -> None:
    url = f"/w/{run.workspace.slug}/painpoints/runs/{run.pk}/opened/total/"
    html = client_for(member("viewer")).get(url).content.decode()
    assert "Burden of the journey" in html
    assert all(f"at={line['code']}" in html for line in run.result["touchpoints"])
