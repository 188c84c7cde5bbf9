"""The same call twice is done once, also at once, and after a crash between two commits."""

import gzip
import json
import threading
from datetime import timedelta

import pytest
from django.db import connection, transaction
from django.test import Client
from django.utils import timezone

from accounts.access import Role
from accounts.tokens import create_token
from evidence import lake, posting
from evidence.models import Import, PostKey
from evidence.post_keys import sweep_keys

pytestmark = pytest.mark.django_db(transaction=True)
ADDRESS = "/api/v1/evidence/waits/"


@pytest.fixture
def analyst(member):
    return member(Role.ANALYST)


@pytest.fixture
def client(workspace, analyst):
    text = create_token(workspace=workspace, user=analyst, name="nightly")[1]
    return Client(headers={"Authorization": f"Token {text}"}, raise_request_exception=False)


def wait(**fields):
    return {"occurred_at": "2026-03-01T10:00:00", "touchpoint": "desk", "wait_s": 30, **fields}


def send(client, items, key, address=ADDRESS):
    return client.post(address, items, "application/json", headers={"Idempotency-Key": key})


def rows(workspace):
    with lake.cursor() as cursor:
        found = cursor.execute(
            "SELECT count(*) FROM waits WHERE workspace_id = ?", [workspace.pk]
        ).fetchall()
    return found[0][0]


def test_the_same_again_gets_the_first_answer_and_writes_nothing(client, workspace):
    items = [wait(), wait(wait_s=-1)]
    first, again = send(client, items, "a"), send(client, items, "a")
    assert first.status_code == again.status_code == 200
    assert first.json() == again.json()
    assert "Idempotent-Replayed" not in first.headers
    assert again.headers["Idempotent-Replayed"] == "true"
    assert rows(workspace) == 1
    assert Import.objects.get().rows == 2
    assert send(client, items, "b").json()["accepted"] == 1
    assert rows(workspace) == 2


def test_the_same_key_with_another_body_is_refused_in_words(client, workspace):
    send(client, [wait()], "a")
    answer = send(client, [wait(wait_s=31)], "a")
    assert answer.status_code == 422
    assert "another body" in answer.content.decode()
    other = send(client, [wait()], "a", ADDRESS + "?source=other")
    assert other.status_code == 422
    assert rows(workspace) == 1


def test_a_refused_call_may_be_mended_under_its_key(client, workspace):
    assert send(client, [wait(waits=1)], "a").status_code == 400
    assert send(client, [wait()], "a").status_code == 200
    assert rows(workspace) == 1


def test_senders_do_not_share_keys(client, workspace, analyst):
    text = create_token(workspace=workspace, user=analyst, name="nightly")[1]
    other = Client(headers={"Authorization": f"Token {text}"})
    assert send(client, [wait()], "1").status_code == 200
    assert send(other, [wait(wait_s=9)], "1").status_code == 200
    assert rows(workspace) == 2


@pytest.mark.parametrize("key", ["", "x" * 201, "a\tb"])
def test_what_is_no_key_is_refused(client, key):
    assert send(client, [wait()], key).status_code == 400
    assert not PostKey.objects.exists()


