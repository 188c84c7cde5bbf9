"""The embedded services: a real PostgreSQL and a real Valkey for every process that asks.

One lock file per home is held shared by every process that uses its services, for as long as it
lives; the kernel lets go of it however a process ends. Whoever leaves and gets the lock
exclusively was the last, and stops the servers. Servers left behind by killed processes are
simply used by the next one.
"""

import atexit
import fcntl
import os
import shutil
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from config.embedded import postgres, rootless, valkey
from config.embedded.errors import EmbeddedError, from_os_error
from config.embedded.places import Addresses, addresses, prepare_home, secret_key, socket_directory
from config.embedded.processes import LIMIT_S

__all__ = [
    "Addresses",
    "EmbeddedError",
    "addresses",
    "ensure_started",
    "release",
    "remove",
    "secret_key",
    "socket_directory",
    "stop",
]

SERVICES = {"postgres": postgres, "valkey": valkey}

_threads = threading.Lock()
_held: dict[Path, int] = {}  # home → descriptor of the shared lock


def ensure_started(home: Path, services: tuple[str, ...] = ("postgres", "valkey")) -> None:
    """Starts what does not run yet, and keeps it running while this process lives."""
    with _threads:
        try:
            prepare_home(home)
            if home not in _held:
                _held[home] = _lock(home / "users.lock", fcntl.LOCK_SH)
                atexit.register(_release_at_exit, home, os.getpid())
            if all(SERVICES[name].is_ready(home) for name in services):
                return
            with _starting(home):
                for name in services:
                    if not SERVICES[name].is_ready(home):
                        SERVICES[name].start(home)
        except OSError as error:
            raise from_os_error(error, home) from error


def release(home: Path) -> None:
    """This process needs the services no longer; the last one to say so stops them."""
    with _threads:
        descriptor = _held.pop(home, None)
        if descriptor is None:
            return
        fcntl.flock(descriptor, fcntl.LOCK_UN)  # also for children that have not closed theirs yet
        os.close(descriptor)
        try:
            last = _open(home / "users.lock")
        except OSError:
            return  # the home is gone
        try:
            fcntl.flock(last, fcntl.LOCK_EX | fcntl.LOCK_NB)
            _stop_all(home)
        except BlockingIOError:
            pass
        finally:
            os.close(last)


def stop(home: Path) -> None:
    """Stops servers that nobody uses any more; refuses while someone does."""
    if not home.exists():
        return
    descriptor = _open(home / "users.lock")
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        _stop_all(home)
    except BlockingIOError:
        raise EmbeddedError(f"The services of {home} are in use; stop Touchline first.") from None
    finally:
        os.close(descriptor)


def remove(home: Path) -> None:
    """Stops the servers and deletes the home with everything in it, wherever it was put."""
    if not home.exists():
        return
    if not (home / "users.lock").exists():
        raise EmbeddedError(f"{home} is not a home of Touchline's; nothing was deleted.")
    stop(home)
    for path in (rootless.existing_place(home), home):
        shutil.rmtree(path, ignore_errors=True)


def _stop_all(home: Path) -> None:
    for service in SERVICES.values():
        service.stop(home)
    sockets = socket_directory(home)
    if sockets.exists() and sockets.lstat().st_uid == os.geteuid():
        shutil.rmtree(sockets, ignore_errors=True)


def _forget_in_child() -> None:
    """A forked child uses the services under its parent's lock, and ends before its parent.

    With a share of its own it would be in the way of the parent that leaves as the last.
    """
    global _threads
    _threads = threading.Lock()
    for descriptor in _held.values():
        os.close(descriptor)
    _held.clear()


os.register_at_fork(after_in_child=_forget_in_child)


def _release_at_exit(home: Path, pid: int) -> None:
    if os.getpid() == pid:
        release(home)


@contextmanager
def _starting(home: Path) -> Iterator[None]:
    descriptor = _lock(home / "starting.lock", fcntl.LOCK_EX)
    try:
        yield
    finally:
        os.close(descriptor)


def _lock(path: Path, kind: int) -> int:
    descriptor = _open(path)
    end = time.monotonic() + 2 * LIMIT_S
    while True:
        try:
            fcntl.flock(descriptor, kind | fcntl.LOCK_NB)
            return descriptor
        except BlockingIOError:
            if time.monotonic() > end:
                os.close(descriptor)
                raise EmbeddedError(
                    f"Another process has been starting or stopping the services of {path.parent} "
                    "for two minutes. Find it (fuser or lsof tells who holds the lock "
                    f"{path}), end it, and start again."
                ) from None
            time.sleep(0.02)


def _open(path: Path) -> int:
    return os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
