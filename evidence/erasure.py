"""Forgetting a customer, down to the bytes, and keeping a proof that says nothing of whom."""

import csv
import hashlib
import hmac
import secrets
import shutil
import uuid
from pathlib import Path

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import User, Workspace
from evidence import lake, locks
from evidence.actions import file_of, folder_of, rejected_file
from evidence.catalogue import TABLES
from evidence.drafts import discard
from evidence.models import Import, Removal, State
from evidence.removals import finish, name_of, take_out, write_anew
from evidence.signals import customer_erased
from evidence.upkeep import forget_snapshots
from evidence.uploads import throw_away
from evidence.wiping import forget_extremes, wipe_books, wipe_catalogue
from jobs.actions import Running, create_job, register
from jobs.models import Job

ALL = tuple(TABLES)


def hash_of(workspace: Workspace, identifier: str) -> uuid.UUID:
    """What the lake knows a customer by; the same as `Stage.hash_customers`."""
    digest = hmac.new(bytes(workspace.secret), identifier.strip().encode(), hashlib.sha256)
    return uuid.UUID(digest.hexdigest()[:32])


def rows_about(workspace: Workspace, customer: uuid.UUID) -> dict[str, int]:
    """How many rows of each kind would go."""
    with lake.cursor() as cursor:
        return {
            table: cursor.execute(
                f"SELECT count(*) FROM {table} WHERE workspace_id = ? AND customer = ?",
                [workspace.pk, customer],
            ).fetchall()[0][0]
            for table in TABLES
        }


@transaction.atomic
def erase_customer(
    *,
    workspace: Workspace,
    identifier: str = "",
    customer: uuid.UUID | None = None,
    user: User | None,
    send: bool = True,
) -> Job:
    """Queues the erasure of everything about a customer. Only the hash goes into the job."""
    known = customer or hash_of(workspace, identifier)
    removal = Removal.objects.create(
        workspace=workspace,
        reason=Removal.Reason.ERASURE,
        asked_by=user,
        asked_by_name=name_of(user),
        asked_at=timezone.now(),
    )
    return create_job(
        workspace=workspace,
        kind="erase",
        arguments={"customer": str(known), "removal": removal.pk},
        user=user,
        send=send,
    )


@register("erase")
def run_erasure(running: Running) -> None:
    """Rows, then bytes, then the proof. Run again after a crash, it goes over everything again."""
    removal = Removal.objects.select_related("workspace").get(pk=running.arguments["removal"])
    if removal.done_at is not None:
        return _forget_whom(running.job)
    workspace, customer = removal.workspace, uuid.UUID(running.arguments["customer"])
    with locks.held(*(locks.rewriting(table) for table in TABLES), check=running.check):
        running.progress(0, 3, unit=_("steps"), message=_("Taking the customer's rows out"))
        take_out(removal, ALL, "customer = ?", customer)
        running.progress(1, message=_("Writing the files anew without them"))
        with lake.cursor() as cursor:
            write_anew(cursor, ALL)
            forget_snapshots(cursor, days=0)
        forget_extremes(ALL)
        wipe_catalogue()
    workspace.customer_looks.filter(customer=customer).update(customer=None)
    running.progress(2, message=_("Clearing the files of rejected rows"))
    more = {**_clear_files(workspace, customer), **_ask_others(workspace, customer)}
    finish(removal, tables=ALL, more=more, user=running.user)
    _forget_whom(running.job)
    wipe_books()
    running.note(", ".join(f"{what}: {n}" for what, n in removal.counts.items()))
    running.progress(3)


def _ask_others(workspace: Workspace, customer: uuid.UUID) -> dict[str, int]:
    """Higher apps clear what they keep."""
    done: dict[str, int] = {}
    answer: dict[str, int]
    for _receiver, answer in customer_erased.send(  # type: ignore[assignment]
        sender=Removal, workspace=workspace, customer=customer
    ):
        done.update(answer)
    return done


def try_again(*, job: Job, user: User | None) -> Job:
    """An erasure that failed, once more: whom it is about is still known to its job."""
    return create_job(
        workspace=job.workspace, kind="erase", arguments=dict(job.arguments), user=user
    )


def _forget_whom(job: Job) -> None:
    """The jobs stay as a record; whom they were about does not."""
    job.arguments.pop("customer", None)
    same = Job.objects.filter(workspace=job.workspace, kind="erase")
    same.filter(arguments__removal=job.arguments["removal"]).update(arguments=job.arguments)


def _clear_files(workspace: Workspace, customer: uuid.UUID) -> dict[str, int]:
    """What lies beside the lake in the clear: rejected rows, examples of them, files waiting."""
    done = {"rejected": 0, "examples": 0, "waiting_files": 0, "kept_files": 0}
    for found in workspace.imports.exclude(problems=[]):
        done["examples"] += _strike_examples(found, customer)
    for found in workspace.imports.filter(rejected__gt=0):
        done["rejected"] += _strike_out(rejected_file(found), workspace, customer)
    # Nor can files that are kept beside what they became, where a row may be written anyhow.
    for found in workspace.imports.filter(state__in=[State.DONE, State.UNDONE]).exclude(path=""):
        if file_of(found).exists():
            file_of(found).unlink()
            done["kept_files"] += 1
    # Files not brought in yet cannot be searched surely, whatever they are: they go as a whole.
    for found in workspace.imports.filter(state__in=[State.DRAFT, State.FAILED]).exclude(path=""):
        done["waiting_files"] += 1
        if found.state == State.DRAFT:
            discard(found=found)
        else:
            shutil.rmtree(folder_of(found), ignore_errors=True)
            Import.objects.filter(pk=found.pk, state=State.FAILED).update(path="")
    for upload in workspace.uploads.all():  # of which a part has come
        done["waiting_files"] += 1
        throw_away(upload=upload)
    return done


def _strike_examples(found: Import, customer: uuid.UUID) -> int:
    """A few rejected values are shown on the import's page, the customer's own perhaps."""
    struck = 0
    for problem in found.problems:
        kept = [e for e in problem["examples"] if not _means(e, found.workspace, customer)]
        struck += len(problem["examples"]) - len(kept)
        problem["examples"] = kept
    if struck:
        Import.objects.filter(pk=found.pk).update(problems=found.problems)
    return struck


def _strike_out(path: Path, workspace: Workspace, customer: uuid.UUID) -> int:
    """Rejected rows keep their cells in the clear, the customer's number among them."""
    if not path.exists():
        return 0
    struck = 0
    fresh = path.with_name(f"rejected-{secrets.token_hex(4)}.csv")
    with (
        path.open(encoding="utf-8", newline="") as source,
        fresh.open("w", encoding="utf-8", newline="") as target,
    ):
        writer = csv.writer(target, lineterminator="\n")
        for row in csv.reader(source):
            if not any(_means(cell, workspace, customer) for cell in row):
                writer.writerow(row)
            else:
                struck += 1
    fresh.replace(path)
    return struck


def _means(cell: str, workspace: Workspace, customer: uuid.UUID) -> bool:
    """Whether the cell, or a part of an unsplit line, is the customer's identifier."""
    parts = {cell, cell.removeprefix("'")}
    for delimiter in ",;\t|":
        parts |= (
            {part.strip(" \"'") for part in cell.split(delimiter)} if delimiter in cell else set()
        )
    return any(part.strip() and hash_of(workspace, part) == customer for part in parts)
