"""Two people at one map in two browsers: how long until each sees where the other stands and what
the other wrote, from the key or the focus to the other's screen. Both windows have one clock."""

import statistics
from typing import Any

TURNS = 12
# Looked at in every frame.
SEES = """([css, words]) => new Promise((resolve) => {
  const has = (node) => node.textContent.includes(words);
  const look = () => [...document.querySelectorAll(css)].some(has)
    ? resolve(Date.now()) : requestAnimationFrame(look);
  look();
})"""
STAND = """([row, column]) => {
  const rows = document.querySelectorAll(".ed-body .ed-row:not([data-kind=emotion])");
  rows[row].querySelectorAll(".ed-cell")[column].focus();
  return Date.now();
}"""
FORGET = """() => document.querySelectorAll("[data-other]").forEach((node) => {
  node.removeAttribute("data-other");
  node.querySelector(".ed-other")?.remove();
})"""


def measure(browser: Any, address: str, cookies: list[str]) -> dict[str, list[float]]:
    """Milliseconds of each turn."""
    one, other = (_open(browser, address, cookie) for cookie in cookies[:2])
    one.wait_for_timeout(1500)
    found: dict[str, list[float]] = {"where the other stands": [], "what the other wrote": []}
    for turn in range(TURNS):
        other.evaluate(FORGET)
        began = one.evaluate(STAND, [turn % 3, 1 + turn % 5])
        seen = other.evaluate(SEES, ["[data-other]", "hand"])
        found["where the other stands"].append(seen - began)
        one.keyboard.press("n")
        one.keyboard.type(f"Turn {turn} of two")
        began = one.evaluate("() => Date.now()")
        one.keyboard.press("Enter")
        seen = other.evaluate(SEES, [".ed-card", f"Turn {turn} of two"])
        found["what the other wrote"].append(seen - began)
        one.wait_for_timeout(400)
    for page in (one, other):
        page.context.close()
    return found


def _open(browser: Any, address: str, cookie: str) -> Any:
    context = browser.new_context(viewport={"width": 1440, "height": 900})
    context.add_cookies([{"name": "sessionid", "value": cookie, "url": address}])
    page = context.new_page()
    page.goto(f"{address}/w/bench-editor/journeys/size-100/edit/")
    page.wait_for_selector("html[data-map=alive]")
    return page


def told(times: list[float]) -> str:
    cuts = statistics.quantiles(times, n=20)
    return f"{cuts[9]:.0f} / {cuts[18]:.0f} ms"
