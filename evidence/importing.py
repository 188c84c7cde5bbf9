"""The work of an import's job: read, check, count, write, all or nothing."""

import secrets
import shutil
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import ExitStack, contextmanager

from django.conf import settings
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from evidence import commits, import_files, lake, locks, rejected
from evidence.actions import (
    earlier_import,
    file_of,
    fingerprint_of,
    folder_of,
    open_file,
    read_mapping,
    rejected_file,
)
from evidence.errors import EvidenceError
from evidence.known_codes import known_codes
from evidence.mapping import ParsedMapping
from evidence.mapping_sql import Compiler
from evidence.metrics import scales_of
from evidence.models import Import, State, Unsettled
from evidence.settling import settle
from evidence.staging import NUMBER, TEXT, Stage, stage
from jobs.actions import JobCancelled, JobLost, Running, register
from jobs.models import Job, Status
from jobs.priority import behind_others
from jobs.reasons import ServiceAway, is_service_away, want_of

# More of them in one import, and its rows are written by touchpoint and time: a journey with a few
# of them then reads only its own row groups. With fewer, most journeys read most rows anyway.
MANY_TOUCHPOINTS = 100
FEW = 10  # rows: they go into the catalogue instead of a file


@register("import")
def run_import(running: Running) -> None:
    """The work of an import; may be cut off at any point and run again."""
    found = Import.objects.select_related("workspace").get(pk=running.arguments["import"])
    if found.state != State.IMPORTING:
        return
    try:
        importing = locks.held(locks.importing(found.pk), check=running.check)
        with behind_others(), running.stoppable(), importing as take:
            _import(found, running, take)
    except (JobLost, ServiceAway):
        raise
    except JobCancelled:
        _give_up(found, State.DRAFT, "")
        raise
    except EvidenceError as error:
        _give_up(found, State.FAILED, str(error))
        raise
    except Exception as error:
        reason = want_of(error)
        if reason or not is_service_away(error):  # then it is tried again
            wrong = _("Something went wrong on our side; nothing was imported.")
            _give_up(found, State.FAILED, reason or wrong)
        raise


def _give_up(found: Import, state: State, error: str) -> None:
    Import.objects.filter(pk=found.pk, state=State.IMPORTING).update(
        state=state, error=error, finished_at=timezone.now()
    )
    settle(found)


def _import(found: Import, running: Running, take: locks.Take) -> None:
    workspace = found.workspace
    mapping = read_mapping(workspace=workspace, document=found.mapping)
    running.progress(0, message=_("Reading the file"))
    table = open_file(found, mapping)
    try:
        about = (mapping, table, scales_of(workspace), workspace.timezone)
        codes = known_codes(Compiler(*about))
        sql = Compiler(*about, codes=codes).compile()
        with _fingerprint_beside(found) as fingerprint, stage(table, mapping, sql) as staged:
            found.fingerprint = fingerprint.result()
            with locks.held(*_append_locks(found, mapping), check=running.check):
                _check(found, mapping, staged, running)
                _keep_rejected(found, staged)
                snapshot = _write(found, staged, running, take)
            _finish(found, snapshot, running)
    finally:
        table.forget_copy()


@contextmanager
def _fingerprint_beside(found: Import) -> Iterator[Future[str]]:
    """The import's fingerprint, which takes a thread as long as its file is large."""
    with ThreadPoolExecutor(1) as beside:
        yield beside.submit(lambda: found.fingerprint or fingerprint_of(found, found.mapping))


def _append_locks(found: Import, mapping: ParsedMapping) -> list[locks.Lock]:
    """A cut-off attempt's rows have to be deleted first, which needs the table for itself."""
    before = lake.rows_of(mapping.kind, workspace_id=found.workspace_id, import_id=found.pk)
    table = locks.rewriting if before else locks.appending
    own = [locks.event_ids(found.workspace_id, mapping.kind)]
    return [*(own if "event_id" in mapping.fields else []), table(mapping.kind)]


