"""The lake's catalogue in PostgreSQL: its role, its schema, and the tables of evidence.

DuckLake can pass SQL through to PostgreSQL, so it signs in with a role of its own that may use
the schema `lake` and nothing else.
"""

import hashlib
import hmac
import logging
from typing import Any, NamedTuple

import psycopg
from django.conf import settings
from django.db import connection
from psycopg import sql

log = logging.getLogger(__name__)

SCHEMA = "lake"
META = f"__ducklake_metadata_lake.{SCHEMA}"  # the catalogue's own tables, as DuckDB sees them

COMMON = """
    workspace_id BIGINT NOT NULL, import_id BIGINT NOT NULL, row_no BIGINT NOT NULL,
    event_id VARCHAR, occurred_at TIMESTAMP NOT NULL, touchpoint VARCHAR, journey VARCHAR,
    customer UUID, case_id VARCHAR, channel VARCHAR, segment VARCHAR, unit VARCHAR,
    attributes MAP(VARCHAR, VARCHAR)
"""
# Not partitioned: an import writes files of its own, which hold one workspace only, and DuckLake
# skips files by their statistics (docs/adr says what partitioning would cost).
TABLES = {
    "responses": "metric VARCHAR NOT NULL, score DECIMAL(9,3), "
    "weight DECIMAL(18,10) NOT NULL, comment VARCHAR",
    "waits": "wait_ms BIGINT NOT NULL, service_ms BIGINT, outcome VARCHAR NOT NULL, agent VARCHAR",
    "interactions": "outcome VARCHAR, ended_at TIMESTAMP, agent VARCHAR",
}


class Address(NamedTuple):
    """Where the catalogue answers, and as whom."""

    host: str
    port: str
    database: str
    user: str
    password: str
    options: dict[str, str]  # sslmode and the like

    def as_secret(self) -> dict[str, str]:
        """As DuckDB's postgres secret wants it."""
        return {
            "HOST": self.host,
            "PORT": self.port,
            "DATABASE": self.database,
            "USER": self.user,
            "PASSWORD": self.password,
        }


def address() -> Address:
    """The catalogue's address, signed in with the lake's own role where that can be had."""
    own = connection.settings_dict
    main = Address(
        str(own["HOST"] or "localhost"),
        str(own["PORT"] or 5432),
        str(own["NAME"]),
        str(own["USER"]),
        str(own["PASSWORD"]),
        {k: str(v) for k, v in own.get("OPTIONS", {}).items() if k.startswith("ssl")},
    )
    lake = main._replace(user=role_name(main.database), password=_password())
    if _may_sign_in(lake):
        return lake
    try:
        with _connect(main) as db:
            _make_role(db, lake)
        return lake
    except psycopg.errors.InsufficientPrivilege as error:
        log.warning(
            "The evidence lake uses the main database role: it may not make the role %s (%s). "
            "See docs/evidence.md for the two statements that make it by hand.",
            lake.user,
            " ".join(str(error).split()),
        )
        with _connect(main) as db:
            db.execute(sql.SQL("CREATE SCHEMA IF NOT EXISTS {}").format(sql.Identifier(SCHEMA)))
        return main


def connect() -> psycopg.Connection[Any]:
    """To the catalogue itself, as the role that owns it."""
    return _connect(address())


def role_name(database: str) -> str:
    return f"{database}_lake"[:63]


def _password() -> str:
    """Derived, so that every process knows it and none has to store it."""
    key = settings.SECRET_KEY.encode()
    return hmac.new(key, b"touchline lake role", hashlib.sha256).hexdigest()


def _connect(to: Address) -> psycopg.Connection[Any]:
    return psycopg.connect(
        host=to.host,
        port=to.port,
        dbname=to.database,
        user=to.user,
        password=to.password,
        autocommit=True,
        connect_timeout=10,
        **to.options,  # type: ignore[arg-type]
    )


def _may_sign_in(lake: Address) -> bool:
    """Whether the role is there, its password is ours, and the schema is its own."""
    try:
        with _connect(lake) as db:
            row = db.execute(
                "SELECT has_schema_privilege(oid, 'CREATE') FROM pg_namespace WHERE nspname = %s",
                [SCHEMA],
            ).fetchone()
            return bool(row and row[0])
    except psycopg.OperationalError:
        return False


def _make_role(db: psycopg.Connection[Any], lake: Address) -> None:
    role = sql.Identifier(lake.user)
    known = db.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", [lake.user]).fetchone()
    verb = sql.SQL("ALTER ROLE" if known else "CREATE ROLE")
    db.execute(sql.SQL("{} {} LOGIN PASSWORD {}").format(verb, role, sql.Literal(lake.password)))
    db.execute(sql.SQL("GRANT {} TO CURRENT_USER").format(role))
    schema = sql.Identifier(SCHEMA)
    db.execute(sql.SQL("CREATE SCHEMA IF NOT EXISTS {} AUTHORIZATION {}").format(schema, role))
    db.execute(sql.SQL("GRANT ALL ON SCHEMA {} TO {}").format(schema, role))
    # After a restore the catalogue belongs to whoever restored it.
    for (table,) in db.execute(
        "SELECT tablename FROM pg_tables WHERE schemaname = %s AND tableowner <> %s",
        [SCHEMA, lake.user],
    ).fetchall():
        name = sql.Identifier(SCHEMA, table)
        db.execute(sql.SQL("ALTER TABLE {} OWNER TO {}").format(name, role))


def make_tables(cursor: Any) -> None:
    """The three tables of evidence, where they are missing; called under a lock."""
    names = {row[0] for row in cursor.execute("SHOW TABLES").fetchall()}
    for name in TABLES:
        if name not in names:
            cursor.execute(f"CREATE TABLE {name} ({columns_of(name)})")


def columns_of(table: str) -> str:
    """As CREATE TABLE takes them."""
    return f"{COMMON}, {TABLES[table]}"
