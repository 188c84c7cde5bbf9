"""An erasure throws away the exports that hold what people wrote, and says how many."""

import pytest
from django.utils import timezone

from evidence.erasure import erase_customer
from evidence.models import Removal
from jobs.actions import run_job
from reports.report_models import Export, Report
from tests.factories import WorkspaceFactory

pytestmark = pytest.mark.django_db


def exported(workspace, *, has_comments: bool) -> Export:
    report = Report.objects.create(workspace=workspace, name="Monthly")
    made = Export.objects.create(
        workspace=workspace, report=report, format="pdf", has_comments=has_comments,
        file_name="a.pdf", size=9, finished_at=timezone.now(),
    )  # fmt: skip
    made.path.parent.mkdir(parents=True, exist_ok=True)
    made.path.write_bytes(b"her words")
    return made


def test_only_files_with_words_of_this_workspace_go(workspace, settings):
    settings.JOB_HEARTBEAT_S = 600.0
    words, numbers = (exported(workspace, has_comments=has) for has in (True, False))
    elsewhere = exported(WorkspaceFactory(), has_comments=True)
    try:
        job = erase_customer(workspace=workspace, identifier="anna", user=None, send=False)
        assert run_job(job_id=str(job.pk)).error == ""
        assert [e.path.exists() for e in (words, numbers, elsewhere)] == [False, True, True]
        assert set(Export.objects.values_list("pk", flat=True)) == {numbers.pk, elsewhere.pk}
        assert Removal.objects.get(workspace=workspace).counts["exports"] == 1
    finally:
        for made in (numbers, elsewhere):
            made.path.unlink(missing_ok=True)
