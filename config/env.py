"""Typed reading of settings from the environment; a wrong value stops the start with a sentence."""

import os
import re
from pathlib import Path

from django.core.exceptions import ImproperlyConfigured

TRUE = {"1", "true", "yes", "on"}
FALSE = {"0", "false", "no", "off", ""}
BUCKET = re.compile(r"[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]")


def text(name: str, default: str) -> str:
    return os.environ.get(name, "").strip() or default


def flag(name: str, default: bool) -> bool:
    raw = os.environ.get(name)
    if raw is None:
        return default
    if raw.strip().lower() in TRUE:
        return True
    if raw.strip().lower() in FALSE:
        return False
    raise ImproperlyConfigured(f"{name} must be one of 1, 0, true, false; it is {raw!r}.")


def integer(name: str, default: int, *, low: int, high: int) -> int:
    raw = text(name, str(default))
    if not raw.isdigit() or not low <= int(raw) <= high:
        raise ImproperlyConfigured(
            f"{name} must be a whole number from {low} to {high}; it is {raw!r}."
        )
    return int(raw)


def choice(name: str, default: str, allowed: tuple[str, ...]) -> str:
    raw = text(name, default).lower()
    if raw not in allowed:
        raise ImproperlyConfigured(f"{name} must be one of {', '.join(allowed)}; it is {raw!r}.")
    return raw


def words(name: str, default: str) -> list[str]:
    return [word.strip() for word in text(name, default).split(",") if word.strip()]


def directory(name: str, default: Path) -> Path:
    path = Path(text(name, str(default))).expanduser()
    if not path.is_absolute():
        raise ImproperlyConfigured(f"{name} must be an absolute path; it is {str(path)!r}.")
    if path.exists() and not path.is_dir():
        raise ImproperlyConfigured(f"{name} must be a directory; {str(path)!r} is a file.")
    return path


def place(name: str, default: str) -> str:
    """A directory (an absolute path) or a prefix on S3 (s3://bucket/path)."""
    given = text(name, default)
    if "://" not in given:
        return given and str(directory(name, Path(given)))
    given = given.rstrip("/")
    scheme, _slashes, rest = given.partition("://")
    bucket, *parts = rest.split("/")
    if scheme != "s3" or not BUCKET.fullmatch(bucket) or set(parts) & {"", ".", ".."}:
        raise ImproperlyConfigured(
            f"{name} must be an absolute path or s3://bucket/path; it is {given!r}."
        )
    if not text("AWS_ACCESS_KEY_ID", "") or not text("AWS_SECRET_ACCESS_KEY", ""):
        raise ImproperlyConfigured(
            f"{name} lies on S3: set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY too."
        )
    return given
