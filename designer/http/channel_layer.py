"""Redis as the channel layer, with short timeouts: messages are hints, and their content is already in the database."""

from __future__ import annotations

import asyncio
import logging
import time
from collections import deque
from collections.abc import Coroutine
from typing import Any

from channels_redis.core import RedisChannelLayer
from redis.asyncio import BlockingConnectionPool
from redis.exceptions import RedisError

from pipelines.circuit_breaker import CircuitBreaker

log = logging.getLogger(__name__)
ANSWERS_WITHIN_SECONDS = 5.0  # also of a busy process, which receives late
ASK_AGAIN_SECONDS = 0.5
LOG_EVERY_SECONDS = 10.0
MOST_AT_ONCE = 100
BACK = {"type": "layer.back"}
_logged: dict[str, float] = {}


def log_throttled(what: str, fault: BaseException) -> None:
    """Log one line, then none about the same for some seconds: every window and every edit meets an unavailable Redis."""
    now = time.monotonic()
    if now - _logged.get(what, -LOG_EVERY_SECONDS) >= LOG_EVERY_SECONDS:
        _logged[what] = now
        log.warning("%s: %s (not repeated for %g s)", what, str(fault) or type(fault).__name__, LOG_EVERY_SECONDS)


class Layer(RedisChannelLayer):  # type: ignore[misc]  # channels_redis has no types
    """A layer that never blocks for long, and never ends a socket.

    Raises:
        TimeoutError: From sends and joins, when Redis does not answer in time, and at once for some seconds after that.
    """

    _answered_at = 0.0
    _returning: asyncio.Task[None] | None = None
    _popping: asyncio.Task[None] | None = None

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._popped: deque[bytes] = deque()
        self._breaker = CircuitBreaker()
        self._channels: set[str] = set()

    async def new_channel(self, prefix: str = "specific") -> str:
        """A channel of this process. `discard` ends it."""
        channel: str = await super().new_channel(prefix)
        self._channels.add(channel)
        return channel

    def discard(self, channel: str) -> None:
        """End a channel. Messages that are still on their way to it are dropped: channels_redis keeps a queue for each of them forever."""
        self._channels.discard(channel)
        self.receive_buffer.pop(channel, None)

    def create_pool(self, index: int) -> BlockingConnectionPool:
        """A connection pool that blocks when exhausted: hundreds of windows that come or go at once need more connections than it has."""
        host = dict(self.hosts[index])
        return BlockingConnectionPool.from_url(host.pop("address"), **host)

    async def send(self, channel: str, message: dict[str, Any]) -> None:
        await self._soon(super().send(channel, message))

    async def group_send(self, group: str, message: dict[str, Any]) -> None:
        await self._soon(super().group_send(group, message))

    async def group_add(self, group: str, channel: str) -> None:
        await self._soon(super().group_add(group, channel))

    async def group_discard(self, group: str, channel: str) -> None:
        await self._soon(super().group_discard(group, channel))

    async def receive(self, channel: str) -> dict[str, Any]:
        """The next message. While Redis is unavailable it waits; then it sends `layer.back` to every channel, since groups may be lost."""
        try:
            message: dict[str, Any] = await super().receive(channel)
            return message
        except (RedisError, OSError) as fault:
            log_throttled("the Redis of EASEL_CHANNEL_URL is away, and windows hear of changes late", fault)
            if self._returning is None or self._returning.done():
                self._returning = asyncio.create_task(self._return())
            await asyncio.shield(self._returning)
            return BACK

    async def receive_single(self, channel: str) -> tuple[list[str], dict[str, Any]]:
        """The next message for the windows of this process, and their open channels. One window at a time waits here for all of them.

        channels_redis takes four round trips for each message, so that none is lost. Here messages are hints, and whatever has queued up is
        taken at once: a process that is busy would otherwise fall seconds behind. A window that closes does not end the waiting.
        """
        while not self._popped:
            if self._popping is None or self._popping.done() or self._popping.get_loop() is not asyncio.get_running_loop():
                self._popping = asyncio.create_task(self._pop(channel))
                self._popping.add_done_callback(lambda popping: popping.cancelled() or popping.exception())
            await asyncio.shield(self._popping)
        message = self.deserialize(self._popped.popleft())
        to = message.pop("__asgi_channel__")
        return [each for each in ([to] if isinstance(to, str) else to) if each in self._channels], message

    async def _pop(self, channel: str) -> None:
        key, redis = self.prefix + channel, self.connection(self.consistent_hash(channel))
        while (first := await redis.bzpopmin(key, timeout=self.brpop_timeout)) is None:
            pass
        self._popped.append(first[1])
        self._popped.extend(content for content, _ in await redis.zpopmin(key, MOST_AT_ONCE))

    async def _return(self) -> None:
        """Wait until Redis answers; then notify the channels that still wait for a message."""
        while True:
            await asyncio.sleep(ASK_AGAIN_SECONDS)
            try:
                async with asyncio.timeout(ANSWERS_WITHIN_SECONDS):
                    await self.connection(0).ping()
                break
            except (RedisError, OSError):
                continue
        self._breaker.close()
        for waiting in list(self.receive_buffer.values()):
            waiting.put_nowait(BACK)

    async def _soon(self, doing: Coroutine[Any, Any, None]) -> None:
        if self._breaker.is_open:
            doing.close()
            raise TimeoutError("Redis did not answer a moment ago")
        try:
            async with asyncio.timeout(ANSWERS_WITHIN_SECONDS):
                await doing
            self._answered_at = time.monotonic()
        except TimeoutError:
            if time.monotonic() - self._answered_at > ANSWERS_WITHIN_SECONDS:  # else this process is the busy one
                self._breaker.open()
            raise TimeoutError(f"Redis did not answer within {ANSWERS_WITHIN_SECONDS:g} s") from None
