"""Cards that come or go in a row: a pasted block, a copied lane, a deleted stage.

The outcome is that of one after the other (rows.py); the questions to the database are as few as
for one card.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import TYPE_CHECKING, Any

from django.db.models import OuterRef, Subquery

from journeys import places
from journeys.entries import (
    PARTS,
    entry_of,
    fields_of,
    plain_fields,
    rows_of,
    without_blanks,
)
from journeys.errors import not_there
from journeys.limits import leave_room
from journeys.models import Card, Journey
from journeys.operations import FOLLOWS, REFERENCES, Change, Entry

if TYPE_CHECKING:
    from journeys.rows import Rows

CARDS = "cards"


def runs_of(changes: Iterable[Change]) -> Iterator[list[Change]]:
    """The changes, in their order; those of a run together: new cards that each follow the one
    before, or cards that are deleted."""
    run: list[Change] = []
    ids: set[str] = set()
    for change in changes:
        if run and (change.id in ids or not _goes_on(run[-1], change)):
            yield run
            run, ids = [], set()
        run.append(change)
        ids.add(change.id)
    if run:
        yield run


def _goes_on(last: Change, change: Change) -> bool:
    if not last.list == change.list == CARDS:
        return False
    if last.before is None and change.before is None:
        return change.after is not None and change.after.get(FOLLOWS) == last.id
    return last.after is None and change.after is None


def add_cards(rows: Rows, run: Sequence[Change]) -> list[Change]:
    """Behind what the first one follows."""
    cards = Card._default_manager.filter(journey=rows.journey)
    if cards.filter(key__in=[change.id for change in run]).exists():
        return [each for change in run for each in rows.apply(change)]
    entries = []
    for change in run:
        entry = without_blanks({"id": change.id, **fields_of(change.after or {})})
        rows.check(CARDS, entry)
        entries.append(entry)
    made = list(_made(rows, entries))
    if not made:
        return []
    leave_room(CARDS, cards, len(made))
    first = run[0].after or {}
    follows = first[FOLLOWS] if FOLLOWS in first else places.last(cards)
    stand = places.positions(cards, rows.known_as(CARDS, follows), len(made))
    for card, position in zip(made, stand, strict=True):
        card.position = position
    Card._default_manager.bulk_create(made)
    previous = places.previous(made[0])
    done = []
    for card in made:
        done.append(Change(CARDS, card.key, None, {**fields_of(entry_of(card)), FOLLOWS: previous}))
        previous = card.key
    return done


def _made(rows: Rows, entries: Sequence[Entry]) -> Iterator[Card]:
    """Cards not yet stored. Taking back leaves out those whose place is gone."""
    known = {field: _referred(rows, field, name, entries) for field, name in _SPOKEN_OF}
    for entry in entries:
        found, missing = {}, None
        for field, name in _SPOKEN_OF:
            if key := entry.get(field):
                found[field] = known[field].get(rows.known_as(name, key))
                missing = missing or (None if found[field] else (name, key))
        if missing is None:
            own = plain_fields(CARDS, entry)
            yield Card(journey=rows.journey, key=entry["id"], **own, **found)
        elif not rows.taking_back:
            raise not_there(*missing)


_SPOKEN_OF = tuple(REFERENCES[CARDS].items())


def _referred(rows: Rows, field: str, name: str, entries: Sequence[Entry]) -> dict[str | None, Any]:
    keys = {rows.known_as(name, entry[field]) for entry in entries if entry.get(field)}
    found = PARTS[name]._default_manager.filter(journey=rows.journey, key__in=keys)
    return {row.key: row for row in found}


def delete_cards(journey: Journey, keys: Sequence[str]) -> tuple[list[Change], list[str]]:
    """In this order; and the keys of those that are not there."""
    cards = Card._default_manager.filter(journey=journey)
    before = cards.filter(position__lt=OuterRef("position")).order_by("-position", "-pk")
    rows = rows_of(journey, CARDS).filter(key__in=keys)
    found = {row.key: row for row in rows.annotate(previous=Subquery(before.values("key")[:1]))}
    gone: dict[str | None, str | None] = {}  # by key: the one before it when it went
    done = []
    for key in keys:
        if key not in found:
            continue
        follows = found[key].previous
        while follows in gone:
            follows = gone[follows]
        gone[key] = follows
        fields = fields_of(entry_of(found[key]))
        done.append(Change(CARDS, key, {**fields, FOLLOWS: follows}, None))
    cards.filter(key__in=gone).delete()
    return done, [key for key in keys if key not in found]
