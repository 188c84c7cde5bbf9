"""Failures that are nobody's bug: what the machine ran out of, and services that went away."""

import errno
from collections.abc import Iterator

from django.db import InterfaceError, OperationalError
from django.utils.translation import gettext as _

FULL = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)
# DuckDB tells by its words only. So it does where its connection to PostgreSQL broke.
FULL_WORDS = ("No space left on device", "Disk quota exceeded", "File too large")
MEMORY_WORDS = ("Out of Memory Error", "std::bad_alloc", "Allocation failure")
DAMAGED_WORDS = (
    ".parquet", "Parquet", "ecompress", "Snappy", "TProtocolException", "don't know what type",
)  # fmt: skip
AWAY_WORDS = (
    "server closed the connection", "connection to server", "terminating connection",
    "Unable to connect to Postgres", "could not receive data from server",
    "could not send data to server", "no connection to the server", "the database system is",
)  # fmt: skip


class ServiceAway(Exception):
    """Database or lake cannot be reached; the work is due again when they can."""


def want_of(error: BaseException) -> str:
    """What was wanting, in a sentence for people; empty where that is not the reason."""
    for one in _chain(error):
        text = str(one)
        if _is_full(one):
            return _(
                "There is no space left on the server's disk. Nothing was changed. Have room made "
                "there, then try again."
            )
        if isinstance(one, MemoryError) or any(words in text for words in MEMORY_WORDS):
            return _(
                "The work needs more memory than this server gives. Nothing was changed. Split "
                "the file, or ask for more."
            )
    return ""


def is_disk_full(error: BaseException) -> bool:
    """Whether there is no room on the disk, ours or the database's."""
    return any(_is_full(one) for one in _chain(error))


def damage_of(error: BaseException) -> str:
    """The sentence for evidence that cannot be read any more; empty where it can."""
    for one in _chain(error):
        if type(one).__module__ == "_duckdb" and any(w in str(one) for w in DAMAGED_WORDS):
            return _(
                "A file of the evidence is missing or damaged. Nothing was changed. Whoever runs "
                "the server finds it with “manage.py lake check”."
            )
    return ""


def is_service_away(error: BaseException) -> bool:
    """Whether another attempt is due, since a service went away under this one."""
    return any(
        isinstance(one, ServiceAway | OperationalError | InterfaceError)
        or any(words in str(one) for words in AWAY_WORDS)
        for one in _chain(error)
    )


def _is_full(one: BaseException) -> bool:
    return getattr(one, "errno", None) in FULL or any(words in str(one) for words in FULL_WORDS)


def _chain(error: BaseException | None) -> Iterator[BaseException]:
    while error is not None:
        yield error
        error = error.__cause__ or (None if error.__suppress_context__ else error.__context__)
