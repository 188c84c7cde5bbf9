"""Starting a server so that it outlives its starter, and telling ours from a stranger's."""

import os
import subprocess
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import psutil

LIMIT_S = 60.0


def start_detached(command: Sequence[str], log: Path, user: int, group: int) -> int:
    """Runs a server in its own session, as a child of nobody, writing to a log; its pid.

    Its own session, because Ctrl-C reaches every process of a terminal's; the shell's `&`, so
    that it leaves no zombie with the process that happened to start it.
    """
    with log.open("ab") as output:
        started = subprocess.run(
            ["/bin/sh", "-c", 'exec 3>&1 >&2; "$@" 3>&- & echo $! >&3', "sh", *command],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=output,
            cwd="/",
            start_new_session=True,
            env=clean_environment(),
            check=True,
            **as_user(user, group),
        )
    return int(started.stdout)


def as_user(user: int, group: int) -> dict[str, Any]:
    """Arguments of subprocess.run that give up root; none where we are that user already."""
    if user == os.geteuid():
        return {}
    return {"user": user, "group": group, "extra_groups": []}


def clean_environment() -> dict[str, str]:
    """Without PG… variables, which change what PostgreSQL's programs do."""
    kept = ("PATH", "LANG", "LC_ALL", "TMPDIR")
    return {name: os.environ[name] for name in kept if name in os.environ} | {"TZ": "UTC"}


def is_alive(pid: int) -> bool:
    try:
        return psutil.Process(pid).status() != psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return False


def server_of(pid_file: Path, directory: Path, user: int) -> int | None:
    """The pid a server left in its pid file, if that process still is the server.

    After a crash the number may have gone to anyone; ours works in its data directory.
    """
    try:
        pid = int(pid_file.read_text().split()[0])
    except (OSError, ValueError, IndexError):
        return None
    return pid if works_in(pid, directory, user) else None


def works_in(pid: int, directory: Path, user: int) -> bool:
    try:
        process = psutil.Process(pid)
        if process.status() == psutil.STATUS_ZOMBIE or process.uids().effective != user:
            return False
        return os.path.realpath(process.cwd()) == os.path.realpath(directory)
    except psutil.NoSuchProcess:
        return False
    except psutil.AccessDenied:
        return True  # its user is right; starting a second server would be worse than waiting


def signal_and_wait(pid: int, number: int, seconds: float) -> bool:
    try:
        os.kill(pid, number)
    except ProcessLookupError:
        return True
    return wait_until(lambda: not is_alive(pid), seconds)


def wait_until(condition: Callable[[], bool], seconds: float = LIMIT_S) -> bool:
    end = time.monotonic() + seconds
    pause = 0.005
    while not condition():
        if time.monotonic() > end:
            return False
        time.sleep(pause)
        pause = min(pause * 1.5, 0.1)
    return True


def last_lines(log: Path, count: int = 6) -> str:
    try:
        with log.open("rb") as file:
            file.seek(max(0, file.seek(0, os.SEEK_END) - 4000))
            return "\n".join(file.read().decode(errors="replace").splitlines()[-count:])
    except OSError:
        return ""
