"""Whether the words of a scope are known, and the nearest right one where they are not."""

import logging
import threading
from collections.abc import Iterable, Mapping
from contextlib import suppress
from difflib import get_close_matches

from django.core.cache import cache, caches
from django.db.models import Max
from django.http import QueryDict
from django.utils.translation import gettext as _
from redis.exceptions import RedisError

from accounts import written
from accounts.models import Workspace
from evidence import lake
from evidence.models import Import
from evidence.scope import FILTERS, Scope, ScopeError
from touchpoints.models import Channel, Segment, Unit

KEPT_S = 24 * 3600
SHARED_S = 30 * KEPT_S
_reading = threading.Lock()

log = logging.getLogger(__name__)

LIBRARY = {"channels": Channel, "segments": Segment, "units": Unit}
ALL_NAMES = " UNION ALL ".join(
    f"SELECT '{field}', position, name, code "
    f'FROM "{model._meta.db_table}" WHERE workspace_id = %s'
    for field, model in LIBRARY.items()
)
SHOWN = 10

Names = Mapping[str, Mapping[str, str]]  # field of a scope → code → name


def check_scope(workspace: Workspace, scope: Scope, names: Names | None = None) -> None:
    """Raises ScopeError for a channel, segment or unit that neither library nor evidence knows.

    `names`: the library's (names_of), for who has them already.
    """
    unknown = {}
    for field, model in LIBRARY.items():
        if not getattr(scope, field):
            continue
        known = (
            set(names[field])
            if names
            else set(model.objects.filter(workspace=workspace).values_list("code", flat=True))  # type: ignore[attr-defined]
        )
        if missing := [code for code in getattr(scope, field) if code not in known]:
            unknown[field] = (missing, known)
    if not unknown:
        return
    seen = named_by_evidence(workspace)
    words = {field: name for name, field in FILTERS.items()}
    for field, (missing, known) in unknown.items():
        for code in missing:
            if code not in seen[field]:
                raise ScopeError(unknown_word(words[field], code, known | set(seen[field])))


def scope_in(
    workspace: Workspace, query: QueryDict, names: Names | None = None
) -> tuple[Scope, str]:
    """The scope that an address names; all evidence and why, where it cannot be meant."""
    try:
        scope = Scope.from_query(query)
        if scope.channels or scope.segments or scope.units:
            check_scope(workspace, scope, names)
    except ScopeError as error:
        return Scope(), str(error)
    return scope, ""


def names_of(workspace: Workspace) -> dict[str, dict[str, str]]:
    """Field → code → name, all in one query, in the library's order."""
    names: dict[str, dict[str, str]] = {field: {} for field in LIBRARY}
    for field, _position, name, code in sorted(
        written.found(ALL_NAMES, [workspace.pk] * len(LIBRARY))
    ):
        names[field][code] = name
    return names


def named_by_evidence(workspace: Workspace) -> dict[str, list[str]]:
    """The channels, segments and units that occur in the workspace's evidence.

    All its rows are read for that, so they are remembered as long as it stays the same.
    """
    key = f"words:{workspace.pk}:{workspace.evidence_revision}"
    found: dict[str, list[str]] | None = cache.get(key)
    if found is None:
        with _reading:  # after an import all pages ask at the same time
            found = cache.get_or_set(key, lambda: _from_others(workspace, key), KEPT_S)
    assert found is not None
    return found


def _from_others(workspace: Workspace, key: str) -> dict[str, list[str]]:
    """What another process found in the same evidence; a worker does once an import is scored."""
    last = Import.objects.filter(workspace=workspace).aggregate(at=Max("finished_at"))["at"]
    if last is None:
        return _named(workspace)
    # A database that was made anew counts workspaces and revisions anew.
    name = f"{key}:{last.isoformat()}"
    try:
        known: dict[str, list[str]] | None = caches["shared"].get(name)
    except (RedisError, OSError) as error:
        log.warning("Words are read from the rows, the shared cache does not answer: %s", error)
        return _named(workspace)
    if known is None:
        known = _named(workspace)
        with suppress(RedisError, OSError):
            caches["shared"].set(name, known, SHARED_S)
    return known


def _named(workspace: Workspace) -> dict[str, list[str]]:
    with lake.cursor() as cursor:
        lake.leave_out_empty(cursor)
        row = cursor.execute(lake.query("vocabulary"), {"workspace": workspace.pk}).fetchone()
    assert row is not None
    return {f: [v for v in row[i] if v is not None] for i, f in enumerate(LIBRARY)}


def unknown_word(kind: str, word: str, known: Iterable[str]) -> str:
    """A sentence that offers the nearest right word, or what there is."""
    known = sorted(known)
    if near := get_close_matches(word, known, n=1, cutoff=0.5):
        return _("There is no %(kind)s “%(word)s”. Did you mean “%(near)s”?") % {
            "kind": kind,
            "word": word,
            "near": near[0],
        }
    shown = ", ".join(known[:SHOWN]) + (", …" if len(known) > SHOWN else "")
    return _("There is no %(kind)s “%(word)s”; there is: %(shown)s.") % {
        "kind": kind,
        "word": word,
        "shown": shown or _("none yet"),
    }
