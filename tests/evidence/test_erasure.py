"""Erasure reaches the bytes; upkeep changes no figure."""

import json
from io import StringIO
from pathlib import Path

import pytest
from django.conf import settings
from django.core.management import CommandError, call_command

from accounts.models import User, Workspace
from evidence import catalogue, erasure, lake
from evidence.actions import create_import, rejected_file
from evidence.erasure import erase_customer, hash_of
from evidence.models import Import, Removal, State
from evidence.upkeep import keep_in_order
from evidence.upload_models import Upload
from jobs.actions import run_job
from jobs.models import Job
from tests.evidence.bringing import ANSWERS, WAITS, bring, having, rows
from tests.factories import MembershipFactory, WorkspaceFactory

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
    assert workspace.evidence_revision == 3  # brought in, taken out, and older snapshots ended
    assert erase(workspace, "anna")["waits"] == 0


def test_an_unknown_workspace_is_a_sentence() -> None:
    with pytest.raises(CommandError, match="no workspace"):
        call_command("erase_customer", "anna", "--workspace", "nowhere")


test_an_unknown_workspace_is_a_sentence = pytest.mark.django_db(
    test_an_unknown_workspace_is_a_sentence
)


def test_upkeep_writes_together_and_changes_nothing(workspace: Workspace, tmp_path: Path) -> None:
    for day in range(1, 5):
        bring(workspace, tmp_path, HEAD + f"2025-03-0{day},b{day},1,anna\n" * 150, DOCUMENT)
    with lake.cursor() as cursor:
        question = "SELECT * FROM waits WHERE workspace_id = ? ORDER BY import_id, row_no"
        before = cursor.execute(question, [workspace.pk]).fetchall()
    assert keep_in_order(days=1, most_files=1)["waits"] >= 1
    with lake.cursor() as cursor:
        assert cursor.execute(question, [workspace.pk]).fetchall() == before
        count = "SELECT count(DISTINCT filename) FROM waits WHERE workspace_id = ?"
        assert cursor.execute(count, [workspace.pk]).fetchall() == [(1,)]


def everything_kept() -> dict[str, bytes]:
    """All files below the lake, the uploads and DuckDB's scratch, and the catalogue as text."""
    roots = (Path(lake.data_path()), Path(settings.MEDIA_ROOT), lake.temp_path())
    found = {str(p): p.read_bytes() for root in roots for p in root.rglob("*") if p.is_file()}
    with catalogue.connect() as db:
        tables = db.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'lake'").fetchall()
        for (table,) in tables:
            told = db.execute(f'SELECT t::text FROM lake."{table}" t').fetchall()
            found[f"catalogue: {table}"] = "\n".join(row[0] for row in told).encode()
    return found


def holding(needles: list[bytes]) -> set[str]:
    return {name for name, told in everything_kept().items() if any(n in told for n in needles)}


