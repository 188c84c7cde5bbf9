"""Journeys that open others: a step may be a whole journey of its own (`Step.opens`, its slug).

No journey may lead back to itself. What is drawn is safe from circles all the same: one can come
about without an edit, when a deleted journey is brought back.
"""

from collections import deque
from collections.abc import Iterable
from dataclasses import dataclass, field

from django.db import connection
from django.utils.translation import gettext as _

from accounts.models import Workspace
from journeys.errors import JourneyError
from journeys.models import Journey, Step

Ways = dict[str, list[str]]


@dataclass
class Node:
    """A journey with those its steps open, in the order of the map."""

    journey: Journey
    opens: list["Node"] = field(default_factory=list)


def ways_of(workspace: Workspace) -> Ways:
    """Slug → slugs that its steps name, each once, in the order of the map; there or not."""
    found: Ways = {}
    steps = (
        Step.objects.filter(journey__workspace=workspace, journey__deleted_at=None)
        .exclude(opens="")
        .order_by("journey__name", "stage__position", "position", "pk")
    )
    for slug, opens in steps.values_list("journey__slug", "opens"):
        known = found.setdefault(slug, [])
        if opens not in known:
            known.append(opens)
    return found


def children(journey: Journey) -> list[Journey]:
    """The journeys that this one's steps open, in the order of the map."""
    slugs = ways_of(journey.workspace).get(journey.slug, [])
    there = {j.slug: j for j in Journey.objects.filter(workspace=journey.workspace, slug__in=slugs)}
    return [there[slug] for slug in slugs if slug in there]


def parents(journey: Journey) -> list[Journey]:
    """The journeys of which a step opens this one, by name."""
    steps = Step.objects.filter(journey__workspace=journey.workspace, opens=journey.slug)
    found = Journey.objects.filter(workspace=journey.workspace, pk__in=steps.values("journey"))
    return list(found.exclude(pk=journey.pk).order_by("name"))


def trail(journey: Journey) -> list[Journey]:
    """From a journey that nothing opens down to this one's parent: the breadcrumbs of its page.

    Where several journeys open it, the way is the shortest, then the first by name.
    """
    ways = ways_of(journey.workspace)
    if not any(journey.slug in opens for opens in ways.values()):
        return []
    there = _standing(journey.workspace)
    above: dict[str, list[str]] = {}
    for slug in sorted(ways, key=lambda slug: (there[slug].name, slug)):
        for opened in ways[slug]:
            above.setdefault(opened, []).append(slug)
    back: dict[str, str] = {}
    queue, seen = deque([journey.slug]), {journey.slug}
    while queue:
        slug = queue.popleft()
        if slug != journey.slug and slug not in above:
            return _followed(slug, back, journey.slug, there)
        for parent in above.get(slug, []):
            if parent not in seen:
                seen.add(parent)
                back[parent] = slug
                queue.append(parent)
    return []


def _followed(
    slug: str, back: dict[str, str], end: str, there: dict[str, Journey]
) -> list[Journey]:
    found = []
    while slug != end:
        found.append(there[slug])
        slug = back[slug]
    return found


def tree(workspace: Workspace) -> list[Node]:
    """The journeys that nothing opens, by name, each with what lies beneath.

    A journey that two others open stands under both; one within a circle still stands somewhere.
    """
    there = _standing(workspace)
    ways = {slug: [o for o in opens if o in there] for slug, opens in ways_of(workspace).items()}
    opened = {slug for opens in ways.values() for slug in opens}
    shown: set[str] = set()
    roots = [_node(slug, ways, there, (), shown) for slug in there if slug not in opened]
    roots += [_node(slug, ways, there, (), shown) for slug in there if slug not in shown]
    return sorted(roots, key=lambda node: (node.journey.name, node.journey.slug))


def _node(
    slug: str, ways: Ways, there: dict[str, Journey], above: tuple[str, ...], shown: set[str]
) -> Node:
    shown.add(slug)
    above = (*above, slug)
    below = [o for o in ways.get(slug, []) if o not in above]
    return Node(there[slug], [_node(o, ways, there, above, shown) for o in below])


def _standing(workspace: Workspace) -> dict[str, Journey]:
    rows = Journey.objects.filter(workspace=workspace).select_related("workspace", "owner")
    return {journey.slug: journey for journey in rows.order_by("name", "slug")}


def way_back(ways: Ways, slug: str, opens: str) -> list[str]:
    """The slugs from `opens` on that lead to `slug`; none where they never do.

    >>> way_back({"b": ["c"], "c": ["a"]}, "a", "b")
    ['b', 'c', 'a']
    >>> way_back({"b": ["c"]}, "a", "b")
    []
    """
    queue, seen = deque([[opens]]), {opens}
    while queue:
        way = queue.popleft()
        if way[-1] == slug:
            return way
        for opened in ways.get(way[-1], []):
            if opened not in seen:
                seen.add(opened)
                queue.append([*way, opened])
    return []


def circle(workspace: Workspace, slug: str, opens: Iterable[str]) -> list[str]:
    """The way round, if a step of the journey `slug` may not open one of these; else empty."""
    wanted = list(dict.fromkeys(opens))
    if not wanted:
        return []
    with connection.cursor() as cursor:  # two edits that open each other's journey, one by one
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext('opens'), %s)", [workspace.pk])
    ways = ways_of(workspace)
    for opened in wanted:
        if way := way_back(ways, slug, opened):
            return [slug, *way]
    return []


def refuse_circle(journey: Journey, opens: Iterable[str]) -> None:
    way = circle(journey.workspace, journey.slug, opens)
    if way:
        raise JourneyError(circle_said(way))


def circle_said(way: list[str]) -> str:
    return _("A journey cannot be within itself; this would lead round: %s.") % " → ".join(way)