def _check(found: Import, mapping: ParsedMapping, staged: Stage, running: Running) -> None:
    running.progress(0, message=_("Checking the rows"))
    staged.mark_duplicates(
        workspace_id=found.workspace_id,
        import_id=found.pk,
        came_before=earlier_import(found, found.fingerprint) is not None,
    )
    counts = staged.counts()
    for name, value in vars(counts).items():
        setattr(found, name, value)
    found.codes, found.journeys = staged.codes("touchpoint"), staged.codes("journey")
    found.first_at, found.last_at = staged.period()
    found.problems = rejected.problems(staged)


def _write(found: Import, staged: Stage, running: Running, take: locks.Take) -> int:
    running.progress(
        0, found.accepted, unit=_("rows"), message=_("Writing %d rows") % found.accepted
    )
    table, own = staged.mapping.kind, {"workspace_id": found.workspace_id, "import_id": found.pk}
    with ExitStack() as until_commit:
        file = ""
        if found.accepted > FEW:
            file = import_files.new_path(table, found.pk)
            until_commit.callback(import_files.remove, file)
            _write_file(found, staged, file)
        elif "customer" in staged.mapping.fields:
            staged.hash_customers(bytes(found.workspace.secret))
        running.check()
        with lake.transaction(f"import {found.pk} attempt {running.job.attempt}") as cursor:
            cursor.execute(
                f"DELETE FROM {lake.known(table)} WHERE workspace_id = $workspace_id "
                "AND import_id = $import_id",
                own,
            )
            if file:
                import_files.add(cursor, table, file)
            else:
                rows = staged.insert_select(workspace_id=found.workspace_id, import_id=found.pk)
                cursor.execute(f"INSERT INTO {table} ({staged.lake_columns}) {rows}")
            running.check()
            commits.begin(take, found, Unsettled.APPEND)
            until_commit.pop_all()  # of a commit that fails, nobody knows whether it came through
    return lake.snapshot()


def _write_file(found: Import, staged: Stage, file: str) -> None:
    """The accepted rows, each once."""
    for by in (NUMBER, TEXT):
        staged.customer = by
        if "customer" in staged.mapping.fields:
            staged.hash_customers(bytes(found.workspace.secret))
        rows = staged.insert_select(
            workspace_id=found.workspace_id,
            import_id=found.pk,
            by_touchpoint=len(found.codes) > MANY_TOUCHPOINTS,
        )
        written = import_files.write(staged.cursor, file, staged.filled_columns(rows))
        if written == found.accepted:
            return
    raise RuntimeError(f"{written} rows were written instead of {found.accepted}.")


def _keep_rejected(found: Import, staged: Stage) -> None:
    path = rejected_file(found)
    path.unlink(missing_ok=True)
    if found.rejected:
        fresh = path.with_name(f"rejected-{secrets.token_hex(4)}.csv")
        try:
            rejected.write(staged, fresh)
            fresh.replace(path)
        finally:  # where there is no room for it, half of it takes none
            fresh.unlink(missing_ok=True)


def _finish(found: Import, snapshot: int, running: Running) -> None:
    running.progress(found.accepted, found.accepted)
    with transaction.atomic():
        # Where another worker has taken the job over, it will do this; the lock orders the two.
        mine = Job.objects.select_for_update().filter(
            pk=running.job.pk, attempt=running.job.attempt, status=Status.RUNNING
        )
        if not mine.exists():
            raise JobLost
        found.state, found.finished_at, found.snapshot = State.DONE, timezone.now(), snapshot
        found.unsettled = ""
        found.save()
        commits.announce_change(found=found, user=running.user)
    _clear_away(found)


def _clear_away(found: Import) -> None:
    """What was made of the file for the pages, and the file itself where none is to be kept."""
    kept = {rejected_file(found)} | ({file_of(found)} if settings.KEEP_FILES_DAYS else set())
    for path in folder_of(found).iterdir():
        if path.is_dir():
            shutil.rmtree(path, ignore_errors=True)
        elif path not in kept:
            path.unlink(missing_ok=True)
