"""The bell: own notifications, unread counts, marking as read, the live stream, the language."""

import asyncio

import pytest
from asgiref.sync import sync_to_async
from django.db import IntegrityError, connections, transaction
from django.utils.translation import override

from accounts import bell
from accounts.belonging import memberships_of
from accounts.models import Membership
from accounts.notices import Notification, mark_read, notify, unread_count
from tests.factories import MembershipFactory

pytestmark = pytest.mark.django_db


def tell(membership, key="a-1", title="The queue <b> became worse", url="/w/x/"):
    return notify(
        workspace_id=membership.workspace_id, user_id=membership.user_id, key=key, title=title,
        text="More of it.", url=url,
    )  # fmt: skip


@pytest.fixture
def membership(workspace) -> Membership:
    return MembershipFactory(workspace=workspace, role="viewer")


@pytest.fixture
def browser(membership, client_for):
    return client_for(membership.user)


def test_the_list_shows_only_ones_own_newest_first(workspace, membership, browser):
    tell(membership)
    tell(membership, key="a-2", title="A second thing")
    tell(MembershipFactory(workspace=workspace), title="Somebody else's")
    tell(MembershipFactory(user=membership.user), key="a-9", title="Elsewhere")
    html = browser.get(f"/w/{workspace.slug}/notifications/").content.decode()
    assert html.index("A second thing") < html.index("The queue &lt;b&gt; became worse")
    assert "Somebody else" not in html
    assert "Elsewhere" not in html
    assert "2 unread" in html


def test_the_same_is_told_once(membership):
    assert tell(membership) is not None
    assert tell(membership, title="Again") is None
    with pytest.raises(IntegrityError, match="notification_told_once"), transaction.atomic():
        Notification.objects.create(
            workspace=membership.workspace, user=membership.user, key="a-1", title="t", text="t"
        )


def test_opening_marks_as_read_and_leads_on(workspace, membership, browser):
    found = tell(membership, url=f"/w/{workspace.slug}/painpoints/")
    answer = browser.get(f"/w/{workspace.slug}/notifications/{found.pk}/")
    assert (answer.status_code, answer["Location"]) == (302, f"/w/{workspace.slug}/painpoints/")
    found.refresh_from_db()
    assert found.read_at is not None


def test_it_never_leads_out_of_the_site(workspace, membership, browser):
    found = tell(membership, url="https://elsewhere.example/")
    answer = browser.get(f"/w/{workspace.slug}/notifications/{found.pk}/")
    assert answer["Location"] == f"/w/{workspace.slug}/notifications/"


def test_somebody_elses_cannot_be_opened_or_marked(workspace, membership, browser):
    other = tell(MembershipFactory(workspace=workspace))
    assert browser.get(f"/w/{workspace.slug}/notifications/{other.pk}/").status_code == 404
    browser.post(f"/w/{workspace.slug}/notifications/read/", {"notification": other.pk})
    browser.post(f"/w/{workspace.slug}/notifications/read/")
    other.refresh_from_db()
    assert other.read_at is None


def test_one_or_all_are_marked_as_read(workspace, membership, browser):
    first, _second = tell(membership), tell(membership, key="a-2")
    who = {"workspace_id": workspace.pk, "user_id": membership.user_id}
    browser.post(f"/w/{workspace.slug}/notifications/read/", {"notification": first.pk})
    assert unread_count(**who) == 1
    browser.post(f"/w/{workspace.slug}/notifications/read/")
    assert unread_count(**who) == 0
    assert mark_read(**who) == 0


def test_the_count_costs_no_query_of_its_own(
    workspace, membership, browser, django_assert_num_queries
):
    tell(membership)
    nobody = tell_nobody(workspace)
    with django_assert_num_queries(2):
        counted, uncounted = memberships_of(membership.user_id), memberships_of(nobody.pk)
    assert [(one.pk, one.unread) for one in counted] == [(membership.pk, 1)]
    assert [(one.workspace, one.user, one.unread) for one in uncounted] == [(workspace, nobody, 0)]


def tell_nobody(workspace):
    return MembershipFactory(workspace=workspace).user


def test_the_language_of_the_pages_is_remembered(workspace, membership, browser):
    assert membership.user.language == "en"
    with override("en"):  # the request leaves its language behind
        browser.get(f"/w/{workspace.slug}/notifications/", headers={"accept-language": "zh-hans"})
    membership.user.refresh_from_db()
    assert membership.user.language == "zh-hans"


@pytest.mark.django_db(transaction=True)
def test_the_stream_tells_the_count_now_and_whenever_it_changes():
    membership = MembershipFactory(role="viewer")

    async def listen() -> list[int]:
        heard = []
        events = bell.bell_events(membership.workspace_id, membership.user_id)
        heard.append((await asyncio.wait_for(anext(events), 10))[1]["count"])
        await sync_to_async(tell)(membership)
        heard.append((await asyncio.wait_for(anext(events), 10))[1]["count"])
        await sync_to_async(mark_read)(
            workspace_id=membership.workspace_id, user_id=membership.user_id
        )
        heard.append((await asyncio.wait_for(anext(events), 10))[1]["count"])
        await events.aclose()
        await sync_to_async(connections.close_all)()
        return heard

    assert asyncio.run(listen()) == [0, 1, 0]
