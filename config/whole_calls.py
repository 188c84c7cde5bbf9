"""Calls whose body is short, on their way to a WSGI application: one way there and one back.

a2wsgi carries each piece of a body into the application's thread, and each piece of the answer out
of it, by coroutines of its own. For an item that a program posts that was nearly half of what the
server did in Python. Here the loop reads the whole body before a thread is asked for, and sends the
whole answer when the thread is done; a slow sender keeps no thread waiting.
"""

import asyncio
import contextvars
import io
from collections.abc import Awaitable, Callable, MutableMapping
from concurrent.futures import Executor
from typing import Any, NamedTuple

from a2wsgi.wsgi import build_environ

MOST_BYTES = 64 * 1024

Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]


class Answer(NamedTuple):
    status: int
    headers: list[tuple[bytes, bytes]]
    body: bytes


class WholeCalls:
    """An ASGI application around a WSGI application whose answers are short too."""

    def __init__(self, application: Callable, threads: Executor) -> None:
        self._application = application
        self._threads = threads

    async def __call__(self, scope: Message, receive: Receive, send: Send) -> None:
        body = await _body(receive)
        if body is None:
            return
        environ: Any = build_environ(scope, io.BytesIO(body))  # type: ignore[arg-type]
        context = contextvars.copy_context()
        answer = await asyncio.get_running_loop().run_in_executor(
            self._threads, lambda: context.run(self._answer, environ)
        )
        await send(
            {"type": "http.response.start", "status": answer.status, "headers": answer.headers}
        )
        await send({"type": "http.response.body", "body": answer.body})

    def _answer(self, environ: dict[str, Any]) -> Answer:
        begun: list[tuple[str, list[tuple[str, str]]]] = []

        def start(status: str, headers: list[tuple[str, str]], *_error: Any) -> None:
            begun.append((status, headers))

        parts = self._application(environ, start)
        try:
            body = b"".join(parts)
        finally:
            getattr(parts, "close", lambda: None)()
        status, headers = begun[-1]
        encoded = [
            (name.lower().encode("latin1"), value.encode("latin1")) for name, value in headers
        ]
        return Answer(int(status.split(" ", 1)[0]), encoded, body)


def is_short(scope: Message) -> bool:
    """Whether the call says how long its body is, and that is not much."""
    told = next((value for name, value in scope["headers"] if name == b"content-length"), b"")
    return told.isdigit() and int(told) <= MOST_BYTES


async def _body(receive: Receive) -> bytes | None:
    """None where whoever called went away meanwhile."""
    parts = []
    while True:
        message = await receive()
        if message["type"] == "http.disconnect":
            return None
        parts.append(message.get("body", b""))
        if not message.get("more_body", False):
            return b"".join(parts)
