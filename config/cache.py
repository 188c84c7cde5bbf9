"""The cache that all processes share."""

from typing import Any

from django.core.cache.backends.redis import RedisCache, RedisCacheClient

_clients: dict[tuple[str, ...], RedisCacheClient] = {}


class SharedCache(RedisCache):
    """Valkey or Redis, with one pool of connections for the whole process.

    Django makes a cache for each thread or context, each with a pool of its own: that is a new
    connection for nearly every call.
    """

    def __init__(self, server: Any, params: dict[str, Any]) -> None:
        super().__init__(server, params)
        self._class = _client


def _client(servers: list[str], **options: Any) -> RedisCacheClient:
    return _clients.setdefault(tuple(servers), RedisCacheClient(servers, **options))
