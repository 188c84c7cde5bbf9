"""`manage.py create_workspace`: a workspace, its first admin, and the login."""

import json

import pytest
from django.core.management import CommandError, call_command

from accounts.models import User, Workspace
from tests.factories import UserFactory

pytestmark = pytest.mark.django_db


def run(*arguments: str, name: str = "North Bank") -> None:
    call_command("create_workspace", *arguments, "--name", name)


def test_it_prints_the_login_it_made(capsys: pytest.CaptureFixture[str]) -> None:
    run("north-bank", "--owner", "Ana@Example.org", "--json")
    login = json.loads(capsys.readouterr().out)
    assert login["workspace"] == "north-bank"
    assert login["owner"] == "ana@example.org"
    owner = User.objects.get(email="ana@example.org")
    assert owner.check_password(login["password"])
    assert owner.memberships.get().role == "admin"


def test_it_prints_no_password_of_a_person_who_has_one(capsys: pytest.CaptureFixture[str]) -> None:
    user = UserFactory(email="ana@example.org")
    before = user.password
    run("north-bank", "--owner", "ana@example.org", "--json")
    assert json.loads(capsys.readouterr().out)["password"] is None
    user.refresh_from_db()
    assert user.password == before


def test_for_people_it_prints_sentences(capsys: pytest.CaptureFixture[str]) -> None:
    run("north-bank", "--owner", "ana@example.org")
    said = capsys.readouterr().out
    password = said.split()[-1]
    assert User.objects.get().check_password(password)


@pytest.mark.parametrize(
    ("slug", "owner", "words"),
    [
        ("North Bank", "ana@example.org", "small letters"),
        ("north-bank", "ana", "valid email"),
        ("taken", "ana@example.org", "already exists"),
    ],
)
def test_a_refusal_is_a_sentence_and_makes_nothing(slug: str, owner: str, words: str) -> None:
    Workspace.objects.create(slug="taken", name="Taken")
    with pytest.raises(CommandError, match=words):
        run(slug, "--owner", owner)
    assert Workspace.objects.count() == 1
    assert not User.objects.exists()


def test_a_name_of_spaces_is_no_name() -> None:
    with pytest.raises(CommandError, match="name: This field cannot be blank"):
        run("north-bank", "--owner", "ana@example.org", name="  ")
    assert not Workspace.objects.exists()
