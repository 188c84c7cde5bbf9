"""A spreadsheet's cells as a map: first row stages, second row steps, first column lanes.

What stands on the map already under the same name, or says the same in the same cell, stays the
same entry with all that a cell does not show. Pure; the words of cells: journeys/cells.py.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

from django.utils.translation import gettext as _

from journeys.cells import BREAK, EMPTY
from journeys.grid_order import in_place
from journeys.mapcheck import short
from journeys.mapfile import default_slug
from journeys.operations import Entry, Lists
from journeys.recognise import feeling_in, is_touchpoints_used, kind_of, parted
from journeys.sheets import Rows, address
from journeys.words import words_of

LONGEST_NAME = 160
MOST = {"stages": 100, "steps": 200, "lanes": 60, "cards": 5000, "personas": 50}
LONGEST_PERSONA = 40


@dataclass
class Reading:
    """What was read, what is doubtful about it, and what forbids it."""

    lists: Lists = field(
        default_factory=lambda: {
            name: [] for name in ("stages", "steps", "lanes", "personas", "cards")
        }
    )
    touchpoints: list[Entry] = field(default_factory=list)  # those that are not in the library
    warnings: list[str] = field(default_factory=list)
    problems: list[str] = field(default_factory=list)


class _Reader:
    def __init__(self, rows: Rows, present: Lists, library: dict[str, str]) -> None:
        self.rows = rows
        self.present = present
        self.library = library
        self.found = Reading()
        self.taken = {
            name: {entry["id"] for entry in present.get(name, [])} for name in self.found.lists
        }
        self.used: set[tuple[str, str]] = set()
        self.steps: dict[int, Entry] = {}  # column → step

    # -- entries that are there already -------------------------------------------------------
    def kept(self, name: str, fits: Callable[[Entry], bool]) -> Entry | None:
        """The first entry on the map that fits and is not used yet, as a copy."""
        for entry in self.present.get(name, []):
            if (name, entry["id"]) not in self.used and fits(entry):
                self.used.add((name, entry["id"]))
                return dict(entry)
        return None

    def fresh(self, name: str) -> str:
        """An id nothing on the map has, nor had before."""
        number = len(self.found.lists[name]) + 1
        while (key := f"{name[:-1]}-{number}") in self.taken[name]:
            number += 1
        self.taken[name].add(key)
        return key

    def add(self, name: str, entry: Entry) -> Entry:
        self.found.lists[name].append(entry)
        return entry

    # -- what can be wrong ----------------------------------------------------------------------
    def refuse(self, row: int, column: int, text: str) -> None:
        self.found.problems.append(f"{address(row, column)}: {text}")

    def doubt(self, row: int, column: int, text: str) -> None:
        self.found.warnings.append(f"{address(row, column)}: {text}")

    def name_at(self, row: int, column: int) -> str:
        name = " ".join(self.rows[row][column].split())
        if len(name) > LONGEST_NAME:
            self.refuse(
                row, column,
                _("a name has at most %(limit)d characters; this has %(size)d")
                % {"limit": LONGEST_NAME, "size": len(name)},
            )  # fmt: skip
        return name

    # -- columns --------------------------------------------------------------------------------
    def read_columns(self) -> None:
        stage: Entry | None = None
        for column in range(1, len(self.rows[0])):
            name = self.name_at(0, column)
            step = self.name_at(1, column)
            if name and (stage is None or name != stage["name"]):
                stage = self.stage(name)
            if not step:
                self.unnamed_step(column)
            elif stage is None:
                self.refuse(0, column, _("expected the name of the first stage; the cell is empty"))
                return
            else:
                self.steps[column] = self.step(step, stage)

    def stage(self, name: str) -> Entry:
        entry = self.kept("stages", lambda e: _name(e) == name) or {"id": self.fresh("stages")}
        return self.add("stages", {**entry, "name": name})

    def step(self, name: str, stage: Entry) -> Entry:
        entry = (
            self.kept("steps", lambda e: _name(e) == name and e["stage"] == stage["id"])
            or self.kept("steps", lambda e: _name(e) == name)
            or {"id": self.fresh("steps")}
        )
        return self.add("steps", {**entry, "name": name, "stage": stage["id"]})

    def unnamed_step(self, column: int) -> None:
        for row in range(2, len(self.rows)):
            if self.rows[row][column].strip():
                self.refuse(
                    1, column,
                    _("expected the name of a step, because there is text beneath it in %s")
                    % address(row, column),
                )  # fmt: skip
                return

    # -- rows -----------------------------------------------------------------------------------
    def read_rows(self) -> None:
        for row in range(2, len(self.rows)):
            name = self.name_at(row, 0)
            if not name:
                self.unnamed_lane(row)
            elif is_touchpoints_used(name):
                self.read_touchpoints(row)
            else:
                self.read_lane(row, name)

    def unnamed_lane(self, row: int) -> None:
        for column, text in enumerate(self.rows[row]):
            if text.strip():
                self.refuse(
                    row, 0,
                    _("expected the name of a lane, because there is text beside it in %s")
                    % address(row, column),
                )  # fmt: skip
                return

    def read_lane(self, row: int, said: str) -> None:
        name, bracketed = parted(said)
        old = self.kept("lanes", lambda e: _name(e) == name)
        kind = bracketed or (old["kind"] if old else kind_of(name))
        if not kind:
            kind = "text"
            self.doubt(
                row, 0,
                _("“%s” names no kind of lane that is known; it becomes a lane of free text")
                % short(name),
            )  # fmt: skip
        entry = old or {"id": self.fresh("lanes")}
        lane = self.add("lanes", {**entry, "name": name, "kind": kind})
        for column, step in self.steps.items():
            self.read_cell(row, column, lane, step)

    def read_cell(self, row: int, column: int, lane: Entry, step: Entry) -> None:
        lines = [line.strip() for line in self.rows[row][column].split("\n") if line.strip()]
        wanted = [self.card(row, column, lane, line) for line in lines]
        here = (lane["id"], step["id"])
        cards = [
            self.kept("cards", lambda e, w=said: (e["lane"], e["step"]) == here and _same(e, w))  # type: ignore[misc]
            for said in wanted
        ]
        left = [
            e for e in self.present.get("cards", [])
            if (e["lane"], e["step"]) == here and ("cards", e["id"]) not in self.used
        ]  # fmt: skip
        # As many as before: then their words changed, and the rest of them stays.
        changed = left if len(left) == cards.count(None) else []
        for place, said in enumerate(wanted):
            card = cards[place]
            if card is None and changed:
                card = dict(changed.pop(0))
                self.used.add(("cards", card["id"]))
            if card is None and not said:
                self.doubt(row, column, _("“%s” says nothing; it is left out") % EMPTY)
                continue
            entry = card or {"id": self.fresh("cards"), "lane": here[0], "step": here[1]}
            if card is None or not _same(card, said):
                entry = {k: v for k, v in entry.items() if k not in SAID} | said
            self.add("cards", entry)

    def card(self, row: int, column: int, lane: Entry, line: str) -> Entry:
        """What a line of a cell says of its card."""
        said: Entry = {}
        line, persona = self.persona_of(lane, line)
        if persona:
            said["persona"] = persona
        if lane["kind"] == "emotion":
            feeling, rest = feeling_in(line)
            if feeling is not None and feeling not in (-2, -1, 0, 1, 2):
                self.refuse(
                    row, column,
                    _("expected a feeling from −2 to 2; got %s") % short(line),
                )  # fmt: skip
            elif feeling is not None:
                said["emotion"], line = int(feeling), rest
            elif line != EMPTY:
                self.doubt(
                    row, column,
                    _("no feeling from −2 to 2 found in “%s”; it becomes a card with this text")
                    % short(line),
                )  # fmt: skip
        if line and line != EMPTY:
            said["text"] = line.replace(BREAK.strip(), "\n").replace(" \n ", "\n")
        return said

    def persona_of(self, lane: Entry, line: str) -> tuple[str, str]:
        """The line without the persona before its colon, and that persona's id."""
        for mark in (":", "："):
            name, colon, rest = line.partition(mark)
            name = name.strip()
            if not colon or not name or len(name) > LONGEST_PERSONA:
                continue
            known = [*self.present.get("personas", []), *self.found.lists["personas"]]
            for persona in known:
                if _name(persona).casefold() == name.casefold():
                    return rest.strip(), persona["id"]
            if lane["kind"] == "emotion" and feeling_in(rest)[0] is not None:
                persona = self.add("personas", {"id": self.fresh("personas"), "name": name})
                return rest.strip(), persona["id"]
        return line, ""

    def read_touchpoints(self, row: int) -> None:
        by_name = {name.casefold(): code for code, name in self.library.items()}
        for column, step in self.steps.items():
            codes = []
            for name in _lines(self.rows[row][column]):
                code = name if name in self.library else by_name.get(name.casefold())
                codes.append(code or self.new_touchpoint(row, column, name, by_name))
            step["touchpoints"] = list(dict.fromkeys(codes))
            if not codes:
                del step["touchpoints"]

    def new_touchpoint(self, row: int, column: int, name: str, by_name: dict[str, str]) -> str:
        code = default_slug(name)
        self.doubt(
            row, column,
            _("“%s” is not in the library of touchpoints; it will be added") % short(name),
        )  # fmt: skip
        by_name[name.casefold()] = code
        self.found.touchpoints.append({"code": code, "name": name[:LONGEST_NAME]})
        return code


