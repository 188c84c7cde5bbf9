"""The services this process was told to use: embedded ones are started, others must answer."""

from urllib.parse import unquote

import psycopg
from django.conf import settings

from config import embedded
from config.embedded import EmbeddedError


def embedded_services() -> tuple[str, ...]:
    """Which of the two addresses lead to this home's own sockets."""
    sockets = str(embedded.socket_directory(settings.TOUCHLINE_HOME))
    own = {"postgres": settings.DATABASE_URL, "valkey": settings.CELERY_BROKER_URL}
    return tuple(name for name, url in own.items() if sockets in unquote(url))


def ensure_services() -> None:
    """Makes the database and the queue available, or says in a sentence why they are not."""
    services = embedded_services()
    if services:
        embedded.ensure_started(settings.TOUCHLINE_HOME, services)
    if "postgres" not in services:
        _require_database(settings.DATABASE_URL)


def _require_database(url: str) -> None:
    try:
        psycopg.connect(url, connect_timeout=10).close()
    except psycopg.Error as error:
        reason = " ".join(str(error).split())
        raise EmbeddedError(
            f"The database that DATABASE_URL names cannot be used: {reason}. "
            "Start it or correct the address; without DATABASE_URL, Touchline runs its own."
        ) from None
