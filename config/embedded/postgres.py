"""The embedded PostgreSQL: made, started, found again, stopped."""

import os
import shutil
import signal
import subprocess
from pathlib import Path

import psutil
import psycopg

from config.embedded.errors import EmbeddedError
from config.embedded.places import (
    DATABASE,
    ROLE,
    make_directory,
    postgres_socket,
    prepare_sockets,
    write_file,
)
from config.embedded.processes import (
    as_user,
    clean_environment,
    is_alive,
    last_lines,
    server_of,
    signal_and_wait,
    start_detached,
    wait_until,
    works_in,
)
from config.embedded.rootless import (
    MAJOR,
    Installation,
    current_user_name,
    existing_place,
    installation,
)

# For a laptop that does other things too; durable (fsync stays on).
TUNING = """\
max_connections = 300
shared_buffers = 128MB
effective_cache_size = 1GB
work_mem = 16MB
maintenance_work_mem = 128MB
max_wal_size = 1GB
wal_compression = on
random_page_cost = 1.1
jit = off
timezone = 'UTC'
log_timezone = 'UTC'
log_checkpoints = off
# What people wrote belongs neither in the log nor in old write-ahead files.
log_min_error_statement = panic
log_error_verbosity = terse
wal_recycle = off
"""
LOG_BYTES = 10 * 2**20


def is_ready(home: Path, database: str = DATABASE) -> bool:
    """Ready means: a connection works."""
    try:
        connect(home, database).close()
    except psycopg.OperationalError:
        return False
    return True


def connect(home: Path, database: str = DATABASE) -> psycopg.Connection:
    return psycopg.connect(
        host=str(postgres_socket(home).parent),
        port=5432,
        user=ROLE,
        dbname=database,
        connect_timeout=5,
        autocommit=True,
    )


def start(home: Path) -> None:
    """Only to be called by the one process that holds the home's starting lock."""
    found = installation(home)
    _make_cluster(found)
    _refuse_other_version(found.place)
    prepare_sockets(home, found.account.uid)
    _configure(home, found)
    if not _take_over(home, found):
        _launch(home, found)
    _make_database(home)


def stop(home: Path) -> None:
    place = existing_place(home)
    data = place / "data"
    if not data.exists():
        return
    pid = server_of(data / "postmaster.pid", data, data.stat().st_uid)
    # Fast: open sessions are ended, the data is flushed. Immediate: as after a power cut.
    if pid and not signal_and_wait(pid, signal.SIGINT, 30):
        signal_and_wait(pid, signal.SIGQUIT, 10)


def _make_cluster(found: Installation) -> None:
    place, account = found.place, found.account
    make_directory(place, 0o700 if account.uid == os.geteuid() else 0o711)
    make_directory(place / "conf", 0o755)
    if (place / "data").exists():
        return
    fresh = place / "data.new"  # so that an interrupted attempt is never taken for a database
    if fresh.exists():
        shutil.rmtree(fresh)
    make_directory(fresh, 0o700, account.uid)
    done = subprocess.run(
        [
            str(found.programs / "initdb"),
            f"--pgdata={fresh}",
            f"--username={ROLE}",
            "--auth=peer",
            "--encoding=UTF8",
            "--locale-provider=builtin",
            "--builtin-locale=C.UTF-8",
            "--locale=C",
            "--no-instructions",
        ],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        errors="replace",
        cwd="/",
        env=clean_environment(),
        **as_user(account.uid, account.gid),
    )
    if done.returncode:
        raise _explained(done.stdout, place)
    fresh.rename(place / "data")


def _refuse_other_version(place: Path) -> None:
    try:
        version = (place / "data" / "PG_VERSION").read_text().strip()
    except FileNotFoundError:
        raise EmbeddedError(
            f"{place / 'data'} is not a PostgreSQL data directory (it has no PG_VERSION). "
            "Move it away to begin with an empty database, or restore it from a backup."
        ) from None
    if version != str(MAJOR):
        raise EmbeddedError(
            f"The database in {place / 'data'} was made by PostgreSQL {version}; this Touchline "
            f"runs PostgreSQL {MAJOR}. Start it once with the Touchline that made it and take "
            f"`manage.py backup`, then move the directory away and `manage.py restore`."
        )


