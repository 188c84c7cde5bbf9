"""What a link shows to people without a login, and what it never shows."""

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from accounts.access import Role
from accounts.models import Workspace
from journeys import editing, sharing
from journeys.models import Journey, PasswordTry, ShareLink
from journeys.operations import Change
from journeys.versions import name_version
from tests.reports.sharing_world import NEVER, PAGES, Shared, all_of

RIGHT = "open sesame"


@pytest.fixture
def shared(workspace: Workspace, settings, tmp_path) -> Shared:
    settings.MEDIA_ROOT = tmp_path
    return Shared(workspace)


def told(path: str) -> list[str]:
    """Words of NEVER that an outsider finds at a link."""
    html = all_of(path)
    return [word for word in NEVER if word in html]


def say_otherwise(journey: Journey) -> None:
    """The card's words change."""
    words = ({"text": "Dials the number on the card"}, {"text": "Opens the app"})
    editing.edit(journey=journey, user=None, changes=[Change("cards", "c1", *words)])


def test_an_outsider_sees_the_map_and_nothing_else(shared: Shared) -> None:
    link, path = shared.link()
    html = all_of(path)
    for word in ("Calling the bank", "The question is answered", "Ask", "Call the hotline",
                 "Phone: everyday banking", "Dials the number on the card", "Will anybody answer?",
                 "Mei", "Feelings"):  # fmt: skip
        assert html.count(word) >= len(PAGES), word
    assert told(path) == []
    assert shared.workspace.slug not in html and "/w/" not in html
    assert "/accounts/" not in html and "@" not in html
    assert link.digest not in html


def test_a_signed_in_member_gets_no_more_than_an_outsider(
    shared: Shared, owner, client_for
) -> None:
    _link, path = shared.link()
    html = all_of(path, client_for(owner))
    assert not [word for word in NEVER if word in html]
    assert owner.email not in html


def test_nothing_measured_unless_the_link_says_so(journey, run) -> None:
    def pages(**what: bool) -> str:
        _link, secret = sharing.make_link(journey=journey, user=None, **what)
        return all_of(f"/s/{secret}/")

    without, with_figures = pages(), pages(shows_figures=True)
    for word in ("CSAT", "Waits:", "Promise:", "pain/1", "so many hurt", "not measured"):
        assert word not in without, word
    for word in ("CSAT", "Waits:", "Promise:", "pain/1", "so many hurt"):
        assert word in with_figures, word
    # Numbers, but no way to the rows behind them.
    assert "/know/" not in with_figures and "/w/" not in with_figures
    assert "snapshot" not in without


def test_a_link_with_figures_asks_for_no_new_run(journey, run) -> None:
    _link, secret = sharing.make_link(journey=journey, user=None, shows_figures=True)
    all_of(f"/s/{secret}/")
    assert journey.runs.count() == 1


def test_only_the_lanes_chosen_and_who_is_spoken_of_there(shared: Shared) -> None:
    _link, path = shared.link(lanes=["think"])
    html = all_of(path)
    assert "Will anybody answer?" in html and "Call the hotline" in html
    for word in ("Dials the number", "What customers do", "Feelings", "Mei", "poster-curve"):
        assert word not in html, word
    assert shared.on_map.sha256 not in html


def test_a_hidden_lane_is_shown_only_where_it_was_chosen(shared: Shared) -> None:
    _link, path = shared.link(lanes=["inner"])
    assert told(path) == ["HIDDENCARD", "HIDDENLANE"]
    assert shared.on_hidden.sha256 in all_of(path)


def test_lanes_that_are_gone_leave_no_others_in_their_place(shared: Shared) -> None:
    _link, path = shared.link(lanes=["gone"])
    html = all_of(path)
    assert "Call the hotline" in html and "Dials the number" not in html


def test_only_pictures_that_stand_on_what_is_shown(shared: Shared, owner, client_for) -> None:
    link, path = shared.link()
    client = Client()

    def status(picture, where: str = path) -> int:
        return client.get(f"{where}pictures/{picture.sha256}/").status_code

    assert status(shared.on_map) == 200
    assert status(shared.on_hidden) == status(shared.spare) == 404
    assert status(shared.on_map, shared.link(lanes=["think"])[1]) == 404
    assert status(shared.on_hidden, shared.link(lanes=["inner"])[1]) == 200
    assert status(shared.on_map, shared.link(password=RIGHT)[1]) == 404
    sharing.end_link(link=link)
    assert status(shared.on_map) == 404


