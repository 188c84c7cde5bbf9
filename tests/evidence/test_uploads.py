"""A large file comes piece by piece, and goes on where it stopped."""

import base64
import io
import os
from datetime import timedelta

import pytest
from django.test import override_settings
from django.utils import timezone

from evidence import uploads
from evidence.models import Import, Upload
from evidence.upload_models import waiting_room
from jobs.actions import run_job

pytestmark = pytest.mark.django_db

WAITS = b"ticket,arrived,queue,wait_s\nT1,2025-03-03 09:00,desk,30\nT2,2025-03-03 09:05,desk,90\n"
ALL = len(WAITS)
PIECE = "application/offset+octet-stream"


@pytest.fixture
def analyst(member):
    return member("analyst")


class Sender:
    """What the page's script sends."""

    def __init__(self, client, workspace):
        self.client = client
        self.base = f"/w/{workspace.slug}/evidence/uploads/"

    def begin(self, name="queue.csv", size=ALL, mark="1"):
        told = ",".join(
            f"{key} {base64.b64encode(value.encode()).decode()}"
            for key, value in {"filename": name, "mark": mark}.items()
        )
        return self.client.post(
            self.base, headers={"Upload-Length": str(size), "Upload-Metadata": told}
        )

    def piece(self, place, offset, content, kind=PIECE):
        return self.client.generic(
            "PATCH", place, content, content_type=kind, headers={"Upload-Offset": str(offset)}
        )


@pytest.fixture
def sender(analyst, client_for, workspace):
    return Sender(client_for(analyst), workspace)


def files():
    return sorted(path.name for path in waiting_room().iterdir())


def test_pieces_become_a_draft(sender, workspace):
    before = files()
    answer = sender.begin()
    assert (answer.status_code, answer["Upload-Offset"]) == (201, "0")
    place = answer["Location"]
    assert sender.piece(place, 0, WAITS[:40])["Upload-Offset"] == "40"
    assert sender.client.post(place + "finish/").status_code == 409  # not all has come
    assert sender.piece(place, 40, WAITS[40:])["Upload-Offset"] == str(len(WAITS))
    answer = sender.client.post(place + "finish/")
    found = workspace.imports.get()
    assert answer.json()["url"] == f"/w/{workspace.slug}/evidence/{found.pk}/mapping/"
    assert (found.source, found.file_bytes) == ("queue.csv", len(WAITS))
    assert found.mapping["kind"] == "waits"
    assert not Upload.objects.exists() and files() == before


def test_the_same_file_chosen_again_goes_on_where_it_stopped(sender):
    place = sender.begin()["Location"]
    sender.piece(place, 0, WAITS[:40])
    again = sender.begin()
    assert (again["Location"], again["Upload-Offset"]) == (place, "40")
    told = sender.client.head(place)
    assert (told["Upload-Offset"], told["Upload-Length"]) == ("40", str(len(WAITS)))
    # Another version of it, or another size, is another file.
    assert sender.begin(mark="2")["Location"] != place
    assert sender.begin(size=99)["Location"] != place


def test_the_page_lists_what_is_unfinished(sender, workspace):
    sender.piece(sender.begin()["Location"], 0, WAITS[:40])
    text = sender.client.get(f"/w/{workspace.slug}/evidence/new/").content.decode()
    assert "Unfinished uploads" in text and "queue.csv" in text
    upload = Upload.objects.get()
    sender.client.post(f"{sender.base}{upload.pk}/")
    assert not Upload.objects.exists() and not upload.path.exists()


def test_a_piece_for_another_place_changes_nothing(sender):
    place = sender.begin()["Location"]
    sender.piece(place, 0, WAITS[:40])
    for offset in (0, 39, 41):
        answer = sender.piece(place, offset, WAITS[40:])
        assert (answer.status_code, answer["Upload-Offset"]) == (409, "40")
    assert Upload.objects.get().path.read_bytes() == WAITS[:40]
    assert sender.piece(place, 40, WAITS[40:], "text/plain").status_code == 415


def test_more_than_was_told_is_not_taken(sender):
    place = sender.begin()["Location"]
    assert sender.piece(place, 0, WAITS + b"x" * 500)["Upload-Offset"] == str(len(WAITS))
    assert Upload.objects.get().path.read_bytes() == WAITS


def test_what_came_before_the_connection_broke_is_kept(workspace, analyst):
    class Breaks(io.BytesIO):
        def read(self, size=-1):
            if self.tell() >= 40:
                raise ConnectionResetError
            return super().read(40)

    upload = uploads.begin(workspace=workspace, user=analyst, name="a", size=60, mark="")
    with pytest.raises(ConnectionResetError):
        uploads.append(upload=upload, offset=0, source=Breaks(WAITS))
    assert upload.received == 40
    assert uploads.append(upload=upload, offset=40, source=io.BytesIO(WAITS[40:])) == 60
    assert upload.path.read_bytes() == WAITS[:60]


