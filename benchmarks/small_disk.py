"""A small disk for one command: a tmpfs that it and its children see, nobody else, and that is
gone with them.

`python -m benchmarks.small_disk DIRECTORY MEGABYTES COMMAND…` becomes COMMAND. Who may not mount
anything (Linux with user namespaces, or root) is told so, with the status NOT_HERE.
"""

import ctypes
import os
import subprocess
import sys
from pathlib import Path

NOT_HERE = 77
NEW_MOUNTS, NEW_USER = 0x00020000, 0x10000000  # CLONE_NEWNS, CLONE_NEWUSER
PRIVATE = 0x4000 | 1 << 18  # MS_REC | MS_PRIVATE
ROOT = Path(__file__).resolve().parent.parent


def small_disk(place: Path, megabytes: int, command: list[str]) -> list[str]:
    """The command with `place`, a directory, on a disk of its own; to be run in the repository."""
    this = [sys.executable, "-m", "benchmarks.small_disk"]
    return [*this, str(place), str(megabytes), *command]


def why_not(place: Path) -> str:
    """Why no disk can be had at this place; empty where it can."""
    tried = subprocess.run(
        small_disk(place, 1, [sys.executable, "-c", ""]),
        cwd=ROOT, capture_output=True, text=True, check=False,
    )  # fmt: skip
    return tried.stderr.strip() or "?" if tried.returncode else ""


def mount(place: str, megabytes: int) -> None:
    """From here on this process and those it starts have that disk there."""
    user, group = os.geteuid(), os.getegid()
    try:
        _call("unshare", NEW_MOUNTS)
    except PermissionError:
        _call("unshare", NEW_USER | NEW_MOUNTS)
        Path("/proc/self/setgroups").write_text("deny")
        Path("/proc/self/uid_map").write_text(f"{user} {user} 1")
        Path("/proc/self/gid_map").write_text(f"{group} {group} 1")
    _call("mount", b"none", b"/", None, PRIVATE, None)
    options = f"size={megabytes}m,mode=0755".encode()
    _call("mount", b"tmpfs", os.fsencode(place), b"tmpfs", 0, options)


def _call(name: str, *values: object) -> None:
    libc = ctypes.CDLL(None, use_errno=True)
    if getattr(libc, name)(*values):
        number = ctypes.get_errno()
        raise OSError(number, f"{name}: {os.strerror(number)}")


def main(place: str, megabytes: str, *command: str) -> None:
    try:
        mount(place, int(megabytes))
    except (OSError, AttributeError) as error:
        print(f"No disk can be mounted here: {error}", file=sys.stderr)
        raise SystemExit(NOT_HERE) from None
    os.execvp(command[0], command)


if __name__ == "__main__":
    main(*sys.argv[1:])
