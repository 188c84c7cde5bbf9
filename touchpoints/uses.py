"""What needs an entry of the library, and so keeps it from being deleted."""

from dataclasses import dataclass

from django.db import models
from django.urls import reverse
from django.utils.translation import gettext as _

from touchpoints.models import Channel, Segment, Touchpoint, Unit


@dataclass(frozen=True)
class Use:
    """One thing that needs it: what to call it, and where to go to change that."""

    label: str
    url: str = ""


def uses_of(entry: models.Model) -> list[Use]:
    """Everything that needs this touchpoint, channel, segment or unit."""
    if isinstance(entry, Touchpoint):
        return _uses_of_touchpoint(entry)
    if isinstance(entry, Unit):
        return [Use(_("unit “%s”") % child) for child in entry.children.all()]
    assert isinstance(entry, Channel | Segment)
    slug = entry.workspace.slug
    uses = []
    if isinstance(entry, Channel):
        uses += [_touchpoint(t, slug) for t in entry.touchpoints.all()]
    else:
        uses += [
            Use(_("persona “%(persona)s” of “%(journey)s”") % {"persona": p, "journey": p.journey})
            for p in entry.personas.select_related("journey")
        ]
    touchpoints = Touchpoint.objects.filter(promises__in=entry.promises.all()).distinct()
    uses += [use for use in (_touchpoint(t, slug) for t in touchpoints) if use not in uses]
    return uses


def _touchpoint(touchpoint: Touchpoint, slug: str) -> Use:
    return Use(
        _("touchpoint “%s”") % touchpoint, reverse("touchpoints:edit", args=[slug, touchpoint.pk])
    )


def _uses_of_touchpoint(touchpoint: Touchpoint) -> list[Use]:
    slug = touchpoint.workspace.slug
    rows = set(
        touchpoint.steps.values_list("journey__slug", "journey__name", "journey__deleted_at")
    ) | set(touchpoint.goal_of(manager="with_deleted").values_list("slug", "name", "deleted_at"))
    journeys = reverse("journeys:list", args=[slug])
    uses = [
        Use(_("journey “%s”") % name, f"{journeys}{journey}/edit/")
        if deleted_at is None
        else Use(_("deleted journey “%s” (remove it for good first)") % name, f"{journeys}#deleted")
        for journey, name, deleted_at in sorted(rows, key=lambda row: row[1])
    ]
    uses += [Use(_("pain point “%s”") % found) for found in touchpoint.painpoints.all()[:20]]
    return uses
