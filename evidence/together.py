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
    numbers = asked.numbers()
    places = [
        (i, place, numbers[i])
        for i, place in enumerate(asked.places)
        if asked.questions[numbers[i]].has_goal
    ]
    if not places:
        return None
    coded = [(code, i, p, number) for i, p, number in places for code in p.raw_codes]
    return {
        **scope_parameters(asked),
        "codes": [code for code, _i, _p, _number in coded],
        "places": [i for _code, i, _p, _number in coded],
        "on_map": [p.on_map for _code, _i, p, _number in coded],
        "goals": [p.is_goal for _code, _i, p, _number in coded],
        "numbers": [number for _code, _i, _p, number in coded],
        "journeys": [asked.questions[number].journey for _code, _i, _p, number in coded],
    }
