"""Erasure reaches the bytes; upkeep changes no figure."""

import json
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from accounts.models import Workspace
from evidence import lake
from evidence.actions import rejected_file
from evidence.upkeep import hash_of, keep_in_order
from tests.evidence.bringing import WAITS, bring, having, rows

DOCUMENT = having(WAITS, customer={"column": "who"})
HEAD = "at,queue,wait,who\n"


def erase(workspace: Workspace, who: str) -> dict[str, int]:
    out = StringIO()
    call_command("erase_customer", who, "--workspace", workspace.slug, "--json", stdout=out)
    return json.loads(out.getvalue())["erased"]


def files_with(needle: bytes) -> list[str]:
    paths = Path(lake.data_path()).rglob("*.parquet")
    return [path.name for path in paths if needle in path.read_bytes()]


@pytest.mark.parametrize("many", [3, 3000], ids=["inlined", "in files"])
def test_no_byte_of_the_customer_is_left(workspace: Workspace, tmp_path: Path, many: int) -> None:
    text = HEAD + "2025-03-01,a,1,anna\n" + "2025-03-01,a,1,berta\n" * many
    text += "2025-03-01,a,-1,anna\n2025-03-01,a,-1,berta\nshort,anna\n"
    found = bring(workspace, tmp_path, text, DOCUMENT)
    other = Workspace.objects.create(slug="other", name="Other", secret=workspace.secret)
    elsewhere = bring(other, tmp_path, HEAD + "2025-03-02,z,1,anna\n" * 3000, DOCUMENT)
    anna, berta = hash_of(workspace, "anna"), hash_of(workspace, "berta")
    if many == 3000:
        assert files_with(anna.bytes)
    assert erase(workspace, " anna ") == {"responses": 0, "waits": 1, "interactions": 0}
    assert {row[0] for row in rows(found, "customer")} == {berta}
    # the other workspace's customer of the same name is not this one
    assert len(rows(elsewhere, "row_no")) == 3000
    shared = files_with(anna.bytes)
    with lake.cursor() as cursor:
        told = cursor.execute(
            "SELECT DISTINCT filename FROM waits WHERE workspace_id = ?", [other.pk]
        ).fetchall()
    assert set(shared) <= {Path(row[0]).name for row in told}
    kept = rejected_file(found).read_text()
    assert "berta" in kept and "anna" not in kept
    workspace.refresh_from_db()
    assert workspace.evidence_revision == 2
    assert erase(workspace, "anna")["waits"] == 0


def test_an_unknown_workspace_is_a_sentence() -> None:
    with pytest.raises(CommandError, match="no workspace"):
        call_command("erase_customer", "anna", "--workspace", "nowhere")


test_an_unknown_workspace_is_a_sentence = pytest.mark.django_db(
    test_an_unknown_workspace_is_a_sentence
)


def test_upkeep_writes_together_and_changes_nothing(workspace: Workspace, tmp_path: Path) -> None:
    for day in range(1, 5):
        bring(workspace, tmp_path, HEAD + f"2025-03-0{day},b{day},1,anna\n" * 50, DOCUMENT)
    with lake.cursor() as cursor:
        question = "SELECT * FROM waits WHERE workspace_id = ? ORDER BY import_id, row_no"
        before = cursor.execute(question, [workspace.pk]).fetchall()
    assert keep_in_order(days=1, most_files=1)["waits"] >= 1
    with lake.cursor() as cursor:
        assert cursor.execute(question, [workspace.pk]).fetchall() == before
        count = "SELECT count(DISTINCT filename) FROM waits WHERE workspace_id = ?"
        assert cursor.execute(count, [workspace.pk]).fetchall() == [(1,)]
