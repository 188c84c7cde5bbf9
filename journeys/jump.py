"""Where the jump palette can go: journeys and touchpoints."""

from django.urls import reverse
from django.utils.translation import gettext as _

from accounts.models import Workspace
from touchpoints.models import Touchpoint


def jump_entries(workspace: Workspace) -> list[dict[str, str]]:
    """Each journey's map and each touchpoint: label, url, kind."""
    journeys = reverse("journeys:list", args=[workspace.slug])
    entries = [
        {"label": name, "url": f"{journeys}{slug}/", "kind": _("Journey")}
        for slug, name in workspace.journeys.values_list("slug", "name")
    ]
    entries += [
        {
            "label": name,
            "url": reverse("touchpoints:edit", args=[workspace.slug, pk]),
            "kind": _("Touchpoint"),
        }
        for pk, name in Touchpoint.objects.filter(workspace=workspace).values_list("pk", "name")
    ]
    return entries
