"""pytest on the embedded services: a home of the tests' own, and a database of each run's own.

Loaded by `-p` in pyproject.toml, before the settings are read. TOUCHLINE_HOME names the home;
without it, a checkout's tests share one below /tmp, apart from the data people work with.
Processes of one run (`-n 2`) share the home and nothing else.
"""

import hashlib
import os
import shutil
import tempfile
from pathlib import Path

import pytest

from config import embedded

CHECKOUT = Path(__file__).resolve().parent.parent
RUN = f"{os.getpid()}"


def _default_home() -> Path:
    name = hashlib.sha256(os.fsencode(CHECKOUT)).hexdigest()[:12]
    return Path("/tmp") / f"touchline-tests-{os.geteuid()}-{name}"


HOME = Path(os.environ.setdefault("TOUCHLINE_HOME", str(_default_home())))
LAKE = Path(tempfile.gettempdir()) / f"touchline-lake-{RUN}"
FILES = Path(tempfile.gettempdir()) / f"touchline-files-{RUN}"
# A queue of this run's own, so that no other run's worker takes our tasks.
_broker = embedded.addresses(HOME).broker_url.replace(
    "virtual_host=0", f"virtual_host={1 + os.getpid() % 1000}"
)
_OURS = {
    "LAKE_DATA_PATH": str(LAKE),
    "TOUCHLINE_FILES": str(FILES),
    "CELERY_BROKER_URL": _broker,
}
if "PYTEST_XDIST_WORKER" in os.environ:  # what is set comes from the process that started us
    os.environ.update(_OURS)
for name, value in _OURS.items():
    os.environ.setdefault(name, value)


@pytest.hookimpl(tryfirst=True)
def pytest_configure(config: pytest.Config) -> None:
    """Two runs at once, even of two people on one server, do not meet in one database."""
    from django.conf import settings

    name = os.environ.get("TOUCHLINE_TEST_DATABASE", f"test_touchline_{RUN}")
    settings.DATABASES["default"].setdefault("TEST", {})["NAME"] = name


@pytest.hookimpl(tryfirst=True)
def pytest_runtestloop(session: pytest.Session) -> None:
    if session.items and not session.config.option.collectonly:
        try:
            embedded.ensure_started(HOME)
        except embedded.EmbeddedError as error:
            pytest.exit(str(error), returncode=3)


def pytest_unconfigure(config: pytest.Config) -> None:
    shutil.rmtree(LAKE, ignore_errors=True)
    shutil.rmtree(FILES, ignore_errors=True)
