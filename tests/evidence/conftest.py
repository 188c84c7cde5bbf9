"""What tests of evidence share."""

from typing import Any

import pytest


@pytest.fixture(autouse=True)
def calm_heart(settings: Any) -> None:
    """A job's heartbeat has a connection of its own, which cannot see a test's transaction."""
    settings.JOB_HEARTBEAT_S = 600.0
