"""The only door to DuckDB and to the evidence lake (DuckLake: Parquet files, catalogue in ours).

One DuckDB instance a process, opened at first use (so after a fork), locked down: it reads and
writes below the lake, the uploads and its own temporary directory, and nothing else.
"""

import importlib.util
import logging
import os
import shutil
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path

import duckdb
import duckdb_extension_ducklake
import duckdb_extension_httpfs
import duckdb_extension_postgres_scanner
from django.conf import settings
from django.db import connection as django_connection

from evidence import catalogue, locks, s3
from evidence.errors import EvidenceError
from evidence.sql import literal
from jobs.reasons import ServiceAway, damage_of

log = logging.getLogger(__name__)

QUERIES = Path(__file__).parent / "queries"
# So few rows at once lie in the catalogue until they are gathered (upkeep.py). Tried: to inline
# costs as much as a file up to here, and a multiple of it from 200 rows on.
INLINED_ROWS = 100

# DuckDB looks for pandas whenever a value is bound. Where there is none, as in an installation,
# that takes 0.2 ms for each value and each element of a list, unless it is told so.
if importlib.util.find_spec("pandas") is None:
    sys.modules["pandas"] = None  # type: ignore[assignment]

Cursor = duckdb.DuckDBPyConnection
Error = duckdb.Error
_opening = threading.RLock()
# (process, database, data path) → the instance; a fork or another database opens its own.
_instances: dict[tuple[int, str, str], Cursor] = {}
_in_use: dict[int, list[Cursor]] = {}  # thread → its open cursors
_keepers: list[Callable[[], None]] = []


class LakeError(EvidenceError):
    """The lake cannot be used."""


class LakeAway(LakeError, ServiceAway):
    """The lake cannot be reached: its catalogue's database went away."""


@contextmanager
def cursor(*, begun: bool = False) -> Iterator[Cursor]:
    """A cursor of this process's instance, standing in the lake. One thread uses it at a time.

    `begun`: in a transaction, which must be ended; the catalogue is asked where it stands once.
    """
    with _noted(_cursor(begun)) as own:
        try:
            yield own
        except duckdb.Error as error:
            if damage_of(error):  # what is kept of its files in memory would outlive their repair
                _forget()
            raise


@contextmanager
def cursor_apart() -> Iterator[Cursor]:
    """A cursor without the lake, for files that are written row after row, in a single thread.

    Where rows keep their order, more threads take turns and cost twice as much.
    """
    with _noted(_instance_apart().cursor()) as own:
        yield own


@contextmanager
def _noted(own: Cursor) -> Iterator[Cursor]:
    """Closed at the end, and known until then to those who end queries."""
    mine = _in_use.setdefault(threading.get_ident(), [])
    mine.append(own)
    try:
        yield own
    finally:
        mine.remove(own)
        own.close()


def end_queries(thread: int) -> None:
    """Ends what this thread's cursors are running: they raise."""
    for own in list(_in_use.get(thread, [])):
        own.interrupt()


@contextmanager
def transaction(message: str = "") -> Iterator[Cursor]:
    """Everything done through this cursor happens as one snapshot of the lake, or not at all.

    It sees the lake as it is now, when it begins.
    """
    with cursor(begun=True) as own:
        try:
            yield own
            if message:
                own.execute("CALL lake.set_commit_message('touchline', ?)", [message])
            own.execute("COMMIT")
        except BaseException:
            with _quietly():
                own.execute("ROLLBACK")
            raise


@cache
def query(name: str) -> str:
    """The text of `queries/<name>.sql`; parameters are bound by name."""
    return (QUERIES / f"{name}.sql").read_text(encoding="utf-8")


def snapshot() -> int:
    """The number of the lake's newest snapshot."""
    with django_connection.cursor() as ours:  # a tenth of the time that DuckLake takes to tell
        ours.execute(f"SELECT max(snapshot_id) FROM {catalogue.SCHEMA}.ducklake_snapshot")
        return int(ours.fetchone()[0])


