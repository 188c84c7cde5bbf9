"""PostgreSQL does not run as root; Touchline does, also from a closed directory."""

import os
import shutil
from pathlib import Path

import psutil
import pytest

from config.embedded import postgres, processes, rootless
from tests.config.test_embedded import gone, read, write

pytestmark = pytest.mark.skipif(os.geteuid() != 0, reason="needs root")


def modes(directory: Path) -> list[tuple[int, int, int]]:
    return [
        (status.st_mode, status.st_uid, status.st_gid)
        for status in map(Path.stat, [directory, *directory.parents])
    ]


def test_postgres_runs_as_someone_else(spot, hold):
    holder = hold(spot / "home")
    assert psutil.Process(holder["postgres"]).uids().effective != 0


def test_a_home_in_a_closed_directory_keeps_its_data_and_its_permissions(spot, hold):
    closed = spot / "closed"
    closed.mkdir(mode=0o700)
    home = closed / "home"
    before = modes(closed)
    first = hold(home)
    assert modes(closed) == before
    place = Path((home / rootless.NOTE).read_text().strip())
    assert Path(first["data"]) == place / "data"
    assert not place.is_relative_to(closed)
    write(home, "written before")
    assert first.leave() == 0
    hold(home)
    assert read(home) == ["written before"]
    assert modes(closed) == before


def test_a_copied_home_does_not_share_its_originals_database(spot, hold):
    closed = spot / "closed"
    closed.mkdir(mode=0o700)
    hold(closed / "home").leave()
    shutil.copytree(closed / "home", closed / "copy")
    copy = hold(closed / "copy")
    assert "looks like a copy" in copy.said
    (closed / "copy" / rootless.NOTE).unlink()
    assert hold(closed / "copy")["data"]


def test_programs_in_a_closed_directory_are_copied(spot, hold):
    """As in a clone below /root: nobody but root can reach its virtual environment."""
    closed = spot / "closed"
    closed.mkdir(mode=0o700)
    package = rootless.packaged_programs().parents[1]
    site = closed / "site"
    for source in (package, package.with_name(f"{package.name}.libs")):
        shutil.copytree(source, site / source.name, ignore=shutil.ignore_patterns("pginstall"))
    copies = set(rootless.ROOTS[0].glob("postgresql-*"))
    holder = hold(closed / "home", environment={"PYTHONPATH": str(site)})
    program = Path(psutil.Process(holder["postgres"]).exe())
    assert not program.is_relative_to(closed)
    assert postgres.is_ready(closed / "home")
    assert holder.leave() == 0
    assert gone(holder["postgres"])
    for copy in set(rootless.ROOTS[0].glob("postgresql-*")) - copies:
        shutil.rmtree(copy)


needs_setpriv = pytest.mark.skipif(not shutil.which("setpriv"), reason="needs setpriv")
# The interpreter may itself lie in a closed /root: this user may read everything, write nothing.
AS_NOBODY = [
    "setpriv",
    "--reuid=65534",
    "--regid=65534",
    "--clear-groups",
    "--inh-caps=+dac_read_search",
    "--ambient-caps=+dac_read_search",
]


@needs_setpriv
def test_an_unprivileged_user_runs_it_as_well(spot, hold):
    mine = spot / "mine"
    mine.mkdir()
    os.chown(mine, 65534, 65534)
    holder = hold(mine / "home", before=AS_NOBODY)
    for name in ("postgres", "valkey"):
        assert psutil.Process(holder[name]).uids().effective == 65534
    assert holder.leave() == 0
    assert gone(holder["postgres"], holder["valkey"])
    assert not Path(holder["sockets"]).exists()


@needs_setpriv
def test_a_home_that_may_not_be_written_is_refused_in_a_sentence(spot, hold):
    holder = hold(spot / "home", before=AS_NOBODY)
    assert holder.said.startswith("Error: This user may not write to")
    assert "TOUCHLINE_HOME" in holder.said


@needs_setpriv
def test_two_users_of_one_home_do_not_fight(spot, hold):
    owner = hold(spot / "home")
    other = hold(spot / "home", before=AS_NOBODY)
    assert other.said.startswith("Error:")
    assert processes.is_alive(owner["postgres"])
