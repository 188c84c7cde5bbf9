"""The order of cards that come from a spreadsheet, with as few moves as there can be."""

from collections.abc import Sequence

from journeys.operations import Entry


def in_place(cards: Sequence[Entry], present: Sequence[Entry]) -> list[Entry]:
    """The cards in the order of the map's list: only a cell's own order means something.

    Those of a cell that are there already share the places they have; new ones stand behind the
    one before them in their cell.
    """
    places = {card["id"]: place for place, card in enumerate(present)}
    cells: dict[tuple[str, str], list[Entry]] = {}
    for card in cards:
        cells.setdefault((card["lane"], card["step"]), []).append(card)
    ordered: list[tuple[float, int, Entry]] = []
    for its in cells.values():
        own = sorted(places[card["id"]] for card in its if card["id"] in places)
        place, free = (own[0] - 0.5 if own else float(len(present))), iter(own)
        for card in its:
            place = next(free) if card["id"] in places else place
            ordered.append((place, len(ordered), card))
    return [card for _place, _number, card in sorted(ordered, key=lambda each: each[:2])]
