"""What the filter bar offers: the words of the library and those that only evidence uses."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from django.core.cache import cache
from django.utils.translation import gettext as _

from accounts.models import Workspace
from evidence.models import Import
from evidence.scope import FILTERS, Scope
from painpoints.vocabulary import KEPT_S, Names, named_by_evidence, names_of


def filters_of(
    workspace: Workspace, scope: Scope, names: Mapping[str, Mapping[str, str]] | None = None
) -> list[dict[str, Any]]:
    """As the tag `scope_bar` takes them; a word without evidence is not offered."""
    return _offered(scope, names or names_of(workspace), named_by_evidence(workspace))


def _offered(
    scope: Scope, names: Mapping[str, Mapping[str, str]], seen: Mapping[str, list[str]]
) -> list[dict[str, Any]]:
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


def chosen_filters(scope: Scope, names: Names) -> list[dict[str, Any]]:
    """The same with nothing on offer but what is chosen."""
    return _offered(scope, names, {field: [] for field in FILTERS.values()})


def last_day(workspace: Workspace) -> date | None:
    """The last day of evidence, from which the presets count back."""
    key = f"last-day:{workspace.pk}:{workspace.evidence_revision}"
    day: date | None = cache.get_or_set(key, lambda: _last_day(workspace), KEPT_S)
    return day


def _last_day(workspace: Workspace) -> date | None:
    standing = Import.objects.filter(workspace=workspace, last_at__isnull=False).standing()
    last = standing.order_by("-last_at").values_list("last_at", flat=True).first()
    return last.astimezone(workspace.zone).date() if last else None