@pytest.mark.parametrize("page", PAGES)
def test_kept_nowhere_found_by_nobody_told_to_no_one(shared: Shared, page: str) -> None:
    for path in (shared.link()[1], shared.link(password=RIGHT)[1], "/s/nothing-here/"):
        answer = Client().get(path + page)
        assert "no-store" in answer["Cache-Control"] and "private" in answer["Cache-Control"]
        assert "noindex" in answer["X-Robots-Tag"]
        assert 'name="robots" content="noindex' in answer.content.decode()
        assert answer["Referrer-Policy"] in ("no-referrer", "same-origin")
        assert answer["X-Frame-Options"] == "DENY"
        policy = answer["Content-Security-Policy"]
        assert "default-src 'none'" in policy and "script-src 'self';" in policy
        assert "sessionid" not in answer.cookies
        assert "<script>" not in answer.content.decode()


def test_pictures_are_kept_nowhere_either(shared: Shared) -> None:
    answer = Client().get(f"{shared.link()[1]}pictures/{shared.on_map.sha256}/")
    assert "no-store" in answer["Cache-Control"] and "noindex" in answer["X-Robots-Tag"]
    assert answer["Content-Type"] == "image/png" and answer["X-Content-Type-Options"] == "nosniff"


def test_whatever_opens_nothing_says_the_same(shared: Shared) -> None:
    """Wrong, ended, expired, with a password, of a deleted journey: no one can tell which."""
    ended, at_ended = shared.link()
    sharing.end_link(link=ended)
    expired, at_expired = shared.link()
    past = timezone.now() - timedelta(seconds=1)
    ShareLink.objects.filter(pk=expired.pk).update(expires_at=past)
    locked, at_locked = shared.link(password=RIGHT)
    sharing.end_link(link=locked)
    paths = [at_ended, at_expired, at_locked, "/s/never-was/"]
    answers = [Client().get(path + page) for path in paths for page in PAGES]
    answers += [Client().post(path, {"password": RIGHT}) for path in paths]
    assert {answer.status_code for answer in answers} == {404}
    assert len({answer.content for answer in answers}) == 1
    assert "Calling the bank" not in answers[0].content.decode()
    assert "This link opens nothing" in answers[0].content.decode()


def test_the_map_of_a_deleted_journey_is_shown_no_more(shared: Shared) -> None:
    _link, path = shared.link()
    shared.journey.deleted_at = timezone.now()
    shared.journey.save()
    assert Client().get(path).status_code == 404


def test_a_reopened_link_shows_the_map_again(shared: Shared) -> None:
    link, path = shared.link()
    sharing.end_link(link=link)
    assert Client().get(path).status_code == 404
    sharing.reopen_link(link=link)
    assert Client().get(path).status_code == 200


def test_the_last_day_ends_in_the_workspaces_time_zone(shared: Shared) -> None:
    shared.workspace.timezone = "Pacific/Auckland"
    shared.workspace.save()
    day = timezone.localdate(timezone=shared.workspace.zone)
    link, path = shared.link(last_day=day)
    end = link.expires_at.astimezone(shared.workspace.zone)
    assert (end.date(), end.hour) == (day + timedelta(days=1), 0)
    assert Client().get(path).status_code == 200


def test_a_pinned_state_stays_and_the_newest_moves_on(shared: Shared) -> None:
    journey = shared.journey
    version = name_version(journey=journey, user=None, name="For the board")
    _pinned, at_pinned = shared.link(number=version.number)
    _newest, at_newest = shared.link()
    say_otherwise(journey)
    assert "Opens the app" in all_of(at_newest) and "Dials" not in all_of(at_newest)
    assert "Dials the number" in all_of(at_pinned) and "Opens the app" not in all_of(at_pinned)


def test_visits_are_counted(shared: Shared) -> None:
    link, path = shared.link()
    Client().get(path)
    Client().get(path)
    Client().get(path + "present/")
    link.refresh_from_db()
    assert link.seen_count == 2 and link.seen_at is not None


@pytest.mark.parametrize("page", PAGES)
def test_without_the_password_not_even_the_name_is_told(shared: Shared, page: str) -> None:
    link, path = shared.link(password=RIGHT)
    client = Client()
    html = client.get(path + page).content.decode()
    assert "A map with a password" in html
    for word in ("Calling the bank", "Ask", "Mei", *NEVER):
        assert word not in html, word
    link.refresh_from_db()
    assert link.seen_count == 0 and link.password != RIGHT and RIGHT not in link.password

    assert client.post(path + page, {"password": "wrong one"}).status_code == 422
    assert client.get(path + page).content.decode().count("Calling the bank") == 0
    answer = client.post(path + page, {"password": RIGHT})
    assert (answer.status_code, answer["Location"]) == (302, path + page)
    assert "Calling the bank" in client.get(path + page).content.decode()
    picture = client.get(f"{path}pictures/{shared.on_map.sha256}/")
    assert picture.status_code == 200


