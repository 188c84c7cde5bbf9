"""Who may do what: permissions are an enum, roles are lists of them, one function answers."""

from enum import StrEnum
from typing import TYPE_CHECKING

from django.core.exceptions import PermissionDenied
from django.db import models
from django.http import Http404, HttpRequest
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

if TYPE_CHECKING:
    from accounts.models import Membership, User, Workspace


class Permission(StrEnum):
    VIEW = "view"  # see maps, scores, figures and downloads
    EDIT_JOURNEYS = "edit_journeys"  # draw maps
    EDIT_LIBRARY = "edit_library"  # touchpoints, promises, channels, segments, units
    VIEW_ROWS = "view_rows"  # evidence row by row, rejected rows, comments
    IMPORT = "import"  # bring evidence in, undo an import
    SCORE = "score"  # start a scoring run
    EDIT_PAINPOINTS = "edit_painpoints"  # owner, status, cause, actions
    EDIT_REPORTS = "edit_reports"  # compose reports; whoever may view may take them away
    ADMINISTER = "administer"  # people, roles, tokens, settings


class Role(models.TextChoices):
    VIEWER = "viewer", _("Viewer")
    DESIGNER = "designer", _("Designer")
    ANALYST = "analyst", _("Analyst")
    MANAGER = "manager", _("Manager")
    ADMIN = "admin", _("Admin")


VIEWER = [Permission.VIEW]
DESIGNER = [*VIEWER, Permission.EDIT_JOURNEYS, Permission.EDIT_LIBRARY]
ANALYST = [
    *VIEWER,
    Permission.EDIT_LIBRARY,
    Permission.VIEW_ROWS,
    Permission.IMPORT,
    Permission.SCORE,
    Permission.EDIT_REPORTS,
]
MANAGER = [*VIEWER, Permission.SCORE, Permission.EDIT_PAINPOINTS, Permission.EDIT_REPORTS]
ADMIN = list(Permission)

PERMISSIONS: dict[str, frozenset[Permission]] = {
    Role.VIEWER: frozenset(VIEWER),
    Role.DESIGNER: frozenset(DESIGNER),
    Role.ANALYST: frozenset(ANALYST),
    Role.MANAGER: frozenset(MANAGER),
    Role.ADMIN: frozenset(ADMIN),
}


def permissions_of(user: "User", workspace: "Workspace") -> frozenset[Permission]:
    """All permissions of this user in this workspace; empty for a stranger."""
    membership = workspace.memberships.filter(user_id=user.pk).first()
    return PERMISSIONS[membership.role] if membership else frozenset()


def get_membership(request: HttpRequest, slug: str) -> "Membership":
    """The signed-in user's membership in the workspace at this address; 404 for strangers."""
    from accounts.belonging import memberships_of

    if not request.user.is_authenticated:
        raise Http404
    # All of them, in one query: the page's frame offers the other workspaces.
    mine = memberships_of(request.user.pk)
    membership = next((one for one in mine if one.workspace.slug == slug), None)
    if membership is None:
        raise Http404
    request.memberships = mine  # type: ignore[attr-defined]
    _remember_language(membership.user)
    return membership


def _remember_language(user: "User") -> None:
    """What is written to this person later, an e-mail for example, speaks the pages' language."""
    language = get_language()
    if language and user.language != language:
        type(user).objects.filter(pk=user.pk).update(language=language)
        user.language = language


def get_workspace(
    request: HttpRequest, slug: str, permission: Permission = Permission.VIEW
) -> "Workspace":
    """The workspace at this address, for this user, with this right.

    Strangers get 404 (they must not learn that it exists), members without the right 403.
    It is left on the request for the page's frame (`accounts.context.shell`), and its time zone
    is the one of the page.
    """
    membership = get_membership(request, slug)
    request.membership = membership  # type: ignore[attr-defined]
    timezone.activate(membership.workspace.zone)
    if permission not in PERMISSIONS[membership.role]:
        raise PermissionDenied(
            _("Your role in this workspace, %(role)s, does not allow this. Ask an admin.")
            % {"role": membership.get_role_display()}
        )
    return membership.workspace


def rights_of(request: HttpRequest) -> frozenset[Permission]:
    """Of whoever asked, once `get_workspace` has let them in."""
    return PERMISSIONS[request.membership.role]  # type: ignore[attr-defined]
