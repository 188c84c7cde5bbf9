"""Any edits by several hands: the map can be followed, found again, taken along, taken back."""

import random
from copy import deepcopy
from typing import Any

import pytest
from django.db import transaction

from accounts.models import User, Workspace
from journeys import editing
from journeys.entries import dump_parts
from journeys.errors import JourneyError
from journeys.mapfile import dump_map, load_map
from journeys.models import Journey
from journeys.operations import FOLLOWS, REFERENCES, Change, apply
from journeys.rows import Rows
from tests.factories import UserFactory
from tests.journeys.documents import example

LISTS = tuple(REFERENCES)
TURNS = 45


class Hand:
    """Somebody who edits at random, sensibly or not."""

    def __init__(self, dice: random.Random, user: User) -> None:
        self.dice, self.user, self.made = dice, user, 0

    def some(self, lists: dict[str, Any], name: str) -> str:
        keys = [entry["id"] for entry in lists[name]]
        return self.dice.choice([*keys, *keys, "gone"]) if keys else "gone"

    def edit(self, lists: dict[str, Any]) -> list[Change]:
        """One change, some at once, a pasted block, or cards deleted together."""
        match self.dice.randrange(6):
            case 0:
                return self.block(lists)
            case 1:
                keys = [entry["id"] for entry in lists["cards"]]
                several = self.dice.sample(keys, min(len(keys), self.dice.randint(2, 6)))
                return [Change("cards", key, {}, None) for key in several] or [self.next(lists)]
        return [self.next(lists) for _ in range(self.dice.choice([1, 1, 3]))]

    def block(self, lists: dict[str, Any]) -> list[Change]:
        follows, changes = self.some(lists, "cards"), []
        for _each in range(self.dice.randint(2, 6)):
            key = self.new_key()
            entry = {**self.entry(lists, "cards"), FOLLOWS: follows}
            changes.append(Change("cards", key, None, entry))
            follows = key
        return changes

    def next(self, lists: dict[str, Any]) -> Change:
        name = self.dice.choice(LISTS)
        match self.dice.randrange(4):
            case 0:
                return Change(name, self.new_key(), None, self.entry(lists, name))
            case 1:
                return Change(name, self.some(lists, name), {}, None)
            case 2:
                return Change(name, self.some(lists, name), {}, {FOLLOWS: self.some(lists, name)})
        entry = self.entry(lists, name)
        field = self.dice.choice(list(entry))
        return Change(name, self.some(lists, name), {}, {field: entry[field]})

    def new_key(self) -> str:
        self.made += 1
        return f"{self.user.pk}-{self.made}"

    def entry(self, lists: dict[str, Any], name: str) -> dict[str, Any]:
        word = f"词{self.dice.randrange(100)}"
        day = self.dice.choice([None, "", *["2026-03-31"] * 7, "2026-02-30"])
        picture = self.dice.choice([None, *["a" * 64] * 8, "a" * 63])
        if name == "cards":
            return {
                "lane": self.some(lists, "lanes"),
                "step": self.some(lists, "steps"),
                "text": f"=HYPERLINK(<b>{word}</b>)",
                "emotion": self.dice.choice([None, -2, 2]),
                "colour": self.dice.choice([None, "idea", "risk"]),
                "owner": self.dice.choice(["", "mei@bank.example"]),
                "links": self.dice.choice([None, [], [{"url": "https://bank.example/"}]]),
                "image": picture,
                "n": self.dice.choice([None, *[7, 12.0] * 5, 0]),
                "date": day,
                "expires": day,
            }
        more: dict[str, dict[str, Any]] = {
            "steps": {
                "stage": self.some(lists, "stages"),
                "opens": self.dice.choice([None, "another", "calling-the-bank"]),
                "description": self.dice.choice(["", word]),
            },
            "lanes": {
                "kind": self.dice.choice(["action", "text", "image", "channel"]),
                "hidden": self.dice.choice([None, False, True]),
                "height": self.dice.choice([None, "", "large"]),
            },
            "personas": {
                "goals": self.dice.choice(["", word]),
                "frustrations": word,
                "picture": picture,
                "colour": self.dice.choice([None, 1, 8, 2.0]),
            },
        }
        return {"name": self.dice.choice([word, word, None]), **more.get(name, {})}


