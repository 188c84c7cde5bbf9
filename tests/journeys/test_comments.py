"""Comments on parts of a map: said, answered, mentioned in, settled, deleted and back."""

import asyncio
from typing import Any

import pytest
from asgiref.sync import sync_to_async
from django.db import connections
from django.test import Client

from accounts.access import Role
from accounts.models import User, Workspace
from journeys import comment_notices, comments, editing
from journeys.errors import JourneyError
from journeys.mapfile import load_map
from journeys.models import COMMENT_LENGTH, Comment, Journey
from journeys.operation_views import journey_events
from journeys.operations import Change
from tests.factories import MembershipFactory, UserFactory
from tests.journeys.documents import example


@pytest.fixture
def journey(workspace: Workspace) -> Journey:
    return load_map(workspace, example(), None)


@pytest.fixture
def people(workspace: Workspace) -> dict[str, User]:
    names = ("Mei Lin", "Mei", "Jan", "王伟")
    return {
        name: MembershipFactory(
            workspace=workspace, role=Role.VIEWER, user=UserFactory(name=name)
        ).user
        for name in names
    }


def say(journey: Journey, user: User, text: str, **more: Any) -> Comment:
    where = {} if "parent" in more else {"about": "cards", "part": "c1"}
    return comments.add_comment(journey=journey, user=user, text=text, **where, **more)


def address(journey: Journey, rest: str = "") -> str:
    return f"/w/{journey.workspace.slug}/journeys/{journey.slug}/comments/{rest}"


CARD = "?list=cards&part=c1"


@pytest.mark.parametrize(
    "text, who",
    [
        ("Ask @Mei Lin about it", ["Mei Lin"]),
        ("@mei, @JAN: please look", ["Mei", "Jan"]),
        ("请@王伟看一下", ["王伟"]),
        ("write to info@jan.example", []),
        ("@Meier is another", []),
        ("@Jan and @Jan again", ["Jan"]),
        ("nobody at all", []),
    ],
)
def test_who_is_mentioned(workspace: Workspace, people, text: str, who: list[str]) -> None:
    assert comments.mentioned_in(workspace, text) == [people[name] for name in who]


def test_two_of_one_name_are_called_by_their_address(workspace: Workspace, people) -> None:
    other = MembershipFactory(workspace=workspace, user=UserFactory(name="Jan")).user
    calls = comments.calls_of(comments.members_of(workspace))
    assert calls[other.email] == calls[people["Jan"].email] == "Jan" and "Jan" not in calls
    assert comments.mentioned_in(workspace, f"@{other.email}?") == [other]


def test_who_hears_of_a_comment(journey: Journey, people, stranger: User) -> None:
    mei, jan, wei = people["Mei"], people["Jan"], people["王伟"]
    first = say(journey, mei, "Is this so?")
    assert comment_notices.readers_of(first) == []
    answer = say(journey, jan, "Ask @王伟", parent=first)
    assert comment_notices.readers_of(answer) == [mei, wei]
    mei.memberships.all().delete()
    assert comment_notices.readers_of(answer) == [wei]
    assert comment_notices.address_of(answer).endswith(f"{CARD}#comment-{answer.pk}")


def test_they_are_told_once(journey: Journey, people) -> None:
    notices = pytest.importorskip("accounts.notices")
    mei, jan = people["Mei"], people["Jan"]
    comment = say(journey, mei, "@Jan, is this so?")
    comments.change_comment(comment=comment, text="@Jan and @王伟, is this so?")
    told = notices.Notification.objects.filter(workspace=journey.workspace)
    assert sorted(one.user.name for one in told) == ["Jan", "王伟"]
    assert "Mei mentioned you" in told.get(user=jan).title


def test_comments_outlive_their_part_and_come_back_with_it(journey: Journey, people) -> None:
    comment = say(journey, people["Mei"], "Keep this")
    gone = editing.edit(
        journey=journey, user=people["Mei"], changes=[Change("cards", "c1", {}, None)]
    )
    with pytest.raises(JourneyError, match="no longer on the map"):
        say(journey, people["Jan"], "Too late")
    say(journey, people["Jan"], "But this can be answered", parent=comment)
    editing.take_back(journey=journey, operation=gone, user=people["Mei"])
    assert comments.counts_of(journey)["cards"] == {"c1": {"open": 1, "resolved": 0}}


@pytest.mark.parametrize("text", ["", "  \n ", "x" * (COMMENT_LENGTH + 1), "a\0b"])
def test_what_is_no_comment(journey: Journey, people, text: str) -> None:
    with pytest.raises(JourneyError, match="1 to 4000 characters"):
        say(journey, people["Mei"], text)
    assert not journey.comments.exists()


