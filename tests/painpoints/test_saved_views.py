"""Saved views: whose they are, what they keep, who may change them, and the way back."""

from datetime import UTC, datetime

import pytest
from django.http import QueryDict

from accounts.access import Role
from evidence.models import Import
from painpoints.models import PainPoint
from painpoints.saved_views import Page, address_of, kept
from painpoints.view_models import SavedView
from tests.factories import JourneyFactory, TouchpointFactory


@pytest.fixture
def person(member):
    return member(Role.MANAGER)


@pytest.fixture
def client(person, client_for):
    return client_for(person)


@pytest.fixture
def add(workspace, client):
    def post(name="Mine", query="cause=waiting&owner=none", page="painpoints", **more):
        data = {"page": page, "query": query, "name": name, **more}
        return client.post(f"/w/{workspace.slug}/views/add/", data)

    return post


def undo_of(answer) -> str:
    """Where the toast's Undo posts to."""
    (message,) = list(answer.wsgi_request._messages)
    return message.extra_tags.removeprefix("undo:")


def test_what_to_mend_first_has_views_too(workspace, add, client) -> None:
    add(page="matrix", query="business=40&cause=waiting&against=year&since=2026-01-01")
    view = SavedView.objects.get()
    assert view.query == "since=2026-01-01&cause=waiting&business=40"
    leads = client.get(view.get_absolute_url())["Location"]
    assert leads.endswith(f"/painpoints/matrix/?{view.query}&saved={view.pk}")
    page = client.get(leads)
    assert page.context["views"].current == view and page.context["asked"].business == 40


def test_a_view_has_an_address_that_leads_to_its_filters(workspace, add, client) -> None:
    answer = add()
    view = SavedView.objects.get()
    assert answer["Location"] == f"/w/{workspace.slug}/views/{view.pk}/"
    led = client.get(answer["Location"])["Location"]
    path = f"/w/{workspace.slug}/painpoints/"
    assert led == f"{path}?cause=waiting&owner=none&saved={view.pk}"
    PainPoint.objects.create(  # without any, the list offers no filters
        workspace=workspace, origin="person", title="Forms",
        journey=JourneyFactory(workspace=workspace),
        touchpoint=TouchpointFactory(workspace=workspace),
    )  # fmt: skip
    page = client.get(led)
    assert page.context["views"].current == view and not page.context["views"].is_changed
    assert page.context["asked"].causes == ("waiting",)
    other = client.get(led.replace("waiting", "procedures"))
    assert other.context["views"].is_changed


def test_only_what_the_page_knows_is_kept_in_one_order() -> None:
    get = QueryDict("x=1&page=3&status=open&owner=2&owner=1&format=csv&saved=4&cause=")
    assert kept(Page.PAINPOINTS, get) == "owner=1&owner=2&status=open"
    assert kept(Page.PORTFOLIO, QueryDict("view=table&since=2026-01-01")) == "view=table"


def test_the_same_name_replaces_ones_own(add, person, member, workspace) -> None:
    SavedView.objects.create(workspace=workspace, user=member(Role.ADMIN), page="painpoints",
                             name="Mine", query="status=open")  # fmt: skip
    add()
    add(query="status=resolved")
    (mine,) = SavedView.objects.filter(user=person)
    assert mine.query == "status=resolved"
    assert SavedView.objects.count() == 2


def test_a_view_is_ones_own_until_it_is_shared(workspace, add, member, client_for) -> None:
    JourneyFactory(workspace=workspace, slug="a")
    add(page="portfolio", query="view=table")
    view = SavedView.objects.get()
    colleague = client_for(member(Role.VIEWER))
    assert colleague.get(f"/w/{workspace.slug}/views/{view.pk}/").status_code == 404
    assert "Mine" not in colleague.get(f"/w/{workspace.slug}/").content.decode()
    add(page="portfolio", query="view=table", shared="on")
    assert colleague.get(f"/w/{workspace.slug}/views/{view.pk}/").status_code == 302
    offered = colleague.get(f"/w/{workspace.slug}/?saved={view.pk}").context["views"]
    assert offered.current == view and not offered.may_change and not offered.may_share


def test_others_change_nothing_but_an_admin_may_tidy_what_is_shared(
    workspace, add, member, stranger, client_for
) -> None:
    add(shared="on")
    view = SavedView.objects.get()
    base = f"/w/{workspace.slug}/views/{view.pk}/"
    for role in (Role.VIEWER, Role.ANALYST, Role.MANAGER):
        for what in ("change/", "delete/"):
            assert client_for(member(role)).post(base + what, {"name": "X"}).status_code == 403
    assert client_for(stranger).post(base + "delete/").status_code == 404
    assert client_for(stranger).get(base).status_code == 404
    assert client_for(member(Role.ADMIN)).post(base + "change/", {"name": "X"}).status_code == 302
    view.refresh_from_db()
    assert (view.name, view.is_shared) == ("X", False)
    assert client_for(member(Role.ADMIN)).post(base + "delete/").status_code == 404  # not shared


def test_viewers_keep_their_own_and_share_none(workspace, member, client_for) -> None:
    client = client_for(member(Role.VIEWER))
    data = {"page": "painpoints", "query": "", "name": "For me"}
    assert client.post(f"/w/{workspace.slug}/views/add/", data).status_code == 302
    shared = client.post(f"/w/{workspace.slug}/views/add/", {**data, "shared": "on"})
    assert shared.status_code == 403
    assert not SavedView.objects.get().is_shared


def test_renaming_and_deleting_can_be_undone(workspace, add, client) -> None:
    add()
    view = SavedView.objects.get()
    base = f"/w/{workspace.slug}/views/{view.pk}/"
    client.get(base, follow=True)  # the first toast is shown
    renamed = client.post(base + "change/", {"name": "Other", "shared": "on"})
    undo = undo_of(renamed)
    client.post(undo)
    view.refresh_from_db()
    assert (view.name, view.is_shared) == ("Mine", False)
    assert client.post(base + "back/no-token/").status_code == 404
    client.get(base, follow=True)
    undo = undo_of(client.post(base + "delete/"))
    assert client.get(base).status_code == 404
    add()  # the name is taken meanwhile
    client.post(undo)
    view.refresh_from_db()
    assert view.deleted_at is None and view.name == "Mine (2)"


def test_other_filters_are_saved_under_the_same_name(workspace, add, client) -> None:
    add()
    view = SavedView.objects.get()
    client.post(f"/w/{workspace.slug}/views/{view.pk}/change/", {"query": "status=open&page=2"})
    view.refresh_from_db()
    assert (view.name, view.query) == ("Mine", "status=open")


def test_a_period_that_ends_with_the_evidence_moves_on_with_it(workspace, add) -> None:
    def evidence(day: int) -> None:
        Import.objects.create(
            workspace=workspace, source="a.csv", kind="waits", state="done",
            last_at=datetime(2026, 3, day, 12, tzinfo=UTC),
        )  # fmt: skip
        workspace.raise_evidence_revision()

    evidence(10)
    add(query="since=2026-03-01&until=2026-03-11", rolls="on")
    view = SavedView.objects.get()
    assert view.days == 10
    assert "since=2026-03-01&until=2026-03-11" in address_of(view)
    evidence(20)
    view = SavedView.objects.get()
    assert "since=2026-03-11&until=2026-03-21" in address_of(view)


def test_names_are_told_what_they_need(add, client, workspace) -> None:
    add(name=" ")
    add(name="n" * 81)
    assert not SavedView.objects.exists()
    assert add(page="nowhere").status_code == 404
