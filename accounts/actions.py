"""Writes that touch more than one model of this app."""

import secrets

from allauth.account.models import EmailAddress
from django.core.validators import validate_email
from django.db import transaction
from django.utils.translation import gettext as _

from accounts.access import Role
from accounts.models import Membership, User, Workspace


class AccountError(Exception):
    """A refusal, in a sentence for people."""


def _user_for(email: str) -> tuple[User, str | None]:
    """The person with this address, made with a new password where there is none yet."""
    user = User.objects.filter(email=email.strip().lower()).first()
    if user is not None:
        return user, None
    password = secrets.token_urlsafe(12)
    user = User.objects.create_user(email, password)
    EmailAddress.objects.create(user=user, email=user.email, primary=True, verified=True)
    return user, password


@transaction.atomic
def create_workspace(
    *, slug: str, name: str, owner_email: str, timezone: str = "UTC"
) -> tuple[Workspace, User, str | None]:
    """A workspace with its first admin; the password only where the person is new."""
    workspace = Workspace(slug=slug, name=name.strip(), timezone=timezone)
    workspace.full_clean()
    workspace.save()
    validate_email(owner_email.strip())
    user, password = _user_for(owner_email)
    Membership.objects.create(workspace=workspace, user=user, role=Role.ADMIN)
    return workspace, user, password


@transaction.atomic
def add_member(*, workspace: Workspace, email: str, role: str) -> tuple[Membership, str | None]:
    """Lets a person in; a new person's password is returned once."""
    user, password = _user_for(email)
    if workspace.memberships.filter(user=user).exists():
        raise AccountError(
            _("%(who)s is a member already; change the role in the list instead.")
            % {"who": user.email}
        )
    member = Membership.objects.create(workspace=workspace, user=user, role=role)
    return member, password


@transaction.atomic
def change_role(*, membership: Membership, role: str) -> None:
    """Gives a member another role; a workspace always keeps an admin."""
    _keep_an_admin(membership, leaving=role != Role.ADMIN)
    membership.role = role
    membership.save(update_fields=["role"])


@transaction.atomic
def remove_member(*, membership: Membership) -> None:
    """Takes a person out, with the tokens that acted in their name."""
    _keep_an_admin(membership, leaving=True)
    membership.workspace.tokens.filter(user=membership.user).delete()
    membership.delete()


def _keep_an_admin(membership: Membership, *, leaving: bool) -> None:
    admins = list(
        Membership.objects.select_for_update()
        .filter(workspace=membership.workspace, role=Role.ADMIN)
        .values_list("pk", flat=True)
    )
    if leaving and admins == [membership.pk]:
        raise AccountError(
            _("A workspace needs at least one admin. Make somebody else an admin first.")
        )
