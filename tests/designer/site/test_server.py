"""The server of the web processes waits for no one for ever, and takes no headers without end."""

from __future__ import annotations

import asyncio
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import closing
from typing import Any

import pytest
import uvicorn

from designer.http import guarded
from designer.site import server
from tests.support.installation import wait_until
from tests.support.ports import free_port


async def answer(scope: dict[str, Any], receive: Any, send: Any) -> None:
    while (await receive()).get("more_body"):
        pass
    await send({"type": "http.response.start", "status": 200, "headers": [(b"content-length", b"2")]})
    await send({"type": "http.response.body", "body": b"ok"})


@pytest.fixture(scope="module")
def port() -> Iterator[int]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(guarded, "HEADERS_WITHIN_SECONDS", 0.5)
        port = free_port()
        running = uvicorn.Server(uvicorn.Config(answer, port=port, http=guarded.Guarded, lifespan="off", log_config=None))
        thread = threading.Thread(target=running.run)
        thread.start()
        wait_until(lambda: running.started)
        yield port
        running.should_exit = True
        thread.join()


def said(port: int, *parts: bytes, wait: float = 0.0) -> bytes:
    """What comes back for parts of a request, until the server closes or has answered."""
    with closing(socket.create_connection(("127.0.0.1", port), timeout=5)) as talk:
        for part in parts:
            talk.sendall(part)
            time.sleep(wait)
        found = b""
        while not found.endswith(b"ok") and (more := talk.recv(4096)):
            found += more
        return found


START = b"GET / HTTP/1.1\r\nHost: x\r\n"


def test_an_ordinary_request(port: int) -> None:
    assert said(port, START + b"\r\n").startswith(b"HTTP/1.1 200")


@pytest.mark.slow
def test_headers_that_do_not_come_to_an_end(port: int) -> None:
    began = time.monotonic()
    assert said(port, START) == b""
    assert said(port) == b""
    assert time.monotonic() - began < 4


@pytest.mark.slow
def test_a_connection_is_used_again_and_waited_for_again(port: int) -> None:
    with closing(socket.create_connection(("127.0.0.1", port), timeout=5)) as talk:
        for _ in range(2):
            talk.sendall(START + b"\r\n")
            assert talk.recv(4096).startswith(b"HTTP/1.1 200")
            time.sleep(0.7)  # longer than headers may take: an idle connection is none that sends headers
        talk.sendall(START)
        assert talk.recv(4096) == b""


@pytest.mark.slow
def test_a_slow_body_is_not_the_headers_matter(port: int) -> None:
    post = b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 3\r\n\r\n"
    assert said(port, post, b"a", b"b", b"c", wait=0.3).startswith(b"HTTP/1.1 200")


@pytest.mark.parametrize(
    "headers",
    [b"X: " + b"a" * 200_000 + b"\r\n\r\n", b"X: " + b"a" * 200_000, b"X: a\r\n" * 50_000 + b"\r\n"],
    ids=["whole", "part", "many"],
)
def test_headers_of_any_size_are_refused(port: int, headers: bytes) -> None:
    try:
        found = said(port, START + headers)
    except ConnectionResetError:  # the rest was still on its way
        return
    assert found == b"" or found.startswith(b"HTTP/1.1 431")


async def hold(scope: dict[str, Any], receive: Any, send: Any) -> None:
    """An application that takes its time to accept a websocket."""
    await asyncio.sleep(30)


@pytest.mark.slow
def test_a_handshake_under_way_when_the_server_ends_is_no_fault_of_the_server() -> None:
    port = free_port()
    settings = {"ws": server.Handshake, "lifespan": "off", "log_config": None, "timeout_graceful_shutdown": 1}
    running = uvicorn.Server(uvicorn.Config(hold, port=port, **settings))
    thread = threading.Thread(target=running.run)
    thread.start()
    wait_until(lambda: running.started)
    with closing(socket.create_connection(("127.0.0.1", port), timeout=5)) as talk:
        upgrade = (
            b"Connection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\n\r\n"
        )
        talk.sendall(START + upgrade)
        wait_until(lambda: running.server_state.tasks)
        running.should_exit = True
        assert talk.recv(4096).startswith(b"HTTP/1.1 503 Service Unavailable\r\nretry-after: 1\r\n")
    thread.join()
