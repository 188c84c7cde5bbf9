"""Where a pain point's touchpoint stands on the maps, with the cards that stand there."""

from dataclasses import dataclass

from journeys.models import Card, Lane, Step
from painpoints.models import PainPoint

# More cards of a step than these are read on the map.
MOST_CARDS = 8
# What speaks of the customers' pain comes first; then as on the map.
FIRST = (Lane.Kind.PAIN, Lane.Kind.EMOTION, Lane.Kind.THOUGHT, Lane.Kind.ACTION)


@dataclass(frozen=True)
class Spot:
    step: Step
    cards: list[Card]
    more: int  # cards that are not listed


def spots_of(point: PainPoint) -> list[Spot]:
    """The pain point's own journey first."""
    steps = (
        Step.objects.filter(touchpoints=point.touchpoint, journey__deleted_at=None)
        .select_related("journey__workspace", "stage")
        .order_by("journey", "position")
    )
    found = sorted(steps, key=lambda step: step.journey_id != point.journey_id)
    cards: dict[int, list[Card]] = {step.pk: [] for step in found}
    there = Card.objects.filter(step__in=cards, lane__hidden=False).select_related(
        "lane", "persona"
    )
    for card in sorted(there, key=_place):
        if card.text.strip() or card.emotion is not None:
            cards[card.step_id].append(card)
    return [
        Spot(step, cards[step.pk][:MOST_CARDS], max(0, len(cards[step.pk]) - MOST_CARDS))
        for step in found
    ]


def _place(card: Card) -> tuple[int, int, int]:
    kind = card.lane.kind
    first = FIRST.index(Lane.Kind(kind)) if kind in FIRST else len(FIRST)
    return first, card.lane.position, card.position
