"""The evidence as it was: every query reads a snapshot like the present, as long as it is kept."""

import duckdb
import pytest

from accounts.models import Workspace
from evidence import lake
from evidence.measures import Measures, measure
from evidence.metrics import BUILT_IN
from evidence.question import Place, Question, Standard
from evidence.snapshots import SnapshotGone, at, is_kept
from evidence.upkeep import forget_snapshots, keep_in_order
from tests.lake_rows import answer, passage, put, wait

COUNTER = Place("counter", ("counter",), (Standard(60_000),), is_goal=True)
SPECIAL = Place("phone", ("phone", "PS"), (Standard(60_000), Standard(1_000, segment="gold")))


@pytest.fixture
def question(workspace: Workspace) -> Question:
    return Question(workspace.pk, "opening", (COUNTER, SPECIAL), BUILT_IN)


def bring(workspace: Workspace, n: int) -> None:
    put("waits", workspace, [wait("counter", 61, segment="gold"), wait("PS", 2)] * n)
    put("responses", workspace, [answer("counter", "nps", 3)] * n)
    put("responses", workspace, [answer(None, "csat", 5, journey="opening")] * n)
    put("interactions", workspace, [passage("counter", "ann"), passage("phone", "bob")] * n)


def now(question: Question) -> Measures:
    with lake.transaction() as cursor:
        return measure(cursor, question)


def then(question: Question, snapshot: int) -> Measures:
    with at(snapshot) as cursor:
        return measure(cursor, question)


def test_every_query_sees_the_rows_of_then(question, workspace) -> None:
    bring(workspace, 2)
    first, snapshot = now(question), lake.snapshot()
    bring(workspace, 40)
    lake.delete_import("waits", workspace_id=workspace.pk, import_id=1, message="undo")
    assert then(question, snapshot) == first
    found = now(question).touchpoints[0]
    assert (found.waits, found.felt.n) == (None, 42)
    assert then(question, lake.snapshot()) == now(question)


def test_a_cursor_of_its_own_leaves_the_others_in_the_present(question, workspace) -> None:
    bring(workspace, 1)
    snapshot = lake.snapshot()
    bring(workspace, 1)
    with at(snapshot) as cursor:
        assert measure(cursor, question).touchpoints[0].waits.offered == 1
        assert now(question).touchpoints[0].waits.offered == 2


def test_nothing_can_be_written_into_the_past(question, workspace) -> None:
    bring(workspace, 1)
    with at(lake.snapshot()) as cursor, pytest.raises(duckdb.Error):
        cursor.execute("DELETE FROM waits")
    assert now(question).touchpoints[0].waits.offered == 1


def test_upkeep_leaves_a_kept_snapshot_as_it_was(question, workspace) -> None:
    for _ in range(3):
        bring(workspace, 5)
        keep_in_order(days=90, most_files=99)  # rows kept in the catalogue become a file
    first, snapshot = now(question), lake.snapshot()
    assert keep_in_order(days=90, most_files=1)["waits"] >= 1
    assert lake.snapshot() > snapshot and is_kept(snapshot)
    assert then(question, snapshot) == first


def test_a_snapshot_that_ended_is_said_to_be_gone(question, workspace) -> None:
    bring(workspace, 1)
    snapshot = lake.snapshot()
    assert is_kept(snapshot)
    bring(workspace, 1)
    with lake.cursor() as cursor:
        forget_snapshots(cursor, days=0)
    assert not is_kept(snapshot) and is_kept(lake.snapshot())
    for gone in (snapshot, snapshot + 10_000, None):
        with pytest.raises(SnapshotGone, match="kept no longer"), at(gone) as cursor:
            measure(cursor, question)
    assert now(question).touchpoints[0].waits.offered == 2


def test_one_that_ends_while_it_is_read_is_gone_too(question, workspace) -> None:
    bring(workspace, 1)
    snapshot = lake.snapshot()
    bring(workspace, 1)
    with pytest.raises(SnapshotGone), at(snapshot) as cursor:
        with lake.cursor() as other:
            forget_snapshots(other, days=0)
        measure(cursor, question)
        raise duckdb.IOException("a file of it was cleaned up")


def test_other_failures_stay_what_they_are(workspace) -> None:
    with pytest.raises(duckdb.BinderException), at(lake.snapshot()) as cursor:
        cursor.execute("SELECT nothing FROM waits")
