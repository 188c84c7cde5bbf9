"""Two states of a map, entry by entry: what came, went, changed and moved. Pure functions.

Entries are the same where their ids are: within one map's history, and between a map and its copy.
"""

import re
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Any

from journeys.operations import JOURNEY, REFERENCES, Entry, Lists, in_order, is_blank

SAME, ADDED, REMOVED, CHANGED, MOVED = "same", "added", "removed", "changed", "moved"
STATUSES = (ADDED, REMOVED, CHANGED, MOVED)
# Where an entry stands is told by the map itself.
PLACES = {"steps": ("stage",), "cards": ("lane", "step")}
TEXTS = {"name", "text", "description", "goal", "goals", "frustrations"}
# A text of more words against words than this is told as a whole: comparing is quadratic.
MOST_WORK = 1_000_000
LEAST_SAME = 0.2
CLIPPED = 60
WORD = re.compile(r"[⺀-鿿가-힣豈-﫿]|[^\W⺀-鿿가-힣豈-﫿]+|\s+|[^\w\s]")

Piece = tuple[str, str]  # same, removed or added; and the words


@dataclass(frozen=True)
class FieldChange:
    """A field that differs; a text comes in pieces."""

    field: str
    before: Any
    after: Any
    pieces: Sequence[Piece] = ()


@dataclass(frozen=True)
class Compared:
    """An entry of either state; `was` is its place before, where that is another."""

    list: str
    entry: Entry
    status: str
    fields: Sequence[FieldChange] = ()
    was: Entry | None = None
    is_moved: bool = False

    @property
    def id(self) -> str:
        return str(self.entry["id"])

    @property
    def text_pieces(self) -> Sequence[Piece]:
        """Its text word by word, where that was rewritten."""
        return self._pieces("text")

    @property
    def name_pieces(self) -> Sequence[Piece]:
        return self._pieces("name")

    def _pieces(self, field: str) -> Sequence[Piece]:
        return next((change.pieces for change in self.fields if change.field == field), ())

    @property
    def title(self) -> str:
        said = self.entry.get("name") or self.entry.get("text") or self.id
        return said if len(said) <= CLIPPED else said[: CLIPPED - 1] + "…"


@dataclass(frozen=True)
class MapComparison:
    """Every entry of both states, in the order of the later; what went, where it was."""

    lists: dict[str, list[Compared]]
    journey: list[FieldChange]

    @property
    def counts(self) -> dict[str, int]:
        found = dict.fromkeys(STATUSES, 0)
        for each in self.differing:
            found[each.status] += 1
        return found

    @property
    def differing(self) -> list[Compared]:
        return [each for found in self.lists.values() for each in found if each.status != SAME]

    @property
    def is_same(self) -> bool:
        return not self.journey and not self.differing


def compare(before: Lists, after: Lists) -> MapComparison:
    """
    >>> found = compare({"stages": [{"id": "a", "name": "A"}]}, {"stages": []})
    >>> found.counts
    {'added': 0, 'removed': 1, 'changed': 0, 'moved': 0}
    """
    lists = {
        name: _compared_list(name, before.get(name, []), after.get(name, [])) for name in REFERENCES
    }
    own = [lists_of.get(JOURNEY) or [{}] for lists_of in (before, after)]
    return MapComparison(lists, _fields(own[0][0], own[1][0], ()))


def _compared_list(name: str, before: Sequence[Entry], after: Sequence[Entry]) -> list[Compared]:
    old = {entry["id"]: entry for entry in before}
    new = {entry["id"] for entry in after}
    staying = _staying(name, before, after)
    found = [
        _compared(name, old.get(entry["id"]), entry, is_moved=entry["id"] not in staying)
        for entry in after
    ]
    return _with_removed(name, found, before, new)


def _compared(name: str, old: Entry | None, entry: Entry, *, is_moved: bool) -> Compared:
    if old is None:
        return Compared(name, entry, ADDED)
    places = PLACES.get(name, ())
    fields = _fields(old, entry, places)
    was = old if any(old.get(place) != entry.get(place) for place in places) else None
    is_moved = is_moved or was is not None
    status = CHANGED if fields else MOVED if is_moved else SAME
    return Compared(name, entry, status, fields, was, is_moved)


def _staying(name: str, before: Sequence[Entry], after: Sequence[Entry]) -> set[str]:
    """Those that did not move among those they stand with: in a list, a stage, a cell."""
    places = PLACES.get(name, ())
    groups: dict[tuple, tuple[list[Entry], list[Entry]]] = defaultdict(lambda: ([], []))
    for side, entries in enumerate((before, after)):
        for entry in entries:
            groups[tuple(entry.get(place) for place in places)][side].append(entry)
    return set().union(*(in_order(old, new) for old, new in groups.values()))


def _with_removed(
    name: str, found: list[Compared], before: Sequence[Entry], kept: set[str]
) -> list[Compared]:
    """What went stands behind what it stood behind."""
    followers: dict[str | None, list[Compared]] = defaultdict(list)
    behind = None
    for entry in before:
        if entry["id"] in kept:
            behind = entry["id"]
        else:
            followers[behind].append(Compared(name, entry, REMOVED))
    merged = list(followers[None])
    for each in found:
        merged += [each, *followers[each.id]]
    return merged


def _fields(old: Entry, new: Entry, but: Iterable[str]) -> list[FieldChange]:
    names = [name for name in dict.fromkeys([*new, *old]) if name != "id" and name not in but]
    return [
        FieldChange(
            name,
            old.get(name),
            new.get(name),
            word_by_word(old.get(name) or "", new.get(name) or "") if name in TEXTS else [],
        )
        for name in names
        if old.get(name) != new.get(name)
        and not (is_blank(old.get(name)) and is_blank(new.get(name)))
    ]


def word_by_word(before: str, after: str) -> list[Piece]:
    """What stayed, went and came of a text; Chinese goes character by character.

    >>> word_by_word("Calls the bank", "Calls a bank")
    [('same', 'Calls '), ('removed', 'the'), ('added', 'a'), ('same', ' bank')]
    """
    old, new = WORD.findall(before), WORD.findall(after)
    if len(old) * len(new) > MOST_WORK:
        return _changed(before, after)
    pieces: list[Piece] = []
    for kind, a, b, c, d in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        gone, come = "".join(old[a:b]), "".join(new[c:d])
        pieces += [(SAME, gone)] if kind == "equal" else [(REMOVED, gone), (ADDED, come)]
    return _readable([piece for piece in pieces if piece[1]], before, after)


def _readable(pieces: Sequence[Piece], before: str, after: str) -> list[Piece]:
    """Without islands of spaces between what changed; a text with little left is told as new."""
    same = sum(len(text) for kind, text in pieces if kind == SAME)
    if same < LEAST_SAME * max(len(before), len(after)):
        return _changed(before, after)
    found: list[Piece] = []
    gone = come = ""
    for i, (kind, text) in enumerate(pieces):
        is_island = kind == SAME and 0 < i < len(pieces) - 1 and not any(map(str.isalnum, text))
        if kind == SAME and not is_island:
            found += _changed(gone, come)
            found.append((SAME, text))
            gone = come = ""
            continue
        gone += text if kind != ADDED else ""
        come += text if kind != REMOVED else ""
    return found + _changed(gone, come)


def _changed(gone: str, come: str) -> list[Piece]:
    return [(kind, text) for kind, text in ((REMOVED, gone), (ADDED, come)) if text]
