"""Pages that all who may do the same see alike: made once, kept while what they show stays.

A page says which rows it is made of (`Watched`). Before it is handed out again, one query asks the
database for the versions of exactly these rows; where any was added, changed or taken away since,
the page is made anew. Nothing has to be told when something changes, so nothing can be forgotten.

What belongs to one person (the rail, messages, saved views, the form token) is not part of it: the
kept page has holes there, filled for each request. Inside the page a person's values are not to be
had: a template that reads them fails (`Nobody`). Rights are checked by the view, before.

Each process keeps its own pages, so other code or another catalogue never shows old ones.
"""

import re
import secrets
import threading
from collections import OrderedDict
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.db import connection
from django.db.models import Model
from django.http import HttpRequest, HttpResponse
from django.middleware.csrf import get_token
from django.template import loader
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import get_language

from accounts.access import Permission, rights_of

Rights = frozenset[Permission]
MOST_BYTES = 64 * 2**20  # a process
_MARK = secrets.token_hex(12)  # nobody can write it into a map
_HOLE = re.compile(rf"{_MARK}\[([\w./-]+)\]")
CSRF = f"{_MARK}[csrf]"


@dataclass(frozen=True)
class Rows:
    """Rows of a table that a page shows; `where` is SQL over the values of its `Watched`.

    Without `columns` every change of a row counts, else only a change in one of these.
    """

    model: type[Model]
    where: str
    columns: tuple[str, ...] = ()

    @property
    def table(self) -> str:
        return str(self.model._meta.db_table)

    @property
    def sql(self) -> str:
        """How many there are, and which versions of which."""
        told = (
            f"concat_ws(chr(31), {', '.join(self.columns)})"
            if self.columns
            else "ctid || ' ' || xmin"
        )
        return (
            f"(SELECT concat(count(*), ' ', sum(hashtextextended({told}, 0))) "
            f"FROM {self.table} WHERE {self.where})"
        )


@dataclass(frozen=True)
class Watched:
    """All that a page is made of. `fixed`: tables whose rows, once there, never change."""

    rows: tuple[Rows, ...]
    fixed: tuple[type[Model], ...] = ()

    @cached_property
    def sql(self) -> str:
        versions = ", ".join(one.sql for one in self.rows)
        return f"SELECT pg_current_snapshot()::text, concat_ws('|', {versions})"

    @property
    def tables(self) -> set[str]:
        """Every table that the page may read."""
        return {r.table for r in self.rows} | {str(m._meta.db_table) for m in self.fixed}

    def stamp(self, values: Mapping[str, Any]) -> tuple[str, str]:
        """Which transactions are seen now, and the versions of all these rows."""
        snapshot, stamp = _asked(self.sql, values)
        return str(snapshot), str(stamp)


@dataclass(frozen=True)
class Made:
    """What a page shows. It is kept unless it tells of something that is just going on."""

    context: Mapping[str, Any]
    status: int = 200
    lasting: bool = True


@dataclass
class _Page:
    pieces: list[bytes]  # between two of them, one hole
    holes: list[str]
    status: int
    may: dict[str, bool] = field(default_factory=dict)  # rights it asked for, and the answers
    stamp: str = ""
    snapshot: str = ""

    @property
    def size(self) -> int:
        return sum(map(len, self.pieces)) + 1000


class PersonalError(RuntimeError):
    """A page that everybody sees alike was about to show what is one person's."""


class Nobody:
    """Stands in kept pages where a person's values would be."""

    def __init__(self, name: str) -> None:
        self._name = name

    def _refuse(self, *_args: Any) -> Any:
        raise PersonalError(f"“{self._name}” stands in a page that is kept for others too.")

    __getattr__ = __str__ = __bool__ = __iter__ = __eq__ = __len__ = _refuse
    __hash__ = None  # type: ignore[assignment]


NOT_SHARED = ("user", "perms", "membership", "messages", "workspaces")


class _Asked(dict[str, bool]):
    """A role's rights for templates (`may`); notes which were asked for, and what was answered."""

    def __init__(self, may: Rights) -> None:
        super().__init__({str(one): True for one in may})
        self.answers: dict[str, bool] = {}

    def __getitem__(self, name: str) -> bool:
        self.answers[name] = name in self
        return super().__getitem__(name)

    def get(self, name: str, default: Any = None) -> Any:
        return self[name] if name in self else self.answers.setdefault(name, False) or default


def _is_for(page: _Page, may: Rights) -> bool:
    return all((name in may) == answer for name, answer in page.may.items())


