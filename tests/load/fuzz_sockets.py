"""Hostile frames on the sockets of a running Easel: none may end a process, cause a 5xx, or harm another pipeline.

`python -m tests.load.fuzz_sockets --frames 20000`; exits 1 when one did.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import random
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator
from itertools import cycle
from pathlib import Path
from typing import Any

from pycrdt import Doc, Map
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed, InvalidStatus

from designer.documents import protocol
from tests.designer.documents import hostile
from tests.support import loops
from tests.support.app_server import Person, easel

DEPTHS = (60, 61, 500, 2_000, 20_000, 40_000, 100_000)
GRAPH: dict[str, Any] = {"format": 1, "name": "Fuzz", "nodes": {}, "edges": [], "parameters": {}, "frames": [], "notes": []}
WINDOWS = 8
CHECK_EVERY = 1.0


def frames(dice: random.Random, count: int) -> Iterator[bytes]:
    """First frames known to be dangerous, then that many random ones."""
    for deep in DEPTHS:
        for make in (hostile.nested_lists, hostile.nested_objects, hostile.nested_json, hostile.nested_maps):
            yield protocol.update(make(deep))
            yield protocol.sync_reply(make(deep))
        yield protocol.update(hostile.nested_maps(deep, delete=True))
    yield from (protocol.update(update) for update in (*hostile.claims(), hostile.circle()))
    for client in (5, 6):
        for clock in range(100):
            yield protocol.update(hostile.map_in(clock - 1 if clock else None, clock, client, keyed=client == 5))
    good = [*_good_edits(), *(make(3) for make in (hostile.nested_lists, hostile.nested_objects, hostile.nested_json, hostile.nested_maps))]
    for _ in range(count):
        yield _random_frame(dice, good)


def _good_edits() -> list[bytes]:
    doc: Doc[Any] = Doc()
    news: list[bytes] = []
    hearing = doc.observe(lambda event: news.append(event.update))
    nodes = doc.get("nodes", type=Map)
    for number in range(5):
        node = {"module": "data.enter_data", "params": Map({"text": "a,b\n1,2", "x": [1, {"y": None}]}), "position": [number, 2.5]}
        nodes[f"n{number}"] = Map(node)
    nodes["n0"]["position"] = [5, 6]
    del nodes["n1"]
    doc.unobserve(hearing)
    return [*news, doc.get_update()]


def _random_frame(dice: random.Random, good: list[bytes]) -> bytes:
    match dice.randrange(5):
        case 0:
            return protocol.update(hostile.damaged(dice, dice.choice(good)))
        case 1:
            return hostile.damaged(dice, protocol.update(dice.choice(good)))
        case 2:
            return protocol.sync_request(hostile.damaged(dice, Doc().get_state() + b"\x05\x07"))
        case 3:
            return protocol.awareness(hostile.damaged(dice, bytes([1, 5, 1, 2]) + b"{}"))
    return bytes([dice.randrange(3), dice.randrange(4)]) + dice.randbytes(dice.randrange(60))


def web_processes(supervisor: int) -> set[int]:
    """The web processes of a supervisor."""
    found = set()
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            parent = int(stat.read_text().rpartition(")")[2].split()[1])
            if parent == supervisor and b"designer.site.server" in (stat.parent / "cmdline").read_bytes():
                found.add(int(stat.parent.name))
        except OSError:
            continue
    return found


def cpu_seconds(process: int) -> float:
    """The CPU time of a process."""
    fields = Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def open_window(person: Person, pipeline: str) -> connect:
    """A user's window on a pipeline."""
    cookie = "; ".join(f"{name}={value}" for name, value in person.cookies.items())
    address = f"{person.base.replace('http', 'ws', 1)}/ws/pipelines/{pipeline}/"
    return connect(address, additional_headers={"Cookie": cookie}, origin=person.base, compression=None, max_size=None)  # type: ignore[arg-type]


