"""Reading on after a refusal: a client that is still sending would see a broken connection instead of the answer."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, MutableMapping
from contextlib import suppress
from typing import Any

MOST_BYTES = 64 * 1024**2
MOST_SECONDS = 5.0


async def discard(receive: Callable[[], Awaitable[MutableMapping[str, Any]]]) -> None:
    """Read what is left of a body and forget it: at most MOST_BYTES, for at most MOST_SECONDS."""
    size = 0
    with suppress(TimeoutError):
        async with asyncio.timeout(MOST_SECONDS):
            while size < MOST_BYTES:
                message = await receive()
                size += len(message.get("body", b""))
                if not message.get("more_body"):
                    return
