"""Writes the demo's evidence as three CSV files, as a bank's systems would export them.

Each file has its system's own column names, times and codes, and a little dirt; the mappings
beside it say how to read it.
"""

import csv
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from reports.demo.answers import Answers, answer
from reports.demo.evidence import DAY, SEED, Customers, Passages, clock, draw_waits, simulate
from reports.demo.mappings import (
    BAD_TIMES,
    DUPLICATES,
    HEADERS,
    IGNORED,
    QUESTIONS,
    QUEUE_CODES,
    REJECTED,
    TEST_CUSTOMER,
    TIERS,
    UNKNOWN_CODE,
    UNKNOWN_ROWS,
)
from reports.demo.process import BRANCHES, DAYS, SEGMENTS

Columns = list[list[Any]]


@dataclass(frozen=True)
class Written:
    """A file, how many rows it has, and how many of them are good evidence."""

    kind: str
    path: Path
    rows: int
    accepted: int


def write_files(folder: Path, scale: float = 1.0, seed: int = SEED) -> list[Written]:
    """Generates the evidence and writes `interactions.csv`, `waits.csv` and `responses.csv`."""
    customers, journeys = simulate(scale, seed)
    tables = {
        "interactions": [interaction_columns(customers, p) for p in journeys],
        "waits": [wait_columns(customers, p, seed) for p in journeys],
        "responses": [
            answer_columns(customers, p, given)
            for p in journeys
            for given in answer(customers, p, seed)
        ],
    }
    return [_write(folder, kind, parts) for kind, parts in tables.items()]


def _words(vocabulary: Iterable[str], index: np.ndarray) -> list[str]:
    """The words at these indices; the last one is for −1."""
    return np.array([*vocabulary, ""], dtype=object)[index].tolist()


def _branches(unit: np.ndarray) -> list[str]:
    return _words((branch.code for branch in BRANCHES), unit)


def _numbers(prefix: str, number: np.ndarray) -> list[str]:
    return [f"{prefix}{n}" for n in number.tolist()]


def interaction_columns(customers: Customers, p: Passages) -> Columns:
    spent = np.maximum(p.wait_s, 0) + p.service_s
    result = np.where(p.abandoned, 1, np.where(p.again, 2, 0))
    return [
        clock(p.at).tolist(),
        clock(p.at + spent).tolist(),
        _words((point.code for point in p.points), p.point),
        [p.journey] * len(p.at),
        _numbers("C", 100_000 + p.customer),
        _numbers(p.journey[0].upper(), p.case),
        _words((point.channel for point in p.points), p.point),
        _words(SEGMENTS, customers.segment[p.customer]),
        _branches(p.unit),
        _words(("done", "abandoned", "to repeat"), result),
    ]


def wait_columns(customers: Customers, p: Passages, seed: int) -> Columns:
    """The queues' tickets: our passages, and those of people the queue does not know."""
    rng = np.random.default_rng([seed, 2, len(p.journey)])
    known = p.wait_s >= 0
    parts = [
        (p.at[known], p.point[known], p.unit[known], p.wait_s[known], p.service_s[known],
         p.abandoned[known], p.customer[known])
    ]  # fmt: skip
    for i, place in enumerate(p.points):
        mine = np.flatnonzero(known & (p.point == i))
        if place.queue is None or not place.queue.unknown:
            continue
        like = rng.choice(mine, int(len(mine) * place.queue.unknown))
        at = p.at[like] + rng.integers(-1200, 1200, len(like))
        at = at.clip(0, DAYS * DAY - 1)
        wait, service, left = draw_waits(rng, place, at, p.unit[like], np.ones(len(like)))
        nobody = np.full(len(like), -1)
        parts.append((at, np.full(len(like), i), p.unit[like], wait, service, left, nobody))
    at, point, unit, wait, service, left, who = (
        np.concatenate(column) for column in zip(*parts, strict=True)
    )
    stamps = clock(at)
    tiers = np.where(who >= 0, customers.segment[who], -1)
    return [
        [stamp[:10] for stamp in stamps.tolist()],
        [stamp[11:] for stamp in stamps.tolist()],
        _words((QUEUE_CODES.get(q.code, q.code) for q in p.points), point),
        [f"C{100_000 + n}" if n >= 0 else "0" for n in who.tolist()],
        _words((q.channel for q in p.points), point),
        _words(TIERS, tiers),
        _branches(unit),
        wait.astype(np.int64).tolist(),
        ["" if gone else int(s) for gone, s in zip(left.tolist(), service.tolist(), strict=True)],
        _words(("SERVED", "LEFT"), left.astype(int)),
    ]


def answer_columns(customers: Customers, p: Passages, a: Answers) -> Columns:
    question = next(text for text, metric in QUESTIONS.items() if metric == a.metric)
    return [
        clock(a.at).tolist(),
        _words((point.code for point in p.points), a.point),
        [p.journey] * len(a.at),
        _numbers("C", 100_000 + a.customer),
        _numbers(p.journey[0].upper(), a.case),
        _words((point.channel for point in p.points), a.point),
        _words(SEGMENTS, customers.segment[a.customer]),
        _branches(a.unit),
        [question] * len(a.at),
        a.score.tolist(),
        a.comment,
    ]


Row = list[Any]
PREFIX = {"interactions": "I", "waits": "W", "responses": "R"}


def _write(folder: Path, kind: str, parts: list[Columns]) -> Written:
    rows: list[Row] = sorted(list(row) for part in parts for row in zip(*part, strict=True))
    for number, row in enumerate(rows, 1):
        row.insert(0, f"{PREFIX[kind]}{number:07d}")
    accepted = len(rows) + _soil(kind, rows)
    path = folder / f"{kind}.csv"
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(HEADERS[kind])
        writer.writerows(rows)
    return Written(kind, path, len(rows), accepted)


def _soil(kind: str, rows: list[Row]) -> int:
    """Puts the dirt of real exports among the rows; returns how many of those are good ones."""
    extras = [_rejected(kind, k) for k in range(REJECTED)]
    extras += [{"customer": TEST_CUSTOMER}] * IGNORED
    extras += [{}] * DUPLICATES
    unknown = 0 if kind == "responses" else UNKNOWN_ROWS
    extras += [{"queue" if kind == "waits" else "touchpoint": UNKNOWN_CODE}] * unknown
    step = len(rows) // len(extras)
    # From the back, so that earlier positions stay where they are.
    for k in range(len(extras) - 1, -1, -1):
        copy = list(rows[k * step])
        for column, value in extras[k].items():
            copy[HEADERS[kind].index(column)] = value
        if extras[k]:
            copy[0] = f"{PREFIX[kind]}X{k:05d}"
        rows.insert(k * step + 1, copy)
    return unknown


def _rejected(kind: str, k: int) -> dict[str, Any]:
    """What is wrong with the k-th bad row: an impossible time or an impossible number."""
    bad_time = BAD_TIMES[k % len(BAD_TIMES)]
    if kind == "waits":
        return {"day": bad_time[:10]} if k % 2 else {"waited": ("-14", "-3600")[k // 2 % 2]}
    if kind == "responses":
        return {"answered_at": bad_time} if k % 2 else {"score": ("11", "-1", "99")[k // 2 % 3]}
    return {"started_at": bad_time}
