"""The contenders: what one would write by hand for the same work, on the same machine."""

import os
from collections.abc import Callable
from pathlib import Path

import duckdb

from benchmarks.rows import PROMISE_S

Run = Callable[[], object]
THREADS = 2

WAIT_TYPES = (
    "called_at VARCHAR, queue VARCHAR, customer VARCHAR, segment VARCHAR, unit VARCHAR, "
    "wait BIGINT, talk BIGINT, result VARCHAR"
)
ANSWER_TYPES = (
    "answered_at TIMESTAMP, touchpoint VARCHAR, customer VARCHAR, segment VARCHAR, unit VARCHAR, "
    "question VARCHAR, score BIGINT"
)


def _duckdb() -> duckdb.DuckDBPyConnection:
    return duckdb.connect(config={"threads": THREADS})


# Importing: CSV in, typed columns out. No checks, no hashing of customers, no account of rows.


def duckdb_to_parquet(folder: Path) -> Run:
    """The measure: both files through DuckDB's own CSV reader into Parquet, types detected."""
    connection = _duckdb()

    def run() -> None:
        for name in ("waits", "answers"):
            connection.execute(
                f"COPY (SELECT * FROM read_csv('{folder}/{name}.csv')) "
                f"TO '{folder}/{name}.parquet' (FORMAT parquet, COMPRESSION snappy)"
            )

    return run


def postgres_copy(folder: Path) -> Run:
    """psycopg's COPY of both files into typed tables of the embedded PostgreSQL."""
    import psycopg

    connection = psycopg.connect(os.environ["BENCH_DATABASE_URL"], autocommit=True)
    tables = {"waits": WAIT_TYPES, "answers": ANSWER_TYPES}
    for name, types in tables.items():
        connection.execute(f"DROP TABLE IF EXISTS bench_{name}")
        # The broken times of the waits would stop a COPY: they stay text here.
        connection.execute(f"CREATE TABLE bench_{name} ({types.replace('VARCHAR', 'text')})")

    def run() -> None:
        for name in tables:
            with (
                connection.cursor() as cursor,
                (folder / f"{name}.csv").open("rb") as file,
                cursor.copy(f"COPY bench_{name} FROM STDIN (FORMAT csv, HEADER)") as copy,
            ):
                while block := file.read(1 << 20):
                    copy.write(block)

    return run


# Scoring: the same exact aggregates, written by hand over the same rows, broken ones left out.

WAITS_SQL = """
SELECT queue, count(*), sum((wait > {late} OR result = 'lost')::INT), sum((result = 'lost')::INT),
       avg(wait), {quantiles}
FROM {waits}
WHERE wait >= 0 AND called_at <> 'soon' AND NOT (result = 'lost' AND wait <= 5)
GROUP BY queue
"""
ANSWERS_SQL = """
SELECT touchpoint, question, count(*), sum(score), sum(score * score),
       sum((score <= CASE question WHEN 'nps' THEN 6 WHEN 'csat' THEN 2 ELSE 3 END)::INT),
       sum((score >= CASE question WHEN 'nps' THEN 9 WHEN 'csat' THEN 4 ELSE 5 END)::INT)
FROM {answers}
WHERE score <= 10
GROUP BY touchpoint, question
"""


def duckdb_query(folder: Path) -> Run:
    """The measure: two bare queries over the Parquet files of `duckdb_to_parquet`."""
    connection = _duckdb()
    quantiles = "quantile_cont(wait, [0.5, 0.9, 0.95])"
    waits = WAITS_SQL.format(late=PROMISE_S, quantiles=quantiles, waits=f"'{folder}/waits.parquet'")
    answers = ANSWERS_SQL.format(answers=f"'{folder}/answers.parquet'")

    def run() -> None:
        connection.execute(waits).fetchall()
        connection.execute(answers).fetchall()

    return run


def postgres_query(folder: Path) -> Run:
    """The same two queries in PostgreSQL, over the tables of `postgres_copy`."""
    import psycopg

    connection = psycopg.connect(os.environ["BENCH_DATABASE_URL"])
    quantiles = "percentile_cont(ARRAY[0.5, 0.9, 0.95]) WITHIN GROUP (ORDER BY wait)"
    waits = WAITS_SQL.format(late=PROMISE_S, quantiles=quantiles, waits="bench_waits")
    answers = ANSWERS_SQL.format(answers="bench_answers")

    def run() -> None:
        connection.execute(waits).fetchall()
        connection.execute(answers).fetchall()

    return run


def pandas_frames(folder: Path) -> Run:
    """pandas: from the CSV files, as an analyst's notebook would."""
    import pandas as pd

    def run() -> None:
        waits = pd.read_csv(folder / "waits.csv", usecols=["called_at", "queue", "wait", "result"])
        lost = waits["result"] == "lost"
        offered = (waits["wait"] >= 0) & (waits["called_at"] != "soon")
        offered &= ~(lost & (waits["wait"] <= 5))
        waits["lost"] = lost
        waits["painful"] = lost | (waits["wait"] > PROMISE_S)
        by_queue = waits[offered].groupby("queue")
        by_queue.agg({"wait": ["size", "mean"], "painful": "sum", "lost": "sum"})
        by_queue["wait"].quantile([0.5, 0.9, 0.95])
        answers = pd.read_csv(
            folder / "answers.csv", usecols=["touchpoint", "question", "score"]
        ).query("score <= 10")
        answers["square"] = answers["score"] ** 2
        limits = answers["question"].map({"nps": 6, "csat": 2, "ces": 3})
        tops = answers["question"].map({"nps": 9, "csat": 4, "ces": 5})
        answers["painful"] = answers["score"] <= limits
        answers["top"] = answers["score"] >= tops
        answers.groupby(["touchpoint", "question"]).agg(
            {"score": ["size", "sum"], "square": "sum", "painful": "sum", "top": "sum"}
        )

    return run


def polars_frames(folder: Path) -> Run:
    """Polars, lazily, from the CSV files."""
    os.environ.setdefault("POLARS_MAX_THREADS", str(THREADS))
    import polars as pl

    def run() -> None:
        lost = pl.col("result") == "lost"
        painful = lost | (pl.col("wait") > PROMISE_S)
        (
            pl.scan_csv(folder / "waits.csv", schema_overrides={"called_at": pl.String})
            .filter(
                (pl.col("wait") >= 0)
                & (pl.col("called_at") != "soon")
                & ~(lost & (pl.col("wait") <= 5))
            )
            .group_by("queue")
            .agg(
                pl.len(), painful.sum().alias("painful"), lost.sum().alias("lost"),
                pl.col("wait").mean().alias("mean"),
                *[
                    pl.col("wait").quantile(q, interpolation="linear").alias(f"p{q}")
                    for q in (0.5, 0.9, 0.95)
                ],
            )
            .collect()
        )  # fmt: skip
        question, score = pl.col("question"), pl.col("score")
        limit = question.replace_strict({"nps": 6, "csat": 2, "ces": 3})
        top = question.replace_strict({"nps": 9, "csat": 4, "ces": 5})
        (
            pl.scan_csv(folder / "answers.csv")
            .filter(score <= 10)
            .group_by("touchpoint", "question")
            .agg(
                pl.len(), score.sum().alias("sum"), (score * score).sum().alias("square"),
                (score <= limit).sum().alias("painful"), (score >= top).sum().alias("top"),
            )
            .collect()
        )  # fmt: skip

    return run
