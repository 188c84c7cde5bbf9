"""Several journeys of a workspace asked about as one: each query is put once for all of them."""

from collections.abc import Sequence
from dataclasses import dataclass, fields, replace
from typing import Any

from evidence.question import Question, scope_parameters


@dataclass(frozen=True)
class Together(Question):
    """Several questions as one, with the places of all; `questions` by their numbers."""

    questions: tuple[Question, ...] = ()

    def places_of(self, number: int) -> range:
        before = sum(len(question.places) for question in self.questions[:number])
        return range(before, before + len(self.questions[number].places))

    def numbers(self) -> list[int]:
        """Of each place the number of its question."""
        return [n for n, question in enumerate(self.questions) for _ in question.places]


def together(questions: Sequence[Question]) -> Together:
    """Raises ValueError where they differ in more than the journey and its places."""
    first = questions[0]
    for question in questions:
        if replace(question, journey=first.journey, places=first.places) != first:
            raise ValueError("expected questions that differ in their journey and places only")
    places = tuple(place for question in questions for place in question.places)
    shared = {each.name: getattr(first, each.name) for each in fields(Question)}
    return Together(**{**shared, "places": places}, questions=tuple(questions))


def instance_parameters(asked: Together) -> dict[str, Any] | None:
    """For the queries of endings: the touchpoints on the map and those that mean success, of
    journeys that have a goal; None where none has one."""
    if not asked.has_goal:
        return None
    names = ("codes", "places", "on_map", "goals", "numbers", "journeys")
    columns: dict[str, list[Any]] = {name: [] for name in names}
    for i, (place, number) in enumerate(zip(asked.places, asked.numbers(), strict=True)):
        question = asked.questions[number]
        if question.has_goal:
            for code in place.raw_codes:
                row = (code, i, place.on_map, place.is_goal, number, question.journey)
                for name, value in zip(names, row, strict=True):
                    columns[name].append(value)
    return {**scope_parameters(asked), **columns}
