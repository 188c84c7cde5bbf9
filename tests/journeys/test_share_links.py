"""Links to a map: made, listed, ended and opened again by those who draw it."""

from datetime import timedelta
from urllib.parse import urlsplit

import pytest
from django.test import Client
from django.utils import timezone

from accounts.access import Role
from accounts.models import User, Workspace
from journeys import sharing
from journeys.errors import JourneyError
from journeys.mapfile import load_map
from journeys.models import Journey, ShareLink
from journeys.versions import delete_version, name_version
from tests.journeys.documents import example


@pytest.fixture
def journey(workspace: Workspace) -> Journey:
    return load_map(workspace, example(), None)


@pytest.fixture
def client(member, client_for) -> Client:
    return client_for(member(Role.DESIGNER))


@pytest.fixture
def path(journey: Journey) -> str:
    return f"/w/{journey.workspace.slug}/journeys/{journey.slug}/edit/share/"


def test_the_address_is_shown_once_and_kept_nowhere(client, path, journey) -> None:
    answer = client.post(path, {"name": "The board"})
    assert (answer.status_code, answer["Location"]) == (302, path)
    page = client.get(path)
    address = page.context["new_address"]
    assert address in page.content.decode() and "no-store" in page["Cache-Control"]
    secret = urlsplit(address).path.split("/")[2]
    assert secret not in client.get(path).content.decode()
    kept = ShareLink.objects.values().get()
    assert secret not in str(kept) and len(secret) >= 32
    assert Client().get(urlsplit(address).path).status_code == 200


def test_another_maps_page_does_not_show_the_new_link(client, path, workspace) -> None:
    other = load_map(workspace, example() | {"journey": {"slug": "o", "name": "O",
                                                         "kind": "as-is"}}, None)  # fmt: skip
    client.post(path, {})
    elsewhere = client.get(f"/w/{workspace.slug}/journeys/{other.slug}/edit/share/")
    assert "/s/" not in elsewhere.content.decode()
    assert client.get(path).context["new_address"]


def test_everything_asked_for_is_kept(client, path, journey) -> None:
    version = name_version(journey=journey, user=None, name="Draft")
    day = timezone.localdate() + timedelta(days=3)
    client.post(
        path,
        {"name": "The board", "lanes": ["do"], "shows_figures": "on", "password": "open sesame",
         "state": str(version.number), "last_day": day.isoformat()},
    )  # fmt: skip
    link = ShareLink.objects.get()
    assert (link.lanes, link.shows_figures, link.number) == (["do"], True, version.number)
    assert link.takes("open sesame") and not link.takes("open")
    assert link.expires_at > timezone.now() and link.made_by is not None
    html = client.get(path).content.decode()
    for words in ("The board", "What customers do", "with figures", "version “Draft”",
                  "with a password", "until"):  # fmt: skip
        assert words in html, words
    delete_version(version=version)
    assert "version “Draft”" not in client.get(path).content.decode()


@pytest.mark.parametrize(
    "wrong, words",
    [
        ({"password": "short"}, "at least 6 characters"),
        ({"last_day": "2020-01-01"}, "This day is over"),
        ({"last_day": "soon"}, "Enter a valid date"),
        ({"lanes": ["nowhere"]}, "nowhere is not one of the available choices"),
        ({"state": "99"}, "99 is not one of the available choices"),
        ({"name": "x" * 81}, "at most 80 characters"),
    ],
)
def test_what_cannot_be_is_said(client, path, wrong, words: str) -> None:
    answer = client.post(path, wrong)
    assert answer.status_code == 422 and words in answer.content.decode()
    assert not ShareLink.objects.exists()


def test_ended_told_and_opened_again(client, path, journey) -> None:
    link, secret = sharing.make_link(journey=journey, user=None, name="The board")
    answer = client.post(f"{path}{link.pk}/end/", follow=True)
    html = answer.content.decode()
    assert "The link “The board” opens nothing any more." in html and "ended" in html
    assert Client().get(f"/s/{secret}/").status_code == 404
    assert f"{path}{link.pk}/reopen/" in html  # in the toast and in the row
    client.post(f"{path}{link.pk}/reopen/")
    assert Client().get(f"/s/{secret}/").status_code == 200


def test_ending_twice_keeps_the_first_time(journey) -> None:
    link, _secret = sharing.make_link(journey=journey, user=None)
    sharing.end_link(link=link)
    before = ShareLink.objects.get().revoked_at
    sharing.end_link(link=link)
    assert ShareLink.objects.get().revoked_at == before


def test_a_link_of_another_map_is_not_found_here(client, path, journey, stranger) -> None:
    theirs = load_map(stranger.memberships.get().workspace, example(), None)
    link, _secret = sharing.make_link(journey=theirs, user=stranger)
    assert client.post(f"{path}{link.pk}/end/").status_code == 404
    link.refresh_from_db()
    assert link.revoked_at is None


@pytest.mark.parametrize("role", Role.values)
def test_only_those_who_draw_maps_share_them(member, client_for, path, journey, role) -> None:
    link, _secret = sharing.make_link(journey=journey, user=None)
    browser = client_for(member(role))
    may = role in (Role.DESIGNER, Role.ADMIN)
    assert browser.get(path).status_code == (200 if may else 403)
    assert browser.post(path, {}).status_code == (302 if may else 403)
    assert browser.post(f"{path}{link.pk}/end/").status_code == (302 if may else 403)


def test_a_link_outlives_who_made_it(journey, member) -> None:
    maker: User = member(Role.DESIGNER)
    _link, secret = sharing.make_link(journey=journey, user=maker)
    maker.delete()
    assert Client().get(f"/s/{secret}/").status_code == 200


def test_there_is_a_limit(journey, monkeypatch) -> None:
    monkeypatch.setattr(sharing, "MOST_LINKS", 2)
    first, _secret = sharing.make_link(journey=journey, user=None)
    sharing.make_link(journey=journey, user=None)
    with pytest.raises(JourneyError, match="at most 2 links"):
        sharing.make_link(journey=journey, user=None)
    sharing.end_link(link=first)
    assert sharing.make_link(journey=journey, user=None)


def test_a_state_that_never_was_cannot_be_shared(journey) -> None:
    with pytest.raises(JourneyError, match="no operation 9"):
        sharing.make_link(journey=journey, user=None, number=9)
