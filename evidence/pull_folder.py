"""The folder that files are pulled from: TOUCHLINE_PULL_ROOT/<workspace>/, and never out of it.

Every step goes by an open folder and takes no link, so that nothing put there, nor exchanged
while we look, leads elsewhere.
"""

import errno
import hashlib
import os
import stat
from collections.abc import Iterator
from contextlib import contextmanager
from fnmatch import fnmatchcase
from pathlib import Path
from typing import NamedTuple, NoReturn

from django.conf import settings
from django.utils.translation import gettext as _

from evidence.errors import EvidenceError, FileError

MOST_FILES = 10_000
UNFINISHED = (".part", ".partial", ".tmp", ".temp", ".crdownload", ".filepart", "~")
BLOCK = 1 << 20
GONE = (errno.ENOENT, errno.ENOTDIR, errno.ELOOP)  # moved away, or a link in its place
FOLDER = os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW | os.O_CLOEXEC
FILE = os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC


class Seen(NamedTuple):
    path: str
    size: int
    mtime_ns: int


def check_pattern(pattern: str) -> str:
    """The pattern, where it stays in the folder: names with slashes between, * and ? in them."""
    parts = pattern.split("/")
    bad = any(part in ("", ".", "..") or "**" in part for part in parts)
    if bad or "\\" in pattern or not pattern.isprintable():
        raise EvidenceError(
            _("Expected names with “/” between, such as “queues/waits-*.csv”; no “..”, no “**”.")
        )
    return pattern


def files(slug: str, pattern: str) -> list[Seen]:
    """What lies there and fits, whole files only, by name."""
    found: list[Seen] = []
    with _folder(slug) as base:
        for seen in _walk(base, check_pattern(pattern).split("/"), ""):
            found.append(seen)
            if len(found) > MOST_FILES:
                refuse_too_many()
    return sorted(found)


def refuse_too_many() -> NoReturn:
    raise FileError(
        _("More than %d files fit. Move away what came in, or pull by narrower names.") % MOST_FILES
    )


def copy(slug: str, seen: Seen, to: Path) -> str:
    """Copies the file as it was seen and returns its SHA-256; nothing where it has changed."""
    digest = hashlib.sha256()
    try:
        with _folder(slug) as base, _opened(base, seen.path) as source, to.open("wb") as file:
            if not _is(source, seen):
                return ""
            while block := os.read(source, BLOCK):
                digest.update(block)
                file.write(block)
            return digest.hexdigest() if _is(source, seen) else ""
    except PermissionError:
        raise FileError(_("The file %s may not be read.") % seen.path) from None
    except OSError as error:
        if error.errno in GONE:
            return ""
        raise


def _is(descriptor: int, seen: Seen) -> bool:
    now = os.fstat(descriptor)
    same = (now.st_size, now.st_mtime_ns) == (seen.size, seen.mtime_ns)
    return same and stat.S_ISREG(now.st_mode)


@contextmanager
def _folder(slug: str) -> Iterator[int]:
    root = Path(settings.PULL_ROOT)
    try:
        above = os.open(root, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
        try:
            own = os.open(slug, FOLDER, dir_fd=above)
        finally:
            os.close(above)
    except OSError:
        raise FileError(
            _("There is no folder “%s” below TOUCHLINE_PULL_ROOT, or it may not be read.") % slug
        ) from None
    try:
        yield own
    finally:
        os.close(own)


@contextmanager
def _opened(base: int, path: str) -> Iterator[int]:
    at = os.dup(base)
    try:
        *folders, name = path.split("/")
        for part in folders:
            below = os.open(part, FOLDER, dir_fd=at)
            os.close(at)
            at = below
        found = os.open(name, FILE, dir_fd=at)
    finally:
        os.close(at)
    try:
        yield found
    finally:
        os.close(found)


def _walk(at: int, parts: list[str], before: str) -> Iterator[Seen]:
    with os.scandir(at) as entries:
        fitting = [e for e in entries if fits(e.name, parts[0])]
    for entry in fitting:
        path = before + entry.name
        try:
            if len(parts) == 1:
                if entry.is_file(follow_symlinks=False):
                    told = entry.stat(follow_symlinks=False)
                    yield Seen(path, told.st_size, told.st_mtime_ns)
            elif entry.is_dir(follow_symlinks=False):
                below = os.open(entry.name, FOLDER, dir_fd=at)
                try:
                    yield from _walk(below, parts[1:], path + "/")
                finally:
                    os.close(below)
        except FileNotFoundError:
            continue  # moved away meanwhile


def fits(name: str, part: str) -> bool:
    """Hidden names and those of files still being written never do; nor names not in UTF-8."""
    if name.startswith(".") or name.lower().endswith(UNFINISHED) or not name.isprintable():
        return False
    return fnmatchcase(name, part)
