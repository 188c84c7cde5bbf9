"""Touchline as its users meet it: web server, worker and scheduler as processes, on a database,
a lake, files and a queue of their own. The tests speak to it through the browser only."""

import json
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psycopg
from django.conf import settings
from psycopg import sql

from tests.config.conftest import ROOT
from tests.config.running import free_port, running, wait_for


@dataclass(frozen=True)
class Account:
    email: str
    password: str


@dataclass(frozen=True)
class Site:
    address: str
    environment: dict[str, str]

    def manage(self, *arguments: str) -> str:
        """What one of our commands prints."""
        done = subprocess.run(
            [sys.executable, "manage.py", *arguments],
            cwd=ROOT,
            env={**os.environ, **self.environment},
            capture_output=True,
            text=True,
            timeout=300,
        )
        assert done.returncode == 0, done.stderr
        return done.stdout

    def new_workspace(self, slug: str, email: str) -> Account:
        said: dict[str, Any] = json.loads(
            self.manage(
                "create_workspace", slug, "--name", slug.title(), "--owner", email, "--json"
            )
        )
        return Account(said["owner"], said["password"])


@contextmanager
def serving() -> Iterator[Site]:
    """The whole of Touchline, ready to be visited; nothing is left of it afterwards."""
    port = free_port()
    with ExitStack() as stack:
        place = Path(tempfile.mkdtemp(prefix="touchline-browser-"))
        stack.callback(shutil.rmtree, place, ignore_errors=True)
        environment = {
            "DATABASE_URL": stack.enter_context(_database()),
            "CELERY_BROKER_URL": _queue(),
            "LAKE_DATA_PATH": str(place / "lake"),
            "TOUCHLINE_FILES": str(place / "files"),
            "TOUCHLINE_OPEN_DEMO": "1",
            "PORT": str(port),
            "WEB_PROCESSES": "1",
            "WORKER_PROCESSES": "1",
        }
        site = Site(f"http://127.0.0.1:{port}", environment)
        site.manage("prepare")
        for name in ("web", "worker", "beat"):
            stack.enter_context(running(name, **environment))
        wait_for(port)
        yield site


@contextmanager
def _database() -> Iterator[str]:
    """An empty database beside the one of the other tests, which empty theirs as they like."""
    at = psycopg.conninfo.conninfo_to_dict(settings.DATABASE_URL)
    name = f"test_touchline_browser_{os.getpid()}"
    with psycopg.connect(**{**at, "dbname": "postgres"}, autocommit=True) as connection:
        drop = sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name))
        connection.execute(drop)
        connection.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)))
        try:
            yield settings.DATABASE_URL.replace(f"/{at['dbname']}?", f"/{name}?")
        finally:
            connection.execute(drop)


def _queue() -> str:
    """Not the queue of the other tests: a worker of ours would take their tasks."""
    before, _, _ = settings.CELERY_BROKER_URL.rpartition("virtual_host=")
    return f"{before}virtual_host={1001 + os.getpid() % 22}"
