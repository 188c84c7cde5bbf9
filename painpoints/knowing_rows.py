"""The rows behind a number: read at its run's snapshot, with its run's scope and parameters."""

import csv
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from hashlib import sha256
from typing import Any
from zoneinfo import ZoneInfo

from django.core.cache import cache
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.csv_cells import BOM, cell
from evidence import rows, snapshots
from evidence.models import Import
from evidence.question import Question
from evidence.rows import Account, Row, Wanted
from evidence.scope import Scope
from painpoints.knowing import Number, expected
from painpoints.knowing_counts import part_text
from painpoints.parameters import question_of

PER_PAGE = 25
KEPT_S = 24 * 3600
CLOSE_ENOUGH = 1e-9
FIRST = ("occurred_at", "code")
LAST = ("channel", "segment", "unit", "customer", "case_id", "painful", "counts", "import_id",
        "row_no")  # fmt: skip


@dataclass(frozen=True)
class From:
    """One import that rows come from; `source` is empty where it is known no longer."""

    pk: int
    source: str
    n: int
    counting: int


@dataclass(frozen=True)
class Behind:
    """What the rows behind a number add up to, counted again; None where they are gone."""

    account: Account
    imports: tuple[From, ...]
    agrees: bool | None  # None where the run stored nothing to compare with


@dataclass(frozen=True)
class Page:
    rows: list[Row]
    number: int
    pages: int
    total: int
    first: int
    last: int

    @property
    def previous(self) -> int:
        return self.number - 1

    @property
    def next(self) -> int:
        return self.number + 1


def question(number: Number) -> Question:
    run = number.run
    return question_of(run.workspace_id, Scope.from_json(run.scope), run.parameters)


def behind(number: Number) -> Behind:
    """Raises SnapshotGone where the run's snapshot ended."""
    wanted = _wanted(number)
    key = f"know-behind:{number.run.pk}:{hash_of(number)}"
    if not snapshots.is_kept(number.run.snapshot):
        cache.delete(key)
        raise snapshots.SnapshotGone(gone_words())
    kept: tuple[Account, list[tuple[int, int, int]]] | None = cache.get(key)
    if kept is None:
        with snapshots.at(number.run.snapshot) as cursor:
            asked = question(number)
            kept = (
                rows.account(cursor, asked, wanted),
                rows.imports(cursor, asked, wanted),
            )
        cache.set(key, kept, KEPT_S)
    account, imports = kept
    return Behind(account, tuple(_named(number, imports)), _agrees(number, account))


def page_of(number: Number, *, page: int, painful_only: bool, account: Account) -> Page:
    """Pages count from 1; one that does not exist is the nearest that does."""
    total = account.painful if painful_only else account.rows
    pages = max(1, -(-total // PER_PAGE))
    page = min(max(1, page), pages)
    offset = (page - 1) * PER_PAGE
    with snapshots.at(number.run.snapshot) as cursor:
        found = rows.some(
            cursor, question(number), _wanted(number),
            painful_only=painful_only, offset=offset, limit=PER_PAGE,
        )  # fmt: skip
    return Page(found, page, pages, total, min(offset + 1, total), offset + len(found))


def csv_lines(number: Number, *, painful_only: bool) -> Iterator[str]:
    """Where the rows come from, one fact a line; then all of them, exact, as they are read."""
    wanted, zone = _wanted(number), number.run.workspace.zone
    writer = csv.writer(_Echo())
    names = (*FIRST, *rows.COLUMNS[wanted.kind], *LAST)
    with snapshots.at(number.run.snapshot) as cursor:
        yield BOM + "".join(
            writer.writerow([f"# {name}", cell(value)])
            for name, value in facts_of(number, painful_only)
        )
        yield writer.writerow(names)
        for row in rows.every(cursor, question(number), wanted, painful_only=painful_only):
            yield writer.writerow([cell(exact(name, row[name], zone)) for name in names])


def exact(name: str, value: Any, zone: ZoneInfo) -> Any:
    """For programs: times with their offset from UTC, customers by their short names."""
    if name == "customer":
        return rows.pseudonym(value)
    if isinstance(value, datetime):
        return local(value, zone)
    return value


def local(value: datetime, zone: ZoneInfo) -> datetime:
    """The lake keeps times in UTC; people read them in the workspace's zone."""
    return value.replace(tzinfo=UTC).astimezone(zone)


def facts_of(number: Number, painful_only: bool = False) -> list[tuple[str, Any]]:
    """The provenance of a download; keys stay English, as the columns do."""
    run, scope = number.run, Scope.from_json(number.run.scope)
    x_n = expected(number)
    return [
        ("touchline", f"{number.name} · {number.place}"),
        ("workspace", run.workspace.name),
        ("journey", run.journey.name),
        ("figure", number.figure),
        ("touchpoint", number.code or None),
        ("metric", number.metric or None),
        ("part", part_text(run, number.part) if number.part else None),
        ("value", number.shown.value),
        ("x", x_n[0] if x_n else None),
        ("n", x_n[1] if x_n else number.shown.n),
        ("rows", "painful only" if painful_only else "all"),
        ("scope", scope.describe()),
        ("run", run.pk),
        ("formula", run.formula),
        ("snapshot", run.snapshot),
        ("evidence revision", run.evidence_revision),
        ("scored at", run.finished_at),
        ("made at", timezone.now()),
    ]


def gone_words() -> str:
    return _("The run keeps its numbers; its rows are gone.")


def hash_of(number: Number) -> str:
    """Names the rows of a number within its run, for the cache."""
    wanted = _wanted(number)
    parts = (wanted.kind, wanted.code, *wanted.metrics, wanted.counted, wanted.among,
             wanted.part)  # fmt: skip
    return sha256("\x1f".join(map(str, parts)).encode()).hexdigest()


def _wanted(number: Number) -> Wanted:
    wanted = number.wanted
    if wanted is None:
        raise LookupError(number.figure)
    return wanted


def _agrees(number: Number, account: Account) -> bool | None:
    stored = expected(number)
    if stored is None or (account.is_weighted and getattr(number, "is_sum", False)):
        return None
    return all(
        abs(counted - kept) <= CLOSE_ENOUGH * max(1.0, abs(kept))
        for counted, kept in zip((account.x, account.n), stored, strict=True)
    )


def _named(number: Number, imports: list[tuple[int, int, int]]) -> Iterator[From]:
    known = dict(
        Import.objects.filter(
            workspace=number.run.workspace, pk__in=[pk for pk, _n, _x in imports]
        ).values_list("pk", "source")
    )
    for pk, n, counting in imports:
        yield From(pk, known.get(pk, ""), n, counting)


class _Echo:
    """A file that hands back what is written to it."""

    def write(self, text: str) -> str:
        return text
