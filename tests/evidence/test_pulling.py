"""Files that are found in a folder come in once, whole, and from nowhere else."""

import os
import threading
from datetime import timedelta

import pytest
from django.db import connection
from django.utils import timezone

from accounts.access import Role
from accounts.models import Membership
from evidence import lake, pull_folder, pulling
from evidence.actions import undo_import
from evidence.errors import EvidenceError
from evidence.models import Import, Mapping, Pull, PulledFile
from jobs.actions import run_job
from jobs.models import Job
from tests.evidence.bringing import HEAD, WAITS

pytestmark = pytest.mark.django_db(transaction=True)
ROWS = HEAD + "2026-03-01,desk,5\n2026-03-02,desk,6\n"


@pytest.fixture
def analyst(member):
    return member(Role.ANALYST)


@pytest.fixture
def folder(tmp_path, settings, workspace):
    settings.PULL_ROOT = str(tmp_path / "root")
    own = tmp_path / "root" / workspace.slug
    own.mkdir(parents=True)
    return own


@pytest.fixture
def pull(workspace, analyst, folder):
    mapping = Mapping.objects.create(workspace=workspace, name="Queue", document=WAITS)
    return Pull.objects.create(
        workspace=workspace, user=analyst, mapping=mapping, pattern="*.csv", look_at=timezone.now()
    )


class Clock:
    """Looks now, and again later; between looks all imports are done."""

    def __init__(self):
        self.now = timezone.now() + timedelta(seconds=1)

    def look(self, after_s=0):
        self.now += timedelta(seconds=after_s)
        pulling.look(self.now)
        for job in Job.objects.filter(status="queued", kind="import"):
            run_job(job_id=str(job.pk))


@pytest.fixture
def clock():
    return Clock()


def states():
    return {f.path: f.state for f in PulledFile.objects.order_by("pk")}


def test_a_file_that_stays_the_same_for_a_minute_comes_in_once(pull, folder, clock, workspace):
    (folder / "a.csv").write_text(ROWS)
    clock.look()
    assert not Import.objects.exists() and states() == {"a.csv": "waiting"}
    clock.look(61)
    found = Import.objects.get()
    assert (found.state, found.accepted, found.source) == ("done", 2, "a.csv")
    assert (folder / "a.csv").read_text() == ROWS
    for _ in range(3):
        clock.look(3600)
    assert Import.objects.count() == 1
    assert lake.rows_of("waits", workspace_id=workspace.pk, import_id=found.pk) == 2
    undo_import(found=found, user=None)
    clock.look(3600)
    assert Import.objects.count() == 1  # who undid it does not want it again


def test_a_file_still_being_written_is_left(pull, folder, clock):
    for name in ("b.csv.part", ".c.csv", "d.csv.tmp", "e.txt"):
        (folder / name).write_text(ROWS)
    (folder / "a.csv").write_text(HEAD)
    for i in range(4):
        clock.look(61)
        with (folder / "a.csv").open("a") as file:
            file.write(f"2026-03-0{i + 1},desk,5\n")
    assert not Import.objects.exists()
    clock.look(61)
    clock.look(61)
    assert Import.objects.get().accepted == 4
    assert states() == {"a.csv": "brought"}


def test_a_part_that_gets_its_name_comes_in(pull, folder, clock):
    (folder / "a.csv.part").write_text(ROWS)
    clock.look(61)
    (folder / "a.csv.part").rename(folder / "a.csv")
    clock.look(901)
    clock.look(61)
    assert Import.objects.get().accepted == 2


def test_the_same_content_under_another_name_or_time_is_left(pull, folder, clock):
    (folder / "a.csv").write_text(ROWS)
    clock.look()
    clock.look(61)
    (folder / "b.csv").write_text(ROWS)
    os.utime(folder / "a.csv", (1, 1))
    clock.look(901)
    clock.look(61)
    assert Import.objects.count() == 1
    assert sorted(PulledFile.objects.values_list("path", "state")) == [
        ("a.csv", "brought"), ("a.csv", "same"), ("b.csv", "same"),
    ]  # fmt: skip


def test_what_was_refused_is_tried_again_when_it_changes(pull, folder, clock, client_for, analyst):
    (folder / "a.csv").write_text("when,wait\n2026-03-01,5\n")
    clock.look()
    clock.look(61)
    row = PulledFile.objects.get()
    assert row.state == "failed" and "“queue”" in row.error
    home = f"/w/{pull.workspace.slug}/evidence/arriving/"
    assert "The file has no column" in client_for(analyst).get(home).content.decode()
    clock.look(901)
    clock.look(61)
    assert PulledFile.objects.count() == 1 and not Import.objects.exists()
    (folder / "a.csv").write_text(ROWS)
    clock.look(901)
    clock.look(61)
    assert Import.objects.get().accepted == 2
    assert sorted(PulledFile.objects.values_list("state", flat=True)) == ["brought", "failed"]


