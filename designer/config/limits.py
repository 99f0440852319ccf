"""How much a request may send: counted as it comes, whatever its headers claim."""

from __future__ import annotations

import json
from collections.abc import Awaitable, Callable, MutableMapping
from pathlib import Path
from typing import Any

from django.conf import settings

from designer.datasets.parsing.room import free_bytes
from designer.datasets.receiving import FULL, no_room
from designer.errors import Refusal

Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
Application = Callable[[dict[str, Any], Any, Any], Awaitable[None]]
UPLOADS = "/api/datasets/"
COPIES = 2  # the body as it comes, and the file that is taken out of it
LOOK_BYTES = 16 * 1024**2


class BodyLimit:
    """An ASGI wrapper that stops reading a body past its limit and answers 413, or 507 when the disk has no room for it."""

    def __init__(self, application: Application) -> None:
        self.application = application

    async def __call__(self, scope: dict[str, Any], receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            return await self.application(scope, receive, send)
        limit, received = _limit(scope)
        announced = _announced(scope)
        if announced > limit:
            return await _refuse(send, _too_large(limit))
        if received and COPIES * announced > free_bytes(received):
            return await _refuse(send, no_room())
        started = False
        taken = looked = 0

        async def counted() -> Message:
            nonlocal taken, looked
            message = await receive()
            taken += len(message.get("body", b""))
            if taken > limit:
                raise _too_large(limit)
            if received and taken - looked > LOOK_BYTES:
                looked = taken
                if not free_bytes(received):
                    raise no_room()
            return message

        async def noted(message: Message) -> None:
            nonlocal started
            started = True
            await send(message)

        try:
            await self.application(scope, counted, noted)
        except Refusal as refusal:
            if not started:
                await _refuse(send, refusal)
        except OSError as wrong:  # the body is written to a file before a view gets it
            if started or wrong.errno not in FULL:
                raise
            await _refuse(send, no_room())


def _header(scope: dict[str, Any], name: bytes) -> bytes:
    return next((value for key, value in scope["headers"] if key == name), b"")


def _limit(scope: dict[str, Any]) -> tuple[int, Path | None]:
    """How much is taken, and the folder that it is received in. Uploads may be large, from those who at least claim to be signed in."""
    upload = scope["path"].startswith(UPLOADS) and _header(scope, b"content-type").startswith(b"multipart/form-data")
    known = _header(scope, b"authorization") or settings.SESSION_COOKIE_NAME.encode() in _header(scope, b"cookie")
    return (settings.EASEL_UPLOAD_LIMIT, Path(settings.FILE_UPLOAD_TEMP_DIR)) if upload and known else (settings.EASEL_BODY_LIMIT, None)


def _announced(scope: dict[str, Any]) -> int:
    length = _header(scope, b"content-length")
    return int(length) if length.isdigit() else 0


def _too_large(limit: int) -> Refusal:
    size = f"{limit / 1024**3:g} GB" if limit >= 1024**3 else f"{limit / 1024**2:g} MB"
    return Refusal(413, "too_large", f"This is more than the {size} that the server takes at once.", remedy="Send a smaller file.")


async def _refuse(send: Send, refusal: Refusal) -> None:
    said = json.dumps(refusal.body).encode()
    headers = [(b"content-type", b"application/json"), (b"content-length", str(len(said)).encode()), (b"connection", b"close")]
    await send({"type": "http.response.start", "status": refusal.status, "headers": headers})
    await send({"type": "http.response.body", "body": said})
