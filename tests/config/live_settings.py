"""The real settings with a few addresses of the tests' own."""

from config.settings import *  # noqa: F403

ROOT_URLCONF = "tests.config.live_urls"