def never_filled() -> set[str]:
    """Tables that never held a row. To plan a question to one takes DuckLake as long as to count a
    journey's rows in another: it looks for what it knows of the table ten times, in vain."""
    with django_connection.cursor() as ours:
        ours.execute(
            f"SELECT table_name FROM {catalogue.SCHEMA}.ducklake_table "
            "WHERE end_snapshot IS NULL AND table_id NOT IN "
            f"(SELECT table_id FROM {catalogue.SCHEMA}.ducklake_table_stats)"
        )
        return {name for (name,) in ours.fetchall()}


def leave_out_empty(own: Cursor) -> set[str]:
    """To this cursor, tables that were never filled are from now on empty ones in memory."""
    empty = never_filled() & catalogue.TABLES.keys()
    for name in empty:
        own.execute(f"CREATE TEMP TABLE {name} ({catalogue.columns_of(name)})")
    return empty


def ping() -> None:
    """Raises where the catalogue or the files cannot be reached."""
    with cursor() as own:
        own.execute("SELECT 1 FROM waits LIMIT 1").fetchall()


def rows_of(table: str, *, workspace_id: int, import_id: int) -> int:
    """How many rows of this import stand in the lake."""
    with cursor() as own:
        statement = f"SELECT count(*) FROM {known(table)} WHERE workspace_id = ? AND import_id = ?"
        return int(own.execute(statement, [workspace_id, import_id]).fetchall()[0][0])


def delete_import(
    table: str,
    *,
    workspace_id: int,
    import_id: int,
    message: str,
    before_commit: Callable[[], None] = lambda: None,
) -> int:
    """Takes an import's rows out of the lake; returns how many. Call it holding `rewriting`."""
    with transaction(message) as own:
        statement = f"DELETE FROM {known(table)} WHERE workspace_id = ? AND import_id = ?"
        deleted = int(own.execute(statement, [workspace_id, import_id]).fetchall()[0][0])
        before_commit()
        return deleted


def delete_rows(table: str, *, workspace_id: int, import_id: int, after: int, message: str) -> int:
    """The same, of the rows numbered behind `after` only."""
    with transaction(message) as own:
        statement = (
            f"DELETE FROM {known(table)} WHERE workspace_id = ? AND import_id = ? AND row_no > ?"
        )
        return int(own.execute(statement, [workspace_id, import_id, after]).fetchall()[0][0])


def known(table: str) -> str:
    """The table's name, if it is one of ours: names cannot be bound like values."""
    if table not in catalogue.TABLES:
        raise ValueError(f"There is no table of evidence named {table!r}.")
    return table


def before_closing(let_go: Callable[[], None]) -> Callable[[], None]:
    """Who keeps cursors is called first."""
    _keepers.append(let_go)
    return let_go


def close() -> None:
    """Lets go of the catalogue's connections (before a database is dropped, after a fork)."""
    locks.close_idle()
    for let_go in _keepers:
        let_go()
    with _opening:
        for key in [k for k in _instances if k[0] == os.getpid()]:
            with _quietly():
                _instances.pop(key).close()


def data_path() -> str:
    """Where the Parquet files lie: a directory or s3://…, ending in a slash."""
    path = str(settings.LAKE_DATA_PATH)
    return path.rstrip("/") + "/" if s3.is_s3(path) else str(Path(path).resolve()) + "/"


def is_remote() -> bool:
    """Whether the files lie on S3."""
    return s3.is_s3(data_path())


def temp_path() -> Path:
    """DuckDB's own scratch space: one directory a process."""
    return Path(settings.TOUCHLINE_HOME).resolve() / "tmp" / f"duckdb-{os.getpid()}"


def _cursor(begun: bool = False) -> Cursor:
    """A cursor that works: where the database went away meanwhile, through a new instance."""
    for attempt in (1, 2):
        own = instance().cursor()
        try:
            if begun:
                own.execute("BEGIN")
            own.execute("USE lake.main")
            return own
        except duckdb.Error as error:
            own.close()
            _forget()
            if attempt == 2:
                raise LakeAway(f"The evidence lake cannot be reached: {error}") from error
    raise AssertionError("unreachable")


def _key() -> tuple[int, str, str]:
    return os.getpid(), str(django_connection.settings_dict["NAME"]), data_path()


def instance() -> Cursor:
    """This process's instance, of which cursors are made; another one after trouble."""
    found = _instances.get(_key())
    if found is not None:
        return found
    with _opening:
        if _key() not in _instances:
            _instances[_key()] = _open()
        return _instances[_key()]