@pytest.fixture
def journey(workspace: Workspace) -> Journey:
    return load_map(workspace, example(), None)


@pytest.mark.parametrize("undoing", [False, True])
@pytest.mark.parametrize("seed", range(4))
def test_any_hands_any_edits(journey: Journey, seed: int, undoing: bool) -> None:
    dice = random.Random(seed)
    hands = [Hand(dice, UserFactory()) for _ in range(3)]
    start = dump_parts(journey)
    states = [start]
    for turn in range(TURNS):
        hand, now = dice.choice(hands), states[-1]
        try:
            if not undoing or dice.randrange(4):
                editing.edit(journey=journey, user=hand.user, changes=hand.edit(now))
            else:
                dice.choice([editing.undo, editing.redo])(journey=journey, user=hand.user)
        except JourneyError:
            assert dump_parts(journey) == now  # refused: as if nobody had asked
            continue
        states.append(dump_parts(journey))
        if turn % 9 == 0:
            _taken_along_it_is_the_same(journey)
    operations = list(journey.operations.all())
    assert [o.number for o in operations] == list(range(1, len(states)))
    # Whoever follows from any state on comes to the same map.
    followed = start
    for operation, state in zip(operations, states[1:], strict=True):
        followed = apply(followed, editing.changes_of(operation))
        assert followed == state
    # Every state of the past is found again.
    for number in (0, len(states) // 2, len(states) - 1):
        found = editing.state_at(journey, number)
        assert {name: found[name] for name in LISTS} == states[number]
    _taken_along_it_is_the_same(journey)
    if undoing:
        return  # what others did between an edit and its undo stays
    # Taking everything back, newest first, restores the beginning.
    for operation in reversed(operations):
        editing.take_back(journey=journey, operation=operation, user=hands[0].user)
    assert dump_parts(journey) == start
    _taken_along_it_is_the_same(journey)


def _taken_along_it_is_the_same(journey: Journey) -> None:
    """Its map file, brought back under another address, is the same map."""
    document = dump_map(journey)
    other = deepcopy(document)
    other["journey"]["slug"] = "taken-along"
    for step in other["steps"]:
        if step.get("opens") == "taken-along":
            del step["opens"]
    brought = load_map(journey.workspace, deepcopy(other), None)
    assert dump_map(brought) == other
    assert dump_parts(brought) == dump_parts(journey)
    brought.delete()
    assert dump_map(load_map(journey.workspace, deepcopy(document), None)) == document


@pytest.mark.parametrize("seed", range(4))
def test_in_a_run_it_is_as_one_by_one(workspace: Workspace, seed: int) -> None:
    """Blocks of cards come and go in one go; the map and what is told are the same."""
    dice = random.Random(seed)
    documents = [example(), example()]
    documents[1]["journey"]["slug"] = "the-other"
    together, one_by_one = (load_map(workspace, document, None) for document in documents)
    hand = Hand(dice, UserFactory())
    for _turn in range(25):
        lists = dump_parts(together)
        keys = [entry["id"] for entry in lists["cards"]]
        gone = dice.sample(keys, min(len(keys), dice.randint(2, 5)))
        changes = dice.choice([hand.block(lists), [Change("cards", key, {}, None) for key in gone]])
        if not changes:
            continue
        for change in changes:
            for field, name in REFERENCES["cards"].items():
                if change.after and change.after.get(field) == "gone":
                    change.after[field] = lists[name][0]["id"]
        assert _at_once(together, changes) == _one_by_one(one_by_one, changes)
        assert dump_parts(together) == dump_parts(one_by_one)


def _at_once(journey: Journey, changes: list[Change]) -> Any:
    """What was done, or why nothing was."""
    try:
        with transaction.atomic():
            return Rows(journey).apply_all(changes)
    except JourneyError as error:
        return str(error)


def _one_by_one(journey: Journey, changes: list[Change]) -> Any:
    rows = Rows(journey)
    try:
        with transaction.atomic():
            return [done for change in changes for done in rows.apply(change)]
    except JourneyError as error:
        return str(error)
