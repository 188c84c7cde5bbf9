"""Objects below a prefix on S3 come in once, and those of other workspaces never."""

from datetime import timedelta

import pytest
from django.utils import timezone

from accounts.access import Role
from evidence import lake, pulling
from evidence.models import Import, Mapping, Pull, PulledFile
from evidence.s3 import Prefix
from jobs.actions import run_job
from jobs.models import Job
from tests.evidence.bringing import HEAD, WAITS

pytestmark = pytest.mark.django_db(transaction=True)
ROWS = HEAD + "2026-03-01,desk,5\n2026-03-02,desk,6\n"


@pytest.fixture
def root(bucket, settings):
    settings.PULL_ROOT = bucket + "/incoming"
    return Prefix(settings.PULL_ROOT)


@pytest.fixture
def pull(workspace, member, root):
    mapping = Mapping.objects.create(workspace=workspace, name="Queue", document=WAITS)
    return Pull.objects.create(
        workspace=workspace, user=member(Role.ANALYST), mapping=mapping,
        pattern="queues/*/waits-*.csv", look_at=timezone.now(),
    )  # fmt: skip


def look(after_s):
    pulling.look(timezone.now() + timedelta(seconds=after_s))
    for job in Job.objects.filter(status="queued", kind="import"):
        run_job(job_id=str(job.pk))


def states():
    return list(PulledFile.objects.order_by("pk").values_list("path", "state"))


def test_each_new_object_comes_in_once_and_at_the_first_look(pull, root, workspace):
    own = workspace.slug
    root.write(f"{own}/queues/2026 03/waits-1.csv", ROWS.encode())
    for name in ("queues/waits-2.csv", "queues/a/b/waits-3.csv", "queues/a/.waits-4.csv",
                 "queues/a/waits-5.csv.part", "other/a/waits-6.csv"):  # fmt: skip
        root.write(f"{own}/{name}", ROWS.encode())
    root.write("elsewhere/queues/a/waits-7.csv", ROWS.encode())
    root.write(f"{own}x/queues/a/waits-8.csv", ROWS.encode())
    look(1)
    found = Import.objects.get()
    assert (found.state, found.accepted) == ("done", 2)
    assert states() == [("queues/2026 03/waits-1.csv", "brought")]
    assert lake.rows_of("waits", workspace_id=workspace.pk, import_id=found.pk) == 2
    look(3600)
    assert Import.objects.count() == 1
    # another name for the same content is left; another content under the same name is new
    root.write(f"{own}/queues/a/waits-9.csv", ROWS.encode())
    root.write(f"{own}/queues/2026 03/waits-1.csv", ROWS.replace("desk", "door").encode())
    look(7200)
    assert sorted(states()) == [
        ("queues/2026 03/waits-1.csv", "brought"), ("queues/2026 03/waits-1.csv", "brought"),
        ("queues/a/waits-9.csv", "same"),
    ]  # fmt: skip
    assert Import.objects.count() == 2
    # what was there stays there
    assert len(list(root.list())) == 9


def test_a_bucket_that_cannot_be_read_is_said_on_the_page(pull, root, settings, client_for):
    settings.S3_SECRET = "another"
    look(1)
    pull.refresh_from_db()
    assert "cannot be used" in pull.error and not PulledFile.objects.exists()
    page = client_for(pull.user).get(f"/w/{pull.workspace.slug}/evidence/arriving/")
    assert "pull bucket" in page.content.decode() and "cannot be used" in page.content.decode()
    # it is looked into again, and then it works
    settings.S3_SECRET = "known to tests only"
    root = Prefix(settings.PULL_ROOT)
    root.write(f"{pull.workspace.slug}/queues/a/waits-1.csv", ROWS.encode())
    look(3600)
    pull.refresh_from_db()
    assert pull.error == "" and Import.objects.get().accepted == 2
