"""What is counted beside a run's score: once, at the run's own snapshot."""

from evidence.scope import Scope
from evidence.upkeep import keep_in_order
from painpoints.counts import BREAKDOWN, breakdown_of
from painpoints.models import RunCounts
from tests.lake_rows import put, wait
from tests.painpoints.conftest import scored

BRANCH = Scope(channels=("branch",))


def waited(run) -> tuple:
    found = breakdown_of(run)
    assert found is not None
    return tuple(map(list, found.counts["channel"]["counter"]["waited"]))


def test_the_job_counts_for_a_run_over_all_evidence(journey, workspace) -> None:
    put("waits", workspace, [wait("counter", 90, channel="branch"), wait("counter", 9)])
    run = scored(journey)
    assert RunCounts.objects.filter(run=run, kind=BREAKDOWN).count() == 1
    assert waited(run) == ([1], [1])


def test_a_filtered_run_is_counted_when_it_is_looked_at(journey, workspace) -> None:
    put("waits", workspace, [wait("counter", 90, channel="branch"), wait("counter", 9)])
    run = scored(journey, BRANCH)
    assert not run.counts.exists()
    assert waited(run) == waited(run) == ([1], [1])
    assert run.counts.count() == 1


def test_later_evidence_is_not_counted_for_an_older_run(journey, workspace) -> None:
    put("waits", workspace, [wait("counter", 90, channel="branch")])
    run = scored(journey, BRANCH)
    put("waits", workspace, [wait("counter", 90, channel="branch")] * 3, import_id=2)
    assert waited(run) == ([1], [1])


def test_once_the_snapshot_is_gone_only_what_was_kept_is_told(journey, workspace) -> None:
    put("waits", workspace, [wait("counter", 90, channel="branch")])
    whole, filtered = scored(journey), scored(journey, BRANCH)
    put("waits", workspace, [wait("counter", 90)], import_id=2)
    keep_in_order(days=0)
    assert waited(whole) == ([1], [1])
    assert breakdown_of(filtered) is None