def _configure(home: Path, found: Installation) -> None:
    conf = found.place / "conf"
    data = str(found.place / "data").replace("\\", "\\\\").replace("'", "''")
    settings = (
        f"data_directory = '{data}'\n"
        f"listen_addresses = ''\n"
        f"unix_socket_directories = '{postgres_socket(home).parent}'\n"
        f"unix_socket_permissions = 0700\n{TUNING}"
    )
    write_file(conf / "postgresql.conf", settings, 0o644)
    # Who may connect is settled by the kernel: this system user and nobody else, as any role.
    write_file(conf / "pg_hba.conf", "local all all peer map=owner\n", 0o644)
    write_file(conf / "pg_ident.conf", f'owner "{current_user_name()}" all\n', 0o644)


def _take_over(home: Path, found: Installation) -> bool:
    """Uses a living server of an earlier parent; clears away what a dead one left."""
    data, uid = found.place / "data", found.account.uid
    pid_file, socket = data / "postmaster.pid", postgres_socket(home)
    pid = server_of(pid_file, data, uid)
    if pid is None:
        wait_until(lambda: not _has_orphans(data, uid), 10)
        # PostgreSQL clears stale files itself, unless their number has gone to someone else.
        for stale in (pid_file, socket.with_name(f"{socket.name}.lock")):
            stale.unlink(missing_ok=True)
        return False
    # A server that starts up has no socket yet; one whose socket was swept away never will.
    if not wait_until(lambda: socket.exists() or not is_alive(pid), 3):
        signal_and_wait(pid, signal.SIGINT, 30)
    if wait_until(lambda: is_ready(home, "postgres") or not is_alive(pid), 30) and is_alive(pid):
        return True
    if is_alive(pid):
        raise EmbeddedError(
            f"PostgreSQL (process {pid}) runs on {data} but does not answer. "
            f"Its last words, in {found.place / 'server.log'}:\n"
            + last_lines(found.place / "server.log")
        )
    return False


def _has_orphans(data: Path, uid: int) -> bool:
    """Server processes of a killed postmaster take a moment to notice that it is gone."""
    return any(
        process.info["name"] == "postgres" and works_in(process.pid, data, uid)
        for process in psutil.process_iter(["name"])
    )


def _launch(home: Path, found: Installation) -> None:
    log = found.place / "server.log"
    if log.exists() and log.stat().st_size > LOG_BYTES:
        log.replace(log.with_suffix(".log.1"))
    beginning = log.stat().st_size if log.exists() else 0
    pid = start_detached(
        [str(found.programs / "postgres"), "-D", str(found.place / "conf")],
        log,
        found.account.uid,
        found.account.gid,
    )
    wait_until(lambda: is_ready(home, "postgres") or not is_alive(pid))
    if is_ready(home, "postgres"):
        return
    with log.open("rb") as file:
        file.seek(beginning)
        raise _explained(file.read().decode(errors="replace"), found.place)


def _make_database(home: Path) -> None:
    with connect(home, "postgres") as connection:
        known = connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [DATABASE])
        if known.fetchone() is None:
            connection.execute(f"CREATE DATABASE {DATABASE}")


def _explained(output: str, place: Path) -> EmbeddedError:
    if "No space left on device" in output or "Disk quota exceeded" in output:
        return EmbeddedError(
            f"There is no space left on the disk that holds {place}, so PostgreSQL cannot start. "
            "Free some space, or set TOUCHLINE_HOME to a directory on another disk."
        )
    if "Permission denied" in output:
        reason = "PostgreSQL may not read or write its own files; their owner was changed"
    else:
        reason = "PostgreSQL did not start"
    return EmbeddedError(f"{reason} ({place}). It said:\n" + "\n".join(output.splitlines()[-6:]))