def test_only_cards_steps_and_stages_are_commented_on(journey: Journey, people) -> None:
    for about, part in (("lanes", "do"), ("cards", "c9"), ("", ""), ("cards", "\0")):
        with pytest.raises(JourneyError):
            comments.add_comment(
                journey=journey, user=people["Mei"], text="Hm", about=about, part=part
            )


def test_a_conversation_without_scripts(journey: Journey, people, client_for, owner) -> None:
    viewer, admin = client_for(people["Mei"]), client_for(owner)
    page = viewer.post(address(journey, CARD), {"text": "<b>Why</b>\nso?"}, follow=True)
    html = page.content.decode()
    assert "&lt;b&gt;Why&lt;/b&gt;<br>so?" in html and "Resolve" not in html
    thread = journey.comments.get()
    admin.post(address(journey, CARD), {"text": "Because.", "answers": thread.pk})
    assert thread.answers.get().author == owner
    assert "Because." in viewer.get(address(journey, CARD)).content.decode()
    assert viewer.post(address(journey, f"{thread.pk}/resolve/")).status_code == 403
    html = admin.post(address(journey, f"{thread.pk}/resolve/"), follow=True).content.decode()
    assert "Because." not in html and "Show 1 resolved" in html
    html = viewer.get(address(journey, "?resolved=1")).content.decode()
    assert f"resolved by {owner}" in html
    counted = f"/w/{journey.workspace.slug}/journeys/{journey.slug}/edit/comments.json"
    assert viewer.get(counted).json()["counts"]["cards"] == {"c1": {"open": 0, "resolved": 1}}
    admin.post(address(journey, f"{thread.pk}/resolve/"), {"reopen": "1"})
    assert viewer.get(counted).json()["counts"]["cards"] == {"c1": {"open": 1, "resolved": 0}}


def test_whoever_cannot_edit_chooses_from_a_list(journey: Journey, people, client_for) -> None:
    viewer = client_for(people["Mei"])
    assert 'value="cards:c1"' in viewer.get(address(journey)).content.decode()
    page = viewer.get(address(journey), {"on": "cards:c1"}, follow=True)
    assert "Comments on “Dials the number" in page.content.decode()
    assert viewer.get(address(journey), {"on": "nonsense"}, follow=True).status_code == 200


def test_only_its_author_changes_a_comment(journey: Journey, people, client_for, owner) -> None:
    author, admin = client_for(people["Mei"]), client_for(owner)
    comment = say(journey, people["Mei"], "Draft")
    for rest in ("", "delete/"):
        answer = admin.post(address(journey, f"{comment.pk}/{rest}"), {"text": "Mine"})
        assert answer.status_code == 403
    author.post(address(journey, f"{comment.pk}/"), {"text": "Better"})
    comment.refresh_from_db()
    assert comment.text == "Better" and comment.edited_at
    html = author.post(address(journey, f"{comment.pk}/delete/"), follow=True).content.decode()
    assert "Better" not in html and f"/comments/{comment.pk}/restore/" in html
    assert admin.post(address(journey, f"{comment.pk}/restore/")).status_code == 403
    author.post(address(journey, f"{comment.pk}/restore/"))
    assert "Better" in author.get(address(journey)).content.decode()


def test_the_panel_is_the_same_without_its_page(journey: Journey, people, client_for) -> None:
    client: Client = client_for(people["Mei"])
    panel = client.get(address(journey, CARD), headers={"HX-Request": "true"}).content.decode()
    assert 'id="comments"' in panel and "<html" not in panel and 'id="toasts"' in panel
    wrong = client.post(address(journey, CARD), {"text": " "}, headers={"HX-Request": "true"})
    assert wrong.status_code == 422 and "1 to 4000" in wrong.content.decode()


def test_strangers_learn_nothing(journey: Journey, people, client_for, stranger: User) -> None:
    comment = say(journey, people["Mei"], "Secret")
    client = client_for(stranger)
    for rest in (CARD, "", f"{comment.pk}/", f"{comment.pk}/delete/"):
        assert client.post(address(journey, rest), {"text": "x"}).status_code == 404


@pytest.mark.django_db(transaction=True)
def test_the_others_hear_of_it_at_once(workspace: Workspace, owner: User) -> None:
    journey = load_map(workspace, example(), None)

    async def heard() -> tuple[str, dict[str, Any]]:
        events = journey_events(journey, 0)
        listening = asyncio.ensure_future(anext(events))
        while not listening.done():  # until the listener is there
            await sync_to_async(say)(journey, owner, "Look")
            await asyncio.wait({listening}, timeout=0.3)
        await events.aclose()
        await sync_to_async(connections.close_all)()
        return listening.result()

    name, told = asyncio.run(heard())
    assert name == "comment" and told["open"] >= 1
    assert (told["list"], told["part"], told["resolved"]) == ("cards", "c1", 0)