@dataclass
class _Store:
    """The pages of this process, those that were not asked for longest go first."""

    most: int = MOST_BYTES
    pages: OrderedDict[tuple[Any, ...], list[_Page]] = field(default_factory=OrderedDict)
    size: int = 0
    lock: threading.Lock = field(default_factory=threading.Lock)
    being_made: dict[tuple[Any, ...], threading.Lock] = field(default_factory=dict)

    def get(self, key: tuple[Any, ...], may: Rights) -> _Page | None:
        """The page made for somebody to whom all that it asked for was answered alike."""
        with self.lock:
            if key not in self.pages:
                return None
            self.pages.move_to_end(key)
            return next((page for page in self.pages[key] if _is_for(page, may)), None)

    def put(self, key: tuple[Any, ...], page: _Page, may: Rights) -> None:
        with self.lock:
            others = [one for one in self._taken(key) if not _is_for(one, may)]
            self.pages[key] = [*others, page]
            self.size += sum(one.size for one in self.pages[key])
            while self.size > self.most and self.pages:
                self._taken(next(iter(self.pages)))

    def _taken(self, key: tuple[Any, ...]) -> list[_Page]:
        gone = self.pages.pop(key, [])
        self.size -= sum(one.size for one in gone)
        return gone

    def turn(self, key: tuple[Any, ...]) -> threading.Lock:
        """Whoever asks for a page that is being made waits for it instead of making it too."""
        with self.lock:
            if len(self.being_made) > 1000:
                self.being_made = {k: v for k, v in self.being_made.items() if v.locked()}
            return self.being_made.setdefault(key, threading.Lock())


store = _Store()


def page(
    request: HttpRequest,
    template: str,
    watched: Watched,
    values: Mapping[str, Any],
    make: Callable[[], Made],
    personal: Mapping[str, Callable[[], Mapping[str, Any]]] | None = None,
) -> HttpResponse:
    """The page, kept or made now, with this person's own parts in it.

    personal: template of a part → what it shows besides the frame's values.
    """
    key, may = _key(request, template), rights_of(request)
    kept = store.get(key, may)
    if kept is None or not _untouched(kept):
        with store.turn(key):
            snapshot, stamp = watched.stamp(values)
            kept = store.get(key, may)
            if kept is None or kept.stamp != stamp:
                made = make()
                kept = _rendered(request, template, made)
                kept.stamp = stamp
                if made.lasting:
                    store.put(key, kept, may)
            kept.snapshot = snapshot
    return _filled(request, kept, personal or {})


def hole(name: str) -> str:
    return f"{_MARK}[{name}]"


def _key(request: HttpRequest, template: str) -> tuple[Any, ...]:
    return (
        template,
        request.membership.workspace_id,  # type: ignore[attr-defined]
        get_language(),
        timezone.localdate(),
        request.get_host(),
        request.path,
        request.META.get("QUERY_STRING", ""),
        request.headers.get("HX-Request", ""),
    )


def _untouched(kept: _Page) -> bool:
    """Whether nothing at all was written since: the same transactions are seen, so the same rows.

    Within a transaction that tells nothing of what the transaction itself has written.
    """
    if connection.in_atomic_block:
        return False
    return bool(_asked("SELECT pg_current_snapshot()::text", {})[0] == kept.snapshot)


def _asked(sql: str, values: Mapping[str, Any]) -> Any:
    with connection.planned_once() as cursor:  # type: ignore[attr-defined]  # config/postgres
        cursor.execute(sql, values)
        row = cursor.fetchone()
    assert row is not None
    return row


def _rendered(request: HttpRequest, template: str, made: Made) -> _Page:
    may = _Asked(rights_of(request))
    context = {
        **{name: Nobody(name) for name in NOT_SHARED},
        **made.context,
        "may": may,
        "csrf_token": CSRF,
        "leaves_holes": True,
    }
    text = loader.get_template(template).render(context, request)
    parts = _HOLE.split(text)
    return _Page([part.encode() for part in parts[::2]], parts[1::2], made.status, may.answers)


def _filled(
    request: HttpRequest, kept: _Page, personal: Mapping[str, Callable[[], Mapping[str, Any]]]
) -> HttpResponse:
    parts: dict[str, bytes] = {}
    found: dict[Any, Mapping[str, Any]] = {}
    for name in kept.holes:
        if name in parts:
            continue
        if name == "csrf":
            parts[name] = get_token(request).encode()
            continue
        asked = personal.get(name)
        if asked is not None and asked not in found:
            found[asked] = asked()
        own = dict(found[asked]) if asked is not None else {}
        parts[name] = loader.get_template(name).render(own, request).encode()
    body = [kept.pieces[0]]
    for name, piece in zip(kept.holes, kept.pieces[1:], strict=True):
        body += (parts[name], piece)
    return HttpResponse(b"".join(body), status=kept.status)