def test_two_at_once_write_once(client, workspace):
    items = [wait(customer=f"C{i}") for i in range(50)]
    start, answers = threading.Barrier(4), []

    def one() -> None:
        try:
            start.wait()
            answers.append(send(client, items, "same"))
        finally:
            connection.close()

    threads = [threading.Thread(target=one) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert [a.status_code for a in answers] == [200] * 4
    assert len({a.content for a in answers}) == 1
    assert sum("Idempotent-Replayed" in a.headers for a in answers) == 3
    assert rows(workspace) == Import.objects.get().accepted == 50


class Killed(BaseException):
    """As a process that ends: nobody catches it."""


def dying(*args: object, **kwargs: object) -> None:
    raise Killed


def crash(client, monkeypatch, items, key):
    """Ends the call between the lake's commit and ours."""
    with monkeypatch.context() as patch, pytest.raises(Killed):
        patch.setattr(posting, "_account", dying)
        send(client, items, key)


def test_a_crash_between_the_commits_doubles_nothing(client, workspace, monkeypatch):
    send(client, [wait()], "before")
    crash(client, monkeypatch, [wait(), wait()], "a")
    assert rows(workspace) == 3  # the lake has them, the account does not
    answer = send(client, [wait(), wait()], "a")
    assert answer.json()["accepted"] == 2
    assert "Idempotent-Replayed" not in answer.headers
    assert send(client, [wait(), wait()], "a").json() == answer.json()
    assert rows(workspace) == Import.objects.get().accepted == 3


def test_nor_does_a_crash_before_midnight_sent_again_after_it(client, workspace, monkeypatch):
    crash(client, monkeypatch, [wait(event_id="e")], "a")
    Import.objects.update(source="nightly 2020-01-01")  # as if that were days ago
    assert send(client, [wait(event_id="e")], "a").json()["accepted"] == 1
    assert [found.accepted for found in Import.objects.order_by("pk")] == [0, 1]
    assert rows(workspace) == 1


def test_old_keys_are_forgotten(client):
    send(client, [wait()], "a")
    assert sweep_keys() == 0
    with transaction.atomic():
        PostKey.objects.update(created_at=timezone.now() - timedelta(hours=49))
    assert sweep_keys() == 1
    assert not PostKey.objects.exists()


def test_keys_and_bodies_are_not_kept_in_the_clear(client):
    send(client, [wait(customer="Mei Lin")], "customer-4711")
    kept = str(PostKey.objects.values().get())
    assert "4711" not in kept and "Mei" not in kept


def packed(client, raw, kind="application/json", packing="gzip"):
    return client.generic(
        "POST", ADDRESS, raw, content_type=kind, headers={"Content-Encoding": packing}
    )


def test_lines_and_packed_bodies_come_in(client, workspace):
    lines = "\n".join(json.dumps(wait(customer=c)) for c in "ABC") + "\n\n"
    plain = client.generic("POST", ADDRESS, lines, content_type="application/x-ndjson")
    assert plain.json()["accepted"] == 3
    two = gzip.compress(lines.encode()) + gzip.compress(lines.encode())
    assert packed(client, two, "application/x-ndjson").json()["accepted"] == 6
    assert packed(client, gzip.compress(json.dumps([wait()]).encode())).json()["accepted"] == 1
    assert rows(workspace) == 10


@pytest.mark.parametrize(
    ("raw", "kind", "packing", "status", "told"),
    [
        (gzip.compress(b" " * (45 << 20), mtime=0), "application/json", "gzip", 413, "40 MB"),
        (b" " * (21 << 20), "application/json", "", 413, "20 MB"),
        (gzip.compress(b"[]", mtime=0)[:-4], "application/json", "gzip", 400, "cut off"),
        (b"", "application/json", "gzip", 400, ""),
        (b"[]", "application/json", "gzip", 400, "not gzip"),
        (b"[]", "application/json", "br", 415, "gzip"),
        (b"[]", "text/csv", "", 415, ""),
        (b'{"a":1}\n{b\n', "application/x-ndjson", "", 400, "Line 2"),
        (b"[NaN]", "application/json", "", 400, "not JSON"),
        (b"[" * 100_000, "application/json", "", 400, ""),
        (b'["\xff"]', "application/json", "", 400, "UTF-8"),
        (b'[{"\\ud800": 1}]', "application/json", "", 400, "half"),
        (b'[{"a\\u0000": 1}]', "application/json", "", 400, "unknown"),
        (b"", "application/json", "", 400, "list"),
        (b"7", "application/x-ndjson", "", 400, "object"),
    ],
)
def test_bodies_that_cannot_be_used_are_refused(client, raw, kind, packing, status, told):
    answer = packed(client, raw, kind, packing)
    assert answer.status_code == status, answer.content
    assert told in answer.content.decode()
    assert not Import.objects.exists()


@pytest.mark.parametrize("field", ["touchpoint", "customer", "channel", "event_id", "journey"])
@pytest.mark.parametrize("value", ["a\x00b", "\ufeff", "\u202e", 10**400, 1e308])
def test_strange_values_break_nothing(client, field, value):
    answer = send(client, [wait(**{field: value})], "k")
    assert answer.status_code in (200, 400), answer.content
