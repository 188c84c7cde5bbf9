"""Journeys as map files, format touchline-map/1 (docs/map-file.md), and back."""

from hashlib import sha256
from typing import Any

from django.db import connection, transaction
from django.utils.text import slugify
from django.utils.translation import gettext as _

from accounts.models import User, Workspace
from journeys import editing
from journeys.entries import dump_parts, plain_fields
from journeys.errors import MapError
from journeys.mapcheck import entries, nearest, problems_in
from journeys.mapwrite import write_parts
from journeys.models import Journey
from journeys.operations import JOURNEY, REFERENCES, is_blank
from journeys.tree import circle, circle_said
from touchpoints.codes import Claims, clashes, release
from touchpoints.entries import entries_of, save_entry
from touchpoints.meaning import Via, recorded
from touchpoints.models import Touchpoint

FORMAT = "touchline-map/1"
Document = dict[str, Any]


def load_map(workspace: Workspace, document: Any, user: User | None) -> Journey:
    """Makes the journey the document describes, or replaces the map of the one with its slug.

    All or nothing. Raises MapError with every problem found. A journey that is there keeps
    its scoring runs, pain points and owner, and entries with the same id stay the same rows.
    """
    problems = problems_in(document)
    if not isinstance(document, dict):
        raise MapError(problems)
    with transaction.atomic():
        _one_at_a_time(workspace)
        problems += _problems_with_library(workspace, document)
        if problems:
            raise MapError(problems)
        claims = _claims(document)
        # Told when the map stands, so that its journey is among those scored by what changed.
        with recorded(workspace=workspace, user=user, via=Via.MAP, codes=claims):
            release(workspace, claims)
            for entry in document.get("touchpoints", []):
                save_entry(workspace=workspace, entry=entry)
            journey = _replaced(workspace, document, user) or _made(workspace, document, user)
    return journey


def dump_map(journey: Journey) -> Document:
    """The journey as a map file. What is empty is left out; the lists always stand."""
    goals = list(journey.goal_touchpoints.order_by("code").values_list("code", flat=True))
    head: Document = {"slug": journey.slug, "name": journey.name, "kind": journey.kind}
    for name in ("goal", "description"):
        if getattr(journey, name):
            head[name] = getattr(journey, name)
    if goals:
        head["goal_touchpoints"] = goals
    parts = dump_parts(journey)
    used = [code for step in parts["steps"] for code in step.get("touchpoints", [])]
    codes = list(dict.fromkeys([*used, *goals]))
    return {
        "format": FORMAT,
        "journey": head,
        "touchpoints": entries_of(journey.workspace, codes),
        **parts,
    }


def default_slug(name: str) -> str:
    """An address from a name; a name without Latin letters gets one that stays the same."""
    slug = slugify(name)[:80].strip("-").replace("_", "-")
    while "--" in slug:
        slug = slug.replace("--", "-")
    return slug.strip("-") or f"journey-{_fingerprint(name)}"


def _fingerprint(name: str) -> str:
    return sha256(name.encode()).hexdigest()[:8]


def _one_at_a_time(workspace: Workspace) -> None:
    """Two files that bring the same codes wait for each other; released at commit."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext('maps'), %s)", [workspace.pk])


def _claims(document: Document) -> Claims:
    return {
        entry["code"]: codes if isinstance(codes := entry.get("codes"), list) else None
        for _index, entry in entries(document, "touchpoints")
        if isinstance(entry.get("code"), str)
    }


def _problems_with_library(workspace: Workspace, document: Document) -> list[str]:
    """References to touchpoints nobody knows, and evidence codes others have."""
    problems = []
    listed = set(_claims(document))
    library = set(Touchpoint.objects.filter(workspace=workspace).values_list("code", flat=True))
    for where, code in _touchpoint_references(document):
        if code not in listed and code not in library:
            problems.append(
                _(
                    "%(where)s: “%(code)s” is neither among the file's touchpoints nor in the "
                    "workspace's library%(hint)s"
                )
                % {"where": where, "code": code[:60], "hint": nearest(code, listed | library)}
            )
    for raw, code in clashes(workspace, _text_claims(document)).items():
        problems.append(
            _("touchpoints: the code “%(raw)s” belongs to the touchpoint “%(code)s” already")
            % {"raw": raw, "code": code}
        )
    return problems + _circles(workspace, document)


def _circles(workspace: Workspace, document: Document) -> list[str]:
    """Steps that open a journey which leads back to this one."""
    places: dict[str, str] = {}
    for index, step in entries(document, "steps"):
        if isinstance(step.get("opens"), str):
            places.setdefault(step["opens"], f"steps[{index}].opens")
    head = document.get("journey")
    if not isinstance(head, dict) or not isinstance(head.get("name"), str):
        return []
    way = circle(workspace, str(_slug_of(document)), places)
    return [f"{places[way[1]]}: {circle_said(way)}"] if way else []


def _text_claims(document: Document) -> Claims:
    """The claims, of an ill-formed document only what is text."""
    return {
        code: None if further is None else [c for c in further if isinstance(c, str)]
        for code, further in _claims(document).items()
    }


def _touchpoint_references(document: Document) -> list[tuple[str, str]]:
    found = []
    journey = document.get("journey")
    goals = journey.get("goal_touchpoints") if isinstance(journey, dict) else None
    lists = [("journey.goal_touchpoints", goals)]
    for index, step in entries(document, "steps"):
        lists.append((f"steps[{index}].touchpoints", step.get("touchpoints")))
    for where, codes in lists:
        if isinstance(codes, list):
            found += [(f"{where}[{i}]", c) for i, c in enumerate(codes) if isinstance(c, str)]
    return found


def _replaced(workspace: Workspace, document: Document, user: User | None) -> Journey | None:
    """The journey with the document's slug, its map made that of the document in one operation."""
    journey = Journey.objects.filter(workspace=workspace, slug=_slug_of(document)).first()
    if journey is None:
        return None
    lists = {name: _named(name, document.get(name, [])) for name in REFERENCES}
    head = {k: v for k, v in document["journey"].items() if k != "slug" and v not in ("", [])}
    own = {"id": "", "kind": Journey.Kind.AS_IS.value, **head}
    if "goal_touchpoints" in own:
        own["goal_touchpoints"] = sorted(own["goal_touchpoints"])
    editing.rewrite(journey=journey, user=user, lists={**lists, JOURNEY: [own]})
    journey.refresh_from_db()
    return journey


def _made(workspace: Workspace, document: Document, user: User | None) -> Journey:
    head = document["journey"]
    journey = Journey.objects.create(
        workspace=workspace,
        slug=_slug_of(document),
        name=head["name"],
        kind=head.get("kind", Journey.Kind.AS_IS),
        goal=head.get("goal", ""),
        description=head.get("description", ""),
        owner=user,
    )
    journey.goal_touchpoints.set(
        Touchpoint.objects.filter(workspace=workspace, code__in=head.get("goal_touchpoints", []))
    )
    write_parts(journey, document)
    return journey


def _slug_of(document: Document) -> str:
    head = document["journey"]
    return head.get("slug") or default_slug(head["name"])


def _named(name: str, entries: list[Document]) -> list[Document]:
    """As the map will tell them: a name that is absent is the id, what is empty is left out."""
    found = []
    for entry in entries:
        said = {**entry, **plain_fields(name, entry)}
        found.append({field: value for field, value in said.items() if not is_blank(value)})
    return found
