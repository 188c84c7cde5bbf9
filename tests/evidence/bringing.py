"""Brings small files in through the real action and looks at what stands in the lake."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

from accounts.models import Workspace
from evidence import lake
from evidence.actions import create_import, start_import
from evidence.models import Import
from jobs.actions import run_job

WAITS: dict[str, Any] = {
    "kind": "waits",
    "fields": {
        "occurred_at": {"column": "at"},
        "touchpoint": {"column": "queue"},
        "wait_s": {"column": "wait"},
    },
}
ANSWERS: dict[str, Any] = {
    "kind": "responses",
    "fields": {
        "occurred_at": {"column": "at"},
        "touchpoint": {"column": "where"},
        "metric": {"value": "csat"},
        "score": {"column": "score"},
    },
}
HEAD = "at,queue,wait\n"

Bring = Callable[..., Import]


def having(document: dict[str, Any], **fields: Any) -> dict[str, Any]:
    """The mapping with more (or other) fields."""
    copy = json.loads(json.dumps(document))
    copy["fields"].update(fields)
    return copy


def bring(
    workspace: Workspace, folder: Path, content: str | bytes | Path, document: dict[str, Any]
) -> Import:
    """The import of this content, finished, however it ended."""
    path = folder / "given"
    if isinstance(content, Path):
        path = content
    elif isinstance(content, bytes):
        path.write_bytes(content)
    else:
        path.write_bytes(content.encode())
    found = create_import(workspace=workspace, user=None, path=path, source="given")
    job = start_import(found=found, document=document, user=None, send=False)
    run_job(job_id=str(job.pk))
    found.refresh_from_db()
    return found


def account(found: Import) -> tuple[int, int, int, int, int]:
    """accepted, ignored, missing, duplicate, rejected."""
    return found.accepted, found.ignored, found.missing, found.duplicate, found.rejected


def rows(found: Import, *columns: str) -> list[tuple[Any, ...]]:
    """What the import brought, in the order of the file."""
    with lake.cursor() as cursor:
        return cursor.execute(
            f"SELECT {', '.join(columns)} FROM {lake.known(found.kind)} "
            "WHERE workspace_id = ? AND import_id = ? ORDER BY row_no, touchpoint",
            [found.workspace_id, found.pk],
        ).fetchall()


def reasons(found: Import) -> dict[str, int]:
    return {problem["reason"]: problem["count"] for problem in found.problems}
