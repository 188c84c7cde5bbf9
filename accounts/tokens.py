"""Sign-in of programs: `Authorization: Token …`, kept only as a hash."""

import hashlib
import secrets

from django.db.models import OuterRef, Subquery
from django.utils import timezone
from django.utils.translation import gettext as _
from rest_framework.authentication import BaseAuthentication, get_authorization_header
from rest_framework.exceptions import AuthenticationFailed, PermissionDenied
from rest_framework.request import Request

from accounts.models import ApiToken, Membership, User, Workspace

PREFIX = "tl_"


def digest(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()


def create_token(
    *, workspace: Workspace, user: User, name: str, scope: str = ApiToken.Scope.MEMBER
) -> tuple[ApiToken, str]:
    """A new token and its text, which is shown once and kept nowhere."""
    text = PREFIX + secrets.token_urlsafe(32)
    row = ApiToken.objects.create(
        workspace=workspace, user=user, name=name, scope=scope, digest=digest(text), hint=text[:8]
    )
    return row, text


_ROLE = Membership.objects.filter(user=OuterRef("user"), workspace=OuterRef("workspace")).values(
    "role"
)


class TokenAuthentication(BaseAuthentication):
    """Takes `Authorization: Token tl_…`; the token acts for its member in its workspace only."""

    keyword = "Token"

    def authenticate_header(self, request: Request) -> str:
        return self.keyword

    def authenticate(self, request: Request) -> tuple[User, ApiToken] | None:
        parts = get_authorization_header(request).decode("latin-1").split()
        if not parts or parts[0].lower() != "token":
            return None
        if len(parts) != 2:
            raise AuthenticationFailed(_("Expected one header: Authorization: Token tl_…"))
        found = (
            ApiToken.objects.select_related("user", "workspace")
            .annotate(role=Subquery(_ROLE))  # what every view asks next (accounts/api.py)
            .filter(digest=digest(parts[1]), revoked_at=None, user__is_active=True)
            .order_by()
        )
        token = next(iter(found), None)
        if token is None:
            raise AuthenticationFailed(_("This token is not known, or was revoked."))
        if token.scope != ApiToken.Scope.MEMBER and not _appends(request):
            raise PermissionDenied(_("This token may only send evidence."))
        now = timezone.now()
        if token.last_used_at is None or (now - token.last_used_at).total_seconds() > 60:
            ApiToken.objects.filter(pk=token.pk).update(last_used_at=now)
        return token.user, token


def _appends(request: Request) -> bool:
    """Whether this address takes evidence, and nothing else, with this method."""
    view = (request.parser_context or {}).get("view")
    return request.method == "POST" and getattr(view, "only_appends", False) is True
