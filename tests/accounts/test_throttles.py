"""Calls are counted for each token over all processes."""

from contextvars import Context

import pytest
from django.core.cache import caches
from django.core.cache.backends.redis import RedisCache
from django.test import Client

from accounts.tokens import create_token

ADDRESS = "/api/v1/journeys/"


@pytest.fixture(autouse=True)
def empty_cache():
    caches["shared"].clear()


@pytest.fixture
def client_of(workspace, owner):
    def make(name):
        text = create_token(workspace=workspace, user=owner, name=name)[1]
        return Client(headers={"Authorization": f"Token {text}"})

    return make


@pytest.fixture(autouse=True)
def one_window(monkeypatch):
    """No test meets the turn of a minute."""
    monkeypatch.setattr("accounts.throttles.time.time", lambda: 600_015.0)


def test_more_calls_than_allowed_get_429_and_when_to_come_again(client_of, settings):
    settings.API_CALLS_PER_MINUTE = 3
    one, other = client_of("one"), client_of("other")
    assert [one.get(ADDRESS).status_code for _ in range(4)] == [200, 200, 200, 429]
    refused = one.get(ADDRESS)
    assert refused.headers["Retry-After"] == "45"
    assert other.get(ADDRESS).status_code == 200


def test_a_new_minute_begins_anew(client_of, settings, monkeypatch):
    settings.API_CALLS_PER_MINUTE = 1
    one = client_of("one")
    assert [one.get(ADDRESS).status_code for _ in range(2)] == [200, 429]
    monkeypatch.setattr("accounts.throttles.time.time", lambda: 600_061.0)
    assert one.get(ADDRESS).status_code == 200


def test_the_count_is_shared_by_processes(client_of, settings):
    assert isinstance(caches["shared"], RedisCache)
    settings.API_CALLS_PER_MINUTE = 2
    one = client_of("one")
    one.get(ADDRESS)
    key = [k for k in caches["shared"]._cache.get_client().keys("*") if b"calls" in k]
    assert len(key) == 1


def test_calls_share_their_connections(client_of):
    one, valkey = client_of("one"), caches["shared"]._cache.get_client()  # type: ignore[attr-defined]
    one.get(ADDRESS)
    before = valkey.info("stats")["total_connections_received"]
    for _ in range(3):
        Context().run(one.get, ADDRESS)  # each as the server asks: in a context of its own
    assert valkey.info("stats")["total_connections_received"] == before


def test_without_the_cache_calls_go_through(client_of, settings):
    settings.API_CALLS_PER_MINUTE = 1
    settings.CACHES = {
        **settings.CACHES,
        "shared": {**settings.CACHES["shared"], "LOCATION": "unix:///nowhere/valkey.sock"},
    }
    one = client_of("one")
    assert [one.get(ADDRESS).status_code for _ in range(3)] == [200] * 3


def test_no_limit(client_of, settings):
    settings.API_CALLS_PER_MINUTE = 0
    one = client_of("one")
    assert [one.get(ADDRESS).status_code for _ in range(3)] == [200] * 3
