"""What tests of evidence share."""

import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings as all_settings


@pytest.fixture(autouse=True)
def calm_heart(settings: Any) -> None:
    """A job's heartbeat has a connection of its own, which cannot see a test's transaction."""
    settings.JOB_HEARTBEAT_S = 600.0


@pytest.fixture
def upload_home() -> Iterator[Path]:
    """An empty folder where DuckDB may read and write."""
    root = Path(all_settings.MEDIA_ROOT).resolve()
    root.mkdir(parents=True, exist_ok=True)
    home = Path(tempfile.mkdtemp(dir=root))
    yield home
    shutil.rmtree(home)
