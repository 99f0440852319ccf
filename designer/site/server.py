"""`python -m designer.site.server`: the web processes, by uvicorn."""

from __future__ import annotations

import argparse
import gc
from contextlib import redirect_stdout
from io import StringIO
from pathlib import Path

import uvicorn
from uvicorn.protocols.websockets.websockets_sansio_impl import WebSocketsSansIOProtocol

from designer.http.guarded import IDLE_SECONDS, MOST_CONNECTIONS, Guarded, open_many_files
from designer.site.arenas import few_arenas
from designer.site.manage import execute
from designer.variables import of_this_process

ENDING = b"HTTP/1.1 503 Service Unavailable\r\nretry-after: 1\r\ncontent-length: 0\r\nconnection: close\r\n\r\n"


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
    open_many_files()
    if options.prepare:
        _prepare(options.prepare)
    uvicorn.run(
        "designer.config.asgi:application",
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


if __name__ == "__main__":
    main()
