"""Django's connection to PostgreSQL, and two things that it does not do by itself.

What it asks before a request's first query is whether the connection is still good: it sends
`SELECT 1`. A server that went away has closed its end, which the socket tells at once, so the
question is sent only where there is something to read, or nobody asked for a minute: then a
firewall may have forgotten the connection without a word to anybody.

And a long statement that is put again and again can be planned once a connection (`planned_once`).
"""

import select
import time
from typing import Any

import psycopg
from django.db.backends.postgresql import base, operations
from django.db.backends.utils import CursorWrapper

ASKED_APART_S = 60.0
PREPARED_FROM = 5  # times that a statement was put through a cursor that may prepare it


class DatabaseOperations(operations.DatabaseOperations):
    def last_executed_query(self, cursor: Any, sql: Any, params: Any) -> Any:
        """For logs; psycopg does not keep the text of a statement that was prepared before."""
        return super().last_executed_query(cursor, sql, params) or sql


class DatabaseWrapper(base.DatabaseWrapper):
    ops_class = DatabaseOperations
    asked_at = float("-inf")

    def get_connection_params(self) -> dict[str, Any]:
        return {**super().get_connection_params(), "prepare_threshold": PREPARED_FROM}

    def planned_once(self) -> CursorWrapper:
        """A cursor that hands values to PostgreSQL apart from the statement, which it then need not
        plan again for each of them. Types are the values' own there: not for Django's own SQL.
        """
        self.close_if_health_check_failed()
        self.ensure_connection()
        with self.wrap_database_errors:
            own = base.ServerBindingCursor(self.connection)  # type: ignore[call-arg]
            made: CursorWrapper = self._prepare_cursor(own)  # type: ignore[attr-defined]
            return made

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
