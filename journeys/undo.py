"""What a deletion took from a map, and how it comes back. Pure functions over map files' lists.

Deleting a stage also takes its steps and their cards; `lost` finds them all by comparing the map
before and after. `bring_back` puts them where they stood into the map as it is by then, so that
what others changed meanwhile stays.
"""

from typing import Any

Entry = dict[str, Any]
Lists = dict[str, list[Entry]]

# Each list, with the lists its entries refer to; those referred to come first.
REFERENCES: dict[str, dict[str, str]] = {
    "stages": {},
    "steps": {"stage": "stages"},
    "lanes": {},
    "personas": {},
    "cards": {"lane": "lanes", "step": "steps", "persona": "personas"},
}


def lost(before: Lists, after: Lists) -> Lists:
    """The entries that are gone, each with the id of the entry that stood before it."""
    parts: Lists = {}
    for name in REFERENCES:
        left = {entry["id"] for entry in after[name]}
        gone = []
        previous = None
        for entry in before[name]:
            if entry["id"] not in left:
                gone.append({"after": previous, "part": entry})
            previous = entry["id"]
        if gone:
            parts[name] = gone
    return parts


def bring_back(lists: Lists, parts: Lists) -> Lists:
    """The map with the lost entries where they stood.

    An id that was given to something else meanwhile is changed; an entry whose stage, lane, step
    or persona is gone by now cannot come back and is left out.
    """
    merged = {name: list(entries) for name, entries in lists.items()}
    ids = {name: {entry["id"] for entry in entries} for name, entries in merged.items()}
    renamed: dict[str, dict[str, str]] = {name: {} for name in REFERENCES}
    for name, references in REFERENCES.items():
        place = _Places(merged[name])
        for item in parts.get(name, []):
            entry = dict(item["part"])
            for field, target in references.items():
                if field in entry:
                    entry[field] = renamed[target].get(entry[field], entry[field])
            if any(entry[f] not in ids[target] for f, target in references.items() if f in entry):
                continue
            old = entry["id"]
            entry["id"] = renamed[name][old] = _free_id(ids[name], old)
            ids[name].add(entry["id"])
            place.insert(entry, renamed[name].get(item["after"], item["after"]))
    return merged


class _Places:
    """Inserts entries after others; runs of neighbours, the usual case, need no search."""

    def __init__(self, entries: list[Entry]) -> None:
        self.entries = entries
        self.last = -1

    def insert(self, entry: Entry, after: str | None) -> None:
        if after is None:
            self.last = 0
        elif self.last >= 0 and self.entries[self.last]["id"] == after:
            self.last += 1
        else:
            places = (i + 1 for i, other in enumerate(self.entries) if other["id"] == after)
            self.last = next(places, len(self.entries))
        self.entries.insert(self.last, entry)


def _free_id(taken: set[str], key: str) -> str:
    free, number = key, 2
    while free in taken:
        free = f"{key[:50]}-{number}"
        number += 1
    return free
