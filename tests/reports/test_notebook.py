"""The notebook in examples/ runs from top to bottom against a real server, and agrees with it."""

import json
import threading
import time

import pytest
from django.conf import settings
from django.db import connections

from accounts.access import Role
from accounts.tokens import create_token
from jobs.actions import run_job, sweep
from jobs.models import ENDED, Job

pytestmark = pytest.mark.django_db(transaction=True)
NOTEBOOK = settings.BASE_DIR / "examples" / "scores.ipynb"


@pytest.fixture
def worker():
    """Does what the server is asked to make, as the worker of a site and its scheduler do."""
    stop = threading.Event()

    def work() -> None:
        try:
            while not stop.is_set():
                for job in Job.objects.exclude(status__in=ENDED):
                    run_job(job_id=str(job.pk))
                sweep()  # what lost its database for a moment is taken up again
                time.sleep(0.1)
        finally:
            connections.close_all()

    thread = threading.Thread(target=work)
    thread.start()
    yield
    stop.set()
    thread.join()


def test_the_notebook_runs_and_agrees_with_the_run(
    run, workspace, member, live_server, worker, monkeypatch, tmp_path, settings
) -> None:
    settings.MEDIA_ROOT = tmp_path
    token = create_token(workspace=workspace, user=member(Role.ANALYST), name="notebook")[1]
    monkeypatch.setenv("TOUCHLINE_URL", live_server.url)
    monkeypatch.setenv("TOUCHLINE_TOKEN", token)
    cells = json.loads(NOTEBOOK.read_text())["cells"]
    told: dict = {}
    for cell in cells:
        if cell["cell_type"] == "code":
            assert not cell["outputs"], "A notebook is kept without what it printed."
            exec(compile("".join(cell["source"]), cell["id"], "exec"), told)
    lines = {line["code"]: line for line in run.result["touchpoints"]}
    assert set(told["ranked"]["touchpoint"]) == set(lines)
    for row in told["ranked"].to_dict("records"):
        assert row["severity"] == lines[row["touchpoint"]]["severity"]
    assert told["scores"].height == len(lines) and told["run"]["snapshot"] == run.snapshot
    assert len(told["waits"]) == told["line"]["waits"]["offered"] == 40
    assert len(told["by_channel"]) >= 2 and told["figure"]["formula"] == run.formula
    assert told["workbook"].startswith(b"PK") and told["export"]["size"] == len(told["workbook"])
