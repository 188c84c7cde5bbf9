"""Calls with a short body, to a WSGI application and back."""

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from config.whole_calls import WholeCalls

SCOPE = {
    "type": "http",
    "method": "POST",
    "path": "/api/v1/evidence/waits/",
    "query_string": b"source=shop",
    "http_version": "1.1",
    "headers": [(b"content-length", b"6"), (b"x-one", b"1")],
}


def call(application: Callable, messages: list[dict[str, Any]]) -> list[dict[str, Any]]:
    sent: list[dict[str, Any]] = []

    async def receive() -> dict[str, Any]:
        return messages.pop(0)

    async def send(message: dict[str, Any]) -> None:
        sent.append(message)

    with ThreadPoolExecutor(1) as threads:
        asyncio.run(WholeCalls(application, threads)(SCOPE, receive, send))
    return sent


def pieces(*bodies: bytes) -> list[dict[str, Any]]:
    more = [{"type": "http.request", "body": body, "more_body": True} for body in bodies]
    return [*more, {"type": "http.request", "body": b"", "more_body": False}]


class Told:
    """An answer in pieces that knows whether it was closed."""

    def __init__(self, *parts: bytes) -> None:
        self.parts, self.is_closed = parts, False

    def __iter__(self) -> Any:
        return iter(self.parts)

    def close(self) -> None:
        self.is_closed = True


def test_the_body_is_whole_and_so_is_the_answer() -> None:
    asked: dict[str, Any] = {}
    told = Told(b"kept ", b"it")

    def application(environ: dict[str, Any], start: Callable) -> Told:
        asked.update(environ, body=environ["wsgi.input"].read())
        start("201 Created", [("X-Two", "2")])
        return told

    begun, ended = call(application, pieces(b"[{}", b",{}]"))
    assert asked["body"] == b"[{},{}]"
    assert (asked["QUERY_STRING"], asked["HTTP_X_ONE"]) == ("source=shop", "1")
    assert (begun["status"], begun["headers"]) == (201, [(b"x-two", b"2")])
    assert ended == {"type": "http.response.body", "body": b"kept it"}
    assert told.is_closed


def test_nothing_is_done_for_who_went_away() -> None:
    def application(*_: Any) -> Any:
        raise AssertionError("called")

    assert call(application, [*pieces(b"[{}")[:1], {"type": "http.disconnect"}]) == []


def test_an_application_that_fails_sends_nothing() -> None:
    def application(*_: Any) -> Any:
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        call(application, pieces(b"[]"))
