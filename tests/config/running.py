"""Our commands as real processes, for tests that talk to them over the network."""

import contextlib
import http.client
import os
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from pathlib import Path

import psutil
from django.db import connection

from config.embedded.processes import wait_until
from tests.config.conftest import ROOT


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def test_database_url() -> str:
    at = connection.settings_dict
    return f"postgresql://{at['USER']}@/{at['NAME']}?host={at['HOST']}&port={at['PORT']}"


test_database_url.__test__ = False  # type: ignore[attr-defined]


class Command(subprocess.Popen[bytes]):
    """A command of manage.py's, killed when the process of the tests is.

    What it prints goes to a file: a pipe that nobody reads runs full, and stops whoever writes;
    one that a lost child holds open never comes to its end, and stops whoever reads.
    """

    def __init__(self, printed: Path, arguments: Sequence[str], **environment: str) -> None:
        self.printed = printed
        with printed.open("wb") as file:
            super().__init__(
                [sys.executable, "manage.py", *arguments],
                cwd=ROOT,
                stdin=subprocess.DEVNULL,
                stdout=file,
                stderr=subprocess.STDOUT,
                process_group=0,
                env={
                    **os.environ,
                    "PYTHONUNBUFFERED": "1",
                    "TOUCHLINE_PARENT": str(os.getpid()),
                    **environment,
                },
            )

    def said(self) -> str:
        return self.printed.read_text(errors="replace")


@contextlib.contextmanager
def running(*arguments: str, **environment: str) -> Iterator[Command]:
    """A command of manage.py's; killed with all its descendants if the test leaves it running."""
    with tempfile.TemporaryDirectory(prefix="touchline-running-") as place:
        process = Command(Path(place) / "printed", arguments, **environment)
        try:
            yield process
        finally:
            for one in [*descendants(process.pid), process.pid]:
                with contextlib.suppress(ProcessLookupError):
                    os.kill(one, signal.SIGKILL)
            process.wait(timeout=60)


def descendants(pid: int) -> list[int]:
    """Without the servers, which belong to everyone who uses the home."""
    try:
        found = psutil.Process(pid).children(recursive=True)
        return [p.pid for p in found if p.name() not in ("postgres", "valkey-server")]
    except psutil.NoSuchProcess:
        return []


def get(port: int, path: str, headers: dict[str, str] | None = None) -> tuple[int, bytes]:
    link = http.client.HTTPConnection("127.0.0.1", port, timeout=20)
    try:
        link.request("GET", path, headers=headers or {})
        response = link.getresponse()
        return response.status, response.read()
    finally:
        link.close()


def wait_for(port: int, seconds: float = 60) -> None:
    def answers() -> bool:
        try:
            return get(port, "/healthz")[0] == 200
        except OSError:
            return False

    assert wait_until(answers, seconds), "the web server did not answer"


class Stream:
    """An open event stream."""

    def __init__(self, port: int, path: str) -> None:
        self.socket = socket.create_connection(("127.0.0.1", port), timeout=20)
        self.socket.sendall(f"GET {path} HTTP/1.1\r\nHost: localhost\r\n\r\n".encode())
        self.file = self.socket.makefile("rb")

    def next_line(self, beginning: str) -> str:
        end = time.monotonic() + 20
        while time.monotonic() < end:
            line = self.file.readline()
            if not line:
                raise EOFError
            if line.startswith(beginning.encode()):
                return line.decode().strip()
        raise TimeoutError(beginning)

    def close(self) -> None:
        self.file.close()
        self.socket.close()
