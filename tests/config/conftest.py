"""Homes of their own for tests that start and kill real servers."""

import json
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import pytest

from config import embedded

ROOT = Path(__file__).resolve().parents[2]


class Holder:
    """A separate process that holds a home's services."""

    def __init__(
        self, home: Path, *, before: Sequence[str] = (), environment: dict[str, str] | None = None
    ) -> None:
        self.process = subprocess.Popen(
            [*before, sys.executable, "-m", "tests.config.holder", str(home)],
            cwd=ROOT,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            env={**os.environ, **(environment or {})},
        )
        assert self.process.stdout is not None
        self.said = self.process.stdout.readline().strip()
        self.facts = json.loads(self.said) if self.said.startswith("{") else {}

    def __getitem__(self, name: str):
        assert self.facts, self.said
        return self.facts[name]

    def leave(self) -> int:
        self.process.communicate(timeout=60)
        return self.process.returncode

    def kill(self) -> None:
        self.process.kill()
        for pipe in (self.process.stdin, self.process.stdout):
            assert pipe is not None
            pipe.close()
        self.process.wait()


@pytest.fixture
def spot() -> Iterator[Path]:
    """An empty directory that every user may pass through (pytest's own are closed)."""
    spot = Path(tempfile.mkdtemp(prefix="touchline-spot-"))
    spot.chmod(0o755)
    yield spot
    shutil.rmtree(spot, ignore_errors=True)


@pytest.fixture
def hold(spot: Path) -> Iterator[Callable[..., Holder]]:
    """Starts holders; in the end all are gone, and so are their homes."""
    started: list[tuple[Path, Holder]] = []

    def start(home: Path, **options) -> Holder:
        started.append((home, Holder(home, **options)))
        return started[-1][1]

    yield start
    for _home, holder in started:
        holder.kill()
    for home in {home for home, _ in started}:
        if (home / "users.lock").exists():
            embedded.remove(home)