SAID = {"text", "emotion", "persona"}  # what a cell shows of a card


def read_grid(rows: Rows, present: Lists, library: dict[str, str]) -> Reading:
    """The map the cells describe. `library`: code → name of the workspace's touchpoints."""
    reader = _Reader(rows, present, library)
    found = reader.found
    if len(rows) < 2 or len(rows[0]) < 2:
        found.problems.append(
            _("Expected stages in the first row, steps in the second, lanes in the first column.")
        )
        return found
    reader.read_columns()
    reader.read_rows()
    found.lists["cards"] = in_place(found.lists["cards"], present.get("cards", []))
    found.lists["personas"] = [*present.get("personas", []), *found.lists["personas"]]
    for name, most in MOST.items():
        if len(found.lists[name]) > most:
            found.problems.append(
                _("A map has at most %(most)d %(list)s; this one would have %(n)d.")
                % {"most": most, "list": words_of(name), "n": len(found.lists[name])}
            )
    return found


def _name(entry: Entry) -> str:
    return " ".join(str(entry.get("name") or entry["id"]).split())


def _lines(text: str) -> Iterable[str]:
    return filter(None, (line.strip() for line in text.split("\n")))


def _same(card: Entry, said: Entry) -> bool:
    """Whether the cell still says what the card does."""
    return all(_plain(card.get(field)) == _plain(said.get(field)) for field in SAID)


def _plain(value: object) -> object:
    return " ".join(value.split()) if isinstance(value, str) else value
