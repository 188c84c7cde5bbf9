"""Edits of a map as operations: what was there before, what is there after. Pure functions.

A map is its lists in the words of the map file (stages, steps, lanes, personas, cards) and the
journey's own entry. An operation is a sequence of changes that happen together; each names a
list, an id, and what the edit touches of the entry before and after it:

    adding     before is None, after the whole entry
    deleting   before is the whole entry, after is None
    changing   the same fields in both; None for one that is absent (or "", [], false)

The field `follows` is the entry's place: the id of the one before it in its list, None for the
first. Undoing is the same with before and after exchanged, from the last change to the first;
so a list of operations is a history in which every state can be found again.
"""

from bisect import bisect_left
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

Entry = dict[str, Any]
Lists = dict[str, list[Entry]]

JOURNEY = "journey"
# Each list, with the lists its entries refer to; those referred to come first.
REFERENCES: dict[str, dict[str, str]] = {
    "stages": {},
    "steps": {"stage": "stages"},
    "lanes": {},
    "personas": {},
    "cards": {"lane": "lanes", "step": "steps", "persona": "personas"},
}
FOLLOWS = "follows"


@dataclass(frozen=True)
class Change:
    """One entry touched; see above. The journey's own entry has the list "journey" and no id."""

    list: str
    id: str
    before: Entry | None
    after: Entry | None

    def to_json(self) -> dict[str, Any]:
        return {"list": self.list, "id": self.id, "before": self.before, "after": self.after}

    @classmethod
    def from_json(cls, document: dict[str, Any]) -> "Change":
        return cls(document["list"], document["id"], document["before"], document["after"])

    def inverse(self) -> "Change":
        return Change(self.list, self.id, self.after, self.before)


def is_blank(value: Any) -> bool:
    """What entries leave out: it says no more than its absence. Zero says something."""
    return value is None or value is False or value == "" or value == []


def inverse(changes: Iterable[Change]) -> list[Change]:
    """What takes these changes back."""
    return [change.inverse() for change in reversed(list(changes))]


def apply(lists: Lists, changes: Iterable[Change]) -> Lists:
    """The map after the changes; `lists` may hold the journey's entry under "journey" as well.

    Raises KeyError for an entry that is not there.

    >>> added = Change("stages", "b", None, {"name": "B", "follows": "a"})
    >>> apply({"stages": [{"id": "a"}]}, [added])
    {'stages': [{'id': 'a'}, {'id': 'b', 'name': 'B'}]}
    """
    found = {name: list(entries) for name, entries in lists.items()}
    for change in changes:
        _apply(found[change.list], change)
    return found


def _apply(entries: list[Entry], change: Change) -> None:
    place = None
    if change.before is not None:
        place = _place_of(entries, change.id)
    if change.after is None:
        assert place is not None
        del entries[place]
        return
    entry = {"id": change.id} if place is None else dict(entries[place])
    for field, value in change.after.items():
        if field == FOLLOWS:
            continue
        if is_blank(value):
            entry.pop(field, None)
        else:
            entry[field] = value
    if place is not None and FOLLOWS not in change.after:
        entries[place] = entry
        return
    if place is not None:
        del entries[place]
    previous = change.after.get(FOLLOWS)
    entries.insert(0 if previous is None else _place_of(entries, previous) + 1, entry)


def _place_of(entries: Sequence[Entry], key: str) -> int:
    for place, entry in enumerate(entries):
        if entry["id"] == key:
            return place
    raise KeyError(key)


def difference(before: Lists, after: Lists) -> list[Change]:
    """The changes that make the one map of the other; as few moves as there can be."""
    changes: list[Change] = []
    present = {name: list(before.get(name, [])) for name in REFERENCES}
    for name in REFERENCES:
        changes += _brought(name, present[name], after.get(name, []))
    for name in reversed(REFERENCES):
        kept = {entry["id"] for entry in after.get(name, [])}
        for entry in [e for e in present[name] if e["id"] not in kept]:
            place = _place_of(present[name], entry["id"])
            changes.append(Change(name, entry["id"], whole(present[name], place), None))
            del present[name][place]
    return changes


def _brought(name: str, present: list[Entry], wanted: Sequence[Entry]) -> list[Change]:
    """Adds, changes and moves; `present` is changed along."""
    changes = []
    staying = in_order(present, wanted)
    known = {entry["id"]: entry for entry in present}
    for i, entry in enumerate(wanted):
        key, follows = entry["id"], wanted[i - 1]["id"] if i else None
        old = known.get(key)
        if old is None:
            change = Change(name, key, None, {**_fields(entry), FOLLOWS: follows})
        else:
            names = {f for f in {*old, *entry} - {"id"} if old.get(f) != entry.get(f)}
            was: Entry = {field: old.get(field) for field in sorted(names)}
            to: Entry = {field: entry.get(field) for field in sorted(names)}
            if key not in staying:
                was[FOLLOWS] = previous_of(present, _place_of(present, key))
                to[FOLLOWS] = follows
            if not to:
                continue
            change = Change(name, key, was, to)
        _apply(present, change)
        changes.append(change)
    return changes


def in_order(present: Sequence[Entry], wanted: Sequence[Entry]) -> set[str]:
    """The most entries that can stay where they are: the longest run in the order wanted."""
    order = {entry["id"]: i for i, entry in enumerate(wanted)}
    keys = [entry["id"] for entry in present if entry["id"] in order]
    ends: list[int] = []  # the lowest place at which a run of each length can end
    last: list[int] = []
    previous: dict[int, int | None] = {}
    for i, key in enumerate(keys):
        length = bisect_left(ends, order[key])
        previous[i] = last[length - 1] if length else None
        ends[length : length + 1] = [order[key]]
        last[length : length + 1] = [i]
    staying, at = set(), last[-1] if last else None
    while at is not None:
        staying.add(keys[at])
        at = previous[at]
    return staying


def whole(entries: Sequence[Entry], place: int) -> Entry:
    """An entry's fields with its place, as a deletion keeps them."""
    return {**_fields(entries[place]), FOLLOWS: previous_of(entries, place)}


def previous_of(entries: Sequence[Entry], place: int) -> str | None:
    return entries[place - 1]["id"] if place else None


def _fields(entry: Entry) -> Entry:
    return {field: value for field, value in entry.items() if field != "id"}
