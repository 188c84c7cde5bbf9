"""An undone import comes back exactly, while the lake still has what it was."""

import pytest
from django.test import Client

from accounts.tokens import create_token
from evidence import lake, locks, settling
from evidence.actions import undo_import
from evidence.erasure import erase_customer
from evidence.errors import AlreadyImported, EvidenceError
from evidence.models import Import, State
from evidence.redo import can_redo, redo_import
from evidence.signals import evidence_changed
from jobs.actions import run_job
from tests.evidence.bringing import HEAD, WAITS, bring, having

pytestmark = pytest.mark.django_db(transaction=True)
FEW = HEAD + "2025-03-01,a,1\n2025-03-02,b,2\n2025-03-02,b,-2\n"
MANY = HEAD + "2025-03-01,a,1\n2025-03-02,b,2\n" * 3000


def standing(found):
    with lake.cursor() as cursor:
        return cursor.execute(
            "SELECT * FROM waits WHERE import_id = ? ORDER BY row_no", [found.pk]
        ).fetchall()


@pytest.mark.parametrize("text", [FEW, MANY], ids=["inlined", "in files"])
def test_undone_and_brought_back_it_is_the_same_again(workspace, tmp_path, owner, text):
    found = bring(workspace, tmp_path, text, WAITS)
    before, counts = standing(found), found.counts()
    assert not can_redo(found)
    heard = []

    def hear(**told):
        if told["codes"] == {"a", "b"} and Import.objects.get(pk=found.pk).state == State.DONE:
            heard.append(told)

    evidence_changed.connect(hear)
    for n in range(2):
        undo_import(found=found, user=owner)
        assert standing(found) == [] and can_redo(found)
        bring(workspace, tmp_path, HEAD + f"2024-03-0{n + 1},z,1\n", WAITS)  # others go on
        redo_import(found=found, user=owner)
        assert standing(found) == before
        found.refresh_from_db()
        assert (found.state, found.unsettled, found.counts()) == (State.DONE, "", counts)
    assert [(told["codes"], told["user"]) for told in heard] == [({"a", "b"}, owner)] * 2
    with pytest.raises(EvidenceError, match="that was undone"):
        redo_import(found=found, user=owner)


def test_not_beside_the_same_file_nor_beside_the_same_ids(workspace, tmp_path):
    found = bring(workspace, tmp_path, FEW, WAITS)
    undo_import(found=found, user=None)
    bring(workspace, tmp_path, FEW, WAITS)
    with pytest.raises(AlreadyImported):
        redo_import(found=found, user=None)
    ids = having(WAITS, event_id={"column": "id"})
    told = bring(workspace, tmp_path, "at,queue,wait,id\n2025-03-01,a,1,x\n2025-03-01,a,2,y\n", ids)
    undo_import(found=told, user=None)
    other = bring(workspace, tmp_path, "at,queue,wait,id\n2025-03-01,a,3,x\n", ids)
    with pytest.raises(EvidenceError, match="1 of its rows came in by another import"):
        redo_import(found=told, user=None)
    assert standing(told) == []
    undo_import(found=other, user=None)
    redo_import(found=told, user=None)
    assert len(standing(told)) == 2


def test_an_erasure_lets_go_of_what_was_undone(workspace, tmp_path, owner, client_for):
    who = having(WAITS, customer={"column": "who"})
    found = bring(workspace, tmp_path, "at,queue,wait,who\n2025-03-01,a,1,anna\n", who)
    undo_import(found=found, user=owner)
    job = erase_customer(workspace=workspace, identifier="anna", user=owner, send=False)
    run_job(job_id=str(job.pk))
    assert not can_redo(found)
    with pytest.raises(EvidenceError, match="kept no longer"):
        redo_import(found=found, user=owner)
    page = client_for(owner).get(f"/w/{workspace.slug}/evidence/{found.pk}/").content.decode()
    assert "kept no longer" in page and "/redo/" not in page


def test_cut_off_between_the_two_commits_it_is_undone_still(workspace, tmp_path, monkeypatch):
    found = bring(workspace, tmp_path, FEW, WAITS)
    undo_import(found=found, user=None)
    with monkeypatch.context() as cut, pytest.raises(KeyboardInterrupt):
        cut.setattr("evidence.redo._record", lambda *args: (_ for _ in ()).throw(KeyboardInterrupt))
        redo_import(found=found, user=None)
    assert len(standing(found)) == 2
    settling.settle_all()
    assert standing(found) == []
    found.refresh_from_db()
    assert (found.state, found.unsettled) == (State.UNDONE, "")
    redo_import(found=found, user=None)
    assert len(standing(found)) == 2
    with locks.held(locks.at_rest(workspace.pk)):
        assert settling.is_settled(workspace.pk)


def test_from_the_page_and_the_api(workspace, tmp_path, member, client_for):
    found = bring(workspace, tmp_path, FEW, WAITS)
    analyst, home = client_for(member("analyst")), f"/w/{workspace.slug}/evidence/{found.pk}/"
    undone = analyst.post(home + "undo/", follow=True).content.decode()
    assert "Bring 2 rows back" in undone and home + "redo/" in undone
    assert client_for(member("viewer")).post(home + "redo/").status_code == 403
    back = analyst.post(home + "redo/", follow=True).content.decode()
    assert "is back" in back and "Take 2 rows out" in back
    assert Import.objects.get(pk=found.pk).state == State.DONE
    token = create_token(workspace=workspace, user=member("analyst"), name="nightly")[1]
    program = Client(headers={"Authorization": f"Token {token}"})
    api = f"/api/v1/imports/{found.pk}/"
    assert program.post(f"{api}undo/").json()["state"] == "undone"
    assert program.post(f"{api}redo/").json()["state"] == "done"
    assert "that was undone" in str(program.post(f"{api}redo/").json())
