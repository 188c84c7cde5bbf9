"""Templates of a workspace: maps kept to start new journeys from."""

from typing import Any

from django.db import transaction
from django.utils import timezone

from accounts.models import User, Workspace
from journeys.entries import dump_parts
from journeys.models import Journey, Template
from journeys.starters import STARTERS
from journeys.tree import circle
from touchpoints.models import Touchpoint

PREFIX = "template-"


@transaction.atomic
def make_template(*, journey: Journey, user: User | None = None) -> Template:
    """Keeps the map as it is now; later edits of the journey do not change the template."""
    return Template.objects.create(
        workspace=journey.workspace,
        name=_free_name(journey.workspace, journey.name),
        goal=journey.goal,
        lists=dump_parts(journey),
        made_by=user,
    )


@transaction.atomic
def delete_template(*, template: Template) -> None:
    """Takes it off the list; journeys made from it stay, and it can be brought back."""
    template.deleted_at = timezone.now()
    template.save(update_fields=["deleted_at"])


@transaction.atomic
def restore_template(*, template: Template) -> None:
    """Brings it back, under another name where its own was taken meanwhile."""
    if template.deleted_at is None:
        return
    template.name = _free_name(template.workspace, template.name)
    template.deleted_at = None
    template.save(update_fields=["name", "deleted_at"])


def standing_templates(workspace: Workspace) -> list[Template]:
    return list(Template.objects.filter(workspace=workspace, deleted_at=None))


def starter_choices(workspace: Workspace) -> list[tuple[str, str]]:
    """The workspace's own templates as values of the form for a new journey."""
    return [(f"{PREFIX}{t.pk}", t.name) for t in standing_templates(workspace)]


def lists_to_start(*, workspace: Workspace, starter: str, slug: str) -> dict[str, Any]:
    """The map that a journey with this address starts with: a starter's or a template's."""
    if starter.startswith(PREFIX):
        pk = int(starter.removeprefix(PREFIX))
        return _usable(Template.objects.get(workspace=workspace, pk=pk), slug)
    return STARTERS[starter]()


def _usable(template: Template, slug: str) -> dict[str, Any]:
    """Without touchpoints that the library lost since, and without a way that leads round."""
    steps = template.lists["steps"]
    wanted = {code for step in steps for code in step.get("touchpoints", [])}
    known = set(
        Touchpoint.objects.filter(
            workspace_id=template.workspace_id, code__in=wanted
        ).values_list("code", flat=True)
    )  # fmt: skip
    found = []
    for step in steps:
        usable = {**step, "touchpoints": [c for c in step.get("touchpoints", []) if c in known]}
        if "opens" in step and circle(template.workspace, slug, [step["opens"]]):
            del usable["opens"]
        found.append(usable)
    return {**template.lists, "steps": found}


def _free_name(workspace: Workspace, wanted: str) -> str:
    taken = {template.name for template in standing_templates(workspace)}
    free, number = wanted, 2
    while free in taken:
        free = f"{wanted[:150]} {number}"
        number += 1
    return free
