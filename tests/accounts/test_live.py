"""What a stream says, and that it lets go. Delivery across processes: tests/config."""

import asyncio

import pytest

from accounts import live


async def collect(events, count: int) -> list[str]:
    response = live.sse_response(events)
    parts = []
    async for part in response:
        parts.append(part.decode())
        if len(parts) == count:
            break
    return parts


def test_an_event_has_a_name_and_json_and_survives_line_breaks():
    async def events():
        yield "progress", {"done": 3}
        yield "text", "two\nlines"

    said = asyncio.run(collect(events(), 9))
    assert said == [
        ": open\n\n",
        'event: progress\ndata: {"done": 3}\n\n',
        "event: text\ndata: two\ndata: lines\n\n",
    ]


def test_a_silent_stream_says_that_it_is_still_there(monkeypatch):
    monkeypatch.setattr(live, "KEEP_ALIVE_S", 0.01)

    async def events():
        await asyncio.sleep(0.05)
        yield "late", {}

    said = asyncio.run(collect(events(), 99))
    assert ": still here\n\n" in said
    assert said[-1] == "event: late\ndata: {}\n\n"


def test_a_stream_that_is_left_ends_its_source():
    ended = []

    async def events():
        try:
            yield "first", {}
            await asyncio.sleep(60)
            yield "never", {}
        finally:
            ended.append(True)

    async def leave_after_the_first():
        stream = live._stream(events())
        assert [await anext(stream), await anext(stream)][1].startswith("event: first")
        waiting = asyncio.ensure_future(anext(stream))
        await asyncio.sleep(0.01)
        waiting.cancel()
        with pytest.raises(asyncio.CancelledError):
            await waiting
        await stream.aclose()

    asyncio.run(leave_after_the_first())
    assert ended == [True]


@pytest.mark.django_db(transaction=True)
def test_the_listening_connection_is_there_only_while_someone_subscribes():
    async def subscribe_twice() -> list[str]:
        heard = []
        for word in ("one", "two"):
            async with live.subscription("here") as messages:
                await asyncio.to_thread(say, "here", word)
                heard.append(await asyncio.wait_for(anext(messages), 10))
            assert live._hub().task is None
        return heard

    assert asyncio.run(subscribe_twice()) == ["one", "two"]


def say(channel: str, word: str) -> None:
    from django.db import connection

    live.notify(channel, word)
    connection.close()


def test_a_slow_reader_keeps_the_newest():
    queue: asyncio.Queue[str] = asyncio.Queue(2)
    for word in ("a", "b", "c"):
        live._put(queue, word)
    assert [queue.get_nowait(), queue.get_nowait()] == ["b", "c"]
