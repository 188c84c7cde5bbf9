"""Who may bring evidence in, look at it, and download what was rejected."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from evidence.actions import folder_of, rejected_file
from evidence.models import Import, State

pytestmark = pytest.mark.django_db

CSV = b"when,queue,wait\n2025-03-03 09:00:00,counter,40\n2025-03-03 09:10:00,counter,50\n"


@pytest.fixture
def page(workspace):
    return lambda rest="": f"/w/{workspace.slug}/evidence/{rest}"


@pytest.fixture
def done(workspace) -> Import:
    found = Import.objects.create(
        workspace=workspace, source="march.csv", kind="waits", state=State.DONE, rows=5,
        accepted=4, rejected=1, codes={"counter": 4},
        problems=[{"reason": "a negative time", "field": "wait_s", "columns": ["wait"],
                   "count": 1, "examples": ["-98765"]}],
    )  # fmt: skip
    folder_of(found).mkdir(parents=True, exist_ok=True)
    rejected_file(found).write_text("line,column\n3,wait\n")
    return found


def upload(client: Client, page) -> int:
    return client.post(page("new/"), {"file": SimpleUploadedFile("a.csv", CSV)}).status_code


@pytest.mark.parametrize(
    ("role", "status"),
    [("viewer", 403), ("designer", 403), ("manager", 403), ("analyst", 302), ("admin", 302)],
)
def test_only_analysts_and_admins_upload(client_for, member, page, workspace, role, status):
    assert upload(client_for(member(role)), page) == status
    assert workspace.imports.count() == (status == 302)


def test_a_stranger_does_not_learn_that_it_exists(client_for, stranger, page, done, workspace):
    client = client_for(stranger)
    assert upload(client, page) == 404
    for rest in ("", "metrics/", "mappings/", f"{done.pk}/", f"{done.pk}/rejected.csv"):
        assert client.get(page(rest)).status_code == 404
    assert workspace.imports.count() == 1


def test_an_import_of_another_workspace_is_not_found(client_for, stranger, done):
    own = stranger.memberships.get().workspace
    assert client_for(stranger).get(f"/w/{own.slug}/evidence/{done.pk}/").status_code == 404


def test_an_upload_needs_the_forms_token(member, page, workspace):
    client = Client(enforce_csrf_checks=True)
    client.force_login(member("analyst"))
    assert upload(client, page) == 403
    assert not workspace.imports.exists()
    client.get(page("new/"))
    token = client.cookies["csrftoken"].value
    answer = client.post(
        page("new/"),
        {"csrfmiddlewaretoken": token, "file": SimpleUploadedFile("a.csv", CSV)},
    )
    assert answer.status_code == 302


def test_viewers_see_the_account_but_no_rows(client_for, member, page, done):
    client = client_for(member("viewer"))
    text = client.get(page(f"{done.pk}/")).content.decode()
    assert "What became of 5 rows" in text and "a negative time" in text
    assert "-98765" not in text and "rejected.csv" not in text and "Undo this import" not in text
    assert client.get(page(f"{done.pk}/rejected.csv")).status_code == 403
    assert "Bring in evidence" not in client.get(page()).content.decode()


def test_analysts_see_rows_and_may_undo(client_for, member, page, done):
    client = client_for(member("analyst"))
    text = client.get(page(f"{done.pk}/")).content.decode()
    assert "-98765" in text and "rejected.csv" in text and "Undo this import" in text
    answer = client.get(page(f"{done.pk}/rejected.csv"))
    assert b"".join(answer.streaming_content).startswith(b"line,column")


def test_the_list_tells_who_when_what_and_how_fresh(client_for, member, page, done):
    text = client_for(member("viewer")).get(page()).content.decode()
    assert "march.csv" in text and "4 accepted" in text and "1 rejected" in text
    assert "Imported" in text
