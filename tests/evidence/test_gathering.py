"""Calls at the same time share a commit; each is answered when its items are kept, or refused."""

import threading
import time
from collections import Counter

import pytest
from django.db import connection
from django.test import Client

from accounts.access import Role
from accounts.tokens import create_token
from evidence import desks, gathering, lake, posting
from evidence.models import Import
from evidence.upkeep import gather

pytestmark = pytest.mark.django_db(transaction=True)


def wait(**fields):
    return {"occurred_at": "2026-03-01T10:00:00", "touchpoint": "desk", "wait_s": 30, **fields}


@pytest.fixture
def client(workspace, member):
    text = create_token(workspace=workspace, user=member(Role.ANALYST), name="nightly")[1]
    return Client(headers={"Authorization": f"Token {text}"}, raise_request_exception=False)


def at_once(*calls):
    """What each of them answers, all begun while the first is at work."""
    answers: list = [None] * len(calls)

    def one(place: int) -> None:
        try:
            answers[place] = calls[place]()
        finally:
            connection.close()

    threads = [threading.Thread(target=one, args=[n]) for n in range(len(calls))]
    for thread in threads:
        thread.start()
        time.sleep(0.02)
    for thread in threads:
        thread.join()
    return answers


def sending(client, items, key=None):
    headers = {"Idempotency-Key": key} if key else {}
    return lambda: client.post(
        "/api/v1/evidence/waits/", items, "application/json", headers=headers
    )


def test_many_calls_share_few_commits_and_each_gets_its_own_verdicts(
    client, workspace, monkeypatch
):
    commits, write = [], posting._write
    monkeypatch.setattr(posting, "_write", lambda *given: (commits.append(1), write(*given)))
    calls = [sending(client, [wait(event_id=f"e{n}"), wait(wait_s=-n)], f"k{n}") for n in range(12)]
    answers = at_once(*calls)
    assert [a.status_code for a in answers] == [200] * 12
    told = [[item["state"] for item in a.json()["items"]] for a in answers]
    assert told == [["accepted", "accepted"]] + [["accepted", "rejected"]] * 11
    joined = Import.objects.get()
    assert (joined.rows, joined.accepted, joined.rejected) == (24, 13, 11)
    assert lake.rows_of("waits", workspace_id=workspace.pk, import_id=joined.pk) == 13
    assert len(commits) < 12


def test_a_call_that_cannot_be_kept_does_not_take_others_with_it(client, workspace, monkeypatch):
    monkeypatch.setattr("evidence.posted_rows.MOST_CODES", 3)
    many = [wait(touchpoint=f"t{n}") for n in range(5)]
    answers = at_once(
        sending(client, [wait()]), sending(client, many), sending(client, [wait()], "k")
    )
    assert [a.status_code for a in answers] == [200, 400, 200]
    assert "different values" in answers[1].content.decode()
    assert Import.objects.get().accepted == 2


def test_an_event_id_in_two_calls_at_once_is_kept_once(client):
    answers = at_once(*[sending(client, [wait(event_id="e")]) for _ in range(5)])
    assert sum(a.json()["accepted"] for a in answers) == 1
    assert sum(a.json()["duplicate"] for a in answers) == 4


def test_an_error_of_the_one_at_work_reaches_all_it_worked_for(client, monkeypatch):
    def broken(*given: object) -> None:
        time.sleep(0.2)
        raise RuntimeError("the lake is away")

    with monkeypatch.context() as patch:
        patch.setattr(posting, "_write", broken)
        answers = at_once(*[sending(client, [wait()], f"k{n}") for n in range(4)])
        assert [a.status_code for a in answers] == [500] * 4
    assert not gathering._lines
    assert sending(client, [wait()], "k0")().json()["accepted"] == 1


def test_small_files_and_inlined_rows_are_put_together_and_the_past_stays(
    client, workspace, monkeypatch
):
    monkeypatch.setattr(posting, "_commits_of", Counter())  # whatever other tests posted before
    for size in (150, 3, 150, 2):  # files, and rows in the catalogue
        sending(client, [wait(customer=f"c{n}") for n in range(size)])()
        before = lake.snapshot()
    sending(client, [wait()] * 150)()
    asked = "SELECT count(DISTINCT filename), count(*) FROM waits {} WHERE workspace_id = ?"
    with lake.cursor() as cursor:
        assert cursor.execute(asked.format(""), [workspace.pk]).fetchall() == [(4, 455)]
        monkeypatch.setattr("evidence.upkeep.MOST_FILES", 1)
        gather("waits")
        files, rows = cursor.execute(asked.format(""), [workspace.pk]).fetchall()[0]
        assert files < 4 and rows == 455
        then = cursor.execute(asked.format(f"AT (VERSION => {before})"), [workspace.pk]).fetchall()
    assert then[0][1] == 305


def test_items_are_numbered_without_gaps_whatever_was_at_the_desk_before(client, monkeypatch):
    monkeypatch.setattr(desks, "MOST_ROWS", 204)  # the third finds it gone
    for size in (3, 201, 2, 1):
        told = sending(client, [wait(customer=f"c{n}") for n in range(size)])().json()
        assert told["accepted"] == size
    with lake.cursor() as cursor:
        found = cursor.execute(
            "SELECT count(*), count(DISTINCT row_no), max(row_no) - min(row_no) + 1, "
            "count(DISTINCT customer) FROM waits WHERE import_id = ?",
            [Import.objects.get().pk],
        ).fetchone()
    assert found == (207, 207, 207, 201)