def test_nothing_leads_out_of_the_folder(pull, folder, clock, tmp_path):
    outside = tmp_path / "outside"
    outside.mkdir()
    (outside / "secret.csv").write_text(ROWS)
    (folder / "link.csv").symlink_to(outside / "secret.csv")
    (folder / "linked").symlink_to(outside)
    os.mkfifo(folder / "pipe.csv")
    (folder / "folder.csv").mkdir()
    Pull.objects.update(pattern="*/*.csv")
    clock.look()
    Pull.objects.update(pattern="*.csv", look_at=timezone.now())
    clock.look(61)
    clock.look(61)
    assert states() == {}
    for pattern in ("../outside/*.csv", "/etc/*", "a/../../*", "", "a//b", ".", "**/*", "a\\b"):
        with pytest.raises(EvidenceError):
            pull_folder.check_pattern(pattern)


def test_a_file_exchanged_for_a_link_after_it_was_seen_is_not_followed(
    pull, folder, clock, tmp_path
):
    (tmp_path / "secret.csv").write_text(ROWS)
    (folder / "a.csv").write_text(ROWS)
    (seen,) = pull_folder.files(pull.workspace.slug, "*.csv")
    (folder / "a.csv").unlink()
    (folder / "a.csv").symlink_to(tmp_path / "secret.csv")
    assert pull_folder.copy(pull.workspace.slug, seen, tmp_path / "copy") == ""
    (folder / "a.csv").unlink()
    (folder / "a.csv").write_text(ROWS + "2026-03-03,desk,7\n")
    assert pull_folder.copy(pull.workspace.slug, seen, tmp_path / "copy") == ""


def test_a_workspace_s_folder_that_is_a_link_is_refused(pull, folder, clock, tmp_path):
    (tmp_path / "elsewhere").mkdir()
    (tmp_path / "elsewhere" / "a.csv").write_text(ROWS)
    folder.rmdir()
    folder.symlink_to(tmp_path / "elsewhere")
    clock.look()
    pull.refresh_from_db()
    assert "There is no folder" in pull.error
    assert not PulledFile.objects.exists()


def test_folders_within(pull, folder, clock):
    Pull.objects.update(pattern="2026-*/waits-?.csv")
    for month in ("2026-01", "2026-02", "2025-12"):
        (folder / month).mkdir()
        (folder / month / "waits-1.csv").write_text(HEAD + f"{month}-01,desk,5\n")
    clock.look()
    clock.look(61)
    assert states() == {"2026-01/waits-1.csv": "brought", "2026-02/waits-1.csv": "brought"}


def test_paused_deleted_or_of_a_person_without_the_right_nothing_comes(
    pull, folder, clock, analyst
):
    (folder / "a.csv").write_text(ROWS)
    Pull.objects.update(paused_at=timezone.now())
    clock.look()
    Pull.objects.update(paused_at=None, deleted_at=timezone.now())
    clock.look()
    Pull.objects.update(deleted_at=None)
    Membership.objects.filter(user=analyst).update(role=Role.VIEWER)
    clock.look()
    assert "may no longer" in Pull.objects.get().error
    assert not PulledFile.objects.exists()


def test_two_workers_bring_a_file_in_once(pull, folder, clock):
    (folder / "a.csv").write_text(ROWS)
    clock.look()
    start = threading.Barrier(3)
    later = clock.now + timedelta(seconds=61)

    def one() -> None:
        try:
            start.wait()
            pulling.look(later)
        finally:
            connection.close()

    threads = [threading.Thread(target=one) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert Import.objects.count() == 1
    assert Job.objects.filter(kind="import").count() == 1


def test_one_that_died_while_starting_is_taken_up_again(pull, folder, clock, monkeypatch):
    (folder / "a.csv").write_text(ROWS)
    clock.look()

    class Killed(BaseException):
        pass

    def die(*args, **kwargs):
        raise Killed

    with monkeypatch.context() as patch, pytest.raises(Killed):
        patch.setattr(pulling, "_end", die)
        clock.look(61)
    assert not Job.objects.filter(kind="import").exists()
    clock.look(61)
    assert Import.objects.get().accepted == 2


def test_the_page(workspace, analyst, client_for, folder):
    mapping = Mapping.objects.create(workspace=workspace, name="Queue", document=WAITS)
    browser, home = client_for(analyst), f"/w/{workspace.slug}/evidence/arriving/"
    form = {"pattern": "../x", "mapping": mapping.pk, "every_minutes": 5}
    assert browser.post(home + "pulls/", form).status_code == 422
    assert browser.post(home + "pulls/", {**form, "pattern": "w/*.csv"}).status_code == 302
    pull = Pull.objects.get()
    assert "w/*.csv" in browser.get(home).content.decode()
    for deed, standing in (("pause", 0), ("resume", 1), ("delete", 0), ("restore", 1)):
        browser.post(f"{home}pulls/{pull.pk}/{deed}/")
        assert Pull.objects.due(timezone.now()).count() == standing, deed


def test_without_a_root_nothing_is_looked_for_and_the_page_says_so(
    pull, clock, settings, client_for, analyst
):
    settings.PULL_ROOT = ""
    clock.look()
    pull.refresh_from_db()
    assert pull.looked_at is None
    page = client_for(analyst).get(f"/w/{pull.workspace.slug}/evidence/arriving/")
    assert "TOUCHLINE_PULL_ROOT" in page.content.decode()
