"""What the filter bar offers: the words of the library and those that only evidence uses."""

from datetime import date
from typing import Any

from django.core.cache import cache
from django.db.models import CharField, Value
from django.utils.translation import gettext as _

from accounts.models import Workspace
from evidence.models import Import
from evidence.scope import FILTERS, Scope
from painpoints.vocabulary import LIBRARY, named_by_evidence

KEPT_S = 24 * 3600


def filters_of(workspace: Workspace, scope: Scope) -> list[dict[str, Any]]:
    """As the tag `scope_bar` takes them; a word without evidence is not offered."""
    seen = _of_evidence(workspace, "words", named_by_evidence)
    names = _names(workspace)
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


def _names(workspace: Workspace) -> dict[str, dict[str, str]]:
    """Field → code → name, all in one query, in the library's order."""
    rows = [
        model.objects.filter(workspace=workspace)  # type: ignore[attr-defined]
        .order_by()
        .values_list(Value(field, CharField()), "position", "name", "code")
        for field, model in LIBRARY.items()
    ]
    found: dict[str, dict[str, str]] = {field: {} for field in LIBRARY}
    for field, _position, name, code in sorted(rows[0].union(*rows[1:])):
        found[field][code] = name
    return found


def _last_day(workspace: Workspace) -> date | None:
    standing = Import.objects.filter(workspace=workspace, last_at__isnull=False).standing()
    last = standing.order_by("-last_at").values_list("last_at", flat=True).first()
    return last.astimezone(workspace.zone).date() if last else None


def _of_evidence(workspace: Workspace, name: str, compute: Any) -> Any:
    """Remembered as long as the workspace's evidence stays the same."""
    key = f"{name}:{workspace.pk}:{workspace.evidence_revision}"
    return cache.get_or_set(key, lambda: compute(workspace), KEPT_S)
