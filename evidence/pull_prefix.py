"""The same as pull_folder, where files are pulled from S3: TOUCHLINE_PULL_ROOT/<workspace>/.

An object is whole as soon as it is listed. S3 tells the time of a change in seconds; its ETag,
which changes with the content, stands in for what is below them.
"""

import zlib
from pathlib import Path

from django.conf import settings
from django.utils.translation import gettext as _

from evidence.errors import FileError
from evidence.pull_folder import MOST_FILES, Seen, check_pattern, fits, refuse_too_many
from evidence.s3 import Prefix, Stored

MOST_LISTED = 200_000


def files(slug: str, pattern: str) -> list[Seen]:
    """What lies there and fits, by name."""
    parts = check_pattern(pattern).split("/")
    found: list[Seen] = []
    for nth, one in enumerate(_prefix(slug).list(_plain(parts)), start=1):
        if nth > MOST_LISTED:
            raise FileError(
                _("More than %d objects lie there. Give what comes in a folder of its own.")
                % MOST_LISTED
            )
        names = one.path.split("/")
        if len(names) == len(parts) and all(map(fits, names, parts)):
            found.append(_seen(one))
            if len(found) > MOST_FILES:
                refuse_too_many()
    return sorted(found)


def copy(slug: str, seen: Seen, to: Path) -> str:
    """Copies the object as it was seen and returns its SHA-256; nothing where it has changed."""
    prefix = _prefix(slug)
    now = prefix.head(seen.path)
    if now is None or _seen(now) != seen:
        return ""
    return prefix.copy_to(now, to)


def _prefix(slug: str) -> Prefix:
    return Prefix(f"{settings.PULL_ROOT}/{slug}")


def _plain(parts: list[str]) -> str:
    """The folders before the first with a * or ?: only what lies below them is listed."""
    plain = []
    for part in parts[:-1]:
        if "*" in part or "?" in part or "[" in part:
            break
        plain.append(part)
    return "/".join(plain)


def _seen(one: Stored) -> Seen:
    below = zlib.crc32(one.etag.encode()) % 1_000_000_000
    return Seen(one.path, one.size, int(one.changed_at.timestamp()) * 1_000_000_000 + below)
