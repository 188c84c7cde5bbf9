"""The contenders: what one would write by hand for the same work, on the same machine."""

import os
from collections.abc import Callable
from pathlib import Path

import duckdb

from benchmarks.rows import PROMISE_S

Run = Callable[[], object]
THREADS = 2
# How an import writes Parquet (evidence/import_files.py).
OPTIONS = "PARQUET_VERSION v2, COMPRESSION snappy, DICTIONARY_SIZE_LIMIT 4096"

WAIT_TYPES = (
    "called_at VARCHAR, queue VARCHAR, customer VARCHAR, segment VARCHAR, unit VARCHAR, "
    "channel VARCHAR, wait BIGINT, talk BIGINT, result VARCHAR"
)
ANSWER_TYPES = (
    "answered_at TIMESTAMP, touchpoint VARCHAR, customer VARCHAR, segment VARCHAR, unit VARCHAR, "
    "channel VARCHAR, question VARCHAR, score BIGINT"
)


def _duckdb() -> duckdb.DuckDBPyConnection:
    return duckdb.connect(config={"threads": THREADS})


# Importing: CSV in, typed columns out. No checks, no hashing of customers, no account of rows.


def duckdb_to_parquet(folder: Path) -> Run:
    """Both files through DuckDB's own CSV reader into Parquet, types detected."""
    return _to_parquet(folder, "", "COMPRESSION snappy", "")


def duckdb_our_settings(folder: Path) -> Run:
    """The same by an import's settings: each cell as text, broken lines set aside, and Parquet
    written as it writes it."""
    read = ", all_varchar=true, store_rejects=true, rejects_limit=0"
    return _to_parquet(folder, read, OPTIONS, "-ours")


