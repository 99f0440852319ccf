"""A browser's end of a websocket, without a browser or a server."""

from __future__ import annotations

from typing import Any

from asgiref.sync import sync_to_async
from asgiref.testing import ApplicationCommunicator
from django.contrib.auth.models import User
from django.test import Client

from designer.config.asgi import sockets

CLOSED = "websocket.close"


class Socket:
    """Opens an address, sends, and receives."""

    def __init__(self, path: str, cookie: str = "", origin: str = "http://localhost") -> None:
        headers = [(b"host", b"localhost"), (b"origin", origin.encode()), (b"cookie", cookie.encode())]
        path, _, query = path.partition("?")
        scope = {"type": "websocket", "path": path, "query_string": query.encode(), "headers": headers, "subprotocols": []}
        self.wire = ApplicationCommunicator(sockets, scope)

    async def open(self) -> Socket:
        """Connect; `code` says what it was closed with right away, None when it is open."""
        await self.wire.send_input({"type": "websocket.connect"})
        said = await self.wire.receive_output(5)
        self.code = said.get("code") if said["type"] == CLOSED else None
        return self

    async def receive(self, timeout: float = 5) -> Any:
        """The next thing said: bytes, text, or the code of a close."""
        said = await self.wire.receive_output(timeout)
        if said["type"] == CLOSED:
            return said["code"]
        return said.get("bytes") if said.get("bytes") is not None else said["text"]

    async def send(self, data: bytes | str) -> None:
        key = "bytes" if isinstance(data, bytes) else "text"
        await self.wire.send_input({"type": "websocket.receive", key: data})

    async def quiet(self, seconds: float = 0.2) -> bool:
        return bool(await self.wire.receive_nothing(seconds))

    async def close(self) -> None:
        await self.wire.send_input({"type": "websocket.disconnect", "code": 1000})
        await self.wire.wait(5)


@sync_to_async
def cookie_of(user: User) -> str:
    """The cookie of a session of this person."""
    client = Client()
    client.force_login(user)
    return f"easel_session={client.cookies['easel_session'].value}"


async def opened(path: str, user: User | None, origin: str = "http://localhost") -> Socket:
    return await Socket(path, await cookie_of(user) if user else "", origin).open()
