"""A journey's rows, copied out of the lake into memory while they are few.

To plan a question to the lake takes it dozens of looks into its catalogue, longer than counting the
rows of most journeys. So who has several questions copies the rows once, and puts the same
questions (queries/*.sql) to the copy.
"""

from collections.abc import Mapping

from evidence import lake
from evidence.measures import OUTCOME
from evidence.pinning import Pinned
from evidence.question import Question

# What the questions of measures.py and breakdown.py read.
SHARED = "workspace_id, occurred_at, touchpoint, journey, channel, segment, unit"
COLUMNS = {
    "responses": f"{SHARED}, metric, score, weight",
    "waits": f"{SHARED}, wait_ms, outcome",
    "interactions": f"{SHARED}, customer, case_id",
}
# What those of heard.py read besides.
COMMENTS = {**COLUMNS, "responses": f"{COLUMNS['responses']}, comment, customer, import_id, row_no"}
MOST_ROWS = 300_000  # of one journey in one table; with more, counting is what takes the time

IN_MEMORY = "temp.main"  # a cursor's own, where its names are looked for first

Key = tuple[int, str, tuple[str, ...]]


def key_of(question: Question) -> Key:
    """Workspace, journey and codes: what tells which rows are copied."""
    codes = {code for place in question.places for code in place.raw_codes}
    return question.workspace_id, question.journey, tuple(sorted(codes))


def copy_rows(
    seen: Pinned, to: str, question: Question, columns: dict[str, str] = COLUMNS
) -> dict[str, int] | None:
    """How many rows each table of the schema `to` has now; None, and no table, where too many.

    Of `responses` those about the journey as a whole are told apart (OUTCOME). A table that was
    never filled is left out.
    """
    workspace_id, journey, codes = key_of(question)
    create = "CREATE TEMP TABLE" if to == IN_MEMORY else "CREATE TABLE"
    rows: dict[str, int] = dict.fromkeys(seen.empty, 0)
    if "responses" in rows:
        rows[OUTCOME] = 0
    for table in columns:
        if table in seen.empty:
            continue
        rows[table] = _filled(
            seen.cursor,
            f"{create} {to}.{table} AS SELECT {columns[table]} FROM lake.main.{table} "
            "WHERE workspace_id = ? AND touchpoint IN (SELECT unnest(CAST(? AS VARCHAR[])))",
            [workspace_id, list(codes)],
        )
        if table == "responses":
            rows[OUTCOME] = _filled(
                seen.cursor,
                f"INSERT INTO {to}.{table} SELECT {columns[table]} FROM lake.main.{table} "
                "WHERE workspace_id = ? AND touchpoint IS NULL AND journey = ?",
                [workspace_id, journey],
            )
        if max(rows.values()) > MOST_ROWS:
            for made in rows.keys() & columns.keys() - seen.empty:
                seen.cursor.execute(f"DROP TABLE {to}.{made}")
            return None
    return rows


def empty_in(rows: Mapping[str, int]) -> list[str]:
    """Where the journey has no rows, as measure() takes it."""
    return [table for table, count in rows.items() if not count]


def _filled(cursor: lake.Cursor, statement: str, values: list[object]) -> int:
    found = cursor.execute(f"{statement} LIMIT {MOST_ROWS + 1}", values).fetchall()
    return int(found[0][0])
