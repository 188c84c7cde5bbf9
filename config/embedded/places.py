"""Where the embedded services keep their data, their sockets and their secrets."""

import hashlib
import os
import secrets
import stat
from pathlib import Path
from typing import NamedTuple
from urllib.parse import quote

from config.embedded.errors import EmbeddedError, from_os_error

# One fixed place, the same for every process of a user whatever its environment says; short,
# because a socket's path may not be longer than 107 bytes and homes may lie deep.
SOCKETS_BELOW = Path("/tmp")
ROLE = DATABASE = "touchline"


class Addresses(NamedTuple):
    database_url: str
    broker_url: str


def addresses(home: Path) -> Addresses:
    """Where this home's services answer once they run. Starts nothing, creates nothing."""
    sockets = socket_directory(home)
    return Addresses(
        f"postgresql://{ROLE}@/{DATABASE}?host={quote(str(sockets / 'pg'))}&port=5432",
        f"redis+socket://{quote(str(valkey_socket(home)))}?virtual_host=0",
    )


def socket_directory(home: Path) -> Path:
    name = hashlib.sha256(os.fsencode(home.resolve())).hexdigest()[:16]
    return SOCKETS_BELOW / f"touchline-{os.geteuid()}-{name}"


def postgres_socket(home: Path) -> Path:
    return socket_directory(home) / "pg" / ".s.PGSQL.5432"


def valkey_socket(home: Path) -> Path:
    return socket_directory(home) / "valkey" / "s"


def prepare_home(home: Path) -> None:
    """Makes the home if it is missing; one that exists keeps its permissions."""
    try:
        home.parent.mkdir(parents=True, exist_ok=True)
        # Root's PostgreSQL runs as another user, who has to pass through.
        make_directory(home, 0o711 if os.geteuid() == 0 else 0o700)
    except OSError as error:
        raise from_os_error(error, home) from error


def prepare_sockets(home: Path, postgres_uid: int) -> None:
    directory = socket_directory(home)
    make_directory(directory, 0o700 if postgres_uid == os.geteuid() else 0o711)
    status = directory.lstat()
    if not stat.S_ISDIR(status.st_mode) or status.st_uid != os.geteuid() or status.st_mode & 0o022:
        raise EmbeddedError(
            f"{directory} belongs to someone else or may be changed by others, so the sockets "
            "of the database and the queue would not be private there. Remove it and start again."
        )
    make_directory(directory / "valkey", 0o700)
    make_directory(directory / "pg", 0o700, postgres_uid)


def make_directory(path: Path, mode: int, uid: int | None = None) -> None:
    """A directory with exactly this mode and owner, unless it is there already."""
    try:
        path.mkdir(mode=0o700)
    except FileExistsError:
        return
    if uid is not None and uid != os.geteuid():
        os.chown(path, uid, -1)
    path.chmod(mode)


def write_file(path: Path, text: str, mode: int = 0o600) -> None:
    """Replaces a file as a whole: a reader never sees half of it, a crash leaves the old one."""
    fresh = path.with_name(f".{path.name}.{secrets.token_hex(4)}")
    descriptor = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, mode)
    try:
        with os.fdopen(descriptor, "w", encoding="utf-8") as file:
            os.fchmod(file.fileno(), mode)
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        fresh.replace(path)
    except BaseException:
        fresh.unlink(missing_ok=True)
        raise


def kept_secret(home: Path, name: str, length: int) -> str:
    """A random word, made once and kept in the home, readable by its owner only."""
    path = home / name
    try:
        if not path.exists():
            prepare_home(home)
            fresh = home / f".{name}.{secrets.token_hex(4)}"
            write_file(fresh, secrets.token_urlsafe(length) + "\n")
            try:
                os.link(fresh, path)  # fails if another process was first
            except FileExistsError:
                pass
            finally:
                fresh.unlink()
        return path.read_text(encoding="utf-8").strip()
    except OSError as error:
        raise from_os_error(error, path) from error


def secret_key(home: Path) -> str:
    """The key that signs sessions where SECRET_KEY is not set."""
    return kept_secret(home, "secret-key", 48)
