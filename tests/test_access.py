"""Every address, tried by nobody, a stranger, a member of nothing, and each role.

Addresses come from the resolver, so a new one is covered the day it appears. What stands in an
address (a journey, an import, …) comes from `World`; a parameter nobody knows fails the test.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

import pytest
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver

from accounts.access import Role
from accounts.models import User
from accounts.tokens import create_token
from tests.world import World

pytestmark = pytest.mark.django_db

# Open to everybody, on purpose; the schema and its docs tell nothing of any workspace.
PUBLIC = {
    "home", "demo_sign_in", "healthz", "readyz", "favicon", "api_schema", "api_docs", "map_schema",
    "set_language",
    # What a link shows to people without a login: tests/reports/test_shared.py.
    "shared", "shared_presentation", "shared_paper", "shared_picture",
    # Who has its address may send, and nothing else: tests/evidence/test_webhooks.py.
    "api_webhook",
}  # fmt: skip
# Of no workspace: any signed-in person.
OWN = {"workspace_new"}
# What viewers may send: nothing is written by it, or only what they themselves are told.
HARMLESS_POSTS: set[str] = {
    "notifications_read", "painpoints:alert_mine", "reports:report_files", "api-export-list",
    # Views of a list that they keep for themselves; sharing: tests/painpoints/test_saved_views.py.
    "views:add", "api-saved-view-list",
}  # fmt: skip
# Whoever sees a map may comment on it; only their own comments are changed by them.
COMMENTING = {
    "journeys:comments", "journeys:comment", "journeys:comment_delete", "journeys:comment_restore",
}  # fmt: skip


@dataclass(frozen=True)
class Address:
    name: str
    route: str
    path: str

    @property
    def is_api(self) -> bool:
        return self.path.startswith("/api/")

    @property
    def has_workspace(self) -> bool:
        return self.is_api or "<slug:slug>" in self.route


# Asynchronous: they answer strangers with 404.
LIVE = {"job_live", "journey_live", "bell_live", "figures_live"}


def _patterns(
    resolver: URLResolver, prefix: str = "", space: str = ""
) -> Iterator[tuple[str, str]]:
    for entry in resolver.url_patterns:
        if isinstance(entry, URLResolver):
            if not str(entry.pattern).startswith("accounts/"):  # allauth's own, tested there
                name = f"{entry.namespace}:" if entry.namespace else ""
                yield from _patterns(entry, prefix + _plain(entry), space + name)
        elif entry.name not in {"styleguide"}:  # in debug only
            yield space + (entry.name or ""), prefix + _plain(entry)


def _plain(entry: URLPattern | URLResolver) -> str:
    """The route; of a regular expression (REST framework's), its groups as <name>."""
    text = str(entry.pattern)
    text = re.sub(r"\(\?P<(\w+)>[^)]*\)", r"<\1>", text)
    return text.replace("^", "").replace("$", "").replace("\\.", ".").replace("/?", "/")


def addresses(world: World) -> list[Address]:
    found = [Address(name, route, world.path(route)) for name, route in _patterns(get_resolver())]
    return [a for a in found if a.name not in PUBLIC and "<format>" not in a.path]


@pytest.fixture
def world() -> World:
    return World()


def visit(client: Client, address: Address, method: str) -> int:
    target = address.path + ("?workspace=walled" if address.is_api else "")
    return client.generic(method, target).status_code


def signed_in(user: User) -> Client:
    client = Client(raise_request_exception=True)
    client.force_login(user)
    return client


def test_every_address_is_known(world):
    assert len(addresses(world)) > 60


@pytest.mark.parametrize("method", ["GET", "POST"])
def test_nobody_gets_anywhere_without_signing_in(world, method):
    client = Client()
    for address in addresses(world):
        answer = client.generic(method, address.path)
        if address.name in LIVE:
            assert answer.status_code in (404, 405), address
        elif address.is_api:
            assert answer.status_code in (401, 405), address
        else:
            assert answer.status_code == 302 and "/accounts/login/" in answer["Location"], address


@pytest.mark.parametrize("method", ["GET", "POST"])
@pytest.mark.parametrize("who", ["stranger", "nobody"])
def test_strangers_do_not_learn_that_it_exists(world, who, method):
    client = signed_in(getattr(world, who))
    for address in addresses(world):
        if address.has_workspace:
            assert visit(client, address, method) in (404, 405), address


def test_an_admin_finds_every_page(world):
    """So that the refusals above and below are refusals, not dead addresses."""
    client = signed_in(world.people[Role.ADMIN])
    dead = {"undo/0", "deleted/0", "no-token", "/none"}
    for address in addresses(world):
        if address.name in LIVE or any(mark in address.path for mark in dead):
            continue
        status = visit(client, address, "GET")
        allowed = {202, 404, 503} if _may_be_absent(address) else set()
        assert status in {200, 302, 405} | allowed, (address, status)


def _may_be_absent(address: Address) -> bool:
    """Downloads of things that this small world does not have, or not yet."""
    if address.is_api and "/know/" in address.path:
        return True
    if address.name == "evidence:row":
        return True
    absent = ("rejected", "figures/", "/compare/", "/exports/")
    return any(part in address.path for part in absent)


def test_viewers_change_nothing(world):
    client = signed_in(world.people[Role.VIEWER])
    for address in addresses(world):
        if address.has_workspace and address.name not in HARMLESS_POSTS | COMMENTING:
            assert visit(client, address, "POST") in (403, 405), address


def test_viewers_comment_and_touch_no_other_comments(world):
    client = signed_in(world.people[Role.VIEWER])
    for address in addresses(world):
        if address.name in COMMENTING:
            expected = {422} if address.name == "journeys:comments" else {403, 404}
            assert visit(client, address, "POST") in expected, address


@pytest.mark.parametrize("method", ["GET", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "HEAD"])
def test_a_token_that_appends_may_do_nothing_else(world, method):
    """Though it acts for an admin."""
    admin = world.people[Role.ADMIN]
    text = create_token(workspace=world.workspace, user=admin, name="survey", scope="append")[1]
    client = Client(headers={"Authorization": f"Token {text}"})
    api = [a for a in addresses(world) if a.is_api]
    assert len(api) > 20
    for address in api:
        if address.name == "api_evidence" and method == "POST":
            assert visit(client, address, method) == 400, address  # an empty body
        else:
            assert visit(client, address, method) in (403, 405), address


def test_a_token_opens_no_page(world):
    admin = world.people[Role.ADMIN]
    for scope in ("member", "append"):
        text = create_token(workspace=world.workspace, user=admin, name="x", scope=scope)[1]
        client = Client(headers={"Authorization": f"Token {text}"})
        for address in addresses(world):
            if not address.is_api and address.name not in LIVE:
                assert client.get(address.path).status_code == 302, address


EDITORS = {
    "journeys:part_add": {Role.DESIGNER, Role.ADMIN},
    "journeys:settings": {Role.DESIGNER, Role.ADMIN},
    "touchpoints:add": {Role.DESIGNER, Role.ANALYST, Role.ADMIN},
    "painpoints:run_start": {Role.ANALYST, Role.MANAGER, Role.ADMIN},
    "painpoints:action_add": {Role.MANAGER, Role.ADMIN},
    "painpoints:alerts": {Role.MANAGER, Role.ADMIN},
    "evidence:new": {Role.ANALYST, Role.ADMIN},
    "reports:report_block_add": {Role.ANALYST, Role.MANAGER, Role.ADMIN},
    "workspace_settings": {Role.ADMIN},
    "member_add": {Role.ADMIN},
}


@pytest.mark.parametrize("name", EDITORS)
def test_each_role_may_do_its_own_work(world, name):
    address = next(a for a in addresses(world) if a.name == name)
    for role in Role.values:
        status = visit(signed_in(world.people[role]), address, "POST")
        assert (status != 403) == (role in EDITORS[name]), (role, status)
