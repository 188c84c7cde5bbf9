"""The cache that all processes share, and what stands in for it; both can count."""

from functools import cached_property
from typing import Any

from django.core.cache.backends.locmem import LocMemCache
from django.core.cache.backends.redis import RedisCache, RedisCacheClient


class SharedCache(RedisCache):
    """Valkey or Redis, with one pool of connections for the whole process.

    Django makes a cache for each thread or context, each with a pool of its own: that is a new
    connection for nearly every call.
    """

    def __init__(self, server: Any, params: dict[str, Any]) -> None:
        super().__init__(server, params)
        self._class = _shared

    def count(self, key: str, timeout: int) -> int:
        """How often this was asked, this time included; it begins anew after `timeout` seconds.

        In one round trip, where `incr` and `add` take two or three.
        """
        client: Any = self._cache
        return int(client.count(self.make_and_validate_key(key), timeout))


class OwnCache(LocMemCache):
    """Where there is neither, each process counts for itself."""

    def count(self, key: str, timeout: int) -> int:
        self.add(key, 0, timeout)
        try:
            return int(self.incr(key))
        except ValueError:  # it ended between the two
            return 1


class _Client(RedisCacheClient):
    @cached_property
    def _writing(self) -> Any:
        return super().get_client(write=True)

    def count(self, key: str, timeout: int) -> int:
        both = self._writing.pipeline(transaction=False)
        both.set(key, 0, ex=timeout, nx=True)
        both.incr(key)
        return int(both.execute()[-1])


_clients: dict[tuple[str, ...], _Client] = {}


def _shared(servers: list[str], **options: Any) -> _Client:
    return _clients.setdefault(tuple(servers), _Client(servers, **options))
