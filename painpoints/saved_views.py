"""Saved views: what of an address they keep, who sees them, and how they are changed."""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import QuerySet
from django.http import QueryDict
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.access import Permission, permissions_of
from accounts.filter_bar import as_date
from accounts.models import User, Workspace
from painpoints.filters import last_day
from painpoints.view_models import SavedView

Page = SavedView.Page
KEPT: dict[str, tuple[str, ...]] = {
    Page.PORTFOLIO: ("q", "owner", "kind", "state", "against", "sort", "view"),
    Page.PAINPOINTS: (
        "since", "until", "channel", "segment", "unit", "journey", "stage", "type", "cause",
        "owner", "status", "against", "sort",
    ),
    Page.MATRIX: (
        "since", "until", "channel", "segment", "unit", "journey", "stage", "type", "cause",
        "owner", "status", "business", "sort",
    ),
}  # fmt: skip
ADDRESSES = {
    Page.PORTFOLIO: "reports:portfolio",
    Page.PAINPOINTS: "painpoints:list",
    Page.MATRIX: "reports:matrix",
}
CURRENT = "saved"
MOST = 100
LENGTH = SavedView._meta.get_field("query").max_length or 2000


class ViewError(Exception):
    """A view that cannot be kept, in a sentence for people."""


@dataclass(frozen=True)
class Offered:
    """What a page tells of views: all that this person sees, and the one the address names."""

    page: str
    query: str  # what would be kept now
    views: list[SavedView]
    current: SavedView | None
    is_changed: bool  # the current one's filters are others by now
    may_change: bool
    may_share: bool
    can_roll: bool  # the chosen period ends with the evidence


def offered(
    *, workspace: Workspace, user: User, page: str, get: QueryDict, may: frozenset[Permission]
) -> Offered:
    """In one query. `may`: what this person's role allows."""
    views = list(
        workspace.saved_views.standing().seen_by(user).filter(page=page).select_related("user")
    )
    for view in views:
        view.workspace = workspace
    named = get.get(CURRENT, "")
    current = next((view for view in views if str(view.pk) == named), None)
    query = kept(page, get)
    return Offered(
        page=page,
        query=query,
        views=views,
        current=current,
        is_changed=current is not None and query != _query_of(current, workspace),
        may_change=current is not None and _may_change(current, user, may),
        may_share=len(may) > 1,
        can_roll=_days(query, last_day(workspace)) is not None,
    )


def kept(page: str, get: QueryDict) -> str:
    """The part of an address that a view keeps, always in the same order."""
    found = QueryDict(mutable=True)
    for name in KEPT[page]:
        values = sorted({value for value in get.getlist(name) if value})
        if values:
            found.setlist(name, values)
    return found.urlencode()


def address_of(view: SavedView) -> str:
    """Where a view leads today."""
    query = _query_of(view, view.workspace)
    mark = f"{CURRENT}={view.pk}"
    path = reverse(ADDRESSES[Page(view.page)], args=[view.workspace.slug])
    return f"{path}?{query}&{mark}" if query else f"{path}?{mark}"


def views_for(workspace: Workspace, user: User) -> QuerySet[SavedView]:
    return workspace.saved_views.seen_by(user).select_related("workspace", "user")


@transaction.atomic
def save_view(
    *, workspace: Workspace, user: User, page: str, name: str, query: str, is_shared: bool,
    rolls: bool,
) -> SavedView:  # fmt: skip
    """A new view; one's own of this name on this page is replaced."""
    if page not in KEPT:
        raise ViewError(_("There is no such page."))
    if is_shared:
        _refuse_viewers(user, workspace)
    mine = workspace.saved_views.standing().filter(user=user)
    name = _checked(name)
    if mine.exclude(page=page, name=name).count() >= MOST:
        raise ViewError(_("There are %d views of yours already; delete one.") % MOST)
    view, _is_new = mine.update_or_create(
        page=page,
        name=name,
        defaults={"is_shared": is_shared, **_filters(workspace, page, query, rolls)},
        create_defaults={
            "workspace": workspace,
            "user": user,
            "page": page,
            "name": name,
            "is_shared": is_shared,
            **_filters(workspace, page, query, rolls),
        },
    )
    return view


