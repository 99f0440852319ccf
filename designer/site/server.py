"""`python -m designer.site.server`: the web processes, by uvicorn, with limits on request headers.

uvicorn itself waits without limit for a request's headers, whatever their size; not every installation has a proxy that limits them.
"""

from __future__ import annotations

import argparse
import asyncio
import gc
import resource
from contextlib import redirect_stdout, suppress
from io import StringIO
from pathlib import Path

import uvicorn
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol
from uvicorn.protocols.websockets.websockets_sansio_impl import WebSocketsSansIOProtocol

from designer.site.arenas import few_arenas
from designer.site.manage import execute
from designer.variables import of_this_process

HEADERS_WITHIN_SECONDS = 10.0
MOST_HEADER_BYTES = 64 * 1024
MOST_CONNECTIONS = 4000
IDLE_SECONDS = 75  # longer than a proxy keeps a connection, so that it never sends into a closing one
ENDING = b"HTTP/1.1 503 Service Unavailable\r\nretry-after: 1\r\ncontent-length: 0\r\nconnection: close\r\n\r\n"
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


class Handshake(WebSocketsSansIOProtocol):
    """Websockets. uvicorn answers 500 to a handshake that is under way when the process is told to end; nothing is wrong, so this answers 503."""

    def shutdown(self) -> None:
        if self.handshake_complete or self.initial_response or self.close_sent:
            return super().shutdown()
        self.stop_keepalive()
        self.transport.write(ENDING)
        self.transport.close()


def main() -> None:
    """Read the command line and serve."""
    parser = argparse.ArgumentParser(prog="python -m designer.site.server", description="Serve Easel's pages, API and sockets.")
    parser.add_argument("--host", default="127.0.0.1", help="the address to listen on (%(default)s)")
    parser.add_argument("--port", type=int, default=8000, help="(%(default)s)")
    parser.add_argument("--workers", type=int, default=1, help="processes that share the port (%(default)s)")
    parser.add_argument("--grace", type=int, default=5, help="seconds to finish requests when told to end (%(default)s)")
    parser.add_argument(
        "--prepare", type=Path, metavar="FILE", help="execute `manage.py prepare` first, and write its link to this new file"
    )
    options = parser.parse_args()
    of_this_process()  # an invalid variable is reported once, before processes start
    _open_many_files()
    if options.prepare:
        _prepare(options.prepare)
    uvicorn.run(
        "designer.config.serving:application",
        host=options.host,
        port=options.port,
        workers=options.workers,
        timeout_graceful_shutdown=options.grace,
        http=Guarded,
        ws=Handshake,
        lifespan="off",
        log_config=None,  # the settings configure logging
        log_level="warning",
        ws_max_size=2**24,
        ws_per_message_deflate=False,  # each window would be compressed separately, which costs far more than the bytes
        limit_concurrency=MOST_CONNECTIONS,
        timeout_keep_alive=IDLE_SECONDS,
    )


def _prepare(told: Path) -> None:
    """Prepare the installation in this process: another would load the same libraries first."""
    gc.disable()  # as designer.config.asgi does, which enables it again
    few_arenas()  # before the samples are read by threads
    with redirect_stdout(StringIO()) as said:
        execute(["manage.py", "prepare"])
    aside = told.with_name(f"{told.name}.part")
    aside.write_text(said.getvalue().strip().splitlines()[-1])
    aside.rename(told)


def _open_many_files() -> None:
    """Raise the limit of open files: each connection is one; 1,024 is a usual limit."""
    _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    with suppress(OSError, ValueError):
        resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))


if __name__ == "__main__":
    main()
