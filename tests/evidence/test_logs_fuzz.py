"""Any log the two readers of XES read alike; anything at all becomes a table or a sentence."""

import gzip
import json
import random
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from evidence.errors import EvidenceError
from evidence.logs import opening, parts, unpacking, xes, xes_body
from evidence.mapping import Read
from evidence.reading import open_table
from tests.evidence.logs import LOANS, ORDERS, Trace, cells, ocel, opened
from tests.evidence.logs import xes as written

pytestmark = pytest.mark.django_db
calm = settings(
    max_examples=60,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
letters = st.text(
    st.characters(blacklist_categories=("Cs", "Cc"), blacklist_characters="\ufffe\uffff"),
    max_size=8,
)
values = letters | st.sampled_from(['"', "'", "&", "<>", "]]>", " value=", "/>", "甲 乙", "0"])
keys = st.sampled_from(["concept:name", "time:timestamp", "case", "a", "b", "A", "key=", "é"])
attributes = st.dictionaries(keys, values, min_size=1, max_size=4)
logs = st.lists(
    st.tuples(attributes, st.lists(attributes, min_size=1, max_size=4)), min_size=1, max_size=5
)


@calm
@given(traces=logs, gap=st.sampled_from(["", "\n", " \t"]), unit=st.integers(1, 200))
def test_both_readers_read_alike(
    upload_home: Path, traces: list[Trace], gap: str, unit: int
) -> None:
    text = written(traces, gap=gap)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(xes_body, "UNIT", unit)
        patch.setattr(parts, "PART_CELLS", 10)
        patch.setattr("evidence.logs.xes._Reader.feed", lambda *_: pytest.fail("read slowly"))
        quick = opened(upload_home, text)
        found, about = cells(quick), quick.about
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(xes, "_read_quickly", _irregular)
        slow = opened(upload_home, text)
    assert [set(row.items()) for row in found] == [set(row.items()) for row in cells(slow)]
    assert about["cases"] == slow.about["cases"] == len(traces)
    assert len(found) == sum(len(events) for _told, events in traces)


def _irregular(*_given: Any) -> None:
    raise xes_body.Irregular


def mutated(raw: bytes, seed: int) -> bytes:
    """Some bytes changed, taken out, doubled or moved."""
    chance, made = random.Random(seed), bytearray(raw)
    for _ in range(chance.randint(1, 4)):
        at, size = chance.randrange(len(made)), chance.choice([1, 1, 2, 9, 60])
        piece = made[at : at + size]
        match chance.randrange(5):
            case 0:
                made[at : at + size] = chance.randbytes(len(piece))
            case 1:
                del made[at : at + size]
            case 2:
                made[at:at] = piece * chance.choice([1, 3, 50])
            case 3:
                made[at:at] = chance.choice([b"<", b">", b'"', b"&", b"\0", b"]", b"}", b"<trace>"])
            case _:
                made[at : at + size] = b""
                to = chance.randrange(len(made))
                made[to:to] = piece
        made = made or bytearray(b" ")
    return bytes(made)


@calm
@given(
    seed=st.integers(0, 2**32),
    source=st.sampled_from([written(LOANS), written(LOANS, gap=""), ocel(), json.dumps(ORDERS)]),
    packing=st.sampled_from(["plain", "packed", "damaged"]),
)
def test_anything_is_a_table_or_a_sentence(
    upload_home: Path, seed: int, source: str, packing: str
) -> None:
    raw = source.encode()
    if packing == "damaged":
        raw = mutated(gzip.compress(raw, mtime=0), seed)
    else:
        raw = mutated(raw, seed)
        raw = gzip.compress(raw, mtime=0) if packing == "packed" else raw
    path = upload_home / f"given-{seed}"
    path.write_bytes(raw)
    try:
        table = open_table(path, Read(), upload_home)
        table.forget_copy()
    except EvidenceError as error:
        assert str(error)
        return
    for home in upload_home.glob("log-*"):
        for file in home.iterdir():
            file.unlink()
        home.rmdir()


@calm
@given(seed=st.integers(0, 2**32))
@example(seed=2441600)  # another processing instruction before the log
def test_the_quick_reader_takes_nothing_a_parser_refuses(upload_home: Path, seed: int) -> None:
    """Where a damaged file passes as regular, the real parser must find the same in it."""
    path = upload_home / "damaged"
    path.write_bytes(mutated(written(LOANS).encode(), seed))
    with parts.Parts(upload_home / "quick") as quick:
        try:
            xes._read_quickly(path, quick)
        except (xes_body.Irregular, EvidenceError):
            return
    with parts.Parts(upload_home / "slow") as slow:
        reader = xes._Reader(slow)
        for piece in unpacking.pieces(path):
            reader.feed(piece)
        reader.close()
        assert slow.rows == quick.rows
        assert slow.columns.names == quick.columns.names
        assert opening.kind_of(path.read_bytes()) == opening.XES
