"""A person at a browser window, and what went wrong on the pages they saw."""

from typing import Any

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, ConsoleMessage, Locator, Response, expect

from tests.browser.site import Account

LIMIT_MS = 20_000
# Where visible focus may be drawn: on the element, or on the box around it.
FOCUS_IS_DRAWN = """() => {
  const drawn = (e) => {
    const s = getComputedStyle(e);
    return (s.outlineStyle !== "none" && parseFloat(s.outlineWidth) >= 1.5)
      || s.boxShadow !== "none";
  };
  const here = document.activeElement;
  return here !== document.body && (drawn(here) || drawn(here.parentElement));
}"""
AXE_SCRIPT = Axe().axe_script
_signed_in: dict[tuple[str, str], Any] = {}


class Visitor:
    def __init__(
        self, chromium: Browser, address: str, account: Account | None,
        width: int = 1440, height: int = 900, scheme: str = "light", **options: Any,
    ) -> None:  # fmt: skip
        self.errors: list[str] = []
        self.address = address
        key = (address, account.email) if account else None
        self.context = chromium.new_context(
            base_url=address,
            viewport={"width": width, "height": height},
            color_scheme=scheme,  # type: ignore[arg-type]
            reduced_motion="reduce",
            locale="en-GB",
            storage_state=_signed_in.get(key) if key else None,
            **options,
        )
        self.context.set_default_timeout(LIMIT_MS)
        self.page = self.context.new_page()
        self.page.on("console", self._heard)
        self.page.on("pageerror", lambda error: self.errors.append(str(error)))
        self.page.on("response", self._answered)
        if account and key and key not in _signed_in:
            self.sign_in(account)
            _signed_in[key] = self.context.storage_state()

    def _heard(self, message: ConsoleMessage) -> None:
        if message.type in ("error", "warning"):
            self.errors.append(f"{self.page.url}: {message.text}")

    def _answered(self, response: Response) -> None:
        if response.status >= 400:
            self.errors.append(f"{response.status} {response.url}")

    def sign_in(self, account: Account) -> None:
        self.page.goto("/accounts/login/")
        self.page.get_by_label("Email").fill(account.email)
        self.page.get_by_label("Password").fill(account.password)
        self.page.get_by_role("button", name="Sign in").click()
        expect(self.page.get_by_role("navigation", name="Main")).to_be_visible()

    def goto(self, path: str) -> None:
        """The page, with its figures drawn."""
        self.page.goto(path)
        for drawing in self.page.locator("[data-plot]").all():
            if drawing.is_visible():
                drawing.scroll_into_view_if_needed()  # they are drawn when they come into view
                expect(drawing.locator(".main-svg").first).to_be_visible()

    def open_menu(self, name: str) -> Locator:
        """A menu's panel, after pressing what opens it."""
        menu = self.page.locator("details", has=self.page.locator("summary", has_text=name)).last
        menu.locator("summary").first.click()
        return menu

    def choose_scheme(self, scheme: str) -> None:
        """Light or dark. Without a new layout Chromium tells old colours for a while."""
        self.page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
        self.page.evaluate("""() => {
          document.body.style.display = "none";
          document.body.getBoundingClientRect();
          document.body.style.display = "";
        }""")

    def overflow(self) -> int:
        """How many pixels the page is wider than the window."""
        return self.page.evaluate(
            "() => document.documentElement.scrollWidth - document.documentElement.clientWidth"
        )

    def violations(self, *rules: str, but: tuple[str, ...] = ()) -> str:
        """What axe finds on the page; only these rules, where some are named, `but` never."""
        options: dict[str, Any] = {
            "resultTypes": ["violations"],
            "rules": {rule: {"enabled": False} for rule in but},
        }
        if rules:
            options["runOnly"] = {"type": "rule", "values": list(rules)}
        if not self.page.evaluate("() => 'axe' in window"):
            self.page.evaluate(AXE_SCRIPT)
        return "; ".join(
            f"{found['id']} ({found['help']}): "
            + ", ".join(str(node["target"]) for node in found["nodes"][:5])
            for found in self.page.evaluate(
                "async (options) => (await axe.run(options)).violations", options
            )
        )

    def expect_visible_focus(self) -> None:
        assert self.page.evaluate(FOCUS_IS_DRAWN), self.page.evaluate(
            "() => document.activeElement.outerHTML.slice(0, 300)"
        )

    def leave(self) -> None:
        self.context.close()
