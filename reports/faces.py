"""A journey's personas as pages show them: with picture, colour and the map through their eyes."""

from dataclasses import dataclass
from typing import Any

from django.http import QueryDict
from django.urls import reverse

from journeys.models import COLOURS, Journey, Persona


@dataclass(frozen=True)
class Face:
    persona: Persona
    colour: int  # of the palette's categories: its own, or by its place
    picture: str  # an address
    url: str  # of the map with only what concerns them
    is_chosen: bool = False


def faces_of(journey: Journey, get: QueryDict | None = None) -> list[Face]:
    """In the order of the map. The addresses keep the rest of the query, such as the scope."""
    personas = Persona.objects.filter(journey=journey).select_related("segment")
    chosen = get.get("persona", "") if get is not None else ""
    return [
        Face(
            persona=persona,
            colour=persona.colour or i % COLOURS + 1,
            picture=_picture(journey, persona),
            url=_address(journey, get, persona=persona.key),
            is_chosen=persona.key == chosen,
        )
        for i, persona in enumerate(personas)
    ]


def _picture(journey: Journey, persona: Persona) -> str:
    if not persona.picture:
        return ""
    return reverse("journeys:picture", args=[journey.workspace.slug, persona.picture])


def _address(journey: Journey, get: QueryDict | None, **values: Any) -> str:
    query = get.copy() if get is not None else QueryDict(mutable=True)
    for name, value in values.items():
        query[name] = value
    return f"{journey.get_absolute_url()}?{query.urlencode()}"
