"""Evidence that programs send over the API."""

import json

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from accounts.access import Role
from accounts.tokens import create_token
from evidence import lake
from evidence.models import Import
from jobs.actions import run_job

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def token(workspace, member):
    return create_token(workspace=workspace, user=member(Role.ANALYST), name="nightly")[1]


@pytest.fixture
def post(token):
    client = Client(headers={"Authorization": f"Token {token}"})

    def send(kind: str, items: object, query: str = ""):
        return client.post(f"/api/v1/evidence/{kind}/{query}", items, "application/json")

    return send


def wait(**fields):
    return {"occurred_at": "2026-03-01T10:00:00", "touchpoint": "desk", "wait_s": 30, **fields}


def test_items_join_the_day_s_import_and_every_one_gets_a_verdict(post, workspace):
    first = post("waits", [wait(), wait(wait_s=-1), wait(outcome="abandoned")]).json()
    second = post("waits", [wait(customer="A7")]).json()
    assert first["joined"] == second["joined"]
    assert [item["state"] for item in first["items"]] == ["accepted", "rejected", "accepted"]
    assert "negative" in first["items"][1]["reason"]
    joined = Import.objects.get(pk=first["joined"])
    assert (joined.rows, joined.accepted, joined.rejected) == (4, 3, 1)
    assert joined.codes == {"desk": 3}
    with lake.cursor() as cursor:
        rows = cursor.execute(
            "SELECT row_no, outcome FROM waits WHERE import_id = ? ORDER BY row_no", [joined.pk]
        ).fetchall()
    assert rows == [(1, "served"), (3, "abandoned"), (4, "served")]


def test_an_event_id_that_came_before_is_a_duplicate(post):
    items = [wait(event_id="e1"), wait(event_id="e2")]
    assert post("waits", items).json()["accepted"] == 2
    again = post("waits", [*items, wait(event_id="e3")]).json()
    assert [item["state"] for item in again["items"]] == ["duplicate", "duplicate", "accepted"]


def test_what_a_cut_off_call_left_behind_is_taken_out(post, workspace):
    joined = post("waits", [wait()]).json()["joined"]
    with lake.transaction() as cursor:  # a call that died before it was accounted for
        cursor.execute(
            "INSERT INTO waits SELECT * REPLACE (2 AS row_no) FROM waits WHERE import_id = ?",
            [joined],
        )
    Import.objects.update(unsettled="append")
    assert post("waits", [wait(), wait()]).json()["accepted"] == 2
    rows = lake.rows_of("waits", workspace_id=workspace.pk, import_id=joined)
    assert rows == Import.objects.get(pk=joined).accepted == 3


def test_answers_of_all_metrics(post, workspace):
    items = [
        {"occurred_at": "2026-03-01", "touchpoint": "desk", "metric": m, "score": s}
        for m, s in (("nps", 9), ("csat", 6), ("ces", 7), ("joy", 1))
    ]
    states = [item["state"] for item in post("responses", items).json()["items"]]
    assert states == ["accepted", "rejected", "accepted", "rejected"]


@pytest.mark.parametrize(
    ("kind", "items", "told"),
    [
        ("waits", [], "empty"),
        ("waits", {"a": 1}, "list"),
        ("waits", [wait(waits_s=3)], "wait_s"),
        ("wait", [wait()], "waits"),
        ("waits", [wait(channel={"a": 1})], "text or a number"),
        ("waits", [wait()] * 10_001, "10000"),
    ],
)
def test_what_cannot_be_used_is_refused_with_a_sentence(post, kind, items, told):
    answer = post(kind, items)
    assert answer.status_code == 400
    assert told in answer.content.decode().replace(",", "")
    assert not Import.objects.exists()


def test_viewers_may_not_send(workspace, member):
    text = create_token(workspace=workspace, user=member(Role.VIEWER), name="x")[1]
    client = Client(headers={"Authorization": f"Token {text}"})
    answer = client.post("/api/v1/evidence/waits/", [wait()], "application/json")
    assert answer.status_code == 403


def test_an_import_is_undone_over_the_api(post, workspace, token):
    joined = post("waits", [wait(event_id="e1")]).json()["joined"]
    client = Client(headers={"Authorization": f"Token {token}"})
    assert client.post(f"/api/v1/imports/{joined}/undo/").json()["state"] == "undone"
    assert lake.rows_of("waits", workspace_id=workspace.pk, import_id=joined) == 0
    again = post("waits", [wait(event_id="e1")]).json()
    assert again["accepted"] == 1 and again["joined"] != joined


def test_a_file_comes_in_over_the_api(workspace, token):
    client = Client(headers={"Authorization": f"Token {token}"})
    mapping = {
        "kind": "waits",
        "fields": {
            "occurred_at": {"column": "at"},
            "touchpoint": {"value": "desk"},
            "wait_s": {"column": "wait"},
        },
    }
    file = SimpleUploadedFile("queue.csv", b"at,wait\n2026-03-01,5\n2026-03-01,soon\n")
    answer = client.post("/api/v1/imports/", {"file": file, "mapping": json.dumps(mapping)})
    assert answer.status_code == 202, answer.content
    run_job(job_id=answer.json()["job"])
    told = client.get(f"/api/v1/imports/{answer.json()['id']}/").json()
    assert (told["state"], told["rows"], told["accepted"], told["rejected"]) == ("done", 2, 1, 1)


def test_a_file_that_its_mapping_does_not_fit_leaves_nothing(workspace, token):
    client = Client(headers={"Authorization": f"Token {token}"})
    file = SimpleUploadedFile("queue.csv", b"at,wait\n2026-03-01,5\n")
    mapping = {"kind": "waits", "fields": {"occurred_at": {"column": "when"}}}
    answer = client.post("/api/v1/imports/", {"file": file, "mapping": json.dumps(mapping)})
    assert answer.status_code == 400
    assert not Import.objects.exists()
