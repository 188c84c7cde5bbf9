"""A mapping tried on the whole file: the account an import would give, before anything is written.

Small files are tried while the page is made; large ones by a job, whose result is kept beside the
file until the mapping changes.
"""

import json
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from evidence import rejected
from evidence.actions import (
    earlier_import,
    fingerprint_of,
    folder_of,
    open_file,
    read_mapping,
)
from evidence.mapping import ParsedMapping
from evidence.mapping_sql import Compiler
from evidence.metrics import scales_of
from evidence.models import Import
from evidence.sampling import SHOWN_ROWS, Preview, Sample, try_mapping
from evidence.staging import Counts, stage
from jobs.actions import JobError, Running, create_job, register
from jobs.models import Job

# Up to this size a mapping is tried on the whole file at each change.
AT_ONCE = {"csv": 4 * 2**20, "jsonl": 2 * 2**20, "xlsx": 2**20, "parquet": 2**20}


def tried(found: Import, preview: Preview, document: dict[str, Any]) -> Sample:
    """What becomes of the file under this mapping; of its first rows, where it is large."""
    mapping = read_mapping(workspace=found.workspace, document=document)
    if found.file_bytes <= AT_ONCE.get(preview.format, 0):
        return try_whole(found, mapping, fingerprint_of(found, document))
    kept = _kept(found)
    sample = try_mapping(found, preview, mapping)
    if kept.get("fingerprint") != fingerprint_of(found, document):
        return sample
    counts = Counts(**kept["counts"])
    return Sample(counts, kept["problems"], sample.columns, sample.rows, whole=True)


def try_whole(found: Import, mapping: ParsedMapping, fingerprint: str) -> Sample:
    table = open_file(found, mapping)
    workspace = found.workspace
    try:
        sql = Compiler(mapping, table, scales_of(workspace), workspace.timezone).compile()
        with stage(table, mapping, sql) as staged:
            staged.mark_duplicates(
                workspace_id=workspace.pk,
                import_id=found.pk,
                came_before=earlier_import(found, fingerprint) is not None,
            )
            return Sample(
                staged.counts(), rejected.problems(staged), *staged.accepted(SHOWN_ROWS), whole=True
            )
    finally:
        table.forget_copy()


def start_trial(*, found: Import, document: dict[str, Any], user: User) -> Job:
    """Queues the trial of a large file."""
    with transaction.atomic():
        found.job = create_job(
            workspace=found.workspace,
            kind="trial",
            arguments={"import": found.pk, "mapping": document},
            user=user,
        )
        found.save(update_fields=["job"])
        return found.job


def under_way(found: Import) -> Job | None:
    """The job that tries the whole file just now."""
    job = found.job
    return job if job is not None and job.kind == "trial" and not job.has_ended else None


def failed(found: Import) -> str:
    """Why the last trial came to nothing."""
    job = found.job
    return job.error if job is not None and job.kind == "trial" else ""


@register("trial")
def run_trial(running: Running) -> None:
    """The work of a trial; nothing but its result is written, beside the file."""
    found = Import.objects.select_related("workspace").get(pk=running.arguments["import"])
    document = running.arguments["mapping"]
    running.progress(0, message=_("Trying the mapping on the whole file"))
    mapping = read_mapping(workspace=found.workspace, document=document)
    fingerprint = fingerprint_of(found, document)
    sample = try_whole(found, mapping, fingerprint)
    running.check()
    told = {
        "fingerprint": fingerprint,
        "counts": vars(sample.counts),
        "problems": sample.problems,
    }
    if not folder_of(found).exists():
        raise JobError(_("The uploaded file is gone. Upload it again."))
    (folder_of(found) / "trial.json").write_text(
        json.dumps(told, ensure_ascii=False), encoding="utf-8"
    )


def _kept(found: Import) -> dict[str, Any]:
    path = folder_of(found) / "trial.json"
    kept: dict[str, Any] = json.loads(path.read_text(encoding="utf-8")) if path.exists() else {}
    return kept
