"""A running web server, and people who ask it for pages."""

import http.client
import os
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path


@contextmanager
def server() -> Iterator[tuple[int, subprocess.Popen[bytes]]]:
    """The web server on a free port, and its process."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    root = Path(__file__).resolve().parent.parent
    manage = [sys.executable, str(root / "manage.py")]
    subprocess.run([*manage, "prepare"], check=True, stdout=sys.stderr)
    process = subprocess.Popen([*manage, "web"], env={**os.environ, "PORT": str(port)})
    try:
        deadline = time.monotonic() + 60
        while time.monotonic() < deadline:
            try:
                if ask(http.client.HTTPConnection("127.0.0.1", port), "/healthz", "")[0] == 200:
                    break
            except OSError:
                time.sleep(0.2)
        yield port, process
    finally:
        process.terminate()
        process.wait()


def ask(
    connection: http.client.HTTPConnection, path: str, cookie: str, **headers: str
) -> tuple[int, bytes]:
    """A GET; `headers` beside the cookie by their names, with _ for -."""
    told = {name.replace("_", "-"): value for name, value in headers.items()}
    connection.request("GET", path, headers={"Cookie": cookie, **told})
    answer = connection.getresponse()
    return answer.status, answer.read()


def together(count: int, person: Callable[[int], None]) -> None:
    """So many people at once, each in a thread; what goes wrong with one is raised here."""
    wrong: list[BaseException] = []

    def live(number: int) -> None:
        try:
            person(number)
        except BaseException as error:
            wrong.append(error)

    people = [threading.Thread(target=live, args=[number]) for number in range(count)]
    for one in people:
        one.start()
    for one in people:
        one.join()
    if wrong:
        raise wrong[0]
