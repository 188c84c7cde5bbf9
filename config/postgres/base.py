"""What Django asks of every request's connection before its first query: is it still good?

Django sends `SELECT 1`. A server that went away has closed its end, which the socket tells at once,
so the question is sent only where there is something to read, or nobody asked for a minute: then
a firewall may have forgotten the connection without a word to anybody.
"""

import select
import time

import psycopg
from django.db.backends.postgresql import base

ASKED_APART_S = 60.0


class DatabaseWrapper(base.DatabaseWrapper):
    asked_at = float("-inf")

    def is_usable(self) -> bool:
        if time.monotonic() - self.asked_at < ASKED_APART_S and self._is_silent():
            return True
        usable = bool(super().is_usable())
        if usable:
            self.asked_at = time.monotonic()
        return usable

    def _is_silent(self) -> bool:
        """Whether the connection stands open, with nothing from the server that nobody read."""
        try:
            waiting = select.poll()
            waiting.register(self.connection.fileno(), select.POLLIN)
            return not waiting.poll(0)
        except (AttributeError, OSError, ValueError, psycopg.Error):
            return False
