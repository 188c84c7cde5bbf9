"""A file for the page of an import, and what became of it."""

from evidence import lake
from evidence.models import Import
from jobs.actions import run_job

WAITS = """ticket,arrived,queue,customer,wait_seconds,outcome
T1,2025-03-03 09:01:10,counter,C1,412,served
T2,2025-03-03 09:02:30,counter,C2,905,abandoned
T3,2025-03-03 09:04:05,advice,C1,-60,served
T4,2025-03-03 09:04:05,advice,,60,served
"""


def finish(found: Import) -> Import:
    found.refresh_from_db()
    run_job(job_id=str(found.job_id))
    found.refresh_from_db()
    return found


def rows_in_lake(found: Import) -> int:
    return lake.rows_of(found.kind, workspace_id=found.workspace_id, import_id=found.pk)
