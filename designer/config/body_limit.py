"""Limits on the size and the slowness of a request body, counted as it arrives, whatever its headers claim."""

from __future__ import annotations

import asyncio
import json
import time
from collections.abc import Awaitable, Callable, MutableMapping
from pathlib import Path
from typing import Any

from django.conf import settings

from designer.datasets.parsing.room import free_bytes
from designer.datasets.receiving import FULL, disk_full
from designer.http.content_security import policy
from designer.http.errors import Refusal
from designer.http.lingering import discard
from designer.http.request_log import HEADER, fit_id

Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
Application = Callable[[dict[str, Any], Any, Any], Awaitable[None]]
UPLOADS = "/api/datasets/"
COPIES = 2  # the received body, and the file extracted from it
LOOK_BYTES = 16 * 1024**2
QUIET_SECONDS = 30.0
LEAST_BYTES_PER_SECOND = 1024  # on average, after the first QUIET_SECONDS


class BodyLimit:
    """ASGI middleware that rejects a body that is too large (413), too slow (408) or does not fit on the disk (503)."""

    def __init__(self, application: Application) -> None:
        self.application = application

    async def __call__(self, scope: dict[str, Any], receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            return await self.application(scope, receive, send)
        limit, received = _limit(scope)
        announced = _announced(scope)
        if announced > limit:
            return await _refuse(scope, send, _too_large(limit), receive)
        if received and COPIES * announced > free_bytes(received):
            return await _refuse(scope, send, disk_full(), receive)
        started = False
        counted = _Counted(receive, limit, received)

        async def noted(message: Message) -> None:
            nonlocal started
            started = True
            await send(message)

        try:
            await self.application(scope, counted, noted)
        except Refusal as refusal:
            if not started:
                await _refuse(scope, send, refusal, receive if counted.has_more and refusal.status != 408 else None)
        except OSError as wrong:  # the body is written to a file before the view runs
            if started or wrong.errno not in FULL:
                raise
            await _refuse(scope, send, disk_full(), receive if counted.has_more else None)


class _Counted:
    """A body that is counted as it arrives."""

    def __init__(self, receive: Receive, limit: int, received: Path | None) -> None:
        self._receive, self._limit, self._received = receive, limit, received
        self._began, self._taken, self._looked, self._whole = time.monotonic(), 0, 0, False

    @property
    def has_more(self) -> bool:
        """Whether the body is not at its end."""
        return not self._whole

    async def __call__(self) -> Message:
        if self._whole:  # the next message is the disconnect, whenever it comes
            return await self._receive()
        try:
            async with asyncio.timeout(QUIET_SECONDS):
                message = await self._receive()
        except TimeoutError:
            raise _too_slow() from None
        self._taken += len(message.get("body", b""))
        self._whole = not message.get("more_body", False)
        if self._taken > self._limit:
            raise _too_large(self._limit)
        self._check_disk()
        seconds = time.monotonic() - self._began - QUIET_SECONDS
        if not self._whole and self._taken < seconds * LEAST_BYTES_PER_SECOND:
            raise _too_slow()
        return message

    def _check_disk(self) -> None:
        if self._received and self._taken - self._looked > LOOK_BYTES:
            self._looked = self._taken
            if not free_bytes(self._received):
                raise disk_full()


def _too_slow() -> Refusal:
    return Refusal(408, "too_slow", "The request was too slow and timed out.", remedy="Try again with a faster connection.")


def _too_large(limit: int) -> Refusal:
    size = f"{limit / 1024**3:g} GB" if limit >= 1024**3 else f"{limit / 1024**2:g} MB"
    return Refusal(413, "too_large", f"The request is larger than the limit of {size}.", remedy="Send a smaller file.")


def _header(scope: dict[str, Any], name: bytes) -> bytes:
    return next((value for key, value in scope["headers"] if key == name), b"")


def _limit(scope: dict[str, Any]) -> tuple[int, Path | None]:
    """The size limit and the receiving folder. Uploads may be large, with a session cookie or token in the request."""
    upload = scope["path"].startswith(UPLOADS) and _header(scope, b"content-type").startswith(b"multipart/form-data")
    known = _header(scope, b"authorization") or settings.SESSION_COOKIE_NAME.encode() in _header(scope, b"cookie")
    return (settings.EASEL_UPLOAD_LIMIT, Path(settings.FILE_UPLOAD_TEMP_DIR)) if upload and known else (settings.EASEL_BODY_LIMIT, None)


def _announced(scope: dict[str, Any]) -> int:
    length = _header(scope, b"content-length")
    return int(length) if length.isdigit() else 0


async def _refuse(scope: dict[str, Any], send: Send, refusal: Refusal, left: Receive | None) -> None:
    """Respond before Django does, with the headers that its middleware sets on all other responses. `left` gives what is left of the body."""
    if left is not None:
        await discard(left)
    said = json.dumps(refusal.body).encode()
    headers = {
        "content-type": "application/json",
        "content-length": str(len(said)),
        "connection": "close",
        "cache-control": "private, no-cache",
        "content-security-policy": policy(""),
        "referrer-policy": settings.SECURE_REFERRER_POLICY,
        "x-content-type-options": "nosniff",
        "x-frame-options": settings.X_FRAME_OPTIONS,
        "cross-origin-opener-policy": "same-origin",
        HEADER.lower(): fit_id(_header(scope, HEADER.lower().encode()).decode("latin-1")),
        **{name.lower(): value for name, value in refusal.headers.items()},
    }
    if settings.SECURE_HSTS_SECONDS:
        headers["strict-transport-security"] = f"max-age={settings.SECURE_HSTS_SECONDS}"
    pairs = [(name.encode(), value.encode()) for name, value in headers.items()]
    await send({"type": "http.response.start", "status": refusal.status, "headers": pairs})
    await send({"type": "http.response.body", "body": said})
