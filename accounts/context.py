"""What every page's frame needs."""

from collections.abc import Iterable
from typing import Any

from django.conf import settings
from django.http import HttpRequest

from accounts.access import PERMISSIONS
from accounts.models import User, Workspace


def shell(request: HttpRequest) -> dict[str, Any]:
    """The current workspace, the user's rights in it, and the user's workspaces."""
    membership = getattr(request, "membership", None)
    return {
        "membership": membership,
        "workspace": membership.workspace if membership else None,
        "may": {str(p): True for p in PERMISSIONS[membership.role]} if membership else {},
        "workspaces": _workspaces(request),
        "demo_available": settings.OPEN_DEMO,
    }


def _workspaces(request: HttpRequest) -> Iterable[Workspace]:
    """By name; where the page is one of a workspace, they are known already."""
    known = getattr(request, "memberships", None)
    if known is not None:
        return [one.workspace for one in known]
    user = getattr(request, "user", None)
    return Workspace.objects.of(user) if isinstance(user, User) else Workspace.objects.none()
