"""SIGKILL at random moments while evidence comes in and goes: is every row where it belongs?

Each round has a workspace of its own. A file is uploaded to the real web server while a program
posts items, call after call, each with its Idempotency-Key; at a random moment a part of the site
is killed: the worker, the web server, PostgreSQL, Valkey, or everything at once; or the disk of the
lake and the files, a tmpfs, runs full until somebody makes room. (Every fourth round the import is
done first, and the kill meets its undo.) Nothing else is helped along: the site has to come back by
itself. Then the rows in the lake are compared with the accounts and with what was sent, one by one.
"""

import csv
import os
import random
import re
import statistics
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from benchmarks import ours
from benchmarks.fault_site import KINDS, PATIENCE_S, Client, Site

MAPPING = {
    "kind": "waits",
    "fields": {
        "occurred_at": {"column": "at"},
        "touchpoint": {"column": "queue"},
        "customer": {"column": "who"},
        "wait_s": {"column": "wait"},
    },
}
REJECTED_EVERY = 400
BATCH = 100
MOMENTS = ("Uploading", "Reading", "Checking", "Writing")
WORD = re.compile(r"import (\d+)")


@dataclass
class Round:
    kind: str
    meets: str
    processes: int = 0
    met: str = ""  # what the job was about when it was met
    seconds: float = 0.0  # from the kill until the work had ended
    attempts: int = 0
    retried: bool = False
    wrong: list[str] = field(default_factory=list)


def main(home: Path, folder: Path, rounds: int, rows: int, first: int) -> None:
    """Rounds from number `first` on: each kind of kill in turn, its moment by a seed."""
    ours.setup()
    folder.mkdir()
    path, good = folder / "waits.csv", write_file(folder / "waits.csv", rows)
    site = Site(home, folder / "site.log")
    done: list[Round] = []
    chance = random.Random(first)
    kinds = [kind for kind in KINDS if kind != "disk" or "BENCH_DISK" in os.environ]
    try:
        for number in range(first, first + rounds):
            meets = "undo" if number % 4 == 3 else "import"
            one = Round(kinds[number % len(kinds)], meets)
            _play(site, one, path, good, chance)
            done.append(one)
            print(f"{number:>3} {one}", file=sys.stderr, flush=True)
        left = steadily(_whole_lake)
    except BaseException:
        print(site.log.read_text(errors="replace")[-6000:], file=sys.stderr)
        raise
    finally:
        site.stop()
    _tell(done, left, rows)
    if left or any(one.wrong for one in done):
        raise SystemExit("Rows are not where they belong; see above.")


