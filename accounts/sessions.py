"""Django's sessions in the database, looked up by a query that is written once (written.py)."""

from functools import cache

from django.contrib.sessions.backends import db
from django.contrib.sessions.models import Session
from django.utils import timezone

from accounts.written import columns_of, found


class SessionStore(db.SessionStore):
    def _get_session_from_db(self) -> Session | None:
        rows = found(_statement(), [self.session_key, timezone.now()], Session)
        if rows:
            session: Session = rows[0][0]
            return session
        self._session_key = None
        return None


@cache
def _statement() -> str:
    table = Session._meta.db_table
    return (
        f'SELECT {columns_of(Session)} FROM "{table}" WHERE session_key = %s AND expire_date > %s'
    )