@pytest.mark.parametrize("many", [2, 3000], ids=["inlined", "in files"])
def test_neither_id_nor_words_of_the_customer_are_in_any_file(
    workspace: Workspace, tmp_path: Path, many: int
) -> None:
    mapping = having(
        ANSWERS,
        customer={"column": "who"},
        comment={"column": "said"},
        event_id={"column": "id"},
    )
    head = "at,where,score,who,said,id\n"
    line = "2025-03-01,a,4,zz-anna-77,zzz the teller knew my sister,zzz-form-77\n"
    others = "".join(f"2025-03-01,b,4,c{n},fine,f{n}\n" for n in range(many))
    rejected = "2025-03-01,a,99,zz-anna-77,zzz said in vain,r1\n2025-03-01,a,zz-anna-77,x,y,r2\n"
    found = bring(workspace, tmp_path, head + line + others + rejected, mapping)
    assert (found.accepted, found.rejected) == (many + 1, 2)
    # a file that waits to be brought in, and one whose import failed, hold the id in the clear
    (tmp_path / "waiting.csv").write_text(head + line)
    waiting, failed = (
        create_import(
            workspace=workspace, user=None, path=tmp_path / "waiting.csv", source="w", keep=True
        )
        for _n in range(2)
    )
    Import.objects.filter(pk=failed.pk).update(state=State.FAILED)
    needles = [
        b"zz-anna-77", b"the teller knew", b"zzz-form-77",
        hash_of(workspace, "zz-anna-77").bytes, str(hash_of(workspace, "zz-anna-77")).encode(),
    ]  # fmt: skip
    assert len(holding(needles)) >= 4
    assert erase(workspace, "zz-anna-77") == {"responses": 1, "waits": 0, "interactions": 0}
    assert holding(needles) == set()
    found.refresh_from_db()
    assert "zz-anna-77" not in json.dumps(found.problems) and found.problems
    assert (found.accepted, found.gone) == (many + 1, 1)
    assert not Import.objects.filter(pk=waiting.pk).exists()
    # no row of ours says whom either
    for job in Job.objects.filter(workspace=workspace, kind="erase"):
        assert job.arguments.keys() == {"removal"} and str(needles[4]) not in job.log
    assert len(rows(found, "customer")) == many


def test_the_proof_says_who_when_and_how_many_but_not_whom(
    workspace: Workspace, tmp_path: Path, owner: User
) -> None:
    bring(
        workspace, tmp_path, HEAD + "2025-03-01,a,1,anna\n" * 3 + "2025-03-01,b,2,berta\n", DOCUMENT
    )
    told = []
    for who in ("anna", "berta", "nobody"):
        job = erase_customer(workspace=workspace, identifier=who, user=owner, send=False)
        run_job(job_id=str(job.pk))
        told.append(Removal.objects.get(pk=Job.objects.get(pk=job.pk).arguments["removal"]))
    first, second, third = told
    assert [proof.rows for proof in told] == [3, 1, 0]
    assert first.asked_by_name == owner.email and first.done_at >= first.asked_at
    assert [first.previous, second.previous, third.previous] == ["", first.seal, second.seal]
    assert all(proof.is_intact and proof.plan == {} for proof in told)
    written = json.dumps([vars(proof) for proof in told], default=str)
    assert "anna" not in written and str(hash_of(workspace, "anna")) not in written
    second.counts = {"waits": 0}
    assert not second.is_intact


def test_an_erasure_that_was_cut_off_accounts_for_what_it_took_out(
    workspace: Workspace, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    found = bring(workspace, tmp_path, HEAD + "2025-03-01,a,1,anna\n" * 3, DOCUMENT)
    job = erase_customer(workspace=workspace, identifier="anna", user=None, send=False)
    with monkeypatch.context() as cut:
        cut.setattr(erasure, "write_anew", lambda *args: 1 / 0)  # the lake has committed by then
        run_job(job_id=str(job.pk))
    assert rows(found, "row_no") == []
    Job.objects.filter(pk=job.pk).update(status="queued", finished_at=None)
    run_job(job_id=str(job.pk))
    found.refresh_from_db()
    assert found.gone == 3 and Removal.objects.get(workspace=workspace).counts["waits"] == 3


def test_uploads_that_are_not_whole_go_as_well(workspace: Workspace, tmp_path: Path) -> None:
    upload = Upload.objects.create(
        workspace=workspace, user=MembershipFactory(workspace=workspace).user, name="a.csv", size=99
    )
    upload.path.parent.mkdir(parents=True, exist_ok=True)
    upload.path.write_text("customer\nc1")
    other = Upload.objects.create(workspace=WorkspaceFactory(), user=upload.user, name="b", size=9)
    other.path.write_text("customer\nc1")
    erase(workspace, "c1")
    assert Removal.objects.get(workspace=workspace).counts["waiting_files"] == 1
    assert not upload.path.exists() and other.path.exists()
    assert list(Upload.objects.all()) == [other]