def _to_parquet(folder: Path, read: str, options: str, suffix: str) -> Run:
    connection = _duckdb()

    def run() -> None:
        for name in ("waits", "answers"):
            connection.execute(
                f"COPY (SELECT * FROM read_csv('{folder}/{name}.csv'{read})) "
                f"TO '{folder}/{name}{suffix}.parquet' (FORMAT parquet, {options})"
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
        connection.execute(
            f"CREATE TABLE bench_{name} ({types.replace('VARCHAR', 'text')}) "
            "WITH (autovacuum_enabled = off)"  # nor does it run beside whoever comes next
        )

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


# The painful of all, by segment, channel, unit and week: what the figures beside the scores need.
WAITS_BY_SQL = """
SELECT queue, segment, channel, unit, date_trunc('week', {called_at}), count(*),
       sum((wait > {late} OR result = 'lost')::INT)
FROM {waits}
WHERE wait >= 0 AND called_at <> 'soon' AND NOT (result = 'lost' AND wait <= 5)
GROUP BY GROUPING SETS ((queue, segment), (queue, channel), (queue, unit),
                        (queue, date_trunc('week', {called_at})))
"""
ANSWERS_BY_SQL = """
SELECT touchpoint, segment, channel, unit, date_trunc('week', answered_at), count(*),
       sum((score <= CASE question WHEN 'nps' THEN 6 WHEN 'csat' THEN 2 ELSE 3 END)::INT)
FROM {answers}
WHERE score <= 10
GROUP BY GROUPING SETS ((touchpoint, segment), (touchpoint, channel), (touchpoint, unit),
                        (touchpoint, date_trunc('week', answered_at)))
"""


def duckdb_query(folder: Path) -> Run:
    """The measure: bare queries over Parquet files as `duckdb_to_parquet` writes them."""
    connection = _duckdb()
    # Times as times: to parse them again in every query is not what is compared.
    connection.execute(
        f"COPY (SELECT * REPLACE (CASE WHEN called_at <> 'soon' THEN called_at END::TIMESTAMP "
        f"AS called_at) FROM '{folder}/waits.parquet') TO '{folder}/typed.parquet'"
    )
    quantiles = "quantile_cont(wait, [0.5, 0.9, 0.95])"
    names = {"waits": f"'{folder}/typed.parquet'", "answers": f"'{folder}/answers.parquet'"}
    queries = [
        text.replace("called_at <> 'soon'", "called_at IS NOT NULL").format(
            late=PROMISE_S, quantiles=quantiles, called_at="called_at", **names
        )
        for text in (WAITS_SQL, ANSWERS_SQL, WAITS_BY_SQL, ANSWERS_BY_SQL)
    ]

    def run() -> None:
        for query in queries:
            connection.execute(query).fetchall()

    return run


def postgres_query(folder: Path) -> Run:
    """The same queries in PostgreSQL, over the tables of `postgres_copy`."""
    import psycopg

    connection = psycopg.connect(os.environ["BENCH_DATABASE_URL"])
    quantiles = "percentile_cont(ARRAY[0.5, 0.9, 0.95]) WITHIN GROUP (ORDER BY wait)"
    queries = [
        text.format(
            late=PROMISE_S, quantiles=quantiles, called_at="called_at::timestamp",
            waits="bench_waits", answers="bench_answers",
        )
        for text in (WAITS_SQL, ANSWERS_SQL, WAITS_BY_SQL, ANSWERS_BY_SQL)
    ]  # fmt: skip

    def run() -> None:
        for query in queries:
            connection.execute(query).fetchall()

    return run


DIMENSIONS = ["segment", "channel", "unit"]


def pandas_frames(folder: Path) -> Run:
    """pandas: from the CSV files, as an analyst's notebook would."""
    import pandas as pd

    def by_dimensions(frame: "pd.DataFrame", place: str, times: str) -> None:
        frame["week"] = pd.to_datetime(frame[times]).dt.to_period("W")
        for dimension in [*DIMENSIONS, "week"]:
            frame.groupby([place, dimension])["painful"].agg(["size", "sum"])

    def run() -> None:
        columns = ["called_at", "queue", "wait", "result", *DIMENSIONS]
        waits = pd.read_csv(folder / "waits.csv", usecols=columns)
        lost = waits["result"] == "lost"
        offered = (waits["wait"] >= 0) & (waits["called_at"] != "soon")
        offered &= ~(lost & (waits["wait"] <= 5))
        waits["lost"] = lost
        waits["painful"] = lost | (waits["wait"] > PROMISE_S)
        waits = waits[offered]
        by_queue = waits.groupby("queue")
        by_queue.agg({"wait": ["size", "mean"], "painful": "sum", "lost": "sum"})
        by_queue["wait"].quantile([0.5, 0.9, 0.95])
        by_dimensions(waits, "queue", "called_at")
        columns = ["answered_at", "touchpoint", "question", "score", *DIMENSIONS]
        answers = pd.read_csv(folder / "answers.csv", usecols=columns).query("score <= 10")
        answers["square"] = answers["score"] ** 2
        limits = answers["question"].map({"nps": 6, "csat": 2, "ces": 3})
        tops = answers["question"].map({"nps": 9, "csat": 4, "ces": 5})
        answers["painful"] = answers["score"] <= limits
        answers["top"] = answers["score"] >= tops
        answers.groupby(["touchpoint", "question"]).agg(
            {"score": ["size", "sum"], "square": "sum", "painful": "sum", "top": "sum"}
        )
        by_dimensions(answers, "touchpoint", "answered_at")

    return run


def polars_frames(folder: Path) -> Run:
    """Polars, lazily, from the CSV files."""
    os.environ.setdefault("POLARS_MAX_THREADS", str(THREADS))
    import polars as pl

    def by_dimensions(frame: "pl.LazyFrame", place: str, painful: "pl.Expr") -> list:
        return [
            frame.group_by(place, dimension).agg(pl.len(), painful.sum())
            for dimension in (*DIMENSIONS, "week")
        ]

    def run() -> None:
        lost = pl.col("result") == "lost"
        painful = (lost | (pl.col("wait") > PROMISE_S)).alias("painful")
        week = pl.col("at").dt.truncate("1w").alias("week")
        offered = (
            pl.scan_csv(folder / "waits.csv", schema_overrides={"called_at": pl.String})
            .filter(
                (pl.col("wait") >= 0)
                & (pl.col("called_at") != "soon")
                & ~(lost & (pl.col("wait") <= 5))
            )
            .with_columns(pl.col("called_at").str.to_datetime("%Y-%m-%d %H:%M:%S").alias("at"))
            .with_columns(week)
        )
        quantiles = [
            pl.col("wait").quantile(q, interpolation="linear").alias(f"p{q}")
            for q in (0.5, 0.9, 0.95)
        ]
        base = offered.group_by("queue").agg(
            pl.len(), painful.sum(), lost.sum().alias("lost"),
            pl.col("wait").mean().alias("mean"), *quantiles,
        )  # fmt: skip
        pl.collect_all([base, *by_dimensions(offered, "queue", painful)])
        question, score = pl.col("question"), pl.col("score")
        hurt = (score <= question.replace_strict({"nps": 6, "csat": 2, "ces": 3})).alias("painful")
        top = question.replace_strict({"nps": 9, "csat": 4, "ces": 5})
        told = (
            pl.scan_csv(folder / "answers.csv", try_parse_dates=True)
            .filter(score <= 10)
            .with_columns(pl.col("answered_at").alias("at"))
            .with_columns(week)
        )
        base = told.group_by("touchpoint", "question").agg(
            pl.len(), score.sum().alias("sum"), (score * score).sum().alias("square"),
            hurt.sum(), (score >= top).sum().alias("top"),
        )  # fmt: skip
        pl.collect_all([base, *by_dimensions(told, "touchpoint", hurt)])

    return run
