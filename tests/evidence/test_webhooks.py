"""Answers that survey tools send to an address of their own."""

import json

import pytest
from django.core.cache import caches
from django.test import Client

from accounts.access import Role
from accounts.models import Membership
from evidence import lake
from evidence.models import Import, Mapping, Webhook
from evidence.webhooks import create_webhook, flat

pytestmark = pytest.mark.django_db(transaction=True)
ANSWERS = {
    "kind": "responses",
    "read": {"delimiter": ";"},
    "fields": {
        "occurred_at": {"column": "submitted"},
        "touchpoint": {"column": "data.where"},
        "customer": {"column": "data.who.id"},
        "event_id": {"column": "id"},
    },
    "answers": [
        {"column": "data.answers.1.score", "metric": "nps", "comment": "data.answers.1.why"},
        {"column": "data.answers.2.score", "metric": "csat"},
    ],
}
WAITS = {
    "kind": "waits",
    "fields": {
        "occurred_at": {"column": "at"},
        "touchpoint": {"value": "desk"},
        "wait_s": {"column": "wait", "unit": "min"},
    },
}


def answer(number=1, **data):
    scores = [{"score": 9, "why": "quick"}, {"score": 4}]
    told = {"where": "desk", "who": {"id": "A7"}, "answers": scores, **data}
    return {"id": f"r{number}", "submitted": "2026-03-01T10:00:00Z", "data": told, "meta": [[1]]}


@pytest.fixture
def analyst(member):
    return member(Role.ANALYST)


@pytest.fixture
def make(workspace, analyst):
    def hook(document, name="Survey"):
        mapping = Mapping.objects.create(workspace=workspace, name=name, document=document)
        made, token = create_webhook(workspace=workspace, user=analyst, name=name, mapping=mapping)
        return made, f"/api/v1/webhooks/{token}/"

    return hook


def send(address, what, **headers):
    client = Client(raise_request_exception=False)
    return client.post(address, what, "application/json", headers=headers)


def rows(workspace, table):
    with lake.cursor() as cursor:
        found = f"SELECT count(*) FROM {table} WHERE workspace_id = ?"
        return cursor.execute(found, [workspace.pk]).fetchall()[0][0]


def test_one_object_becomes_an_answer_a_question(make, workspace):
    _hook, address = make(ANSWERS)
    told = send(address, answer()).json()
    assert (told["accepted"], told["rejected"]) == (2, 0)
    found = Import.objects.get(pk=told["joined"])
    assert (found.unit, found.rows, found.codes) == ("cells", 2, {"desk": 2})
    with lake.cursor() as cursor:
        kept = cursor.execute(
            "SELECT metric, score::INT, comment FROM responses WHERE import_id = ? ORDER BY metric",
            [found.pk],
        ).fetchall()
    assert kept == [("csat", 4, None), ("nps", 9, "quick")]


def test_a_list_joins_the_same_import_and_ids_tell_repetitions(make, workspace):
    _hook, address = make(ANSWERS)
    first = send(address, [answer(1), answer(2)]).json()
    second = send(address, [answer(2), answer(3)]).json()
    assert first["joined"] == second["joined"]
    assert (second["accepted"], second["duplicate"]) == (2, 2)
    assert rows(workspace, "responses") == Import.objects.get().accepted == 6


def test_a_key_makes_any_call_safe_to_repeat(make, workspace):
    _hook, address = make(WAITS)
    item = {"at": "2026-03-01T10:00:00", "wait": "1,5"}
    first = send(address, item, idempotency_key="a")
    again = send(address, item, idempotency_key="a")
    assert again.json() == first.json() and first.json()["accepted"] == 1
    assert again.headers["Idempotent-Replayed"] == "true"
    assert send(address, {**item, "wait": 2}, idempotency_key="a").status_code == 422
    assert rows(workspace, "waits") == 1


def test_a_mapping_made_anew_begins_a_new_import(make, workspace):
    hook, address = make(WAITS)
    item = {"at": "2026-03-01T10:00:00", "wait": 2}
    first = send(address, item).json()
    document = {**WAITS, "fields": {**WAITS["fields"], "touchpoint": {"value": "door"}}}
    Mapping.objects.filter(pk=hook.mapping_id).update(document=document)
    assert send(address, item).json()["joined"] != first["joined"]
    assert Import.objects.count() == 2