def write_file(path: Path, rows: int) -> int:
    """Returns how many of its rows are good."""
    with path.open("w", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(["at", "queue", "who", "wait"])
        writer.writerows(
            [f"2026-03-{1 + i % 28:02} 10:{i % 60:02}", f"desk-{i % 5}", f"c{i % 9000}",
             i % REJECTED_EVERY - 1]
            for i in range(rows)
        )  # fmt: skip
    return rows - len(range(0, rows, REJECTED_EVERY))


def steadily(work: Callable[[], Any]) -> Any:
    """Again, where the database was just away."""
    import duckdb
    from django.db import Error, connections

    from evidence import lake

    end = time.monotonic() + PATIENCE_S
    while True:
        try:
            return work()
        except (Error, duckdb.Error, lake.LakeError):
            if time.monotonic() > end:
                raise
            connections.close_all()
            lake.close()
            time.sleep(0.3)


def _play(site: Site, one: Round, path: Path, good: int, chance: random.Random) -> None:
    workspace, client = steadily(lambda: _newcomer(site))
    site.wait_until_it_answers()
    with _posting(client) as acknowledged:
        if one.meets == "import":
            upload = _Aside(lambda: _upload(client, path))
            _some_moment(workspace, chance)
        else:
            found = _upload(client, path)
            _ended(found)
            undo = f"/api/v1/imports/{found}/undo/"
            upload = _Aside(lambda: client.until_answered("POST", undo))
            time.sleep(chance.uniform(0, 0.25))
        one.met = steadily(lambda: _doing(workspace))
        begin = time.monotonic()
        one.processes = site.kill(one.kind, chance)
        answer = upload.result()
        if one.meets == "import":
            found = answer
            again = _ended(found)
            if again.state == "failed":  # with a reason; the same file once more
                one.retried = bool(again.error)
                found = _upload(client, path)
                again = _ended(found)
            one.attempts = again.job.attempt
        one.seconds = time.monotonic() - begin
    site.wait_until_it_answers()
    steadily(lambda: _settled(workspace))
    good = 0 if one.meets == "undo" else good
    one.wrong = steadily(lambda: _wrong(workspace, found, good, acknowledged[0]))


def _some_moment(workspace: Any, chance: random.Random) -> None:
    """Somewhere in one of the import's phases, or in the next."""
    phase, end = chance.choice(MOMENTS), time.monotonic() + PATIENCE_S
    while time.monotonic() < end:
        doing = steadily(lambda: _doing(workspace))
        if doing.startswith(phase) or doing in ("done", "failed"):
            break
        time.sleep(0.01)
    time.sleep(chance.uniform(0, 0.6))


def _newcomer(site: Site) -> tuple[Any, Client]:
    from accounts.access import Role
    from accounts.models import Membership, User, Workspace
    from accounts.tokens import create_token

    name = f"faults-{time.time_ns()}"
    workspace = Workspace.objects.create(slug=name, name=name)
    user = User.objects.create(email=f"{name}@example.org")
    Membership.objects.create(workspace=workspace, user=user, role=Role.ADMIN)
    return workspace, Client(site, create_token(workspace=workspace, user=user, name="bench")[1])


def _upload(client: Client, path: Path) -> int:
    """The import's number; where the answer was lost, the refusal of the second call names it."""
    status, told = client.upload(path, MAPPING)
    if status == 202:
        return int(told["id"])
    named = WORD.search(str(told))
    if named is None:
        raise SystemExit(f"The file was refused: {told}")
    return int(named[1])


@contextmanager
def _posting(client: Client) -> Iterator[list[int]]:
    """Posts until the end; how many items were acknowledged is known then."""
    stop, acknowledged = threading.Event(), [0]

    def post() -> None:
        turn = 0
        while not stop.is_set():
            turn += 1
            at = f"2026-04-01T10:{turn % 60:02}:00"
            items = [{"occurred_at": at, "touchpoint": "phone", "wait_s": i} for i in range(BATCH)]
            status, told = client.post(items, f"batch {turn}")
            if status != 200 or told["accepted"] != BATCH:
                raise SystemExit(f"A post was refused: {status} {told}")
            acknowledged[0] += BATCH

    sender = _Aside(post)
    try:
        yield acknowledged
    finally:
        stop.set()
        sender.result()


class _Aside(threading.Thread):
    """Something done at the same time; its result, or what it raised, when it is asked for."""

    def __init__(self, work: Callable[[], Any]) -> None:
        super().__init__(daemon=True)
        self.work, self.value, self.error = work, None, None
        self.start()

    def run(self) -> None:
        try:
            self.value = self.work()
        except BaseException as error:
            self.error = error

    def result(self) -> Any:
        self.join()
        if self.error is not None:
            raise self.error
        return self.value


def _doing(workspace: Any) -> str:
    from evidence.models import Import

    found = Import.objects.filter(workspace=workspace).exclude(path="").first()
    if found is None:
        return "Uploading"
    return found.job.message if found.job and found.state == "importing" else found.state


def _ended(pk: int) -> Any:
    from evidence.models import Import

    def look() -> Any:
        return Import.objects.select_related("job").get(pk=pk)

    end = time.monotonic() + PATIENCE_S
    while time.monotonic() < end:
        found = steadily(look)
        if found.job and found.job.has_ended and found.state not in ("draft", "importing"):
            return found
        time.sleep(0.1)
    raise SystemExit(f"Import {pk} did not end: {found.state}, {found.job and found.job.status}")


def _settled(workspace: Any) -> None:
    """Whatever was left between two commits is taken out by the site itself, within seconds."""
    from evidence import settling

    end = time.monotonic() + PATIENCE_S
    while not settling.is_settled(workspace.pk):
        if time.monotonic() > end:
            raise SystemExit(f"Workspace {workspace.pk} was never settled.")
        time.sleep(0.2)


def _wrong(workspace: Any, file_import: int, good: int, posted: int) -> list[str]:
    """Rows of each import: in the lake, by their numbers, by its account, and as they were sent."""
    from evidence import lake
    from evidence.models import Import, State

    with lake.cursor() as cursor:
        stand = {pk: (n, numbers) for pk, n, numbers in cursor.execute(
            "SELECT import_id, count(*), count(DISTINCT row_no) FROM waits "
            "WHERE workspace_id = ? GROUP BY import_id", [workspace.pk],
        ).fetchall()}  # fmt: skip
    wrong, sent = [], 0
    for found in Import.objects.filter(workspace=workspace):
        n, numbers = stand.pop(found.pk, (0, 0))
        should = found.accepted if found.state == State.DONE else 0
        if (n, numbers) != (should, should):
            wrong.append(f"import {found.pk}: {n} rows, {numbers} numbers, accepted {should}")
        if found.pk == file_import and should != good:
            wrong.append(f"import {found.pk}: accepted {should} of {good} good rows")
        sent += should if not found.path else 0
    if sent != posted:
        wrong.append(f"{sent} posted items stand, {posted} were acknowledged")
    return wrong + [f"{n} orphans of import {pk}" for pk, (n, _numbers) in stand.items()]


def _whole_lake() -> list[str]:
    from evidence.checking import check

    return [f"{p.problem} {p.where}: {p.told}" for p in check().problems or []]


def _tell(done: list[Round], left: list[str], rows: int) -> None:
    print(f"\nSIGKILL during imports of {rows:,} rows, and posts of {BATCH} items all the while\n")
    print("| killed | rounds | processes | met at work | ended after, median | at most | again by "
          "hand | wrong |")  # fmt: skip
    print("|---" + "|--:" * 7 + "|")
    for kind in KINDS:
        mine = [one for one in done if one.kind == kind]
        if not mine:
            continue
        seconds = [one.seconds for one in mine]
        met = sum(one.met not in ("Uploading", "done", "undone") for one in mine)
        print(f"| {kind} | {len(mine)} | {sum(o.processes for o in mine)} | {met} | "
              f"{statistics.median(seconds):.1f} s | {max(seconds):.1f} s | "
              f"{sum(o.retried for o in mine)} | {sum(bool(o.wrong) for o in mine)} |")  # fmt: skip
    for one in done:
        for line in one.wrong:
            print(f"WRONG after {one.kind} met {one.meets}: {line}")
    print(f"\nThe whole lake, checked at the end: {'; '.join(left) or 'nothing wrong'}.")
