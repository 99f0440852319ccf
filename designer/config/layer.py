"""Redis as the channel layer: when it hangs it is left alone, since what goes through it are hints, and whoever sends one has kept what it is about."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Coroutine
from typing import Any

from channels_redis.core import RedisChannelLayer

ANSWERS_WITHIN_SECONDS = 2.0
LEFT_ALONE_SECONDS = 5.0


class Layer(RedisChannelLayer):  # type: ignore[misc]  # channels_redis has no types
    """A layer that never holds anybody up for long.

    Raises:
        TimeoutError: From whatever sends or joins, when Redis does not answer in time, and at once for some seconds after that.
    """

    _left_alone_until = 0.0

    async def send(self, channel: str, message: dict[str, Any]) -> None:
        await self._soon(super().send(channel, message))

    async def group_send(self, group: str, message: dict[str, Any]) -> None:
        await self._soon(super().group_send(group, message))

    async def group_add(self, group: str, channel: str) -> None:
        await self._soon(super().group_add(group, channel))

    async def group_discard(self, group: str, channel: str) -> None:
        await self._soon(super().group_discard(group, channel))

    async def _soon(self, doing: Coroutine[Any, Any, None]) -> None:
        if time.monotonic() < self._left_alone_until:
            doing.close()
            raise TimeoutError("Redis did not answer a moment ago")
        try:
            async with asyncio.timeout(ANSWERS_WITHIN_SECONDS):
                await doing
        except TimeoutError:
            self._left_alone_until = time.monotonic() + LEFT_ALONE_SECONDS
            raise TimeoutError(f"Redis did not answer within {ANSWERS_WITHIN_SECONDS:g} s") from None
