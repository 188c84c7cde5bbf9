"""A session is found by its key for as long as it lasts."""

from datetime import timedelta

import pytest
from django.contrib.sessions.models import Session
from django.utils import timezone

from tests.factories import MembershipFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def home(client):
    """Signed in; gives what the address of the workspace answers."""
    membership = MembershipFactory()
    client.force_login(membership.user)
    return lambda: client.get(f"/w/{membership.workspace.slug}/").status_code


def test_it_signs_in_until_it_ends(home):
    assert home() == 200
    Session.objects.update(expire_date=timezone.now() - timedelta(seconds=1))
    assert home() == 302


def test_it_is_gone_once_somebody_signed_out(home, client):
    client.logout()
    assert home() == 302 and not Session.objects.exists()


@pytest.mark.parametrize(
    "key", ["a-key-nobody-has", "' OR true --", r'"a\000b-and-more"', "clé-that-nobody-has"]
)
def test_an_unknown_key_is_nobodys(home, client, key):
    client.cookies["sessionid"] = key
    assert home() == 302


def test_what_is_kept_in_it_comes_back(home, client):
    session = client.session
    session["kept"] = {"词": [1, None]}
    session.save()
    assert client.session["kept"] == {"词": [1, None]}
