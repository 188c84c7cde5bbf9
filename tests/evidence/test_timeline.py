"""A customer's way: all kinds in the order of time, page by page, for those who may see rows."""

from datetime import timedelta

import pytest
from django.test import Client

from accounts.access import Role
from accounts.tokens import create_token
from evidence.actions import undo_import
from evidence.erasure import erase_customer, hash_of
from evidence.models import CustomerLook
from evidence.posting import post_evidence
from evidence.timeline import PER_PAGE, timeline
from jobs.actions import run_job
from tests.evidence.bringing import WAITS, bring, having
from tests.factories import TouchpointFactory, WorkspaceFactory
from tests.lake_rows import NOON, answer, customer, passage, put, wait

pytestmark = pytest.mark.django_db
API = "/api/v1/customers/timeline/"


@pytest.fixture
def analyst(client_for, member):
    return client_for(member("analyst"))


def test_all_kinds_stand_in_one_order_of_time(workspace):
    who = customer("C1")
    put("interactions", workspace, [
        passage("web", "C1"), passage("web", "C2"),
    ])  # fmt: skip
    put("waits", workspace, [wait("desk", 3, customer=who, occurred_at=NOON + timedelta(hours=2))])
    at_one = NOON + timedelta(hours=1)
    put("responses", workspace, [answer("desk", "nps", 9, customer=who, occurred_at=at_one)])
    put("waits", WorkspaceFactory(), [wait("desk", 3, customer=who)])
    found = timeline(workspace, who)
    assert [row["kind"] for row in found.rows] == ["waits", "responses", "interactions"]
    assert found.counts == {"responses": 1, "waits": 1, "interactions": 1}
    assert (found.first_at, found.last_at) == (NOON, NOON + timedelta(hours=2))


def test_pages_show_every_row_once_also_those_of_one_moment(workspace):
    who, n = customer("C1"), 2 * PER_PAGE + 7
    put("waits", workspace, [
        wait("a", i, customer=who, occurred_at=NOON + timedelta(minutes=i % 3)) for i in range(n)
    ])  # fmt: skip
    page = timeline(workspace, who)
    rows = list(page.rows)
    while page.older is not None:
        page = timeline(workspace, who, before=page.older)
        rows += page.rows
        assert page.total == n
    assert sorted(row["wait_ms"] for row in rows) == [1000 * i for i in range(n)]
    times = [row["occurred_at"] for row in rows]
    assert times == sorted(times, reverse=True)


def test_nobody_known_has_an_empty_timeline(workspace):
    found = timeline(workspace, customer("nobody"))
    assert (found.rows, found.total, found.first_at, found.older) == ([], 0, None, None)


def test_the_page_is_asked_by_the_raw_id_which_stands_nowhere(workspace, analyst, tmp_path):
    TouchpointFactory(workspace=workspace, code="queue-1", name="Counter")
    text = "at,queue,wait,who\n2025-03-01 10:00,queue-1,65,00471199\n"
    bring(workspace, tmp_path, text, having(WAITS, customer={"column": "who"}))
    base = f"/w/{workspace.slug}/evidence/customers/"
    sent = analyst.post(f"{base}find/", {"identifier": " 00471199 "})
    assert sent.status_code == 302 and "00471199" not in sent["Location"]
    page = analyst.get(sent["Location"])
    text = page.content.decode()
    assert "Counter" in text and "waited 1 min 5 s" in text and "00471199" not in text
    look = CustomerLook.objects.get()
    assert look.customer == hash_of(workspace, "00471199") and look.user.email
    assert "471199" not in str(CustomerLook.objects.values().get())
    assert analyst.post(f"{base}find/", {"identifier": " "})["Location"] == base
    unknown = analyst.post(f"{base}find/", {"identifier": "x"})["Location"]
    assert "No evidence of this customer" in analyst.get(unknown).content.decode()


def test_only_admins_see_who_looked(workspace, analyst, client_for, owner):
    base = f"/w/{workspace.slug}/evidence/customers/"
    analyst.get(f"{base}{customer('C1')}/")
    assert "Who looked" not in analyst.get(base).content.decode()
    assert str(CustomerLook.objects.get().user) in client_for(owner).get(base).content.decode()


@pytest.mark.django_db(transaction=True)
def test_the_api_tells_the_same_and_keeps_the_look(workspace, member):
    text = create_token(workspace=workspace, user=member(Role.ANALYST), name="crm")[1]
    client = Client(headers={"Authorization": f"Token {text}"})
    item = {"occurred_at": "2026-03-01T10:00:00Z", "touchpoint": "desk", "customer": "A7"}
    items = [{**item, "wait_s": n} for n in range(PER_PAGE + 1)]
    post_evidence(workspace=workspace, user=None, kind="waits", source="x", items=items)
    first = client.post(API, {"customer": "A7"}, "application/json").json()
    assert first["counts"] == {"responses": 0, "waits": PER_PAGE + 1, "interactions": 0}
    assert first["rows"][0]["wait_s"] == PER_PAGE and "customer" not in first["rows"][0]
    asked = {"customer": "A7", "before": first["older"]}
    second = client.post(API, asked, "application/json").json()
    assert [row["wait_s"] for row in second["rows"]] == [0] and second["older"] is None
    assert client.post(API, {"customer": ""}, "application/json").status_code == 400
    looks = CustomerLook.objects.values_list("via", "token")
    assert list(looks) == [("api", "crm")] * 2


def test_viewers_may_not_look(workspace, member):
    text = create_token(workspace=workspace, user=member(Role.MANAGER), name="crm")[1]
    client = Client(headers={"Authorization": f"Token {text}"})
    assert client.post(API, {"customer": "A7"}, "application/json").status_code == 403
    assert not CustomerLook.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_what_was_undone_or_erased_is_not_in_it_nor_whom_a_look_was_about(
    workspace, owner, analyst, tmp_path
):
    mapping = having(WAITS, customer={"column": "who"})
    for day in (1, 2):
        text = f"at,queue,wait,who\n2025-03-0{day},a,1,ann\n2025-03-0{day},a,2,bob\n"
        last = bring(workspace, tmp_path, text, mapping)
    undo_import(found=last, user=owner)
    ann, bob = hash_of(workspace, "ann"), hash_of(workspace, "bob")
    assert (timeline(workspace, ann).total, timeline(workspace, bob).total) == (1, 1)
    for who in (ann, bob):
        analyst.get(f"/w/{workspace.slug}/evidence/customers/{who}/")
    job = erase_customer(workspace=workspace, identifier="ann", user=owner, send=False)
    run_job(job_id=str(job.pk))
    assert (timeline(workspace, ann).total, timeline(workspace, bob).total) == (0, 1)
    assert set(CustomerLook.objects.values_list("customer", flat=True)) == {None, bob}
