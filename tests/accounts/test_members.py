"""People of a workspace: coming in, changing roles, leaving."""

import pytest
from django.urls import reverse

from accounts import actions
from accounts.access import Role
from accounts.models import ApiToken, Membership, User
from accounts.tokens import create_token


def test_a_new_workspace_has_its_first_admin_and_a_login(db):
    workspace, owner, password = actions.create_workspace(
        slug="north", name="North", owner_email="Ann@Example.org"
    )
    assert owner.email == "ann@example.org"
    assert owner.check_password(password)
    assert Membership.objects.get(workspace=workspace, user=owner).role == Role.ADMIN


def test_a_known_person_keeps_their_password(workspace, stranger):
    member, password = actions.add_member(
        workspace=workspace, email=stranger.email, role=Role.VIEWER
    )
    assert password is None
    assert member.user == stranger


def test_the_last_admin_stays(workspace, owner):
    membership = Membership.objects.get(workspace=workspace, user=owner)
    with pytest.raises(actions.AccountError, match="at least one admin"):
        actions.change_role(membership=membership, role=Role.VIEWER)
    with pytest.raises(actions.AccountError, match="at least one admin"):
        actions.remove_member(membership=membership)
    assert Membership.objects.get(pk=membership.pk).role == Role.ADMIN


def test_leaving_takes_the_tokens_along(workspace, owner, member):
    analyst = member(Role.ANALYST)
    create_token(workspace=workspace, user=analyst, name="nightly")
    actions.remove_member(membership=Membership.objects.get(user=analyst))
    assert not ApiToken.objects.filter(user=analyst).exists()


def test_the_settings_page_adds_a_person_and_shows_the_login_once(workspace, owner, client_for):
    client = client_for(owner)
    page = reverse("workspace_settings", args=[workspace.slug])
    client.post(
        reverse("member_add", args=[workspace.slug]),
        {"email": "new@example.org", "role": "analyst"},
    )
    first = client.get(page).content.decode()
    second = client.get(page).content.decode()
    assert User.objects.get(email="new@example.org").memberships.get().role == Role.ANALYST
    assert "data-once" in first and "data-once" not in second


def test_a_stranger_cannot_change_a_role(workspace, owner, stranger, client_for):
    membership = Membership.objects.get(workspace=workspace, user=owner)
    answer = client_for(stranger).post(
        reverse("member_role", args=[workspace.slug, membership.pk]), {"role": "viewer"}
    )
    assert answer.status_code == 404


def test_a_workspace_with_a_bad_address_is_refused_with_a_reason(owner, client_for):
    answer = client_for(owner).post(
        reverse("workspace_new"), {"name": "X", "slug": "Not Good", "timezone": "UTC"}
    )
    assert answer.status_code == 200
    assert b"small letters" in answer.content
