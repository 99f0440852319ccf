"""A Redis that hangs as the channel layer holds nobody up."""

from __future__ import annotations

import asyncio
import time

import pytest
from channels_redis.core import RedisChannelLayer
from redis.asyncio import BlockingConnectionPool
from redis.exceptions import ConnectionError as RedisConnectionError

from designer.http import channel_layer
from designer.http.channel_layer import Layer

CALLS = {
    "send": ("one", {"type": "it"}),
    "group_send": ("all", {"type": "it"}),
    "group_add": ("all", "one"),
    "group_discard": ("all", "one"),
}


@pytest.mark.parametrize("verb", CALLS)
async def test_whoever_sends_or_joins_waits_once_and_not_again_for_a_while(monkeypatch: pytest.MonkeyPatch, verb: str) -> None:
    asked = 0

    async def hang(*_: object) -> None:
        nonlocal asked
        asked += 1
        await asyncio.sleep(60)

    monkeypatch.setattr(RedisChannelLayer, verb, hang)
    monkeypatch.setattr(channel_layer, "ANSWERS_WITHIN_SECONDS", 0.05)
    it = Layer(hosts=["redis://127.0.0.1:1"])
    began = time.monotonic()
    for _ in range(3):
        with pytest.raises(TimeoutError, match="Redis did not answer"):
            await getattr(it, verb)(*CALLS[verb])
    assert asked == 1 and time.monotonic() - began < 2
    it._breaker.close()
    with pytest.raises(TimeoutError):
        await getattr(it, verb)(*CALLS[verb])
    assert asked == 2


async def test_one_that_answers_is_asked_each_time(monkeypatch: pytest.MonkeyPatch) -> None:
    sent = []

    async def send(_: object, channel: str, message: dict[str, object]) -> None:
        sent.append((channel, message))

    monkeypatch.setattr(RedisChannelLayer, "send", send)
    it = Layer(hosts=["redis://127.0.0.1:1"])
    await it.send("one", {"type": "a"})
    await it.send("one", {"type": "b"})
    assert [message["type"] for _, message in sent] == ["a", "b"]


async def test_windows_outlive_a_redis_that_goes_and_hear_that_it_is_back(monkeypatch: pytest.MonkeyPatch) -> None:
    away, pings = True, 0

    async def pop(self: Layer, channel: str) -> None:
        if away:
            raise RedisConnectionError("Connection refused")
        await asyncio.sleep(60)

    class Connection:
        async def ping(self) -> None:
            nonlocal pings
            pings += 1
            if away:
                raise RedisConnectionError("Connection refused")

    monkeypatch.setattr(Layer, "_pop", pop)
    monkeypatch.setattr(Layer, "connection", lambda self, index: Connection())
    monkeypatch.setattr(channel_layer, "ASK_AGAIN_SECONDS", 0.02)
    it = Layer(hosts=["redis://127.0.0.1:1"])
    windows = [asyncio.create_task(it.receive(await it.new_channel())) for _ in range(50)]
    async with asyncio.timeout(30):
        while pings < 3:
            await asyncio.sleep(0.01)
    assert not any(window.done() for window in windows) and pings < 50, "one asks for all"
    away = False
    assert await asyncio.gather(*windows) == [channel_layer.BACK] * 50


async def test_connections_are_waited_for() -> None:
    it = Layer(hosts=[{"address": "redis://127.0.0.1:1", "max_connections": 3}])
    pool = it.create_pool(0)
    assert isinstance(pool, BlockingConnectionPool) and pool.max_connections == 3


def test_the_log_is_not_flooded(caplog: pytest.LogCaptureFixture) -> None:
    channel_layer._logged.clear()
    for _ in range(100):
        channel_layer.log_throttled("this", ConnectionError("refused"))
        channel_layer.log_throttled("that", TimeoutError())
    assert [record.getMessage() for record in caplog.records] == [
        "this: refused (not repeated for 10 s)",
        "that: TimeoutError (not repeated for 10 s)",
    ]


async def test_one_that_answers_others_is_not_left_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    async def send(_: object, channel: str, message: dict[str, object]) -> None:
        await asyncio.sleep(0 if channel == "quick" else 60)

    monkeypatch.setattr(RedisChannelLayer, "send", send)
    monkeypatch.setattr(channel_layer, "ANSWERS_WITHIN_SECONDS", 0.1)
    it = Layer(hosts=["redis://127.0.0.1:1"])
    slow = asyncio.create_task(it.send("slow", {"type": "a"}))
    await asyncio.sleep(0.08)
    await it.send("quick", {"type": "b"})
    with pytest.raises(TimeoutError):
        await slow
    await it.send("quick", {"type": "c"})


class Queue:
    """A Redis with the messages of one channel; it counts what it is asked."""

    def __init__(self) -> None:
        self.queued: asyncio.Queue[bytes] = asyncio.Queue()
        self.asked = 0

    async def bzpopmin(self, key: str, timeout: float) -> tuple[str, bytes, float]:
        self.asked += 1
        return key, await self.queued.get(), 0.0

    async def zpopmin(self, key: str, count: int) -> list[tuple[bytes, float]]:
        self.asked += 1
        return [(self.queued.get_nowait(), 0.0) for _ in range(min(count, self.queued.qsize()))]


async def two_windows(monkeypatch: pytest.MonkeyPatch) -> tuple[Layer, Queue, list[str]]:
    redis, it = Queue(), Layer(hosts=["redis://127.0.0.1:1"])
    monkeypatch.setattr(Layer, "connection", lambda self, index: redis)
    return it, redis, [await it.new_channel() for _ in range(2)]


async def test_what_has_queued_up_is_taken_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    it, redis, windows = await two_windows(monkeypatch)
    for number in range(50):
        redis.queued.put_nowait(it.serialize({"number": number, "__asgi_channel__": windows}))
    for window in windows:
        assert [(await it.receive(window))["number"] for _ in range(50)] == list(range(50))
    assert redis.asked == 2


async def test_a_window_that_closes_while_it_waits_for_all_loses_no_message(monkeypatch: pytest.MonkeyPatch) -> None:
    it, redis, (first, second) = await two_windows(monkeypatch)
    closing = asyncio.create_task(it.receive(first))
    await asyncio.sleep(0.01)
    staying = asyncio.create_task(it.receive(second))
    await asyncio.sleep(0.01)
    closing.cancel()
    await asyncio.sleep(0.01)
    redis.queued.put_nowait(it.serialize({"type": "it", "__asgi_channel__": [second]}))
    assert await asyncio.wait_for(staying, 1) == {"type": "it"}
    assert redis.asked == 2


async def test_messages_on_their_way_to_a_closed_window_are_dropped(monkeypatch: pytest.MonkeyPatch) -> None:
    it, redis, (first, second) = await two_windows(monkeypatch)
    it.discard(first)
    for to in (first, [first], [first, second]):
        redis.queued.put_nowait(it.serialize({"type": "it", "__asgi_channel__": to}))
    assert await asyncio.wait_for(it.receive(second), 1) == {"type": "it"}
    assert not it.receive_buffer and it._channels == {second}
