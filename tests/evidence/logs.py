"""Small event logs, made for the tests."""

import gzip
import json
from pathlib import Path
from typing import Any
from xml.sax.saxutils import quoteattr

import duckdb

from evidence.logs import opening
from evidence.logs.opening import Log
from evidence.logs.unpacking import first_bytes

Attributes = dict[str, str]
Trace = tuple[Attributes, list[Attributes]]

EVENTS: dict[str, Any] = {
    "kind": "interactions",
    "fields": {
        "occurred_at": {"column": "time"},
        "touchpoint": {"column": "activity"},
        "case_id": {"column": "case"},
    },
}


def step(activity: str, at: str, **more: str) -> Attributes:
    return {"concept:name": activity, "time:timestamp": at, **more}


LOANS: list[Trace] = [
    (
        {"concept:name": "A1", "AMOUNT": "5000", "channel": "app"},
        [
            step("apply", "2024-05-01T09:00:00.000+02:00", **{"lifecycle:transition": "start"}),
            step("apply", "2024-05-01T09:05:00.000+02:00", **{"lifecycle:transition": "complete"}),
            step("签约", "2024-05-02T08:00:00Z", **{"lifecycle:transition": "complete"}),
        ],
    ),
    (
        {"concept:name": "A2", "AMOUNT": "70", "channel": "branch"},
        [
            step("apply", "2024-05-03T10:00:00", **{"org:resource": "O'Neil & <Söhne>"}),
            step("decline", "2024-05-04T10:00:00.5-05:00", **{"lifecycle:transition": "complete"}),
        ],
    ),
]


def tag(key: str, value: str) -> str:
    kind = "date" if key == "time:timestamp" else "string"
    quote = {'"': "&quot;"}
    return f"<{kind} key={quoteattr(key, quote)} value={quoteattr(value, quote)}/>"


def xes(traces: list[Trace], head: str = "", gap: str = "\n  ") -> str:
    made = ["<?xml version='1.0' encoding='UTF-8' ?>", f"<log>{head}"]
    for told, events in traces:
        made += ["<trace>", *(tag(*pair) for pair in told.items())]
        for event in events:
            made += ["<event>", *(tag(*pair) for pair in event.items()), "</event>"]
        made.append("</trace>")
    return gap.join([*made, "</log>"])


def opened(folder: Path, content: str | bytes, case: str = "") -> Log:
    """The log as a table, made in this folder anew."""
    path = folder / "log"
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    for home in folder.glob("log-*"):
        for file in home.iterdir():
            file.unlink()
        home.rmdir()
    kind = opening.kind_of(first_bytes(path))
    assert kind, "not recognised as an event log"
    return opening.open_log(path, kind, case, folder)


def cells(log: Log) -> list[dict[str, str]]:
    """The table's rows without what is empty."""
    names = ", ".join(f'"{name}"' for name in log.physical)
    with duckdb.connect() as own:
        rows = own.execute(
            f"SELECT {names} FROM read_parquet('{log.files}', union_by_name=true)"
        ).fetchall()
    return [
        {name: cell for name, cell in zip(log.columns, row, strict=True) if cell is not None}
        for row in rows
    ]


def packed(text: str) -> bytes:
    return gzip.compress(text.encode(), mtime=0)


ORDERS: dict[str, Any] = {
    "objectTypes": [{"name": "order", "attributes": []}, {"name": "item", "attributes": []}],
    "eventTypes": [{"name": "place", "attributes": []}, {"name": "ship", "attributes": []}],
    "events": [
        {
            "id": "e1", "type": "place", "time": "2024-05-01T09:00:00Z",
            "attributes": [{"name": "channel", "value": "app"}, {"name": "price", "value": 9.5}],
            "relationships": [
                {"objectId": "o1", "qualifier": "order"}, {"objectId": "i1", "qualifier": "item"},
                {"objectId": "i2", "qualifier": "item"},
            ],
        },
        {
            "id": "e2", "type": "ship", "time": "2024-05-02T09:00:00+02:00",
            "relationships": [{"objectId": "i1"}, {"objectId": "o1"}, {"objectId": "o2"}],
        },
        {"id": "e3", "type": "盘点", "time": "2024-05-03T09:00:00Z", "relationships": []},
    ],
    "objects": [
        {"id": "o1", "type": "order"}, {"id": "o2", "type": "order"},
        {"id": "i1", "type": "item"}, {"id": "i2", "type": "item"},
    ],
}  # fmt: skip


def ocel(document: Any = None) -> str:
    return json.dumps(ORDERS if document is None else document, ensure_ascii=False)