class Attack:
    """Hostile windows, each on a pipeline of its own, and an ordinary one that edits another pipeline at the same time."""

    def __init__(self, person: Person, windows: int) -> None:
        self.person, self.said = person, Counter[str]()
        self.victims = [person.pipeline({**GRAPH, "name": f"Victim {number}"}) for number in range(windows)]
        self.other = person.pipeline({**GRAPH, "name": "Other"})
        self.processes = web_processes(person.supervisor)
        assert self.processes, "no web process was found"
        self.wrong: list[str] = []
        self.sent = self.edits = 0
        self.over = False

    async def run(self, all_frames: Iterator[bytes], seconds: float) -> None:
        """Send all frames, unless the time is over before."""
        until = time.monotonic() + seconds
        async with open_window(self.person, self.other) as peaceful, open_window(self.person, self.other) as reader:
            for window in (peaceful, reader):
                await _until(window, bool)  # its first message comes once it hears of edits
            watching = asyncio.create_task(self._watch(peaceful, reader))
            await asyncio.gather(*(self._attack(victim, all_frames, until) for victim in self.victims))
            self.over = True
            await watching
            for victim in self.victims:
                await self._check(peaceful, reader, victim)

    async def _attack(self, victim: str, all_frames: Iterator[bytes], until: float) -> None:
        socket: ClientConnection | None = None
        for frame in all_frames:
            try:
                socket = socket or await open_window(self.person, victim)
                socket = await self._send(socket, frame)
            except (OSError, ConnectionClosed, InvalidStatus) as fault:
                self.wrong.append(f"a window could not be opened: {fault!r}")
                socket = None
            self.sent += 1
            if time.monotonic() > until:
                break
        if socket:
            await socket.close()

    async def _send(self, socket: ClientConnection, frame: bytes) -> ClientConnection | None:
        """Send, and read until the socket closes, or until the reply to a later request shows that the frame was processed."""
        try:
            await socket.send(frame)
            await socket.send(protocol.sync_request(b"\x00"))
            async with asyncio.timeout(30):
                while True:
                    said = await socket.recv()
                    if isinstance(said, str):
                        self.said[json.loads(said)["error"]["code"]] += 1
                    elif said[:2] == b"\x00\x01":
                        return socket
        except ConnectionClosed as closed:
            code = closed.rcvd.code if closed.rcvd else 1006
            self.said[f"closed {code}"] += 1
            if code not in (4400, 4404):
                self.wrong.append(f"a socket was closed with {code} by {frame[:80]!r}")
        except TimeoutError:
            self.wrong.append(f"no answer within 30 s to {frame[:80]!r}")
            await socket.close()
        return None

    async def _watch(self, peaceful: ClientConnection, reader: ClientConnection) -> None:
        for victim in cycle(self.victims):
            if self.over:
                return
            await self._check(peaceful, reader, victim)
            await asyncio.sleep(CHECK_EVERY)

    async def _check(self, peaceful: ClientConnection, reader: ClientConnection, victim: str) -> None:
        """Lists and pages answer, and the other pipeline accepts an edit, which another window receives and the API returns."""
        self.edits += 1
        doc: Doc[Any] = Doc()
        doc.get("notes", type=Map)[f"note {self.edits}"] = {"text": f"Edit {self.edits}", "position": [0, 0]}
        try:
            async with asyncio.timeout(30):
                await peaceful.send(protocol.update(doc.get_update()))
                await _until(peaceful, lambda said: said[:1] == bytes([protocol.ACK]))
                await _until(reader, lambda said: f"Edit {self.edits}".encode() in said)
        except (ConnectionClosed, TimeoutError) as fault:
            self.wrong.append(f"edit {self.edits} of the other pipeline: {fault!r}")
        for path in ("", *(f"{pipeline}/{what}" for pipeline in (victim, self.other) for what in ("", "graph/", "check/", "estimates/"))):
            try:
                answer = await asyncio.to_thread(self.person.call, "GET", f"/api/pipelines/{path}")
            except OSError as fault:  # HTTPError is a subclass
                self.wrong.append(f"{fault!r} for {path}")
                continue
            if path == f"{self.other}/graph/" and {note["text"] for note in answer["notes"]} != {
                f"Edit {n + 1}" for n in range(self.edits)
            }:
                self.wrong.append(f"the other pipeline holds something else after edit {self.edits}: {answer['notes']}")
        if web_processes(self.person.supervisor) != self.processes:
            self.wrong.append("the web process ended")


async def _until(socket: ClientConnection, true: Callable[[bytes], bool]) -> None:
    while not true(said if isinstance(said := await socket.recv(), bytes) else b""):
        pass


def fuzz(count: int, seed: int, seconds: float = 3600, windows: int = WINDOWS) -> tuple[list[str], dict[str, int]]:
    """The failures, and the count of each response; ends after that many seconds."""
    dice = random.Random(seed)
    with easel({"EASEL_RATES": "socket.message=off,socket.open=off"}) as person:
        attack = Attack(person, windows)
        loops.run(attack.run(frames(dice, count), seconds))
        spent = sum(map(cpu_seconds, attack.processes & web_processes(person.supervisor)))
        return attack.wrong, {"frames": attack.sent, "edits_of_the_other": attack.edits, "web_cpu_seconds": round(spent), **attack.said}


def main() -> None:
    """Run the fuzzer and print the figures."""
    parser = argparse.ArgumentParser(prog="python -m tests.load.fuzz_sockets")
    parser.add_argument("--frames", type=int, default=20_000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--windows", type=int, default=WINDOWS, help="hostile windows at once (%(default)s)")
    parser.add_argument("--seconds", type=float, default=3600)
    asked = parser.parse_args()
    began = time.monotonic()
    wrong, said = fuzz(asked.frames, asked.seed, asked.seconds, asked.windows)
    print(
        json.dumps(
            {"took_seconds": round(time.monotonic() - began), "said": said, "wrong": wrong[:20], "wrong_count": len(wrong)}, indent=2
        )
    )
    sys.exit(bool(wrong))


if __name__ == "__main__":
    main()
