"""What the filter bar offers: the words of the library and those that only evidence uses."""

from typing import Any

from django.core.cache import cache
from django.utils.translation import gettext as _

from accounts.models import Workspace
from evidence.models import Import
from evidence.scope import FILTERS, Scope
from painpoints.vocabulary import LIBRARY, named_by_evidence


def filters_of(workspace: Workspace, scope: Scope) -> list[dict[str, Any]]:
    """As the tag `scope_bar` takes them; a word without evidence is not offered."""
    seen = _seen(workspace)
    labels = {"channel": _("Channel"), "segment": _("Segment"), "unit": _("Unit")}
    filters = []
    for name, field in FILTERS.items():
        model = LIBRARY[field]
        known = dict(model.objects.filter(workspace=workspace).values_list("code", "name"))  # type: ignore[attr-defined]
        chosen = getattr(scope, field)
        offered = {*seen[field], *chosen}
        options = [(code, known[code]) for code in known if code in offered]
        options += sorted((code, code) for code in offered if code not in known)
        filters.append(
            {"name": name, "label": labels[name], "options": options, "selected": list(chosen)}
        )
    return filters


def last_day(workspace: Workspace) -> Any:
    """The last day of evidence, from which the presets count back."""
    last = (
        Import.objects.filter(workspace=workspace, last_at__isnull=False)
        .standing()
        .order_by("-last_at")
        .values_list("last_at", flat=True)
        .first()
    )
    return last.astimezone(workspace.zone).date() if last else None


def _seen(workspace: Workspace) -> dict[str, list[str]]:
    key = f"words-of-evidence:{workspace.pk}:{workspace.evidence_revision}"
    return cache.get_or_set(key, lambda: named_by_evidence(workspace), 24 * 3600)  # type: ignore[return-value]
