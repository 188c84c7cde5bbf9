"""The map editor: 60 steps, 12 lanes and 1,000 cards in Chromium, and ten people editing them.

When its first card is on the screen after the address was asked for; which tasks keep the page from
answering for more than 50 ms while one scrolls, drags and types; how long an edit takes to be
confirmed and to be heard by another, with ten people who each edit about once a second.
"""

import http.client
import json
import random
import shutil
import statistics
import threading
import time
from collections.abc import Callable
from typing import Any
from uuid import uuid4

from benchmarks import map_sizes, ours, together
from benchmarks.map_sizes import TOKEN
from benchmarks.maps import LANES, STEPS, map_document
from benchmarks.visiting import server

HANDS = 10
SECONDS = 15.0
SETTLES_S = 5.0  # a server that has just started still works, on the browser's cores
CARDS = 1000
PATH = "/w/bench-editor/journeys/big/edit/"
LISTEN = """() => {
  window.tasks = [];
  new PerformanceObserver((list) => list.getEntries().forEach((e) => tasks.push(e.duration)))
    .observe({type: "longtask"});
}"""
READY = """() => new Promise((resolve) => {
  const look = () => document.querySelector(".ed-card")
    ? requestAnimationFrame(() => resolve(performance.now())) : setTimeout(look, 5);
  look();
})"""


def main(rounds: int) -> None:
    cookies = _prepare()
    with server() as (port, _process):
        time.sleep(SETTLES_S)
        _browser(port, cookies, rounds)
        _people(port, cookies)
        map_sizes.main(port, cookies[0])


def _prepare() -> list[str]:
    """The map, and a session cookie for each hand."""
    ours.setup()
    from django.conf import settings
    from django.test import Client

    from accounts.models import Membership, User, Workspace
    from journeys.mapfile import load_map

    workspace = Workspace.objects.create(slug="bench-editor", name="Bench")
    load_map(workspace, map_document("big", CARDS), None)
    map_sizes.prepare(workspace)
    cookies = []
    for number in range(HANDS):
        user = User.objects.create_user(email=f"hand{number}@bench.example")
        Membership.objects.create(workspace=workspace, user=user, role="designer")
        client = Client()
        client.force_login(user)
        cookies.append(client.cookies[settings.SESSION_COOKIE_NAME].value)
    return cookies


def _browser(port: int, cookies: list[str], rounds: int) -> None:
    from playwright.sync_api import sync_playwright

    chromium = shutil.which("chromium") or shutil.which("chromium-browser")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
        context = browser.new_context(viewport={"width": 1440, "height": 900})
        address = f"http://127.0.0.1:{port}"
        context.add_cookies([{"name": "sessionid", "value": cookies[0], "url": address}])
        page = context.new_page()
        times = []
        found: dict[str, list[list[float]]] = {name: [] for name in _GESTURES}
        for _turn in range(rounds + 1):  # in the first the browser's caches fill
            page.goto(address + PATH, wait_until="commit")
            times.append(page.evaluate(READY))
            page.wait_for_selector("html[data-map=alive]")
            page.wait_for_timeout(500)
            page.evaluate(LISTEN)
            for name, does in _GESTURES.items():
                found[name].append(_tasks(page, does))
        context.close()
        two = together.measure(browser, address, cookies)
        browser.close()
    print(f"\nThe map editor: {STEPS} steps, {LANES} lanes, {CARDS} cards\n")
    print("| what | measured |\n|---|--:|")
    print(f"| first card on the screen, empty cache | {times[0]:.0f} ms |")
    print(f"| first card on the screen | {statistics.median(times[1:]):.0f} ms |")
    for name, (first, *later) in found.items():
        print(f"| tasks over 50 ms while {name} | {_told([t for turn in later for t in turn])} |")
        print(f"| while {name}, in a browser just started | {_told(first)} |")
    for name, times in two.items():
        print(f"| one sees {name}, p50 / p95 | {together.told(times)} |")


def _told(tasks: list[float]) -> str:
    return f"{len(tasks)}, longest {max(tasks):.0f} ms" if tasks else "none"


def _tasks(page: Any, does: Callable[[Any], None]) -> list[float]:
    page.evaluate("() => { tasks.length = 0; }")
    does(page)
    page.wait_for_timeout(300)
    return page.evaluate("() => tasks")


def _scroll(page: Any) -> None:
    page.mouse.move(800, 500)
    for x, y in [(300, 0)] * 20 + [(0, 300)] * 20 + [(-300, -300)] * 20:
        page.mouse.wheel(x, y)
        page.wait_for_timeout(30)


def _drag(page: Any) -> None:
    box = page.locator(".ed-card .ed-text").nth(3).bounding_box()
    x, y = box["x"] + 20, box["y"] + 8
    page.mouse.move(x, y)
    page.mouse.down()
    for step in range(40):
        page.mouse.move(x + 12 * step, y + 6 * step)
        page.wait_for_timeout(16)
    page.mouse.up()


def _type(page: Any) -> None:
    page.locator(".ed-card .ed-text").nth(3).click()
    page.keyboard.press("n")
    page.keyboard.type("Somebody writes a whole sentence here", delay=15)
    page.keyboard.press("Enter")


_GESTURES = {"scrolling": _scroll, "dragging": _drag, "typing": _type}


def _people(port: int, cookies: list[str]) -> None:
    sent: dict[str, float] = {}
    heard: dict[str, float] = {}
    confirmed: list[float] = []
    ends = time.monotonic() + SECONDS

    def listen() -> None:
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
        path = "/live/w/bench-editor/journeys/big/"
        connection.request("GET", path, headers={"Cookie": f"sessionid={cookies[0]}"})
        answer = connection.getresponse()
        while time.monotonic() < ends + 1:
            line = answer.readline()
            if line.startswith(b"data:"):
                heard.setdefault(json.loads(line[5:]).get("id", ""), time.perf_counter())

    def hand(cookie: str) -> None:
        rng = random.Random(cookie)
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
        headers = {
            "Cookie": f"sessionid={cookie}; csrftoken={TOKEN}",
            "X-CSRFToken": TOKEN,
            "Content-Type": "application/json",
        }
        time.sleep(rng.uniform(0, 1.5))  # ten people do not begin in the same instant
        while time.monotonic() < ends:
            key, card = str(uuid4()), f"c{rng.randrange(CARDS // 2)}"
            change = {"list": "cards", "id": card, "before": {}, "after": {"text": key}}
            sent[key] = time.perf_counter()
            body = json.dumps({"id": key, "changes": [change]})
            connection.request("POST", f"{PATH}operations/", body, headers)
            answer = connection.getresponse()
            answer.read()
            assert answer.status == 200, answer.status
            confirmed.append((time.perf_counter() - sent[key]) * 1000)
            time.sleep(rng.uniform(0.5, 1.5))

    threading.Thread(target=listen, daemon=True).start()
    time.sleep(0.5)
    hands = [threading.Thread(target=hand, args=[cookie]) for cookie in cookies]
    for one in hands:
        one.start()
    for one in hands:
        one.join()
    time.sleep(1)
    reached = [(heard[key] - sent[key]) * 1000 for key in sent if key in heard]
    for name, times in (("confirmed", confirmed), ("heard by another", reached)):
        cuts = statistics.quantiles(times, n=20)
        told = f"{cuts[9]:.0f} / {cuts[18]:.0f} ms"
        print(f"| an edit is {name}, {HANDS} people at once, p50 / p95 | {told} |")
    print(f"| edits sent / heard | {len(sent)} / {len(reached)} |\n", flush=True)
