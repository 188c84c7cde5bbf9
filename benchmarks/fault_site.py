"""A whole Touchline of real processes, what can be killed of it, and a client that insists."""

import http.client
import json
import os
import random
import shutil
import socket
import subprocess
import sys
import time
import uuid
from contextlib import suppress
from pathlib import Path
from typing import Any

import psutil

from config.embedded import rootless
from config.embedded.processes import server_of

KINDS = ("worker", "web", "postgres", "valkey", "everything", "disk")
PATIENCE_S = 180.0
FULL_S = 5.0
LEFT_BYTES = 2_000_000  # at most, when the disk is as good as full


class Site:
    """`manage.py serve` on the bench's home; it restarts what is killed of it."""

    def __init__(self, home: Path, log: Path) -> None:
        self.home, self.log = home, log
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port = int(probe.getsockname()[1])
        self.start()

    def start(self) -> None:
        with self.log.open("ab") as output:
            self.process = subprocess.Popen(
                [sys.executable, "manage.py", "serve", "--no-demo"],
                stdout=output,
                stderr=output,
                process_group=0,
                env={**os.environ, "PORT": str(self.port), "WEB_PROCESSES": "1",
                     "WORKER_PROCESSES": "2", "PYTHONUNBUFFERED": "1"},
            )  # fmt: skip
        self.wait_until_it_answers()

    def wait_until_it_answers(self) -> None:
        end = time.monotonic() + PATIENCE_S
        while time.monotonic() < end:
            with suppress(OSError, http.client.HTTPException):
                if self.once("GET", "/healthz", b"", {})[0] == 200:
                    return
            time.sleep(0.1)
        raise SystemExit(f"The site does not answer; {self.log} may say why.")

    def once(
        self, method: str, path: str, body: bytes, headers: dict[str, str]
    ) -> tuple[int, bytes]:
        link = http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)
        try:
            link.request(method, path, body or None, {"Host": "localhost", **headers})
            answer = link.getresponse()
            return answer.status, answer.read()
        finally:
            link.close()

    def kill(self, kind: str, chance: random.Random) -> int:
        """SIGKILL; returns how many processes died. Or the disk runs full for some seconds."""
        if kind == "disk":
            self._fill(Path(os.environ["BENCH_DISK"]), chance.randrange(LEFT_BYTES))
            return 0
        victims = self._victims(kind, chance)
        for process in victims:
            with suppress(psutil.NoSuchProcess):
                process.kill()
        if kind == "everything":
            self.process.wait()
            self.start()
        return len(victims)

    def _fill(self, disk: Path, left: int) -> None:
        """Less and less room, then none but `left` bytes; somebody makes room in the end."""
        ballast = disk / "ballast"
        with suppress(OSError), ballast.open("wb", buffering=0) as file:
            while (free := shutil.disk_usage(disk).free - left) > 0:
                file.write(bytes(min(free, 2**24)))
        time.sleep(FULL_S)
        ballast.unlink()

    def _victims(self, kind: str, chance: random.Random) -> list[psutil.Process]:
        """Now and then only a part: a process of the pool, a session of the database."""
        match kind:
            case "postgres":
                postmaster = self._server("postgres")
                whole = [postmaster, *postmaster.children()]
                return whole if chance.random() < 0.7 else [chance.choice(whole)]
            case "valkey":
                return [self._server("valkey")]
            case "everything":
                below = psutil.Process(self.process.pid).children(recursive=True)
                postmaster = self._server("postgres")
                return [psutil.Process(self.process.pid), *below, postmaster,
                        *postmaster.children(), self._server("valkey")]  # fmt: skip
            case _:
                whole = self.command(kind)
                return whole if chance.random() < 0.7 else whole[-1:]

    def command(self, name: str) -> list[psutil.Process]:
        """The processes of the web server, the worker or the scheduler."""
        for child in psutil.Process(self.process.pid).children():
            with suppress(psutil.NoSuchProcess):
                if child.cmdline()[-1:] == [name]:
                    return [child, *child.children(recursive=True)]
        return []

    def _server(self, name: str) -> psutil.Process:
        """Waits for it where it is just coming up."""
        place = rootless.existing_place(self.home)
        at, folder = {
            "postgres": (place / "data" / "postmaster.pid", place / "data"),
            "valkey": (self.home / "valkey" / "valkey.pid", self.home / "valkey"),
        }[name]
        end = time.monotonic() + PATIENCE_S
        while time.monotonic() < end:
            pid = server_of(at, folder, folder.stat().st_uid)
            if pid is not None:
                return psutil.Process(pid)
            time.sleep(0.1)
        raise SystemExit(f"There is no {name} to be killed.")

    def stop(self) -> None:
        self.process.terminate()
        try:
            self.process.wait(30)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()


class Client:
    """A program that sends evidence, and sends again until it has an answer."""

    def __init__(self, site: Site, token: str) -> None:
        self.site = site
        self.headers = {"Authorization": f"Token {token}"}

    def upload(self, path: Path, mapping: dict[str, Any]) -> tuple[int, dict[str, Any]]:
        mark = uuid.uuid4().hex
        body = (
            f'--{mark}\r\nContent-Disposition: form-data; name="mapping"\r\n\r\n'
            f"{json.dumps(mapping)}\r\n--{mark}\r\nContent-Disposition: form-data; "
            f'name="file"; filename="{path.name}"\r\nContent-Type: text/csv\r\n\r\n'
        ).encode() + path.read_bytes() + f"\r\n--{mark}--\r\n".encode()  # fmt: skip
        kind = f"multipart/form-data; boundary={mark}"
        return self.until_answered("POST", "/api/v1/imports/", body, {"Content-Type": kind})

    def post(self, items: list[dict[str, Any]], key: str) -> tuple[int, dict[str, Any]]:
        headers = {"Content-Type": "application/json", "Idempotency-Key": key}
        body = json.dumps(items).encode()
        return self.until_answered("POST", "/api/v1/evidence/waits/", body, headers)

    def until_answered(
        self, method: str, path: str, body: bytes = b"", headers: dict[str, str] | None = None
    ) -> tuple[int, dict[str, Any]]:
        """Until it is served or refused: no connection, and 5xx, are tried again."""
        end = time.monotonic() + PATIENCE_S
        while time.monotonic() < end:
            with suppress(OSError, http.client.HTTPException):
                status, told = self.site.once(
                    method, path, body, {**self.headers, **(headers or {})}
                )
                if status < 500 and status != 409:
                    return status, json.loads(told)
            time.sleep(0.2)
        raise SystemExit(f"{method} {path} was never answered.")