def _instance_apart() -> Cursor:
    key = (os.getpid(), "", "")
    with _opening:
        if key not in _instances:
            temp_path().mkdir(parents=True, exist_ok=True, mode=0o700)
            made = duckdb.connect(":memory:", config=_options(threads=1))
            _lock_down(made, temp_path())
            _instances[key] = made
        return _instances[key]


def _forget() -> None:
    """Cursors in other threads keep the old instance alive until they are done."""
    with _opening:
        _instances.pop(_key(), None)


def _open() -> Cursor:
    temp = temp_path()
    _clear_away_dead(temp.parent)
    temp.mkdir(parents=True, exist_ok=True, mode=0o700)
    Path(settings.MEDIA_ROOT).mkdir(parents=True, exist_ok=True)
    if not is_remote():
        Path(data_path()).mkdir(parents=True, exist_ok=True)
    instance = duckdb.connect(":memory:", config=_options(settings.LAKE_THREADS))
    try:
        _load_extensions(instance)
        instance.execute("SET GLOBAL TimeZone = 'UTC'")
        with locks.held(locks.initialising()):
            _attach(instance)
        _lock_down(instance, temp)
    except BaseException:
        instance.close()
        raise
    return instance


def _options(threads: int) -> dict[str, str | bool | int | float | list[str]]:
    return {
        "threads": threads,
        "memory_limit": f"{settings.LAKE_MEMORY_MB}MiB",
        "temp_directory": str(temp_path()),
        "autoinstall_known_extensions": False,
        "autoload_known_extensions": False,
    }


def _load_extensions(instance: Cursor) -> None:
    """By path, out of the packages: nothing is downloaded, nothing lands in the home directory."""
    extensions = {
        "postgres_scanner": duckdb_extension_postgres_scanner,
        "ducklake": duckdb_extension_ducklake,
    }
    if is_remote():
        extensions["httpfs"] = duckdb_extension_httpfs
    for name, package in extensions.items():
        folder = Path(package.__path__[0])
        (path,) = folder.glob(f"extensions/v{duckdb.__version__}/{name}.duckdb_extension")
        instance.execute(f"LOAD {literal(str(path))}")


def _attach(instance: Cursor) -> None:
    to = catalogue.address()
    instance.execute(_secret("catalogue", "postgres", to.as_secret()))
    if is_remote():
        instance.execute(_secret("files", "s3", s3.as_secret()))
    options = " ".join(f"{key}={value}" for key, value in to.options.items())
    instance.execute(
        f"ATTACH {literal('ducklake:postgres:' + options)} AS lake ("
        f"DATA_PATH {literal(data_path())}, OVERRIDE_DATA_PATH true, "
        f"METADATA_SCHEMA {literal(catalogue.SCHEMA)}, META_SECRET 'catalogue', "
        f"DATA_INLINING_ROW_LIMIT {INLINED_ROWS})"
    )
    own = instance.cursor()
    own.execute("USE lake.main")
    catalogue.make_tables(own)
    own.close()


def _lock_down(instance: Cursor, temp: Path) -> None:
    media = str(Path(settings.MEDIA_ROOT).resolve()) + "/"
    directories = ", ".join(literal(p) for p in (data_path(), media, str(temp) + "/"))
    instance.execute(f"SET allowed_directories = [{directories}]")
    instance.execute("SET enable_external_access = false")
    instance.execute("SET lock_configuration = true")


def _secret(name: str, kind: str, values: dict[str, str]) -> str:
    pairs = ", ".join(f"{key} {literal(value)}" for key, value in values.items())
    return f"CREATE SECRET {name} (TYPE {kind}, {pairs})"


def _clear_away_dead(folder: Path) -> None:
    """Scratch space of processes that were killed."""
    for path in folder.glob("duckdb-*"):
        pid = path.name.removeprefix("duckdb-")
        if pid.isdigit() and not Path(f"/proc/{pid}").exists() and Path("/proc/self").exists():
            shutil.rmtree(path, ignore_errors=True)


@contextmanager
def _quietly() -> Iterator[None]:
    try:
        yield
    except duckdb.Error as error:
        log.info("The lake did not take leave in order: %s", error)
