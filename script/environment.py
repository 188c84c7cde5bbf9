"""Fills .venv/ from the lock files. Runs on the system's Python, with nothing installed.

uv does it in seconds; it is itself installed by hash, into .venv/uv, and told what pip is
configured to (index, certificates…). Where uv cannot be had, pip does the same, slowly. Whatever
is installed has a hash in a lock file, wherever it comes from.
"""

import ast
import fcntl
import hashlib
import os
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
VENV = ROOT / ".venv"
PYTHON = VENV / "bin" / "python"
UV = VENV / "uv" / "bin" / "uv"
STAMP = VENV / "installed"
LOCKS = {"runtime": "requirements.lock", "dev": "requirements-dev.lock"}


def main(arguments: list[str]) -> int:
    if arguments not in ([], ["dev"]):
        print("Usage: script/bootstrap [dev]", file=sys.stderr)
        return 2
    directory = os.open(ROOT, os.O_RDONLY)
    try:
        fcntl.flock(directory, fcntl.LOCK_EX)  # two at once would undo each other's work
        return bring_up_to_date(with_dev=arguments == ["dev"])
    finally:
        os.close(directory)


def bring_up_to_date(*, with_dev: bool) -> int:
    installed = read_stamp()
    if installed.get("place") == str(VENV) and PYTHON.exists():
        kinds = ["dev"] if with_dev else ["runtime", "dev"]
        if any(installed.get(kind) == digest(kind) for kind in kinds):
            return 0
    elif VENV.exists():
        shutil.rmtree(VENV)  # half made, or moved: its scripts name the old place
    kind = "dev" if with_dev or "dev" in installed else "runtime"
    try:
        install(kind)
    except subprocess.CalledProcessError as error:
        print(f"Error: {error.cmd[0]} failed; its reason stands above.", file=sys.stderr)
        return 1
    except OSError as error:
        print(f"Error: {VENV} cannot be made: {error.strerror}.", file=sys.stderr)
        return 1
    return 0


def read_stamp() -> dict[str, str]:
    try:
        return dict(line.split(" ", 1) for line in STAMP.read_text().splitlines())
    except (OSError, ValueError):
        return {}


def digest(kind: str) -> str:
    """What the environment is made from; the runtime's packages are among the developers'."""
    names = [LOCKS["runtime"]] if kind == "runtime" else [LOCKS["runtime"], LOCKS["dev"]]
    text = b"".join((ROOT / name).read_bytes() for name in names)
    return hashlib.sha256(text).hexdigest()


def install(kind: str) -> None:
    print("Installing the locked packages into .venv …", file=sys.stderr)
    STAMP.unlink(missing_ok=True)
    if not PYTHON.exists():
        run([sys.executable, "-m", "venv", "--clear", str(VENV)])
    lock = str(ROOT / LOCKS[kind])
    if not sync_with_uv(lock):
        pip("install", "--require-hashes", "-qq", "-r", lock)
    kinds = ("runtime", "dev") if kind == "dev" else ("runtime",)
    lines = [f"place {VENV}", *(f"{each} {digest(each)}" for each in kinds)]
    STAMP.write_text("\n".join(lines) + "\n")


def sync_with_uv(lock: str) -> bool:
    try:
        if not UV.exists():
            uv_lock = str(ROOT / "requirements-uv.lock")
            target = str(UV.parent.parent)
            pip("install", "-qq", "--require-hashes", "--target", target, "-r", uv_lock)
        options, environment = pip_configuration()
        run(
            [
                str(UV),
                "pip",
                "sync",
                "-q",
                f"--python={PYTHON}",
                "--require-hashes",
                *options,
                lock,
            ],
            environment,
        )
    except (subprocess.CalledProcessError, OSError) as error:
        print(f"uv did not do it ({error}); pip will, more slowly.", file=sys.stderr)
        return False
    return True


def pip(*arguments: str) -> None:
    """pip of the new environment, which uv may have tidied away."""
    if subprocess.run([PYTHON, "-c", "import pip"], stderr=subprocess.DEVNULL).returncode:
        run([str(PYTHON), "-m", "ensurepip"])
    run([str(PYTHON), "-m", "pip", *arguments, "--disable-pip-version-check"])


def pip_configuration() -> tuple[list[str], dict[str, str]]:
    """The packages' sources as pip is told of them, in uv's words."""
    listing = subprocess.run(
        [PYTHON, "-m", "pip", "config", "list"], capture_output=True, text=True, check=True
    ).stdout
    found: dict[str, str] = {}
    for prefix in ("global.", "install.", ":env:."):  # later ones win
        for line in listing.splitlines():
            name, _, value = line.partition("=")
            if name.startswith(prefix):
                found[name.removeprefix(prefix)] = str(ast.literal_eval(value))
    options = ["--index-strategy", "unsafe-best-match"]  # as pip: hashes decide what is right
    for name, option in {
        "index-url": "--index-url",
        "extra-index-url": "--extra-index-url",
        "find-links": "--find-links",
        "trusted-host": "--allow-insecure-host",
    }.items():
        for value in found.get(name, "").split():
            options += [option, value]
    if found.get("no-index", "").lower() in {"1", "true", "yes", "on"}:
        options.append("--no-index")
    environment = {
        variable: found[name]
        for name, variable in {
            "cert": "SSL_CERT_FILE",
            "client-cert": "SSL_CLIENT_CERT",
            "proxy": "ALL_PROXY",
            "timeout": "UV_HTTP_TIMEOUT",
            "default-timeout": "UV_HTTP_TIMEOUT",
        }.items()
        if name in found
    }
    if not os.access(Path.home(), os.W_OK):
        environment["UV_NO_CACHE"] = "1"
    return options, environment


def run(command: list[str], environment: dict[str, str] | None = None) -> None:
    subprocess.run(command, check=True, env=os.environ | (environment or {}))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