@transaction.atomic
def change_view(*, view: SavedView, user: User, changes: dict[str, Any]) -> dict[str, Any]:
    """Another name, other filters, shared or not; answers with what stood there before."""
    refuse_others(view, user)
    view = SavedView.objects.select_for_update(of=("self",)).get(pk=view.pk)
    if "name" in changes:
        changes["name"] = _checked(changes["name"])
    same = view.workspace.saved_views.standing().filter(user=view.user_id, page=view.page)
    if same.exclude(pk=view.pk).filter(name=changes.get("name", view.name)).exists():
        raise ViewError(_("There is a view of this name already."))
    if changes.get("is_shared"):
        _refuse_viewers(user, view.workspace)
    before = {name: getattr(view, name) for name in changes}
    for name, value in changes.items():
        setattr(view, name, value)
    view.save()
    return before


def delete_view(*, view: SavedView, user: User) -> None:
    refuse_others(view, user)
    SavedView.objects.filter(pk=view.pk).update(deleted_at=timezone.now())


@transaction.atomic
def restore_view(*, view: SavedView, user: User) -> None:
    """Back under its name, or beside the one that took it meanwhile."""
    refuse_others(view, user)
    same = view.workspace.saved_views.standing().filter(user=view.user_id, page=view.page)
    name, number = view.name, 2
    while same.exclude(pk=view.pk).filter(name=name).exists():
        name, number = f"{view.name[:74]} ({number})", number + 1
    SavedView.objects.filter(pk=view.pk).update(deleted_at=None, name=name)


def refuse_others(view: SavedView, user: User) -> None:
    """Whose it is may change it; what is shared, an admin too."""
    if not _may_change(view, user, permissions_of(user, view.workspace)):
        raise PermissionDenied(_("This view is somebody else's. Save it under a name of your own."))


def _may_change(view: SavedView, user: User, rights: frozenset[Permission]) -> bool:
    return view.user_id == user.pk or (view.is_shared and Permission.ADMINISTER in rights)


def _refuse_viewers(user: User, workspace: Workspace) -> None:
    """Who may only look keeps views of their own, but puts none before others."""
    if permissions_of(user, workspace) <= {Permission.VIEW}:
        raise PermissionDenied(_("Your role in this workspace may not share views. Ask an admin."))


def _checked(name: str) -> str:
    name = " ".join(name.split())
    if not 1 <= len(name) <= 80:
        raise ViewError(_("A view needs a name of at most 80 characters."))
    return name


def _filters(workspace: Workspace, page: str, query: str, rolls: bool) -> dict[str, Any]:
    cleaned = kept(page, QueryDict(query))
    if len(cleaned) > LENGTH:
        raise ViewError(_("These are too many filters for one view; choose fewer."))
    days = _days(cleaned, last_day(workspace)) if rolls else None
    return {"query": cleaned, "days": days}


def filters_now(view: SavedView, query: str) -> dict[str, Any]:
    """Other filters for a view; its period moves on as it did, where it still can."""
    return _filters(view.workspace, view.page, query, view.days is not None)


def _days(query: str, last: date | None) -> int | None:
    """How long the chosen period is, where it ends with the last day of evidence."""
    get = QueryDict(query)
    since, until = as_date(get.get("since")), as_date(get.get("until"))
    if last is None or since is None or until != last + timedelta(days=1):
        return None
    length = (until - since).days
    return length if 0 < length < 10_000 else None


def _query_of(view: SavedView, workspace: Workspace) -> str:
    last = last_day(workspace)
    if view.days is None or last is None:
        return view.query
    get = QueryDict(view.query, mutable=True)
    until = last + timedelta(days=1)
    get["since"] = (until - timedelta(days=view.days)).isoformat()
    get["until"] = until.isoformat()
    return kept(view.page, get)
