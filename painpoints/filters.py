"""What the filter bar offers: the words of the library and those that only evidence uses."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from django.core.cache import cache
from django.utils.translation import gettext as _

from accounts.models import Workspace
from evidence.models import Import
from evidence.scope import FILTERS, Scope
from painpoints.vocabulary import named_by_evidence, names_of

KEPT_S = 24 * 3600


def filters_of(
    workspace: Workspace, scope: Scope, names: Mapping[str, Mapping[str, str]] | None = None
) -> list[dict[str, Any]]:
    """As the tag `scope_bar` takes them; a word without evidence is not offered."""
    seen = _of_evidence(workspace, "words", named_by_evidence)
    names = names or names_of(workspace)
    labels = {"channel": _("Channel"), "segment": _("Segment"), "unit": _("Unit")}
    filters = []
    for name, field in FILTERS.items():
        known = names[field]
        chosen = getattr(scope, field)
        offered = {*seen[field], *chosen}
        options = [(code, known[code]) for code in known if code in offered]
        options += sorted((code, code) for code in offered if code not in known)
        filters.append(
            {"name": name, "label": labels[name], "options": options, "selected": list(chosen)}
        )
    return filters


def last_day(workspace: Workspace) -> date | None:
    """The last day of evidence, from which the presets count back."""
    day: date | None = _of_evidence(workspace, "last-day", _last_day)
    return day


def _last_day(workspace: Workspace) -> date | None:
    standing = Import.objects.filter(workspace=workspace, last_at__isnull=False).standing()
    last = standing.order_by("-last_at").values_list("last_at", flat=True).first()
    return last.astimezone(workspace.zone).date() if last else None


def _of_evidence(workspace: Workspace, name: str, compute: Any) -> Any:
    """Remembered as long as the workspace's evidence stays the same."""
    key = f"{name}:{workspace.pk}:{workspace.evidence_revision}"
    return cache.get_or_set(key, lambda: compute(workspace), KEPT_S)
