"""An uploaded event log, made a table once and found again afterwards."""

import hashlib
import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from evidence.logs import ocel, unpacking, xes
from evidence.logs.parts import ABOUT, Parts

XES, OCEL = "xes", "ocel"


@dataclass(frozen=True)
class Log:
    """A log's table: Parquet files, their columns and what these are called, and what is known."""

    kind: str
    files: Path  # with a star
    columns: list[str]
    physical: tuple[str, ...]
    about: dict[str, Any]


def kind_of(head: bytes) -> str:
    """XES, OCEL or nothing, by a file's first bytes (unpacked)."""
    if xes.looks_like_xml(head):
        return XES
    return OCEL if ocel.looks_like_ocel(head.decode("utf-8-sig", "replace")) else ""


def open_log(path: Path, kind: str, case: str, folder: Path) -> Log:
    """The table of this log, made below `folder` unless it is there from an earlier look."""
    mark = hashlib.sha256(f"{kind}:{case}".encode()).hexdigest()[:12]
    home = folder / f"log-{mark}"
    if not (home / ABOUT).exists():
        if kind == XES:
            with Parts(home) as parts:
                parts.finish(xes.read(path, parts))
        else:
            ocel.read(path, home, case)
    about = json.loads((home / ABOUT).read_text(encoding="utf-8"))
    return Log(
        kind=kind,
        files=home / "*.parquet",
        columns=about.pop("columns"),
        physical=tuple(about.pop("physical")),
        about=about,
    )


def first_bytes(path: Path) -> bytes:
    return unpacking.first_bytes(path)
