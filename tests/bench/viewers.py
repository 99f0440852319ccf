"""Hundreds of windows on one run with a burst of events: completeness, latency, and the memory cost of a window that does not read."""

from __future__ import annotations

import asyncio
import os
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import msgspec
from websockets.asyncio.client import ClientConnection, connect

from tests.bench.broker import broker
from tests.support import loops
from tests.support.app_server import ROOT, Person, easel

VIEWERS, EVENTS, SLOW, DEAF = 500, 5000, 25, 100
SLEEP = 2.0
SERVE = "import django; django.setup(); from tests.bench.burst import serve; serve()"
Received = list[tuple[float, bytes]]
HEAD = 64  # bytes that distinguish nearly all messages of one run


def viewers(viewers: int = VIEWERS, events: int = EVENTS, slow: int = SLOW, deaf: int = DEAF) -> dict[str, float]:
    """A burst for windows that read, some of which pause for two seconds; then another beside windows that never read."""
    with _installation() as (person, env):
        with _writer(env) as (run, write):
            taken, busy, last, received = loops.run(_watch(person, run, viewers, slow, lambda: write(events)))
        seen = [[event for text in texts for event in text] for texts in _decoded(received)]
        delays = sorted(
            at - float(event["line"].split()[0])
            for viewer in received[slow:]
            for (at, _), text in zip(viewer, _decoded([viewer])[0], strict=True)
            for event in text
            if event["type"] == "log"
        )
        with _writer(env) as (run, write):
            grown = loops.run(_watch_nothing(person, run, deaf, lambda: write(events)))
    return {
        "viewers_p95_ms": delays[int(len(delays) * 0.95)] * 1000,
        "viewers_median_ms": delays[len(delays) // 2] * 1000,
        "viewers_all_right": float(all([event["seq"] for event in one] == list(range(1, last + 1)) for one in seen)),
        "viewers_burst_seconds": taken,
        "viewers_web_cpu_seconds": busy,
        "slow_reader_bytes": grown / deaf,
    }


async def _watch(person: Person, run: str, viewers: int, slow: int, write: Any) -> tuple[float, float, int, list[Received]]:
    windows = [await _open(person, run) for _ in range(viewers)]
    received: list[Received] = [[] for _ in windows]
    ended = asyncio.Event()
    met: dict[bytes, tuple[bytes, int]] = {}  # common messages are stored once, and compared, which takes a tenth of hashing them
    there = [0] * viewers

    async def read(index: int, sleeps: bool) -> None:
        window, into = windows[index], received[index]
        while not (ended.is_set() and there[index] >= last):
            text = await asyncio.wait_for(window.recv(decode=False), 60)
            known, number = met.get(text[:HEAD], (b"", 0))
            if known != text:
                known, number = met[text[:HEAD]] = text, msgspec.json.decode(text)["events"][-1]["seq"]
            there[index] = number
            into.append((time.time(), known))
            if sleeps and len(into) == 3:
                window.transport.pause_reading()
                await asyncio.sleep(SLEEP)
                window.transport.resume_reading()

    last = 2**31
    reading = [asyncio.create_task(read(index, index < slow)) for index in range(viewers)]
    await asyncio.sleep(1)
    before, started = _web_seconds(person), time.perf_counter()
    last = await asyncio.to_thread(write)
    taken = time.perf_counter() - started
    ended.set()
    with suppress(TimeoutError):  # `viewers_all_right` reports windows that lack events by then
        await asyncio.wait_for(_all_have(there, last), 30)
    busy = _web_seconds(person) - before
    for task in reading:
        task.cancel()
    for window in windows:
        window.transport.abort()
    return taken, busy, last, received


async def _all_have(there: list[int], last: int) -> None:
    while min(there) < last:
        await asyncio.sleep(0.02)


async def _watch_nothing(person: Person, run: str, deaf: int, write: Any) -> int:
    """The growth of the web process by a burst while these windows are open and never read."""
    windows = [await _open(person, run, room=4096) for _ in range(deaf)]
    for window in windows:
        window.transport.pause_reading()
    await asyncio.sleep(1)
    before = _resident(person)
    await asyncio.to_thread(write)
    await asyncio.sleep(1)
    after = _resident(person)
    for window in windows:
        window.transport.abort()
    return after - before


async def _open(person: Person, run: str, room: int | None = None) -> ClientConnection:
    base = urlsplit(person.base)
    plug = socket.socket()
    if room:
        plug.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, room)
    plug.connect((base.hostname, base.port))
    plug.setblocking(False)
    cookie = "; ".join(f"{name}={value}" for name, value in person.cookies.items())
    address = f"ws://{base.netloc}/ws/runs/{run}/?after=0"
    origin: Any = person.base
    return await connect(
        address, sock=plug, additional_headers={"Cookie": cookie}, origin=origin, max_size=None, max_queue=None, ping_interval=None
    )


def _decoded(received: list[Received]) -> list[list[list[dict[str, Any]]]]:
    decoded = {text: msgspec.json.decode(text)["events"] for viewer in received for _, text in viewer}
    return [[decoded[text] for _, text in viewer] for viewer in received]


def _web(person: Person) -> Path:
    """The process entry of the web process."""
    children = Path(f"/proc/{person.supervisor}/task/{person.supervisor}/children").read_text().split()
    return next(process for pid in children if "designer.site.server" in (process := Path(f"/proc/{pid}")).joinpath("cmdline").read_text())


def _resident(person: Person) -> int:
    """The memory of the web process in bytes."""
    return int((_web(person) / "statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE")


def _web_seconds(person: Person) -> float:
    """The CPU time of the web process so far: on a busy machine it is more reliable than wall time."""
    user, system = (_web(person) / "stat").read_text().rpartition(")")[2].split()[11:13]
    return (int(user) + int(system)) / os.sysconf("SC_CLK_TCK")


@contextmanager
def _installation() -> Iterator[tuple[Person, dict[str, str]]]:
    """An Easel on a known broker, and the environment of processes that share its home."""
    with broker() as server:
        env = {"EASEL_BROKER_URL": server.url, "EASEL_CHANNEL_URL": server.url.replace("redis+socket", "unix")}
        with easel(env) as person:
            yield person, {**os.environ, **env, "EASEL_HOME": str(person.home), "DJANGO_SETTINGS_MODULE": "designer.config.settings"}


@contextmanager
def _writer(env: dict[str, str]) -> Iterator[tuple[str, Callable[[int], int]]]:
    """A process that writes to a run's ledger: the run's id, and a function that writes a number of events and returns the last number."""
    process = subprocess.Popen([sys.executable, "-c", SERVE], cwd=ROOT, env=env, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    assert process.stdin and process.stdout
    into, out = process.stdin, process.stdout

    def write(events: int) -> int:
        print(events, file=into, flush=True)
        return int(out.readline())

    try:
        yield out.readline().strip(), write
    finally:
        into.close()
        process.wait(60)  # a busy machine ends it late


if __name__ == "__main__":
    print(msgspec.json.encode(viewers()).decode())
