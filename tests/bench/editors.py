"""Concurrent editors of one pipeline over several web processes, on PostgreSQL and Redis: time to the ack, and lost edits.

`python -m tests.bench.editors --webs 2`; with `--windows 1000` it also opens and closes that many windows, and reports what remains.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import random
import subprocess
import sys
import time
from collections.abc import Sequence
from pathlib import Path
from statistics import quantiles
from typing import Any

from pycrdt import Doc, Map
from redis import Redis
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed

from designer.documents import protocol
from tests.load.fuzz_sockets import cpu_seconds
from tests.support.installation import Group, Home, wait_until
from tests.support.ports import free_port

PEOPLE = """
import django; django.setup()
import json, sys
from django.test import Client
from designer.documents import services
from designer.workspaces.models import Membership
from designer.workspaces.people import make_person, make_workspace
people = [make_person(f"person{number}@example.org") for number in range(int(sys.argv[1]))]
workspace = make_workspace("Team", people[0])
Membership.objects.bulk_create([Membership(workspace=workspace, user=person, role="editor") for person in people[1:]])
pipeline = services.make(workspace, people[0], "Shared")
cookies = []
for person in people:
    client = Client()
    client.force_login(person)
    cookies.append(client.cookies["easel_session"].value)
print(json.dumps([pipeline.pk, cookies]))
"""


def open_web(home: Home) -> tuple[Group, str]:
    """Start a web process, wait until it answers, and return its address."""
    port = free_port()
    options = f"--host 127.0.0.1 --port {port} --log-level warning --lifespan off --timeout-graceful-shutdown 2"
    group = home.python("-m", "uvicorn", "designer.config.asgi:application", *options.split())
    wait_until(lambda: _answers(port), 60)
    return group, f"127.0.0.1:{port}"


def _answers(port: int) -> bool:
    done = subprocess.run(["curl", "-s", "-o", os.devnull, f"http://127.0.0.1:{port}/health"], check=False)
    return done.returncode == 0


class Editor:
    """One window of one user, which sends numbered edits and receives those of others."""

    def __init__(self, number: int, socket: ClientConnection) -> None:
        self.number, self.socket = number, socket
        self.doc: Doc[Any] = Doc()
        self.news: list[bytes] = []
        self._hearing = self.doc.observe(lambda event: self.news.append(event.update))
        self.sent: list[float] = []
        self.acks: list[float] = []
        self.synced = asyncio.Event()

    async def listen(self) -> None:
        try:
            async for said in self.socket:
                if isinstance(said, bytes):
                    await self._take(said)
                else:
                    print(f"{self.number}: {said}", file=sys.stderr)
        except ConnectionClosed as closed:
            print(f"{self.number}: {closed}", file=sys.stderr)

    async def _take(self, said: bytes) -> None:
        if said[0] == protocol.ACK:
            self.acks.append(time.perf_counter())
            return
        frame = protocol.parse(said)
        if frame.kind == "ask":
            await self.socket.send(protocol.sync_request(self.doc.get_state()))
        elif frame.kind in ("answer", "update"):
            self.doc.apply_update(frame.body)
            self.synced.set()

    async def edit(self, edits: int, pause: float) -> None:
        await self.synced.wait()
        first = len(self.sent)
        await asyncio.sleep(random.uniform(0, pause))
        for number in range(first, first + edits):
            self.news.clear()
            self.doc.get("notes", type=Map)[f"{self.number}.{number}"] = {"text": f"note {number}", "x": number}
            self.sent.append(time.perf_counter())
            await self.socket.send(protocol.update(self.news[0]))
            await asyncio.sleep(pause * random.uniform(0.5, 1.5))

    @property
    def notes(self) -> int:
        return len(self.doc.get("notes", type=Map))


def open_socket(address: str, pipeline: str, cookie: str) -> Any:
    """A window with this session."""
    headers, origin = {"Cookie": f"easel_session={cookie}"}, f"http://{address}"
    url = f"ws://{address}/ws/pipelines/{pipeline}/"
    return connect(url, additional_headers=headers, origin=origin, compression=None, open_timeout=60)  # type: ignore[arg-type]


async def edit_together(addresses: Sequence[str], pipeline: str, cookies: list[str], edits: int, pause: float) -> dict[str, float]:
    """All users at once, spread over the addresses."""
    sockets = [await open_socket(addresses[number % len(addresses)], pipeline, cookie) for number, cookie in enumerate(cookies)]
    editors = [Editor(number, socket) for number, socket in enumerate(sockets)]
    listening = [asyncio.create_task(editor.listen()) for editor in editors]
    began = time.perf_counter()
    await asyncio.gather(*(editor.edit(edits, pause) for editor in editors))
    took = time.perf_counter() - began
    whole = edits * len(editors)
    for _ in range(300):
        if all(editor.notes == whole and len(editor.acks) == edits for editor in editors):
            break
        await asyncio.sleep(0.1)
    waits = sorted(ack - sent for editor in editors for sent, ack in zip(editor.sent, editor.acks, strict=False))
    for socket in sockets:
        await socket.close()
    await asyncio.gather(*listening)
    at = quantiles(waits, n=100)
    return {
        "edits_per_second": whole / took,
        "ack_p50_ms": at[49] * 1000,
        "ack_p95_ms": at[94] * 1000,
        "ack_max_ms": waits[-1] * 1000,
        "without_ack": float(whole - len(waits)),
        "missing_in_windows": float(sum(whole - editor.notes for editor in editors)),
    }


TRY_AGAIN_LATER, TRIES = 1013, 60


async def come_and_go(addresses: Sequence[str], pipeline: str, cookies: list[str], windows: int, at_once: int = 250) -> dict[str, float]:
    """Open and close windows; returns the failures, and how often a window got "try again later" and reconnected, as browsers do."""
    failed = refused = 0
    gate = asyncio.Semaphore(at_once)

    async def visit(number: int) -> None:
        async with open_socket(addresses[number % len(addresses)], pipeline, cookies[number % len(cookies)]) as socket:
            await socket.recv()
            await socket.send(protocol.awareness(bytes([1, 5, 1, 2]) + b"{}"))
            await asyncio.sleep(random.uniform(0, 0.5))

    async def come(number: int) -> None:
        nonlocal failed, refused
        async with gate:
            for _ in range(TRIES):
                try:
                    return await visit(number)
                except (OSError, ConnectionClosed) as fault:
                    said = fault.rcvd if isinstance(fault, ConnectionClosed) else None
                    if said is None or said.code != TRY_AGAIN_LATER:
                        print(f"window {number}: {fault}", file=sys.stderr)
                        break
                refused += 1
                await asyncio.sleep(random.uniform(0.5, 2))
            failed += 1

    await asyncio.gather(*(come(number) for number in range(windows)))
    return {"windows": windows, "windows_failed": failed, "windows_refused": refused}


async def cut(address: str, pipeline: str, cookies: list[str], times: int = 20) -> None:
    """Send an edit and cut the connection before the ack."""
    for number in range(times):
        socket = await open_socket(address, pipeline, cookies[number % len(cookies)])
        editor = Editor(10_000 + number, socket)
        await socket.recv()
        editor.doc.get("notes", type=Map)[f"cut {number}"] = {"text": "cut"}
        await socket.send(protocol.update(editor.news[0]))
        socket.transport.abort()


def main() -> None:
    """Measure, and print JSON."""
    parser = argparse.ArgumentParser(prog="python -m tests.bench.editors")
    for name, default in (("webs", 2), ("people", 20), ("edits", 100), ("windows", 0), ("cuts", 0)):
        parser.add_argument(f"--{name}", type=int, default=default)
    parser.add_argument("--pause", type=float, default=0.39, help="seconds between two edits of one person")
    asked = parser.parse_args()
    log = Path("editors.log") if os.environ.get("KEEP_LOG") else None
    with Home(team=True, log=log) as home:
        pipeline, cookies = json.loads(home.printed_by("-c", PEOPLE, str(asked.people)))
        groups, addresses = zip(*(open_web(home) for _ in range(asked.webs)), strict=True)
        before = sum(cpu_seconds(group.process.pid) for group in groups)
        figures = asyncio.run(edit_together(addresses, pipeline, cookies, asked.edits, asked.pause))
        figures["web_cpu_ms_per_edit"] = (
            (sum(cpu_seconds(group.process.pid) for group in groups) - before) * 1000 / (asked.people * asked.edits)
        )
        redis = Redis.from_url(home.env["EASEL_BROKER_URL"])
        if asked.cuts:
            asyncio.run(cut(addresses[0], pipeline, cookies, asked.cuts))
        if asked.windows:
            figures |= asyncio.run(come_and_go(addresses, pipeline, cookies, asked.windows))
        time.sleep(3)
        left: Any = redis.keys("easel:group:*")
        for group in left:
            print(f"left: {group!r} {redis.zrange(group, 0, -1, withscores=True)!r} at {time.time()}", file=sys.stderr)
        figures["groups_left"] = len(left)
        figures["load_average"] = os.getloadavg()[0]
    print(json.dumps({name: round(value, 1) for name, value in figures.items()}, indent=2))


if __name__ == "__main__":
    main()
