"""The part of Plotly's drawing code that our figures need: a quarter of what the package ships.

The package's file is a chain of modules, `var NAME=W((exports,module)=>{…});`, of which the last
registers every kind of trace. We register ours and keep what is called from there on. Made once
per version of the package, in TOUCHLINE_HOME; the static files' storage hashes and packs it.
"""

import os
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any
from uuid import uuid4

import plotly
from django.conf import settings
from django.contrib.staticfiles.finders import BaseFinder
from django.core.files.storage import FileSystemStorage

TRACES = ("bar", "heatmap")  # beside scatter, which is always there
FOLDER, NAME = "plotly", "plotly.min.js"
_MODULE = re.compile(r";var ([\w$]+)=W\((?:\([\w$,]*\)|[\w$]+)=>\{")
_CALL = re.compile(r"(?<![\w$.])([\w$]+)\(\)")
_REGISTER = re.compile(r"\.register\(\[([\w$(),]+)\]\)")
_INNER = re.compile(r"exports=([\w$]+)\(\)")


class UnknownBundle(Exception):
    """The package's file is not built as expected."""


def cut(source: str, traces: tuple[str, ...] = TRACES) -> str:
    """The drawing code with these kinds of traces, and scatter."""
    starts = list(_MODULE.finditer(source))
    ends = [*(start.start() + 1 for start in starts[1:]), len(source)][: len(starts)]
    modules = {s[1]: source[s.start() + 1 : end] for s, end in zip(starts, ends, strict=True)}
    last = starts[-1][1] if starts else ""
    registered = _REGISTER.search(modules.get(last, ""))
    if registered is None:
        raise UnknownBundle(
            f"Expected the end of plotly.min.js {plotly.__version__} to register the traces; it "
            "is built otherwise. Mend reports/figures/bundle.py, or go back to an earlier Plotly."
        )
    calls = registered[1].split(",")
    wanted = [call for call in calls if _trace_of(call.removesuffix("()"), modules) in traces]
    if len(wanted) != len(traces):
        raise UnknownBundle(f"Expected the traces {traces} in plotly.min.js, found {wanted}.")
    modules[last] = modules[last].replace(registered[1], ",".join(wanted))
    needed = _reached(last, modules)
    kept = (text for name, text in modules.items() if name in needed)
    return source[: starts[0].start() + 1] + "".join(kept)


def _trace_of(name: str, modules: dict[str, str]) -> str:
    inner = _INNER.search(modules.get(name, ""))
    text = modules.get(inner[1], "") if inner else ""
    found = re.search(r'moduleType:"trace",name:"(\w+)"', text)
    return found[1] if found else ""


def _reached(first: str, modules: dict[str, str]) -> set[str]:
    found: set[str] = set()
    waiting = [first]
    while waiting:
        name = waiting.pop()
        if name not in found:
            found.add(name)
            waiting += modules.keys() & set(_CALL.findall(modules[name]))
    return found


def made() -> Path:
    """Where the file lies; written when it is not there for this version."""
    path = Path(settings.TOUCHLINE_HOME) / FOLDER / plotly.__version__ / "-".join(TRACES) / NAME
    if not path.exists():
        source = Path(plotly.__file__).parent / "package_data" / NAME
        path.parent.mkdir(parents=True, exist_ok=True)
        unfinished = path.with_name(f".{uuid4().hex}.part")
        unfinished.write_text(cut(source.read_text(encoding="utf-8")), encoding="utf-8")
        os.replace(unfinished, path)
    return path


@cache
def script() -> str:
    """The file's text, safe to stand inside a script element."""
    return made().read_text(encoding="utf-8").replace("</script", "<\\/script")


class PlotlyFinder(BaseFinder):
    """Gives it to the static files as `plotly/plotly.min.js`."""

    def check(self, **_options: Any) -> list[Any]:
        return []

    def list(self, ignore_patterns: Any) -> Iterator[tuple[str, FileSystemStorage]]:
        storage: Any = FileSystemStorage(location=made().parent)
        storage.prefix = FOLDER
        yield NAME, storage

    def find(self, path: str, find_all: bool = False, **_other: Any) -> Any:
        if path != f"{FOLDER}/{NAME}":
            return []
        return [str(made())] if find_all else str(made())