def test_two_at_once_do_not_mix(workspace, analyst):
    upload = uploads.begin(workspace=workspace, user=analyst, name="a", size=99, mark="")

    class Meanwhile(io.BytesIO):
        def read(self, size=-1):
            with pytest.raises(uploads.Busy):
                uploads.append(upload=upload, offset=0, source=io.BytesIO(b"y" * 99))
            return super().read(size)

    assert uploads.append(upload=upload, offset=0, source=Meanwhile(b"x" * 99)) == 99
    assert upload.path.read_bytes() == b"x" * 99


def test_limits(sender, settings):
    settings.EVIDENCE_MAX_FILE_BYTES = 1000
    settings.EVIDENCE_MAX_UPLOADING_BYTES = 1500
    assert sender.begin(size=1001).status_code == 413
    assert sender.begin(size=0).status_code == 413
    assert sender.begin(size=1000).status_code == 201
    refused = sender.begin(name="more.csv", size=900)
    assert refused.status_code == 507
    assert "Unfinished uploads of this workspace" in refused.json()["error"]


def test_no_table_leaves_nothing_behind(sender, workspace):
    before = files()
    content = b"%PDF-1.7 and more"
    place = sender.begin("a.pdf", len(content))["Location"]
    sender.piece(place, 0, content)
    answer = sender.client.post(place + "finish/")
    assert answer.status_code == 422 and "It is a PDF" in answer.json()["error"]
    assert not workspace.imports.exists() and not Upload.objects.exists()
    assert files() == before


def test_an_upload_is_its_beginners_alone(sender, member, client_for, workspace):
    place = sender.begin()["Location"]
    other = Sender(client_for(member("analyst")), workspace)
    assert other.client.head(place).status_code == 404
    assert other.piece(place, 0, WAITS).status_code == 404
    assert other.client.delete(place).status_code == 404
    assert other.begin()["Location"] != place
    assert sender.client.delete(place).status_code == 204
    assert sender.client.head(place).status_code == 404


def test_what_nobody_goes_on_with_is_swept(workspace, analyst):
    kept, old = (
        uploads.begin(workspace=workspace, user=analyst, name=name, size=99, mark="")
        for name in "ab"
    )
    for upload in (kept, old):
        uploads.append(upload=upload, offset=0, source=io.BytesIO(b"x"))
    Upload.objects.filter(pk=old.pk).update(touched_at=timezone.now() - timedelta(days=8))
    stray, fresh = waiting_room() / "stray.upload", waiting_room() / "fresh.upload"
    for path in (stray, fresh):
        path.write_bytes(b"x")
    long_ago = (timezone.now() - timedelta(days=2)).timestamp()
    os.utime(stray, (long_ago, long_ago))
    try:
        assert uploads.sweep_uploads() == 1
        assert kept.path.exists() and fresh.exists()
        assert not old.path.exists() and not stray.exists()
        assert list(Upload.objects.all()) == [kept]
    finally:
        fresh.unlink()


@override_settings(EVIDENCE_LOOK_AT_ONCE_BYTES=10)
def test_a_large_file_is_looked_at_by_a_worker(sender, workspace):
    place = sender.begin()["Location"]
    sender.piece(place, 0, WAITS)
    page = sender.client.post(place + "finish/").json()["url"]
    found = workspace.imports.get()
    assert "data-progress" in sender.client.get(page).content.decode()
    run_job(job_id=str(found.job_id))
    text = sender.client.get(page).content.decode()
    assert "Import 2 rows" in text
    # Read another way, it is looked at again.
    sender.client.post(page.replace("mapping", "read"), {"delimiter": ";", "encoding": ""})
    found.refresh_from_db()
    assert "data-progress" in sender.client.get(page).content.decode()
    run_job(job_id=str(found.job_id))
    found.refresh_from_db()
    assert found.mapping["read"] == {"delimiter": ";"}
    sender.client.post(page.replace("mapping", "discard"))
    assert not Import.objects.exists()


@override_settings(EVIDENCE_LOOK_AT_ONCE_BYTES=10)
def test_a_large_file_that_is_no_table_says_so(sender, workspace):
    content = b"%PDF-1.7 and more"
    place = sender.begin("a.pdf", len(content))["Location"]
    sender.piece(place, 0, content)
    page = sender.client.post(place + "finish/").json()["url"]
    run_job(job_id=str(workspace.imports.get().job_id))
    assert "It is a PDF" in sender.client.get(page).content.decode()
