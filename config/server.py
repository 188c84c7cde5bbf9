"""The web server's one entry: live streams run asynchronously, pages in threads.

Django serves synchronous views several times slower through ASGI than through WSGI, so only
what is below /live/ goes that way. Programs that post evidence have threads of their own: they wait
together for one commit (evidence/gathering.py), and no page waits for them. So have pages in a
filtered scope, which may have to be counted from the rows (painpoints/at_once.py).
"""

import gc
import multiprocessing
import os
import re
from collections.abc import Callable
from importlib import import_module
from typing import Any

from a2wsgi import WSGIMiddleware

from config import lifeline
from config.whole_calls import Message, Receive, Send, WholeCalls, is_short

POSTS = ("/api/v1/evidence/", "/api/v1/webhooks/")
FIGURES = re.compile("/w/[^/]+/(journeys|painpoints)/")
SCOPED = re.compile(rb"(^|&)(since|until|channel|segment|unit)=[^&]")
SCOPED_THREADS = 3  # two count (at_once.TURNS), a third may wait for the same numbers


class Entry:
    """An ASGI application that sends each request to the side that serves it best."""

    def __init__(self, live: Callable, pages: Callable, threads: int, post_threads: int) -> None:
        self.live = live
        self.pages: Any = WSGIMiddleware(pages, workers=threads)
        self.posts: Any = WSGIMiddleware(pages, workers=post_threads)
        self.short_posts = WholeCalls(pages, self.posts.executor)
        self.scoped: Any = WSGIMiddleware(pages, workers=SCOPED_THREADS)

    async def __call__(self, scope: Message, receive: Receive, send: Send) -> None:
        if scope["type"] == "lifespan":
            await _lifespan(receive, send)
        elif scope["type"] != "http":
            await send({"type": "websocket.close", "code": 1000})
        elif scope["path"].startswith("/live/"):
            await self.live(scope, receive, send)
        else:
            # `X_Forwarded_Proto` would become the same variable as `X-Forwarded-Proto`, which
            # the proxy in front has cleaned.
            scope["headers"] = [pair for pair in scope["headers"] if b"_" not in pair[0]]
            await self._side(scope)(scope, _as_coroutine(receive), send)

    def _side(self, scope: Message) -> Any:
        path = scope["path"]
        if scope["method"] == "POST":
            if not path.startswith(POSTS):
                return self.pages
            return self.short_posts if is_short(scope) else self.posts
        is_scoped = FIGURES.match(path) and SCOPED.search(scope["query_string"])
        return self.scoped if is_scoped else self.pages


def _as_coroutine(receive: Receive) -> Receive:
    """granian hands out a future, made on the loop; a2wsgi asks from a thread, for a coroutine."""

    async def received() -> Message:
        return await receive()

    return received


async def _lifespan(receive: Receive, send: Send) -> None:
    while True:
        message = await receive()
        await send({"type": f"{message['type']}.complete"})
        if message["type"] == "lifespan.shutdown":
            return


def load() -> Entry:
    """Called in each of the server's processes."""
    server = multiprocessing.parent_process()
    lifeline.die_with_parent((server and server.pid) or os.getppid())
    from django.conf import settings

    from config.asgi import application as live
    from config.wsgi import application as pages
    from painpoints import beforehand

    import_module(settings.ROOT_URLCONF)  # with all views; else the first request does it
    beforehand.IS_ON = True
    _leave_in_peace()
    return Entry(live, pages, settings.WEB_THREADS, settings.WEB_POST_THREADS)


def _leave_in_peace() -> None:
    """What was imported stays: to look through all of it for garbage, again and again, took a
    tenth of the time of posted evidence."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(10_000, 20, 20)


def run(host: str, port: int, workers: int) -> None:
    """Serves until it is told to stop; open streams do not hold it up."""
    from granian.constants import HTTPModes, Interfaces, Loops
    from granian.log import LogLevels
    from granian.server import Server

    Server(
        "config.server:load",
        factory=True,
        address=host,
        port=port,
        workers=workers,
        interface=Interfaces.ASGI,
        http=HTTPModes.http1,
        loop=Loops.asyncio,
        websockets=False,
        log_level=LogLevels.error,
        respawn_failed_workers=True,
        respawn_interval=0.5,
        workers_kill_timeout=2,
    ).serve()
