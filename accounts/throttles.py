"""How often a program may call: counted for each token over all web processes.

A window of a minute, counted by one atomic increment in the shared cache. Where the cache does
not answer, calls are let through: evidence is worth more than the limit.
"""

import logging
import time
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.core.cache import caches
from redis.exceptions import RedisError
from rest_framework.request import Request
from rest_framework.throttling import BaseThrottle

from accounts.models import ApiToken

if TYPE_CHECKING:
    from rest_framework.views import APIView

log = logging.getLogger(__name__)
WINDOW_S = 60


class CallThrottle(BaseThrottle):
    """API_CALLS_PER_MINUTE for each token, or signed-in person."""

    left_s: float = WINDOW_S

    def allow_request(self, request: Request, view: "APIView") -> bool:
        caller = self.caller(request)
        most = settings.API_CALLS_PER_MINUTE
        if not caller or not most:
            return True
        now = time.time()
        window = int(now // WINDOW_S)
        self.left_s = (window + 1) * WINDOW_S - now
        return _count(f"calls {caller} {window}".replace(" ", ":")) <= most

    def wait(self) -> float:
        return self.left_s

    def caller(self, request: Request) -> str:
        if isinstance(request.auth, ApiToken):
            return f"token {request.auth.pk}"
        if caller := getattr(request.auth, "caller", ""):
            return str(caller)
        return f"user {request.user.pk}" if request.user.is_authenticated else ""


def _count(key: str) -> int:
    """How many calls this window had, with this one."""
    shared: Any = caches["shared"]  # config/cache.py: counts in one step
    try:
        return int(shared.count(key, timeout=2 * WINDOW_S))
    except (RedisError, OSError) as error:
        log.warning("Calls are not counted, the shared cache does not answer: %s", error)
        return 0
