"""Everything started by one command, and ended by Ctrl-C, a second Ctrl-C, or kill -9."""

import contextlib
import signal
import time
from pathlib import Path

import psutil
import pytest

from config import embedded
from config.embedded import postgres
from config.embedded.processes import is_alive, wait_until
from tests.config.running import Stream, descendants, free_port, get, running, wait_for


@pytest.fixture
def serving(spot):
    """`manage.py serve` on a new home: its process, port and home."""
    home = spot / "home"

    @contextlib.contextmanager
    def start():
        port = free_port()
        with running(
            "serve",
            "--no-demo",
            PORT=str(port),
            WEB_PROCESSES="1",
            WORKER_PROCESSES="1",
            TOUCHLINE_HOME=str(home),
            DATABASE_URL="",
            CELERY_BROKER_URL="",
            LAKE_DATA_PATH="",
            DJANGO_SETTINGS_MODULE="tests.config.live_settings",
        ) as process:
            wait_until(lambda: "Ctrl-C" in process.said() or process.poll() is not None, 200)
            assert "Ctrl-C" in process.said(), process.said()
            yield process, port, process.said()

    yield start, home
    if (home / "users.lock").exists():
        embedded.remove(home)


def servers(home: Path) -> list[int]:
    place = home / "postgres" / "data" / "postmaster.pid"
    return [
        int(place.read_text().split()[0]),
        int((home / "valkey" / "valkey.pid").read_text()),
    ]


def child(pid: int, name: str) -> psutil.Process:
    [found] = [p for p in psutil.Process(pid).children() if p.cmdline()[-1:] == [name]]
    return found


def told(pid: int) -> str:
    try:
        process = psutil.Process(pid)
        return f"{pid} {process.status()} {' '.join(process.cmdline())}"
    except psutil.NoSuchProcess:
        return f"{pid} gone"


def all_gone(pids: list[int], seconds: float) -> bool:
    return wait_until(lambda: not any(map(is_alive, pids)), seconds)


def test_ctrl_c_leaves_no_process_behind_though_streams_are_open(serving):
    start, home = serving
    with start() as (process, port, said):
        assert said.count("http") == 1 and f"http://127.0.0.1:{port}/" in said
        assert get(port, "/page/")[0] == 200

        web = child(process.pid, "web").pid
        psutil.Process(web).kill()
        assert wait_until(lambda: not is_alive(web), 10)
        wait_for(port)
        assert child(process.pid, "web").pid != web

        stream = Stream(port, "/live/news/")
        stream.next_line("event: ready")
        pids = [*descendants(process.pid), *servers(home)]
        assert len(pids) >= 6
        begin = time.monotonic()
        process.send_signal(signal.SIGINT)
        assert process.wait(timeout=30) == 0
        assert time.monotonic() - begin < 15
        assert all_gone(pids, 1)
        stream.close()


def test_killed_and_started_again(serving):
    start, home = serving
    with start() as (process, _port, _said):
        with postgres.connect(home) as connection:
            connection.execute("CREATE TABLE kept AS SELECT 'before' AS line")
        # Who is killed stops no server; the next start takes over those that still run.
        pids = descendants(process.pid)
        left = servers(home)
        process.kill()
        process.wait()
        assert all_gone(pids, 60), ("outlived their killed parent", [*map(told, pids)])
    with start() as (process, _port, _said):
        with postgres.connect(home) as connection:
            assert connection.execute("SELECT line FROM kept").fetchall() == [("before",)]
        pids = [*descendants(process.pid), *servers(home), *left]
        process.send_signal(signal.SIGINT)
        time.sleep(0.05)
        process.send_signal(signal.SIGINT)  # impatient
        process.wait(timeout=10)
        assert all_gone(pids, 1)
