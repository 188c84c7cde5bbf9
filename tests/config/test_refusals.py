"""What cannot work is said in a sentence that tells what to do, never in a traceback."""

import os
import shutil
import socket
import subprocess
import sys
from pathlib import Path

import pytest

from config import embedded
from config.embedded import places
from config.ports import require_free_port
from tests.config.conftest import ROOT


def manage(*arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "manage.py", *arguments],
        cwd=ROOT,
        capture_output=True,
        text=True,
        env={**os.environ, **environment},
        timeout=120,
    )


def assert_refused(done: subprocess.CompletedProcess[str], *words: str) -> None:
    assert done.returncode == 1
    assert done.stderr.startswith("Error: ")
    assert "Traceback" not in done.stderr
    for word in words:
        assert word in done.stderr


def test_a_data_directory_of_another_version(spot, hold):
    home = spot / "home"
    hold(home).leave()
    (home / "postgres" / "data" / "PG_VERSION").write_text("17\n")
    said = hold(home).said
    assert said.startswith("Error: ") and "PostgreSQL 17" in said and "backup" in said


def test_a_data_directory_that_is_none(spot, hold):
    home = spot / "home"
    (home / "postgres" / "data").mkdir(parents=True)
    (home / "users.lock").touch()
    assert "not a PostgreSQL data directory" in hold(home).said


def test_a_full_disk(spot, hold):
    disk = spot / "disk"
    disk.mkdir()
    mounted = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=2m,mode=755", "none", str(disk)], capture_output=True
    )
    if mounted.returncode:
        pytest.skip("cannot make a small disk here")
    try:
        said = hold(disk / "home").said
        assert "no space left on the disk" in said
        assert "TOUCHLINE_HOME" in said
    finally:
        # Lazily: a server that was refused the disk may still be on its way out.
        subprocess.run(["umount", "--lazy", str(disk)], check=True)


def test_a_socket_directory_that_others_may_change(spot, hold):
    home = spot / "home"
    sockets = places.socket_directory(home)
    sockets.mkdir()
    sockets.chmod(0o777)
    if os.geteuid() == 0:
        os.chown(sockets, 65534, 65534)
    try:
        said = hold(home).said
        assert said.startswith(f"Error: {sockets} belongs to someone else or may be changed")
        assert sockets.exists() or os.geteuid() != 0  # what is another's is left alone
    finally:
        shutil.rmtree(sockets, ignore_errors=True)


def test_a_database_that_does_not_answer():
    url = "postgresql://someone@127.0.0.1:1/db"
    assert_refused(manage("showmigrations", DATABASE_URL=url), "DATABASE_URL", "refused")


def test_an_address_that_is_none():
    assert_refused(manage("showmigrations", DATABASE_URL="mysql://x/y"), "postgresql://")


def test_a_port_that_is_none():
    assert_refused(manage("check", PORT="99999"), "PORT", "65535")


def test_settings_of_mail_and_links_that_cannot_be_right():
    assert_refused(manage("check", EMAIL_SECURITY="ssl"), "EMAIL_SECURITY", "starttls, tls")
    assert_refused(manage("check", TOUCHLINE_URL="bank.example"), "TOUCHLINE_URL", "https://")


def test_settings_of_s3_that_cannot_be_right():
    on_s3 = {"LAKE_DATA_PATH": "s3://lake/bank"}
    assert_refused(manage("check", **on_s3), "LAKE_DATA_PATH", "AWS_SECRET_ACCESS_KEY")
    known = {"AWS_ACCESS_KEY_ID": "a", "AWS_SECRET_ACCESS_KEY": "b"}
    for wrong in ("s3://", "s3://lake/../other", "gs://lake/bank", "lake"):
        assert_refused(manage("check", LAKE_DATA_PATH=wrong, **known), "LAKE_DATA_PATH", wrong)
    wrong = {"AWS_ENDPOINT_URL": "minio:9000"}
    assert_refused(manage("check", **on_s3, **known, **wrong), "AWS_ENDPOINT_URL", "minio:9000")


def test_a_taken_port():
    with socket.socket() as taken:
        taken.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEPORT, 1)
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        with pytest.raises(embedded.EmbeddedError, match=f"Port {port} .* taken.*PORT="):
            require_free_port("127.0.0.1", port)
    require_free_port("127.0.0.1", port)


def test_help_starts_nothing(spot):
    home = Path(spot, "home")
    for arguments in (["--help"], ["version"], ["migrate", "--help"]):
        assert manage(*arguments, TOUCHLINE_HOME=str(home)).returncode == 0
    assert not (home / "postgres").exists()
