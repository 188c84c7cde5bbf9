"""The upkeep of the night: at most once, not while an import runs, with a log for the admins."""

import logging
import shutil
import time
from datetime import datetime, timedelta
from pathlib import Path

from django.conf import settings
from django.utils import timezone
from django.utils.translation import gettext as _

from evidence import lake_files, locks
from evidence.actions import file_of, rejected_file
from evidence.checking import remember_new
from evidence.lines import is_past
from evidence.models import Import, LakeFile, State, UpkeepRun
from evidence.retention import apply_rules
from evidence.upkeep import KEEP_DAYS, keep_in_order
from jobs.models import ENDED

log = logging.getLogger(__name__)
WINDOW_H = 5  # a night that was busy so long has no upkeep
LEFTOVERS_AFTER_S = 2 * 86400.0


class Busy(Exception):
    """Somebody else does it already."""


def look(now: datetime | None = None) -> UpkeepRun | None:
    """Called again and again; does the night's work once, when it may."""
    now = now or timezone.now()
    begins = now.replace(hour=settings.UPKEEP_HOUR, minute=0, second=0, microsecond=0)
    if now < begins:
        begins -= timedelta(days=1)
    if now >= begins + timedelta(hours=WINDOW_H):
        return None
    run, _made = UpkeepRun.objects.get_or_create(night=begins.date())
    if run.state in (UpkeepRun.State.DONE, UpkeepRun.State.FAILED):
        return None
    if import_runs():
        _note(run, _("Waiting: an import is running."))
        return run
    return _carry_out(run, KEEP_DAYS)


def by_hand(days: int = KEEP_DAYS) -> UpkeepRun:
    """The same work now, for `manage.py lake upkeep`; also beside an import, which then waits."""
    return _carry_out(UpkeepRun.objects.create(), days)


def import_runs() -> bool:
    return Import.objects.filter(state=State.IMPORTING).exclude(job__status__in=ENDED).exists()


def _carry_out(run: UpkeepRun, days: int) -> UpkeepRun:
    try:
        with locks.held(locks.upkeep(), check=_refuse):
            run.refresh_from_db()
            if run.state in (UpkeepRun.State.DONE, UpkeepRun.State.FAILED):
                return run
            run.state, run.started_at = UpkeepRun.State.RUNNING, timezone.now()
            run.save()
            try:
                _work(run, days)
                run.state = UpkeepRun.State.DONE
            except Exception as error:
                log.exception("The upkeep of the lake failed")
                run.state, run.error = UpkeepRun.State.FAILED, " ".join(str(error).split())[:500]
            run.finished_at = timezone.now()
            run.save()
    except Busy:
        pass
    return run


def _work(run: UpkeepRun, days: int) -> None:
    for removal in apply_rules():
        told = _("%(n)d rows of %(kind)s were past their time and left (proof %(proof)d).")
        values = {"n": removal.rows, "kind": removal.kind, "proof": removal.pk}
        _note(run, told % values, whose=removal.workspace_id)
    before = _bytes()
    for table, n in keep_in_order(days=days).items():
        if n:
            told = _("%(table)s: %(n)d workspaces written together")
            _note(run, told % {"table": table, "n": n})
    _note(run, _("The lake had %(before).1f MB and has %(after).1f MB.") % {
        "before": before / 1e6, "after": _bytes() / 1e6,
    })  # fmt: skip
    _note(run, _("%d files left by processes that ended were deleted.") % sweep_leftovers())
    LakeFile.objects.exclude(path__in=list(lake_files.listing())).delete()
    remember_new()


def sweep_leftovers() -> int:
    """Uploads cut off, folders of imports that are no more: two days old, so nobody's any more."""
    old, swept = time.time() - LEFTOVERS_AFTER_S, 0
    root = Path(settings.MEDIA_ROOT).resolve()
    for path in (root / "uploading").glob("*"):
        if path.is_file() and path.stat().st_mtime < old:
            path.unlink(missing_ok=True)
            swept += 1
    for path in (root / "imports").glob("*"):
        if path.name.isdecimal() and path.stat().st_mtime < old:
            found = Import.objects.filter(pk=int(path.name)).first()
            if found is None:
                shutil.rmtree(path, ignore_errors=True)
                swept += 1
            elif found.state in (State.DONE, State.UNDONE):
                swept += _forget_files(found, path, old)
    return swept


def _forget_files(found: Import, folder: Path, old: float) -> int:
    """Of an import that ended its rejected rows stay, and for its time the file."""
    kept = {rejected_file(found)} | (set() if is_past(found) else {file_of(found)})
    gone = [p for p in folder.iterdir() if p not in kept and p.stat().st_mtime < old]
    for path in gone:
        shutil.rmtree(path, ignore_errors=True) if path.is_dir() else path.unlink(missing_ok=True)
    return len(gone)


def _bytes() -> int:
    return sum(found.bytes for found in lake_files.listing().values())


def _note(run: UpkeepRun, line: str, whose: int | None = None) -> None:
    """A line of the log: when, what, and whose workspace alone may read it (None: all).

    The same twice in a row is said once, with the later time.
    """
    if run.log and run.log[-1][1:] == [line, whose]:
        run.log.pop()
    run.log.append([f"{timezone.now():%Y-%m-%d %H:%M:%S}", line, whose])
    run.save(update_fields=["log"])


def _refuse() -> None:
    raise Busy
