"""Live streams: PostgreSQL tells one connection per process, which tells its subscribers.

`notify` belongs to the transaction it is called in: subscribers hear of it when, and only if,
that commits. A subscriber learns *that* something changed and reads the truth itself; what it
is told may come twice, and after a lost connection it is woken once with an empty message.
"""

import asyncio
import contextlib
import json
import logging
from collections import defaultdict
from collections.abc import AsyncIterator, Mapping
from typing import Any
from weakref import WeakKeyDictionary

import psycopg
from django.db import connection, connections
from django.http import StreamingHttpResponse

log = logging.getLogger(__name__)

# One channel of PostgreSQL's for all of ours: a connection that waits cannot also be asked to
# listen to something new.
LISTEN_TO = "touchline_live"
KEEP_ALIVE_S = 15.0
# A subscriber that reads slowly loses its oldest messages; each means no more than "look again".
WAITING_MESSAGES = 100


def notify(channel: str, payload: str = "") -> None:
    """Tells the channel's subscribers in every process, once the transaction commits."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_notify(%s, %s)", [LISTEN_TO, f"{channel} {payload}"])


@contextlib.asynccontextmanager
async def subscription(channel: str) -> AsyncIterator[AsyncIterator[str]]:
    """The channel's messages from now on: whatever is committed inside the block is heard."""
    hub = _hub()
    queue: asyncio.Queue[str] = asyncio.Queue(WAITING_MESSAGES)
    hub.join(channel, queue)
    try:
        await hub.listening.wait()
        yield _messages(queue)
    finally:
        await hub.leave(channel, queue)


async def subscribe(channel: str) -> AsyncIterator[str]:
    """The same without a block; the channel is listened to from the first step on."""
    async with subscription(channel) as messages:
        async for message in messages:
            yield message


async def _messages(queue: asyncio.Queue[str]) -> AsyncIterator[str]:
    while True:
        yield await queue.get()


def sse_response(
    events: AsyncIterator[tuple[str, Mapping[str, Any] | str]],
) -> StreamingHttpResponse:
    """Server-sent events: each item is an event's name and its data (as JSON, or as it is)."""
    response = StreamingHttpResponse(_stream(events), content_type="text/event-stream")
    response["Cache-Control"] = "no-store"
    response["X-Accel-Buffering"] = "no"  # a proxy that buffers would hold the events back
    return response


async def _stream(events: AsyncIterator[tuple[str, Mapping[str, Any] | str]]) -> AsyncIterator[str]:
    """With a comment whenever nothing was said for a while, so that nobody hangs up."""
    upcoming: asyncio.Task | None = None
    yield ": open\n\n"
    try:
        while True:
            upcoming = upcoming or asyncio.ensure_future(anext(events))
            done, _ = await asyncio.wait({upcoming}, timeout=KEEP_ALIVE_S)
            if not done:
                yield ": still here\n\n"
                continue
            try:
                name, content = upcoming.result()
            except StopAsyncIteration:
                return
            upcoming = None
            yield _event(name, content)
    finally:
        if upcoming is not None and not upcoming.done():
            upcoming.cancel()
            with contextlib.suppress(asyncio.CancelledError, StopAsyncIteration):
                await upcoming
        if hasattr(events, "aclose"):
            await events.aclose()


def _event(name: str, content: Mapping[str, Any] | str) -> str:
    text = content if isinstance(content, str) else json.dumps(content, default=str)
    return f"event: {name}\n" + "".join(f"data: {line}\n" for line in text.split("\n")) + "\n"


class _Hub:
    """The process's one listening connection, there as long as someone subscribes."""

    def __init__(self) -> None:
        self.queues: defaultdict[str, set[asyncio.Queue[str]]] = defaultdict(set)
        self.listening = asyncio.Event()
        self.task: asyncio.Task | None = None

    def join(self, channel: str, queue: asyncio.Queue[str]) -> None:
        self.queues[channel].add(queue)
        if self.task is None or self.task.done():
            self.task = asyncio.create_task(self._listen())

    async def leave(self, channel: str, queue: asyncio.Queue[str]) -> None:
        self.queues[channel].discard(queue)
        if not self.queues[channel]:
            del self.queues[channel]
        if not self.queues and self.task is not None:
            task, self.task = self.task, None
            task.cancel()
            await asyncio.wait({task})

    async def _listen(self) -> None:
        pause, lost = 0.1, False
        try:
            while True:
                try:
                    async with await _connect() as listener:
                        await listener.execute(f"LISTEN {LISTEN_TO}")
                        if lost:
                            self._wake_all()
                        self.listening.set()
                        pause, lost = 0.1, False
                        await self._pass_on(listener)
                except psycopg.Error as error:
                    self.listening.clear()
                    lost = True
                    log.warning("The live connection was lost, trying again: %s", error)
                    await asyncio.sleep(pause)
                    pause = min(pause * 2, 5)
        finally:
            self.listening.clear()

    async def _pass_on(self, listener: psycopg.AsyncConnection) -> None:
        while True:
            async for notice in listener.notifies(timeout=30):
                channel, _, payload = notice.payload.partition(" ")
                for queue in self.queues.get(channel, ()):
                    _put(queue, payload)
            await listener.execute("SELECT 1")  # a silent line may be a dead one

    def _wake_all(self) -> None:
        """What was said while nobody listened is lost; everyone looks again."""
        for queues in self.queues.values():
            for queue in queues:
                _put(queue, "")


def _put(queue: asyncio.Queue[str], message: str) -> None:
    if queue.full():
        queue.get_nowait()
    queue.put_nowait(message)


async def _connect() -> psycopg.AsyncConnection:
    """As Django connects, but asynchronous and outside its pool of connections."""
    options = connections["default"].get_connection_params()
    for name in ("cursor_factory", "context", "prepare_threshold", "pool"):
        options.pop(name, None)
    return await psycopg.AsyncConnection.connect(**options, autocommit=True)


_hubs: WeakKeyDictionary[asyncio.AbstractEventLoop, _Hub] = WeakKeyDictionary()


def _hub() -> _Hub:
    return _hubs.setdefault(asyncio.get_running_loop(), _Hub())
