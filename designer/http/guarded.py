"""HTTP/1.1 of uvicorn with limits on request headers, for every server of Easel.

uvicorn itself waits without limit for a request's headers, whatever their size; not every installation has a proxy that limits them.
"""

from __future__ import annotations

import asyncio
import resource
from contextlib import suppress

from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

HEADERS_WITHIN_SECONDS = 10.0
MOST_HEADER_BYTES = 64 * 1024
MOST_CONNECTIONS = 4000
IDLE_SECONDS = 75  # longer than a proxy keeps a connection, so that it never sends into a closing one
TOO_LARGE = b"HTTP/1.1 431 Request Header Fields Too Large\r\ncontent-length: 0\r\nconnection: close\r\n\r\n"


class Guarded(HttpToolsProtocol):
    """HTTP with limits on the time and size of request headers."""

    _late: asyncio.TimerHandle | None = None
    _taken = 0

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]  # as uvicorn itself overrides it
        super().connection_made(transport)
        self._await_headers()

    def connection_lost(self, exc: Exception | None) -> None:
        self._have_headers()
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        super().data_received(data)
        if self._late is not None:
            self._taken += len(data)
            if self._taken > MOST_HEADER_BYTES:
                self._refuse()

    def on_message_begin(self) -> None:
        super().on_message_begin()
        self._await_headers()

    def on_headers_complete(self) -> None:
        self._have_headers()
        if sum(len(name) + len(value) for name, value in self.headers) + len(self.url) > MOST_HEADER_BYTES:
            raise ValueError("too large")  # which makes uvicorn call the next parser callback
        super().on_headers_complete()

    def send_400_response(self, msg: str) -> None:
        self._have_headers()
        if self.headers and sum(len(name) + len(value) for name, value in self.headers) > MOST_HEADER_BYTES:
            return self._refuse()
        super().send_400_response(msg)

    def _await_headers(self) -> None:
        if self._late is None:
            self._taken = 0
            self._late = self.loop.call_later(HEADERS_WITHIN_SECONDS, self.transport.close)

    def _have_headers(self) -> None:
        if self._late is not None:
            self._late.cancel()
            self._late = None

    def _refuse(self) -> None:
        if not self.transport.is_closing():
            self.transport.write(TOO_LARGE)
            self.transport.close()


def open_many_files() -> None:
    """Raise the limit of open files: each connection is one; 1,024 is a usual limit."""
    _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    with suppress(OSError, ValueError):
        resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))