def test_knowing_one_password_opens_no_other_link(shared: Shared) -> None:
    _one, here = shared.link(password=RIGHT)
    _two, there = shared.link(password=RIGHT)
    client = Client()
    cookie = client.post(here, {"password": RIGHT}).cookies["share"]
    assert (cookie["path"], cookie["httponly"], cookie["samesite"]) == (here, True, "Lax")
    assert "Calling the bank" in client.get(here).content.decode()
    forged = Client()
    forged.cookies["share"] = cookie.value
    assert "Calling the bank" not in forged.get(there).content.decode()


def test_wrong_passwords_are_limited_and_nobody_else_is_locked_out(shared: Shared) -> None:
    link, path = shared.link(password=RIGHT)

    def enter(password: str, sender: str = "192.0.2.1") -> int:
        return Client(REMOTE_ADDR=sender).post(path, {"password": password}).status_code

    assert [enter("wrong one") for _ in range(sharing.MOST_TRIES)] == [422] * sharing.MOST_TRIES
    assert enter("wrong one") == enter(RIGHT) == 429
    assert enter(RIGHT, sender="192.0.2.2") == 302
    PasswordTry.objects.update(tried_at=timezone.now() - sharing.TRIES_FOR - timedelta(seconds=1))
    assert enter(RIGHT) == 302
    assert link.tries.count() == 0


def test_many_senders_together_are_limited_too(shared: Shared) -> None:
    _link, path = shared.link(password=RIGHT)
    senders = (f"198.51.100.{i}" for i in range(sharing.MOST_TRIES_OF_ALL))
    for sender in senders:
        answer = Client(REMOTE_ADDR=sender).post(path, {"password": "wrong one"})
        assert answer.status_code == 422
    assert Client(REMOTE_ADDR="203.0.113.9").post(path, {"password": RIGHT}).status_code == 429


def test_behind_a_proxy_senders_are_those_it_saw(shared: Shared, settings) -> None:
    """And what a client claims about itself is not believed."""
    settings.BEHIND_TLS = True
    _link, path = shared.link(password=RIGHT)

    def enter(password: str, seen: str) -> int:
        headers = {"X-Forwarded-For": seen}
        return Client().post(path, {"password": password}, headers=headers).status_code

    for i in range(sharing.MOST_TRIES):
        assert enter("wrong one", f"10.0.0.{i}, 192.0.2.1") == 422
    assert enter(RIGHT, "10.9.9.9, 192.0.2.1") == 429
    assert enter(RIGHT, "192.0.2.2") == 302


def test_no_sender_is_kept_in_plain_words(shared: Shared) -> None:
    _link, path = shared.link(password=RIGHT)
    Client(REMOTE_ADDR="192.0.2.77").post(path, {"password": "wrong one"})
    assert "192.0.2.77" not in PasswordTry.objects.get().sender


@pytest.mark.parametrize("role", [Role.VIEWER, Role.DESIGNER])
@pytest.mark.parametrize("page", ["present/", "print/", "print/?part", "print/?figures=no"])
def test_members_present_and_print(shared: Shared, member, client_for, role, page: str) -> None:
    answer = client_for(member(role)).get(
        f"/w/{shared.workspace.slug}/journeys/{shared.journey.slug}/{page}"
    )
    html = answer.content.decode()
    assert answer.status_code == 200 and "Dials the number on the card" in html
    assert "HIDDENCARD" not in html and "COMMENT" not in html
    assert ("NOTE for the presenter" in html) == (page == "present/")
    assert ("Revision" in html) == page.startswith("print")


@pytest.mark.parametrize("page", ["present/", "print/"])
def test_strangers_do_not(shared: Shared, stranger, nobody, client_for, page: str) -> None:
    path = f"/w/{shared.workspace.slug}/journeys/{shared.journey.slug}/{page}"
    assert client_for(stranger).get(path).status_code == 404
    assert client_for(nobody).get(path).status_code == 404
    assert "/accounts/login/" in Client().get(path)["Location"]


def test_members_print_an_earlier_state(shared: Shared, owner, client_for) -> None:
    journey, client = shared.journey, client_for(owner)
    before = journey.revision
    say_otherwise(journey)
    path = f"/w/{shared.workspace.slug}/journeys/{journey.slug}/print/"
    assert "Opens the app" in client.get(path).content.decode()
    earlier = client.get(f"{path}?at={before}").content.decode()
    assert "Dials the number" in earlier and f"Revision {before}" in earlier
    for wrong in ("x", str(before + 2), "-1", "9" * 20):
        assert client.get(f"{path}?at={wrong}").status_code == 404
