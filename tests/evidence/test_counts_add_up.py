"""Whatever a file holds, every row ends in exactly one state."""

import csv
import io
import tempfile
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from accounts.models import Workspace
from evidence.models import State
from tests.evidence.bringing import WAITS, bring, having, rows
from tests.factories import WorkspaceFactory

TIMES = st.sampled_from(["2025-03-01", "2025-03-01 10:00", "", "soon", "9999-99-99", "1e9"])
WORDS = st.text(
    st.characters(exclude_categories=["Cs"], exclude_characters="\x00"), max_size=8
) | st.sampled_from(["a", "drop", "b "])
NUMBERS = st.sampled_from(["0", "1.5", "-1", "1e308", "nan", "", "1,5", "x", "99999999999"])
ROWS = st.lists(st.tuples(TIMES, WORDS, NUMBERS, WORDS), max_size=12)
DOCUMENT = having(
    WAITS,
    touchpoint={"column": "queue", "map": {"drop": None}},
    event_id={"column": "id"},
)


@pytest.mark.django_db
@settings(
    max_examples=25,
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(table=ROWS)
def test_counts_add_up(table: list[tuple[str, ...]]) -> None:
    workspace: Workspace = WorkspaceFactory()
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n", quoting=csv.QUOTE_ALL)
    writer.writerows([("at", "queue", "wait", "id"), *table])
    with tempfile.TemporaryDirectory() as folder:
        found = bring(workspace, Path(folder), text.getvalue(), DOCUMENT)
    assert found.state == State.DONE, found.error
    assert found.rows == len(table)
    states = (found.accepted, found.ignored, found.missing, found.duplicate, found.rejected)
    assert sum(states) == found.rows
    assert len(rows(found, "row_no")) == found.accepted == sum(found.codes.values())
    assert sum(problem["count"] for problem in found.problems) == found.rejected
