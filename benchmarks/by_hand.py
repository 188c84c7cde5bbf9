"""What an import has to do, written by hand in DuckDB for the two files of `rows.py`.

It keeps and refuses the same rows as the import and hashes the same customers, but knows beforehand
which values come up, which columns need no trimming and which checks may fail; it has no job, no
progress, no locks, no lake, no look for an earlier import of the file. So it shows what checks
and hashes cost by themselves.
"""

import os
from collections.abc import Callable
from pathlib import Path

import duckdb

from benchmarks.contenders import OPTIONS, THREADS
from benchmarks.rows import TOUCHPOINTS

Run = Callable[[], object]
FORMAT = "%Y-%m-%d %H:%M:%S"


def _enum(values: list[str]) -> str:
    return f"ENUM({', '.join(repr(value) for value in values)})"


TOUCHPOINT = _enum([f"tp-{n:02}" for n in range(TOUCHPOINTS)])
UNIT = _enum([f"unit-{n}" for n in range(20)])
CHANNEL = _enum([f"channel-{n}" for n in range(5)])
SEGMENT = _enum(["affluent", "mass", "private"])
OUTCOME = _enum(["abandoned", "served"])

# file: (columns, what is read of them, when a row is good, the columns of the Parquet file)
FILES = {
    "waits": (
        "called_at queue customer segment unit channel wait talk result",
        f"""try_strptime(c_called_at, '{FORMAT}') AS moment,
            TRY_CAST(c_queue AS {TOUCHPOINT}) AS queue, c_customer AS customer,
            TRY_CAST(c_segment AS {SEGMENT}) AS segment, TRY_CAST(c_unit AS {UNIT}) AS unit,
            TRY_CAST(c_channel AS {CHANNEL}) AS channel, TRY_CAST(c_wait AS DOUBLE) AS wait,
            TRY_CAST(c_talk AS DOUBLE) AS talk,
            CASE c_result WHEN 'ok' THEN CAST('served' AS {OUTCOME})
                        WHEN 'lost' THEN CAST('abandoned' AS {OUTCOME}) END AS result""",
        """moment IS NOT NULL AND queue IS NOT NULL AND segment IS NOT NULL AND unit IS NOT NULL
           AND channel IS NOT NULL AND wait BETWEEN 0 AND 316224000
           AND talk BETWEEN 0 AND 316224000 AND result IS NOT NULL""",
        "CAST(round(wait * 1000) AS BIGINT) AS wait, CAST(round(talk * 1000) AS BIGINT) AS talk, "
        "result",
    ),
    "answers": (
        "answered_at touchpoint customer segment unit channel question score",
        f"""try_strptime(c_answered_at, '{FORMAT}') AS moment,
            TRY_CAST(c_touchpoint AS {TOUCHPOINT}) AS queue, c_customer AS customer,
            TRY_CAST(c_segment AS {SEGMENT}) AS segment, TRY_CAST(c_unit AS {UNIT}) AS unit,
            TRY_CAST(c_channel AS {CHANNEL}) AS channel,
            TRY_CAST(c_question AS {_enum(["ces", "csat", "nps"])}) AS question,
            TRY_CAST(c_score AS DECIMAL(9,3)) AS score""",
        """moment IS NOT NULL AND queue IS NOT NULL AND segment IS NOT NULL AND unit IS NOT NULL
           AND channel IS NOT NULL AND score >= CASE question WHEN 'nps' THEN 0 ELSE 1 END
           AND score <= CASE question WHEN 'nps' THEN 10 WHEN 'csat' THEN 5
                                      WHEN 'ces' THEN 7 END""",
        "question, score",
    ),
}


def run_by_hand(folder: Path) -> Run:
    """Both files: read, checked, counted, customers hashed, kept as Parquet, the refused as CSV."""
    secret = os.urandom(32)

    def run() -> None:
        for name in FILES:
            _bring(folder, name, secret)

    return run


def _bring(folder: Path, name: str, secret: bytes) -> None:
    columns, read, good, told = FILES[name]
    names = columns.split()
    key = secret.ljust(64, b"\0")
    pads = {"outer": bytes(b ^ 0x5C for b in key), "inner": bytes(b ^ 0x36 for b in key)}
    text = ", ".join(f"'c_{column}': 'VARCHAR'" for column in names)
    cells = ", ".join(f"c_{column}" for column in names)
    db = duckdb.connect(config={"threads": THREADS})
    db.execute(
        f"CREATE TABLE rows AS SELECT * EXCLUDE ({cells}), CASE WHEN NOT is_good THEN [{cells}] "
        f"END AS cells FROM (SELECT *, coalesce({good}, false) AND coalesce(strlen(customer) <= "
        f"500 AND NOT contains(customer, chr(0)), true) AS is_good FROM (SELECT *, {read} FROM "
        f"read_csv('{folder}/{name}.csv', auto_detect=false, header=true, delim=',', quote='\"', "
        f"escape='\"', columns={{{text}}}, store_rejects=true)))"
    )
    db.execute(
        "SELECT is_good, queue, count(*), min(moment), max(moment) FROM rows GROUP BY ALL"
    ).fetchall()
    db.execute(
        "CREATE TABLE customers AS SELECT hash(customer) AS key, CAST(unhex(substring(sha256("
        "CAST($outer AS BLOB) || unhex(sha256(CAST($inner AS BLOB) || encode(customer)))), 1, 32)) "
        "AS UUID) AS hash FROM (SELECT DISTINCT customer FROM rows WHERE is_good)",
        pads,
    )
    db.execute(
        "COPY (SELECT 1 AS import, rows.rowid + 2 AS line, moment, queue, hash AS customer, "
        f"channel, segment, unit, {told} FROM rows LEFT JOIN customers "
        f"ON key = hash(rows.customer) WHERE is_good) TO '{folder}/{name}-by-hand.parquet' "
        f"(FORMAT parquet, {OPTIONS})"
    )
    db.execute(
        f"COPY (SELECT rowid + 2 AS line, cells FROM rows WHERE NOT is_good ORDER BY line) "
        f"TO '{folder}/{name}-by-hand.csv' (FORMAT csv)"
    )
    db.close()
