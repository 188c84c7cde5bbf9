"""What a page costs when it is made: queries and bytes; and when Chromium first paints it."""

import shutil
import statistics
import zlib
from typing import Any

ROUNDS = 5
PAINTED = "performance.getEntriesByName('first-contentful-paint')[0]?.startTime || 0"


def tell(paths: dict[str, list[str]]) -> None:
    """Each page made anew, in this process, for the admin."""
    from django.db import connection
    from django.test import Client

    from accounts import kept
    from accounts.models import User
    from benchmarks import large_bank

    client = Client(HTTP_HOST="localhost")
    client.force_login(User.objects.get(email=large_bank.FIRST))
    print("\nWhat a page costs\n")
    print("| page | queries, made | queries, kept | kB | kB compressed |\n|---|--:|--:|--:|--:|")
    for name, known in paths.items():
        client.get(known[0])
        kept.store.pages.clear()
        counts, body = [], b""
        for _look in range(2):
            asked: list[str] = []

            def note(execute: Any, sql: str, *more: Any, asked: list[str] = asked) -> Any:
                asked.append(sql)
                return execute(sql, *more)

            with connection.execute_wrapper(note):
                body = client.get(known[0]).content
            counts.append(len(asked))
        packed = len(zlib.compress(body, 6)) / 1000
        print(f"| {name} | {counts[0]} | {counts[1]} | {len(body) / 1000:.0f} | {packed:.0f} |")
    print(flush=True)


def paint(port: int, paths: dict[str, list[str]], cookie: str) -> None:
    """The first time anything can be read, with empty caches; the median of some rounds."""
    from playwright.sync_api import sync_playwright

    path = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))))
    name, _is, value = cookie.partition("=")
    root = f"http://127.0.0.1:{port}"
    print("\nFirst contentful paint in Chromium, empty caches\n")
    print("| page | ms |\n|---|--:|")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=["--no-sandbox"])
        for page_name, known in paths.items():
            if page_name.startswith("a bare"):
                continue
            times = []
            for _round in range(ROUNDS):
                context = browser.new_context(viewport={"width": 1440, "height": 900})
                context.add_cookies([{"name": name, "value": value, "url": root}])
                page = context.new_page()
                page.goto(root + known[0], wait_until="load")
                page.wait_for_function(f"({PAINTED}) > 0")
                times.append(page.evaluate(PAINTED))
                context.close()
            print(f"| {page_name} | {statistics.median(times):.0f} |", flush=True)
        browser.close()
