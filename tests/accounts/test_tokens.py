"""Tokens of programs."""

from accounts.access import Role
from accounts.models import ApiToken, User, Workspace
from accounts.tokens import _known, create_token, digest


def test_only_the_hash_is_kept(workspace, owner):
    row, text = create_token(workspace=workspace, user=owner, name="nightly")
    assert row.digest == digest(text)
    assert text not in "".join(str(v) for v in ApiToken.objects.values_list().get(pk=row.pk))


def test_a_revoked_token_is_refused(workspace, owner, client):
    row, text = create_token(workspace=workspace, user=owner, name="nightly")
    url = "/api/v1/journeys/"
    assert client.get(url, headers={"Authorization": f"Token {text}"}).status_code == 200
    ApiToken.objects.filter(pk=row.pk).update(revoked_at="2026-01-01T00:00Z")
    assert client.get(url, headers={"Authorization": f"Token {text}"}).status_code == 401


def test_sign_in_reads_what_the_models_read(workspace, owner):
    row, text = create_token(workspace=workspace, user=owner, name="nightly")
    found = _known(digest(text))
    for ours, theirs in (
        (found, ApiToken.objects.get(pk=row.pk)),
        (found.user, User.objects.get(pk=owner.pk)),
        (found.workspace, Workspace.objects.get(pk=workspace.pk)),
    ):
        fields = [field.attname for field in type(theirs)._meta.concrete_fields]
        assert [getattr(ours, f) for f in fields] == [getattr(theirs, f) for f in fields]
        assert not ours._state.adding
    assert found.role == Role.ADMIN


def test_who_is_no_member_or_not_active_any_more_is_a_stranger(workspace, owner, client):
    _row, text = create_token(workspace=workspace, user=owner, name="nightly")
    sent = {"headers": {"Authorization": f"Token {text}"}}
    User.objects.filter(pk=owner.pk).update(is_active=False)
    assert client.get("/api/v1/journeys/", **sent).status_code == 401
    User.objects.filter(pk=owner.pk).update(is_active=True)
    owner.memberships.all().delete()
    assert client.get("/api/v1/journeys/", **sent).status_code == 404


def test_a_token_of_another_workspace_sees_nothing_of_this_one(workspace, owner, stranger, client):
    elsewhere = stranger.memberships.get().workspace
    assert stranger.memberships.get().role == Role.ADMIN
    _row, text = create_token(workspace=elsewhere, user=stranger, name="other")
    answer = client.get("/api/v1/journeys/", headers={"Authorization": f"Token {text}"})
    assert answer.json()["count"] == 0


def test_nonsense_is_answered_with_a_sentence(db, client):
    answer = client.get("/api/v1/journeys/", headers={"Authorization": "Token"})
    assert answer.status_code == 401
    assert "Authorization: Token" in answer.json()["detail"]


def test_a_token_that_only_appends_is_made_on_the_page(workspace, owner, client_for):
    browser = client_for(owner)
    address = f"/w/{workspace.slug}/settings/"
    browser.post(address + "tokens/", {"name": "survey", "scope": "append"})
    assert ApiToken.objects.get().scope == "append"
    assert "only send evidence" in browser.get(address).content.decode()
