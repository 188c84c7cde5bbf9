"""The lake's files as files, on a disk or on S3: which there are, what is in them, copies of all.

Paths are those below the lake's place, which the catalogue keeps too: a copy fits any place.
"""

import hashlib
import shutil
from pathlib import Path
from typing import NamedTuple

from evidence import lake
from evidence.s3 import Prefix


class Found(NamedTuple):
    bytes: int
    changed_at: float  # seconds since 1970


def listing() -> dict[str, Found]:
    """Everything that lies there."""
    if lake.is_remote():
        objects = Prefix(lake.data_path()).list()
        return {one.path: Found(one.size, one.changed_at.timestamp()) for one in objects}
    root, found = Path(lake.data_path()), {}
    for path in root.rglob("*"):
        try:
            told = path.stat()
        except FileNotFoundError:
            continue  # deleted meanwhile, as files of ended snapshots are
        if path.is_file():
            found[path.relative_to(root).as_posix()] = Found(told.st_size, told.st_mtime)
    return found


def digest(path: str) -> str:
    """SHA-256 of the file's bytes; empty where it has gone meanwhile."""
    if lake.is_remote():
        sha256 = hashlib.sha256()
        try:
            for block in Prefix(lake.data_path()).read(path):
                sha256.update(block)
        except FileNotFoundError:
            return ""
        return sha256.hexdigest()
    try:
        with (Path(lake.data_path()) / path).open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()
    except FileNotFoundError:
        return ""


def copy_out(folder: Path) -> None:
    """All files into this folder; call it while nobody writes to the lake."""
    if not lake.is_remote():
        shutil.copytree(lake.data_path(), folder)
        return
    folder.mkdir(parents=True)
    prefix = Prefix(lake.data_path())
    for one in list(prefix.list()):
        target = folder / one.path
        target.parent.mkdir(parents=True, exist_ok=True)
        prefix.copy_to(one, target)


def copy_in(folder: Path) -> None:
    """All files from such a folder to where the lake lies now."""
    if not lake.is_remote():
        shutil.copytree(folder, lake.data_path(), dirs_exist_ok=True)
        return
    prefix = Prefix(lake.data_path())
    for path in sorted(folder.rglob("*")):
        if path.is_file():
            prefix.write(path.relative_to(folder).as_posix(), path)
