"""What every page's frame needs."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest

from accounts.access import PERMISSIONS
from accounts.models import User, Workspace


def shell(request: HttpRequest) -> dict[str, Any]:
    """The current workspace, the user's rights in it, and the user's workspaces."""
    membership = getattr(request, "membership", None)
    user = getattr(request, "user", None)
    return {
        "membership": membership,
        "workspace": membership.workspace if membership else None,
        "may": {str(p): True for p in PERMISSIONS[membership.role]} if membership else {},
        "workspaces": Workspace.objects.of(user)
        if isinstance(user, User)
        else Workspace.objects.none(),
        "demo_available": settings.OPEN_DEMO,
    }
