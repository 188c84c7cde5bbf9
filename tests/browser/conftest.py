"""One Chromium and one running Touchline for all tests of this folder."""

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from django.conf import settings
from playwright.sync_api import Browser, expect, sync_playwright

from accounts import demo_login
from tests.browser.site import Account, Site, serving
from tests.browser.visitor import Visitor

CHROMIUM = next(
    filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None
)
# Without --disable-gpu Debian's Chromium draws by a software GPU, which takes a tenth of the time.
FLAGS = ["--no-sandbox", "--disable-gpu"]
HERE = Path(__file__).parent
DEMO_SCALE = "0.05"


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if HERE in item.path.parents:
            item.add_marker(pytest.mark.browser)
            if CHROMIUM is None:
                item.add_marker(pytest.mark.skip(reason="no Chromium"))


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    if CHROMIUM is None:
        terminalreporter.write_line("BROWSER TESTS DID NOT RUN: no Chromium", red=True, bold=True)


# Not for the session: as long as Playwright runs, this thread has an event loop, and Django
# refuses the database to whatever comes after us.
@pytest.fixture(scope="package")
def chromium() -> Iterator[Browser]:
    expect.set_options(timeout=20_000)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield browser
        browser.close()


@pytest.fixture(scope="package")
def site() -> Iterator[Site]:
    """With the demo bank, small: whatever it has is number 1 of its kind."""
    with serving() as site:
        site.manage("demo", "--scale", DEMO_SCALE)
        yield site


@pytest.fixture(scope="package")
def demo(site: Site) -> Account:
    """The login of the demo bank's admin."""
    return Account(demo_login.EMAIL, demo_login.demo_password(settings.TOUCHLINE_HOME))


@pytest.fixture
def visit(chromium: Browser, site: Site) -> Iterator[Callable[..., Visitor]]:
    """Opens a browser window; in the end, no page may have had an error."""
    opened: list[Visitor] = []

    def open_window(account: Account | None = None, **options: object) -> Visitor:
        opened.append(Visitor(chromium, site.address, account, **options))
        return opened[-1]

    yield open_window
    for visitor in opened:
        visitor.leave()
    assert not [error for visitor in opened for error in visitor.errors]
