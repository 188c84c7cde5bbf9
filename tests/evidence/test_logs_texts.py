"""Columns of text come out of the Parquet file as they went in, whatever their length."""

from pathlib import Path

import duckdb
import numpy as np
import pytest

from evidence import lake
from evidence.logs import parts, texts

pytestmark = pytest.mark.django_db
WORDS = [
    "",
    "a",
    "签约",
    "x" * 11,
    "x" * 12,
    "x" * 13,
    "é" * 6,
    "é" * 7,
    "长" * 40,
    "y" * 5_000,
    "",
]


def written(folder: Path, names: dict[int, str], chunks: list[parts.Chunk]) -> list[tuple[str]]:
    path = folder / "part.parquet"
    with lake.cursor_apart() as cursor:
        parts.copy_out(cursor, names, chunks, path)
    with duckdb.connect() as own:
        return own.execute(f"SELECT * FROM read_parquet('{path}')").fetchall()


def test_texts_of_every_length(upload_home: Path) -> None:
    rows = [{0: word, 1: word[::-1]} for word in WORDS]
    found = written(upload_home, {0: "a", 1: "b"}, [parts.chunk_of(rows)])
    assert found == [(word or None, word[::-1] or None) for word in WORDS]


def test_chunks_of_other_columns_and_none(upload_home: Path) -> None:
    chunks = [
        parts.chunk_of([{0: "a"}, {1: "a text of more than twelve"}]),
        parts.chunk_of([]),
        parts.chunk_of([{}, {1: "b", 0: "another, also longer"}]),
    ]
    found = written(upload_home, {0: "a", 1: "b", 7: "c"}, chunks)
    assert found == [
        ("a", None, None),
        (None, "a text of more than twelve", None),
        (None, None, None),
        ("another, also longer", "b", None),
    ]
    assert written(upload_home, {0: "a"}, [parts.chunk_of([])]) == []


def test_a_column_of_two_buffers(upload_home: Path) -> None:
    first, buffer = texts.of([b"in the first buffer", b"short"])
    second, other = texts.of([b"in the second buffer"], number=1)
    chunk = parts.Chunk(3, {0: np.append(second, first)}, (buffer, other))
    assert written(upload_home, {0: "a"}, [chunk]) == [
        ("in the second buffer",), ("in the first buffer",), ("short",),
    ]  # fmt: skip
    assert [texts.read(cell, chunk.buffers) for cell in chunk.columns[0]] == [
        b"in the second buffer", b"in the first buffer", b"short",
    ]  # fmt: skip


def test_of_several_cells_for_one_place_the_last_counts() -> None:
    cells, buffer = texts.of([b"a", b"b", b"c"])
    column = texts.placed(3, np.array([0, 2, 2]), cells)
    assert [texts.read(cell, (buffer,)) for cell in column] == [b"a", b"", b"c"]


def test_the_instance_apart_has_no_lake_and_stays_below_the_uploads(tmp_path: Path) -> None:
    with lake.cursor_apart() as cursor:
        assert cursor.execute("SELECT current_setting('threads')").fetchall() == [(1,)]
        with pytest.raises(duckdb.Error, match="lake"):
            cursor.execute("SELECT * FROM lake.waits")
        with pytest.raises(duckdb.PermissionException):
            cursor.execute(f"COPY (SELECT 1) TO '{tmp_path}/x.parquet' (FORMAT parquet)")
