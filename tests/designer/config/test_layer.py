"""A Redis that hangs as the channel layer holds nobody up."""

from __future__ import annotations

import asyncio
import time

import pytest
from channels_redis.core import RedisChannelLayer

from designer.config import layer
from designer.config.layer import Layer

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
    monkeypatch.setattr(layer, "ANSWERS_WITHIN_SECONDS", 0.05)
    it = Layer(hosts=["redis://127.0.0.1:1"])
    began = time.monotonic()
    for _ in range(3):
        with pytest.raises(TimeoutError, match="Redis did not answer"):
            await getattr(it, verb)(*CALLS[verb])
    assert asked == 1 and time.monotonic() - began < 2
    it._left_alone_until = 0.0
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
