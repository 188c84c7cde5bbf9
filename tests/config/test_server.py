"""The web entry as a real process: pages, streams, and an end that waits for no stream."""

import contextlib
import http.client
import json
import signal
import time

import pytest
from django.db import connection, transaction

from accounts import live
from config.embedded.processes import wait_until
from tests.config.running import (
    Stream,
    descendants,
    free_port,
    get,
    running,
    test_database_url,
    wait_for,
)

pytestmark = pytest.mark.django_db(transaction=True)


@contextlib.contextmanager
def web():
    port = free_port()
    with running(
        "web",
        PORT=str(port),
        WEB_PROCESSES="1",
        DATABASE_URL=test_database_url(),
        DJANGO_SETTINGS_MODULE="tests.config.live_settings",
    ) as process:
        wait_for(port)
        yield process, port


def test_pages_streams_and_the_end():
    """One start for all of it: a server takes seconds to come up."""
    with web() as (process, port):
        handler = json.loads(get(port, "/page/")[1])["handler"]
        assert handler == "WSGIRequest"
        assert json.loads(get(port, "/page/", {"X_Forwarded_Proto": "https"})[1])["forwarded"] == ""

        assert post(port, "/page/", b"x" * 3_000_000)["received"] == 3_000_000
        for length in (0, 300, 3_000_000):
            told = post(port, "/api/v1/evidence/page/", b"x" * length)
            assert (told["handler"], told["received"]) == ("WSGIRequest", length)

        first, second = Stream(port, "/live/news/"), Stream(port, "/live/news/")
        for stream in (first, second):
            stream.next_line("event: ready")
        assert listening_connections() == 1

        with transaction.atomic():
            live.notify("news", "heard by all")
            live.notify("other", "heard by nobody here")
        for stream in (first, second):
            assert stream.next_line('data: {"text"') == 'data: {"text": "heard by all"}'

        with contextlib.suppress(ZeroDivisionError), transaction.atomic():
            live.notify("news", "taken back")
            raise ZeroDivisionError
        end_listening_connection()
        assert first.next_line('data: {"text"') == 'data: {"text": ""}'  # look again
        live.notify("news", "after the line was cut")
        assert "after the line was cut" in first.next_line('data: {"text"')

        second.close()
        children = descendants(process.pid)
        assert children
        begin = time.monotonic()
        process.send_signal(signal.SIGTERM)
        process.wait(timeout=20)
        assert time.monotonic() - begin < 5
        assert wait_until(lambda: not any(map(exists, children)), 5)
        first.close()


def test_its_processes_do_not_outlive_a_killed_server():
    with web() as (process, _port):
        children = descendants(process.pid)
        assert children
        process.kill()
        process.wait()
        assert wait_until(lambda: not any(map(exists, children)), 10)


def post(port: int, path: str, body: bytes) -> dict[str, object]:
    with contextlib.closing(http.client.HTTPConnection("127.0.0.1", port, timeout=20)) as to:
        to.request("POST", path, body)
        return json.loads(to.getresponse().read())


def exists(pid: int) -> bool:
    from config.embedded.processes import is_alive

    return is_alive(pid)


LISTENING = "SELECT pid FROM pg_stat_activity WHERE query LIKE 'LISTEN touchline_live%%' "


def listening_connections() -> int:
    with connection.cursor() as cursor:
        cursor.execute(f"{LISTENING} AND datname = current_database()")
        return len(cursor.fetchall())


def end_listening_connection() -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT pg_terminate_backend(pid) FROM ({LISTENING} "
            "AND datname = current_database()) AS listener"
        )
