"""Hostile frames on the sockets of a running Easel: none may end a process, be answered 5xx, or harm another pipeline.

`python -m tests.fuzz_sockets --frames 20000`; exits 1 when something did.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import random
import sys
import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.error import HTTPError

from pycrdt import Doc, Map
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed

from designer.documents import framing
from tests import loops
from tests.designer.documents import hostile
from tests.tree import Person, easel

DEPTHS = (60, 61, 500, 2_000, 20_000, 40_000, 100_000)
GRAPH: dict[str, Any] = {"format": 1, "name": "Fuzz", "nodes": {}, "edges": [], "parameters": {}, "frames": [], "notes": []}
CHECK_EVERY = 500


def frames(dice: random.Random, count: int) -> Iterator[bytes]:
    """First what is known to be dangerous, then so many at random."""
    for deep in DEPTHS:
        for make in (hostile.nested_lists, hostile.nested_objects, hostile.nested_json, hostile.nested_maps):
            yield framing.update(make(deep))
            yield framing.answer(make(deep))
        yield framing.update(hostile.nested_maps(deep, delete=True))
    yield from (framing.update(update) for update in (*hostile.claims(), hostile.circle()))
    for client in (5, 6):
        for clock in range(100):
            yield framing.update(hostile.map_in(clock - 1 if clock else None, clock, client, keyed=client == 5))
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
            return framing.update(hostile.damaged(dice, dice.choice(good)))
        case 1:
            return hostile.damaged(dice, framing.update(dice.choice(good)))
        case 2:
            return framing.ask(hostile.damaged(dice, Doc().get_state() + b"\x05\x07"))
        case 3:
            return framing.awareness(hostile.damaged(dice, bytes([1, 5, 1, 2]) + b"{}"))
    return bytes([dice.randrange(3), dice.randrange(4)]) + dice.randbytes(dice.randrange(60))


class Attack:
    """One hostile window on one pipeline, and a peaceful one on another."""

    def __init__(self, person: Person) -> None:
        self.person, self.said = person, Counter[str]()
        self.victim, self.other = person.pipeline({**GRAPH, "name": "Victim"}), person.pipeline({**GRAPH, "name": "Other"})
        self.processes = self.web()
        self.wrong: list[str] = []
        self.edits = self.sent = 0

    def web(self) -> set[int]:
        """The web process of this Easel."""
        found = set()
        for stat in Path("/proc").glob("[0-9]*/stat"):
            try:
                parent = int(stat.read_text().rpartition(")")[2].split()[1])
                if parent == self.person.supervisor and b"designer.config.asgi" in (stat.parent / "cmdline").read_bytes():
                    found.add(int(stat.parent.name))
            except OSError:
                continue
        return found

    def open(self, pipeline: str) -> Any:
        cookie = "; ".join(f"{name}={value}" for name, value in self.person.cookies.items())
        base = self.person.base
        address = f"{base.replace('http', 'ws', 1)}/ws/pipelines/{pipeline}/"
        return connect(address, additional_headers={"Cookie": cookie}, origin=base, compression=None, max_size=None)  # type: ignore[arg-type]

    async def run(self, all_frames: Iterator[bytes], seconds: float) -> None:
        until = time.monotonic() + seconds
        socket: ClientConnection | None = None
        async with self.open(self.other) as peaceful:
            for number, frame in enumerate(all_frames):
                if number % CHECK_EVERY == 0:
                    await self._check(peaceful)
                socket = socket or await self.open(self.victim)
                socket = await self._send(socket, frame)
                self.sent += 1
                if time.monotonic() > until:
                    break
            await self._check(peaceful)
        if socket:
            await socket.close()

    async def _send(self, socket: ClientConnection, frame: bytes) -> ClientConnection | None:
        """Send, and take what comes until it is closed, or an answer to a question asked behind it shows that it was taken."""
        try:
            await socket.send(frame)
            await socket.send(framing.ask(b"\x00"))
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

    async def _check(self, peaceful: ClientConnection) -> None:
        """Lists and pages answer, and the other pipeline takes an edit."""
        for path in (
            "",
            *(f"{pipeline}/{what}" for pipeline in (self.victim, self.other) for what in ("", "graph/", "check/", "estimates/")),
        ):
            try:
                await asyncio.to_thread(self.person.call, "GET", f"/api/pipelines/{path}")
            except HTTPError as answer:
                self.wrong.append(f"{answer.code} for {path}")
            except OSError as fault:
                self.wrong.append(f"{fault} for {path}")
        self.edits += 1
        doc: Doc[Any] = Doc()
        doc.get("meta", type=Map)["name"] = f"Edit {self.edits}"
        await peaceful.send(framing.update(doc.get_update()))
        async with asyncio.timeout(30):
            while (await peaceful.recv())[:1] != bytes([framing.ACK]):
                pass
        if self.web() != self.processes:
            self.wrong.append("the web process ended")


def fuzz(count: int, seed: int, seconds: float = 3600) -> tuple[list[str], dict[str, int]]:
    """What went wrong, and how often what was said; it ends after so many seconds."""
    dice = random.Random(seed)
    with easel({"EASEL_RATES": "socket.message=off,socket.open=off"}) as person:
        attack = Attack(person)
        loops.run(attack.run(frames(dice, count), seconds))
        return attack.wrong, {"frames sent": attack.sent, **attack.said}


def main() -> None:
    """Fuzz, and print what came of it."""
    parser = argparse.ArgumentParser(prog="python -m tests.fuzz_sockets")
    parser.add_argument("--frames", type=int, default=20_000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--seconds", type=float, default=3600)
    asked = parser.parse_args()
    wrong, said = fuzz(asked.frames, asked.seed, asked.seconds)
    print(json.dumps({"said": said, "wrong": wrong[:20], "wrong_count": len(wrong)}, indent=2))
    sys.exit(bool(wrong))


if __name__ == "__main__":
    main()
