"""How much a request may send: counted as it comes, whatever its headers claim."""

from __future__ import annotations

import json
from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any

from django.conf import settings

from designer.errors import body

Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
Application = Callable[[dict[str, Any], Any, Any], Awaitable[None]]
UPLOADS = "/api/datasets/"


class TooLarge(Exception):
    """More bytes came than are taken."""


class BodyLimit:
    """An ASGI wrapper that stops reading a body past its limit and answers 413."""

    def __init__(self, application: Application) -> None:
        self.application = application

    async def __call__(self, scope: dict[str, Any], receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            return await self.application(scope, receive, send)
        limit = _limit(scope)
        if _announced(scope) > limit:
            return await _refuse(send, limit)
        started = False
        taken = 0

        async def counted() -> Message:
            nonlocal taken
            message = await receive()
            taken += len(message.get("body", b""))
            if taken > limit:
                raise TooLarge
            return message

        async def noted(message: Message) -> None:
            nonlocal started
            started = True
            await send(message)

        try:
            await self.application(scope, counted, noted)
        except TooLarge:
            if not started:
                await _refuse(send, limit)


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


async def _refuse(send: Send, limit: int) -> None:
    size = f"{limit / 1024**3:g} GB" if limit >= 1024**3 else f"{limit / 1024**2:g} MB"
    said = json.dumps(
        body("too_large", f"This is more than the {size} that the server takes at once.", remedy="Send a smaller file.")
    ).encode()
    headers = [(b"content-type", b"application/json"), (b"content-length", str(len(said)).encode()), (b"connection", b"close")]
    await send({"type": "http.response.start", "status": 413, "headers": headers})
    await send({"type": "http.response.body", "body": said})