@pytest.mark.parametrize(
    ("sent", "told"),
    [
        ([], "JSON object"),
        ([1], "JSON object"),
        ("text", "JSON object"),
        ({"other": 1}, "“other”"),
        ([{"at": 1}] * 10_001, "10000"),
    ],
)
def test_what_cannot_be_used_is_refused(make, sent, told):
    _hook, address = make(WAITS)
    refused = send(address, json.dumps(sent))
    assert refused.status_code == 400
    assert told in json.dumps(refused.json(), ensure_ascii=False).replace(",", "")
    assert not Import.objects.exists()


def test_nobody_else_s_address_works(make, workspace, analyst):
    hook, address = make(WAITS)
    item = {"at": "2026-03-01T10:00:00", "wait": 2}
    assert send("/api/v1/webhooks/tlw_guess/", item).status_code == 404
    for method in ("get", "put", "patch", "delete", "options"):
        assert getattr(Client(), method)(address).status_code in (200, 405), method
    Webhook.objects.update(paused_at="2026-01-01T00:00Z")
    assert send(address, item).status_code == 403
    Webhook.objects.update(paused_at=None)
    Membership.objects.filter(user=analyst).update(role=Role.VIEWER)
    assert send(address, item).status_code == 403
    Membership.objects.filter(user=analyst).delete()
    assert send(address, item).status_code == 403
    Webhook.objects.update(deleted_at="2026-01-01T00:00Z")
    assert send(address, item).status_code == 404
    assert not Import.objects.exists()
    assert address.split("/")[-2] not in str(Webhook.objects.values().get(pk=hook.pk))


def test_an_address_opens_nothing_else(make):
    _hook, address = make(WAITS)
    token = address.split("/")[-2]
    client = Client(headers={"Authorization": f"Token {token}"})
    assert client.get("/api/v1/imports/").status_code == 401


def test_calls_are_limited(make, settings, monkeypatch):
    caches["shared"].clear()
    monkeypatch.setattr("accounts.throttles.time.time", lambda: 600_015.0)
    settings.API_CALLS_PER_MINUTE = 1
    _hook, address = make(WAITS)
    _other, another = make(WAITS, "Other")
    item = {"at": "2026-03-01T10:00:00", "wait": 2}
    assert [send(address, item).status_code for _ in range(2)] == [200, 429]
    assert send(another, item).status_code == 200


def test_any_shape_becomes_columns():
    assert flat({"a": {"b": [1, {"c": None}]}, "d": "x"}) == {
        "a.b.1": 1, "a.b.2.c": None, "d": "x",
    }  # fmt: skip
    deep: dict = {}
    for _ in range(500):
        deep = {"a": deep}
    assert len(flat(deep)) == 1


def test_the_page_makes_pauses_deletes_and_brings_back(workspace, analyst, client_for):
    mapping = Mapping.objects.create(workspace=workspace, name="Survey", document=WAITS)
    browser, home = client_for(analyst), f"/w/{workspace.slug}/evidence/arriving/"
    form = {"name": "Lobby", "mapping": mapping.pk}
    page = browser.post(home + "webhooks/", form, follow=True).content.decode()
    address = page.split("<code>")[1].split("</code>")[0]
    assert "/api/v1/webhooks/tlw_" in address
    path = "/api/" + address.split("/api/")[1]
    item = {"at": "2026-03-01T10:00:00", "wait": 2}
    assert send(path, item).status_code == 200
    assert address not in browser.get(home).content.decode()
    hook = Webhook.objects.get()
    for deed, expected in (("pause", 403), ("resume", 200), ("delete", 404), ("restore", 200)):
        told = browser.post(f"{home}webhooks/{hook.pk}/{deed}/", follow=True)
        assert told.status_code == 200 and "Lobby" in told.content.decode()
        assert send(path, item).status_code == expected, deed
    browser.post(f"/w/{workspace.slug}/evidence/mappings/{mapping.pk}/delete/")
    assert Mapping.objects.exists()
    browser.post(f"{home}webhooks/{hook.pk}/delete/")
    browser.post(f"/w/{workspace.slug}/evidence/mappings/{mapping.pk}/delete/")
    assert not Mapping.objects.exists()
    browser.post(f"{home}webhooks/{hook.pk}/restore/")
    assert send(path, item).status_code == 400


def test_other_workspaces_mappings_cannot_be_chosen(workspace, analyst, client_for, stranger):
    elsewhere = stranger.memberships.get().workspace
    foreign = Mapping.objects.create(workspace=elsewhere, name="Theirs", document=WAITS)
    browser, home = client_for(analyst), f"/w/{workspace.slug}/evidence/arriving/"
    form = {"name": "Lobby", "mapping": foreign.pk}
    assert browser.post(home + "webhooks/", form).status_code == 422
    assert not Webhook.objects.exists()
