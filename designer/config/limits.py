"""How much a request may send, and how slowly: counted as it comes, whatever its headers claim."""

from __future__ import annotations

import asyncio
import json
import time
from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any

from django.conf import settings

from designer.config.policy import policy
from designer.config.requests import HEADER, fit_id
from designer.errors import body

Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
Application = Callable[[dict[str, Any], Any, Any], Awaitable[None]]
UPLOADS = "/api/datasets/"


QUIET_SECONDS = 30.0
LEAST_BYTES_PER_SECOND = 1024  # on average, once the first QUIET_SECONDS are over


class Unfit(Exception):
    """A body that is not read to its end: a status, a code and words."""

    def __init__(self, status: int, code: str, words: str, remedy: str) -> None:
        super().__init__(words)
        self.status, self.said = status, body(code, words, remedy=remedy)


class BodyLimit:
    """An ASGI wrapper that stops reading a body that is too large (413) or comes too slowly (408)."""

    def __init__(self, application: Application) -> None:
        self.application = application

    async def __call__(self, scope: dict[str, Any], receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            return await self.application(scope, receive, send)
        limit = _limit(scope)
        if _announced(scope) > limit:
            return await _refuse(scope, send, _too_large(limit))
        started = False
        counted = _Counted(receive, limit)

        async def noted(message: Message) -> None:
            nonlocal started
            started = True
            await send(message)

        try:
            await self.application(scope, counted, noted)
        except Unfit as unfit:
            if not started:
                await _refuse(scope, send, unfit)


class _Counted:
    """A body as it comes."""

    def __init__(self, receive: Receive, limit: int) -> None:
        self._receive, self._limit = receive, limit
        self._began, self._taken, self._whole = time.monotonic(), 0, False

    async def __call__(self) -> Message:
        if self._whole:  # what comes now is the end of the connection, whenever that is
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
        seconds = time.monotonic() - self._began - QUIET_SECONDS
        if not self._whole and self._taken < seconds * LEAST_BYTES_PER_SECOND:
            raise _too_slow()
        return message


def _too_slow() -> Unfit:
    return Unfit(408, "too_slow", "The request came too slowly to wait for its end.", "Try again over a better connection.")


def _too_large(limit: int) -> Unfit:
    size = f"{limit / 1024**3:g} GB" if limit >= 1024**3 else f"{limit / 1024**2:g} MB"
    return Unfit(413, "too_large", f"This is more than the {size} that the server takes at once.", "Send a smaller file.")


def _header(scope: dict[str, Any], name: bytes) -> bytes:
    return next((value for key, value in scope["headers"] if key == name), b"")


def _limit(scope: dict[str, Any]) -> int:
    """Uploads may be large, from those who at least claim to be signed in."""
    upload = scope["path"].startswith(UPLOADS) and _header(scope, b"content-type").startswith(b"multipart/form-data")
    known = _header(scope, b"authorization") or settings.SESSION_COOKIE_NAME.encode() in _header(scope, b"cookie")
    return int(settings.EASEL_UPLOAD_LIMIT if upload and known else settings.EASEL_BODY_LIMIT)


def _announced(scope: dict[str, Any]) -> int:
    length = _header(scope, b"content-length")
    return int(length) if length.isdigit() else 0


async def _refuse(scope: dict[str, Any], send: Send, unfit: Unfit) -> None:
    """Answer before Django does, with the headers that its middleware gives all other answers."""
    said = json.dumps(unfit.said).encode()
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
    }
    if settings.SECURE_HSTS_SECONDS:
        headers["strict-transport-security"] = f"max-age={settings.SECURE_HSTS_SECONDS}"
    pairs = [(name.encode(), value.encode()) for name, value in headers.items()]
    await send({"type": "http.response.start", "status": unfit.status, "headers": pairs})
    await send({"type": "http.response.body", "body": said})
