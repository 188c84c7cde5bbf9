"""Whole objects in and out of S3, streamed; one access for all that may lie there (settings.S3_…).

The lake's own files are DuckDB's business (evidence/lake.py); this is for everything else.
"""

import hashlib
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple
from urllib.parse import urlsplit

import obstore
from django.conf import settings
from django.utils.translation import gettext as _
from obstore.exceptions import BaseError, PreconditionError
from obstore.store import S3Store

from evidence.errors import EvidenceError

if TYPE_CHECKING:
    from obstore import ObjectMeta
    from typing_extensions import Buffer

BLOCK = 8 << 20
NO_ANSWER_AFTER = timedelta(seconds=30)


class S3Error(EvidenceError):
    """S3 does not answer, or does not let us."""


class Stored(NamedTuple):
    """An object: its path below the prefix, and its ETag, which changes with its content."""

    path: str
    size: int
    changed_at: datetime
    etag: str


def is_s3(address: str) -> bool:
    return address.startswith("s3://")


def as_secret() -> dict[str, str]:
    """The same access as DuckDB's secret wants it."""
    scheme, _slashes, host = str(settings.S3_ENDPOINT_URL).partition("://")
    given = {
        "KEY_ID": settings.S3_KEY_ID,
        "SECRET": settings.S3_SECRET,
        "SESSION_TOKEN": settings.S3_SESSION_TOKEN,
        "REGION": settings.S3_REGION,
        "ENDPOINT": host,
        "URL_STYLE": settings.S3_URL_STYLE,
        "USE_SSL": "false" if scheme == "http" else "",
    }
    return {key: value for key, value in given.items() if value}


class Prefix:
    """Everything below s3://bucket/path/, and nothing else. Open it after a fork, not before."""

    def __init__(self, address: str) -> None:
        parts = urlsplit(address)
        self.address = address.rstrip("/") + "/"
        credentials = {
            "access_key_id": settings.S3_KEY_ID,
            "secret_access_key": settings.S3_SECRET,
            "session_token": settings.S3_SESSION_TOKEN,
            "region": settings.S3_REGION,
            "endpoint": _endpoint(parts.netloc),
        }
        self._store = S3Store(
            parts.netloc,
            prefix=parts.path.strip("/") or None,
            config={key: value for key, value in credentials.items() if value},  # type: ignore[arg-type]
            virtual_hosted_style_request=settings.S3_URL_STYLE == "vhost",
            client_options={"allow_http": True, "timeout": "1h"},
            retry_config={"max_retries": 5, "retry_timeout": NO_ANSWER_AFTER},
        )

    def list(self, below: str = "") -> Iterator[Stored]:
        """Every object below this folder, by name."""
        with self._told():
            for some in obstore.list(self._store, below.strip("/") or None):
                yield from map(_stored, some)

    def head(self, path: str) -> Stored | None:
        """The object as it is now, if it is there."""
        with self._told():
            try:
                return _stored(obstore.head(self._store, path))
            except FileNotFoundError:
                return None

    def copy_to(self, found: Stored, to: Path) -> str:
        """Writes the object as it was listed and returns its SHA-256; nothing if it changed."""
        digest = hashlib.sha256()
        try:
            with to.open("wb") as file:
                for block in self.read(found.path, found.etag):
                    digest.update(block)
                    file.write(block)
        except FileNotFoundError:
            return ""
        return digest.hexdigest() if to.stat().st_size == found.size else ""

    def read(self, path: str, etag: str = "") -> Iterator["Buffer"]:
        """The object in pieces. FileNotFoundError where it has gone, or has another ETag."""
        with self._told():
            try:
                options = {"if_match": etag} if etag else {}
                got = obstore.get(self._store, path, options=options)  # type: ignore[arg-type]
                yield from got.stream(min_chunk_size=BLOCK)
            except PreconditionError:
                raise FileNotFoundError(path) from None

    def write(self, path: str, content: bytes | Path) -> None:
        """The object stands there whole, or not at all; what stood there is replaced."""
        with self._told():
            obstore.put(self._store, path, content, chunk_size=BLOCK)

    def delete(self, *paths: str) -> None:
        with self._told():
            for path in paths:
                obstore.delete(self._store, path)

    @contextmanager
    def _told(self) -> Iterator[None]:
        try:
            yield
        except (BaseError, ValueError) as error:
            raise S3Error(
                _("%(place)s cannot be used: %(why)s") % {"place": self.address, "why": _why(error)}
            ) from error


def _stored(one: "ObjectMeta") -> Stored:
    return Stored(one["path"], one["size"], one["last_modified"], one["e_tag"] or "")


def _endpoint(bucket: str) -> str:
    """Where one is set and the bucket stands in the host's name, the client wants it there."""
    url = str(settings.S3_ENDPOINT_URL)
    if not url or settings.S3_URL_STYLE == "path":
        return url
    scheme, _slashes, host = url.partition("://")
    return f"{scheme}://{bucket}.{host}"


def _why(error: Exception) -> str:
    return " ".join(str(error).split("Debug source")[0].split())[:300]
