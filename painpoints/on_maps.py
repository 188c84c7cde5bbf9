"""Where a pain point's touchpoint stands on the maps, with the cards that stand there."""

from dataclasses import dataclass
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import F, OuterRef
from django.db.models.functions import JSONObject

from journeys.models import Card, Lane, Step
from painpoints.models import PainPoint

# More cards of a step than these are read on the map.
MOST_CARDS = 8
# What speaks of the customers' pain comes first; then as on the map.
FIRST = (Lane.Kind.PAIN, Lane.Kind.EMOTION, Lane.Kind.THOUGHT, Lane.Kind.ACTION)
BASES = dict(Card.Basis.choices)


@dataclass(frozen=True)
class Spot:
    """cards: pk, text, emotion, basis (code and words), lane, persona.  more: not listed."""

    step: Step
    cards: list[dict[str, Any]]
    more: int


def spots_of(point: PainPoint) -> list[Spot]:
    """The pain point's own journey first; steps and cards are read in one query."""
    cards = Card.objects.filter(step=OuterRef("pk"), lane__hidden=False).values(
        told=JSONObject(
            pk="pk", text="text", emotion="emotion", basis="basis", position="position",
            lane=F("lane__name"), kind=F("lane__kind"), row=F("lane__position"),
            persona=F("persona__name"),
        )
    )  # fmt: skip
    steps = (
        Step.objects.filter(touchpoints=point.touchpoint, journey__deleted_at=None)
        .select_related("journey__workspace", "stage")
        .annotate(told=ArraySubquery(cards))
        .order_by("journey", "position")
    )
    found = []
    for step in sorted(steps, key=lambda step: step.journey_id != point.journey_id):
        told = [card for card in step.told if card["text"].strip() or card["emotion"] is not None]
        told = [{**card, "basis_words": BASES.get(card["basis"], "")} for card in told]
        told.sort(key=_place)
        found.append(Spot(step, told[:MOST_CARDS], max(0, len(told) - MOST_CARDS)))
    return found


def _place(card: dict[str, Any]) -> tuple[int, int, int, int]:
    kind = card["kind"]
    first = FIRST.index(Lane.Kind(kind)) if kind in FIRST else len(FIRST)
    return first, card["row"], card["position"], card["pk"]
