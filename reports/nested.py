"""The journeys that a map's steps open, for the pages that only show it."""

from dataclasses import dataclass

from journeys.models import Journey, Step


@dataclass(frozen=True)
class Opening:
    step: str
    journey: Journey


def within(journey: Journey) -> list[Opening]:
    """In the order of the map; a step may name a journey that is not there."""
    steps = Step.objects.filter(journey=journey).exclude(opens="")
    named = list(steps.order_by("stage__position", "position", "pk").values_list("name", "opens"))
    if not named:
        return []
    there = Journey.objects.filter(
        workspace=journey.workspace, slug__in=[slug for _name, slug in named]
    )
    by_slug = {each.slug: each for each in there.select_related("workspace")}
    return [Opening(name, by_slug[slug]) for name, slug in named if slug in by_slug]
