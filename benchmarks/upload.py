"""A file of gigabytes through the import page, as its own script sends it, to the end.

A real site (`manage.py serve`), one person signed in: pieces of 8 MB, a connection that breaks in
the middle of one, the rest from where the server says it stands; then the look at the file, the
trial of the whole mapping and the import, by the site's worker. The file's SHA-256 has to be the
server's, and the account of rows that of the lake.
"""

import hashlib
import http.client
import json
import sys
import threading
import time
import uuid
from base64 import b64encode
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

import duckdb
import psutil

from benchmarks import ours, rows
from benchmarks.fault_site import Site

PIECE = 8 * 2**20
ROW_BYTES = 78  # of the file that is made
SLUG = "uploads"
LOOK_AGAIN_S = 0.1


class Page:
    """What the page's script does: create, ask where it is, send a piece, finish."""

    def __init__(self, site: Site, cookie: str) -> None:
        token = uuid.uuid4().hex
        self.port = site.port
        self.headers = {
            "Host": "localhost",
            "Cookie": f"{cookie}; csrftoken={token}",
            "X-CSRFToken": token,
            "Tus-Resumable": "1.0.0",
        }
        self.connect()

    def connect(self) -> None:
        self.link = http.client.HTTPConnection("127.0.0.1", self.port, timeout=120)

    def ask(self, method: str, path: str, body: bytes | None = None, **more: str) -> Any:
        headers = {name.replace("_", "-"): value for name, value in more.items()}
        self.link.request(method, path, body, {**self.headers, **headers})
        answer = self.link.getresponse()
        told = answer.read()
        if answer.status >= 400:
            raise SystemExit(f"{method} {path}: {answer.status} {told[:300]!r}")
        return answer, told

    def begin(self, path: Path) -> str:
        names = f"filename {b64encode(path.name.encode()).decode()},mark {b64encode(b'1').decode()}"
        size = str(path.stat().st_size)
        answer, _told = self.ask("POST", f"/w/{SLUG}/evidence/uploads/",
                                 Upload_Length=size, Upload_Metadata=names)  # fmt: skip
        return str(answer.getheader("Location"))

    def where(self, url: str) -> int:
        return int(self.ask("HEAD", url)[0].getheader("Upload-Offset"))

    def send(self, url: str, offset: int, piece: bytes) -> int:
        kind = "application/offset+octet-stream"
        answer, _told = self.ask("PATCH", url, piece, Upload_Offset=str(offset), Content_Type=kind)
        return int(answer.getheader("Upload-Offset"))

    def break_off(self, url: str, offset: int, piece: bytes) -> None:
        """Half a piece, and the connection is gone."""
        self.link.putrequest("PATCH", url)
        told = {"Upload-Offset": offset, "Content-Type": "application/offset+octet-stream"}
        for name, value in {**self.headers, **told, "Content-Length": len(piece)}.items():
            if name != "Host":
                self.link.putheader(name, str(value))
        self.link.endheaders(piece[: len(piece) // 2])
        time.sleep(0.5)
        self.link.close()
        self.connect()


def main(home: Path, folder: Path, gigabytes: float) -> None:
    ours.setup()
    from accounts.actions import create_workspace
    from benchmarks.large_bank import cookies
    from evidence import trial
    from evidence.actions import file_of, start_import
    from evidence.models import Import

    folder.mkdir(parents=True, exist_ok=True)
    path = folder / "waits.csv"
    if not path.exists():
        print(f"Writing {gigabytes} GB…", file=sys.stderr)
        text = rows.WAITS.replace("$touchpoints", "40").replace("$width", "2")
        count = int(gigabytes * 1e9 / ROW_BYTES)
        duckdb.connect().execute(text.replace("$rows", str(count)).replace("$file", str(path)))
    with path.open("rb") as file:
        digest = hashlib.file_digest(file, "sha256").hexdigest()
    workspace, user, _password = create_workspace(
        slug=SLUG, name="Uploads", owner_email="uploads@example.org"
    )
    site = Site(home, folder / "site.log")
    page = Page(site, cookies(workspace)[0])
    try:
        with _measured(site, "upload", path):
            url = _sent(page, path)
        with _measured(site, "end of the upload, look at the file", path):
            page.ask("POST", f"{url}finish/")
            found = Import.objects.get(workspace=workspace)
            _ended(found)
        with file_of(found).open("rb") as file:
            assert hashlib.file_digest(file, "sha256").hexdigest() == digest, "not the file sent"
        with _measured(site, "trial of the whole mapping", path):
            trial.start_trial(found=found, document=rows.WAITS_MAPPING, user=user)
            _ended(found)
        tried = json.loads((file_of(found).parent / "trial.json").read_text())["counts"]
        with _measured(site, "import", path):
            start_import(found=found, document=rows.WAITS_MAPPING, user=user)
            _ended(found)
        _compare(found, tried)
    finally:
        site.stop()


def _sent(page: Page, path: Path) -> str:
    """All of it, the connection once broken off in the middle; where it was sent to."""
    url, size, offset, is_broken = page.begin(path), path.stat().st_size, 0, False
    with path.open("rb") as file:
        while offset < size:
            file.seek(offset)
            piece = file.read(PIECE)
            if not is_broken and offset > size // 2:
                page.break_off(url, offset, piece)
                offset, is_broken = page.where(url), True
                print(f"  broken off; {offset:,} bytes had come", file=sys.stderr)
                continue
            offset = page.send(url, offset, piece)
    return url


def _ended(found: Any) -> None:
    """Waits for the job that the import has now."""
    found.refresh_from_db()
    while not found.job.has_ended:
        time.sleep(LOOK_AGAIN_S)
        found.job.refresh_from_db()
    if found.job.status != "done":
        raise SystemExit(f"{found.job.kind}: {found.job.error}")
    found.refresh_from_db()


def _compare(found: Any, tried: dict[str, int]) -> None:
    from evidence import lake

    kept = lake.rows_of("waits", workspace_id=found.workspace_id, import_id=found.pk)
    counts = {name: getattr(found, name) for name in tried}
    print(f"\nTried: {tried}\nImported: {counts}; in the lake: {kept:,} rows")
    if counts != tried or kept != found.accepted:
        raise SystemExit("The accounts differ.")


@contextmanager
def _measured(site: Site, what: str, path: Path) -> Iterator[None]:
    """Says what it took: seconds, megabytes of the file a second, and memory at most, by kind."""
    most, stop = {"web": 0, "worker": 0}, threading.Event()

    def watch() -> None:
        while not stop.is_set():
            for name in most:
                with suppress(psutil.Error):
                    own = [p.memory_info().rss for p in site.command(name)]
                    most[name] = max(most[name], *own)
            stop.wait(LOOK_AGAIN_S)

    aside, before = threading.Thread(target=watch), time.monotonic()
    aside.start()
    try:
        yield
    finally:
        stop.set()
        aside.join()
        seconds = time.monotonic() - before
        rate = path.stat().st_size / 1e6 / seconds
        told = ", ".join(f"{name} {size / 2**20:.0f} MiB" for name, size in most.items())
        print(f"{what}: {seconds:.1f} s, {rate:.0f} MB/s; at most, of one process: {told}")
