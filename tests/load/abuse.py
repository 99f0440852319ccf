"""An hour of hostile load on a running Easel, while the memory of its web process is recorded.

`python -m tests.load.abuse --minutes 60 --csv memory.csv`; exits 1 when the memory grew in the second half by more than `--most` MB.
"""

from __future__ import annotations

import argparse
import asyncio
import csv
import json
import random
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Awaitable, Callable
from contextlib import suppress
from pathlib import Path
from typing import Any
from urllib.error import HTTPError

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
from pycrdt import Doc, Map
from websockets.exceptions import ConnectionClosed, InvalidStatus

from designer.documents import protocol
from tests.load.fuzz_sockets import GRAPH, frames, open_window, web_processes
from tests.support import loops
from tests.support.app_server import Person, easel

PIPELINES = 100  # more than the web process keeps in memory
NODES = 300
FRAMES = 2_000
SAMPLE_EVERY = 15.0
RATES = "socket.message=off,socket.open=off,upload=off,pipeline.make=off"
MB = 1024.0
BODIES = (
    b"0",
    b"null",
    b"[null]",
    b'"x"',
    b"{",
    b"[" * 5_000 + b"]" * 5_000,
    b'{"graph":' + b'{"nodes":' * 3_000 + b"}" * 3_001,
    b"\xff\xfe",
)


def memory(process: int) -> dict[str, float]:
    """The memory of a process, in MB."""
    said = dict(line.split(":", 1) for line in Path(f"/proc/{process}/smaps_rollup").read_text().splitlines() if ":" in line[:20])
    return {name.lower(): int(said[name].split()[0]) / MB for name in ("Rss", "Pss")}


def slope(samples: list[tuple[float, float]]) -> float:
    """MB per hour, by least squares over (seconds, MB)."""
    seconds, held = np.array(samples).T
    return float(np.polyfit(seconds, held, 1)[0] * 3600)


class Abuse:
    """The actions of an attacker with an account, at a moderate rate, until the time is over."""

    def __init__(self, person: Person, seconds: float, file: Path, seed: int) -> None:
        self.person, self.file, self.dice = person, file, random.Random(seed)
        self.said: Counter[str] = Counter()
        self.processes = web_processes(person.supervisor)
        self.samples: list[tuple[float, float]] = []
        nodes = {
            f"n{number}": {"module": "data.enter_data", "params": {"text": "a,b\n1,2"}, "position": [number, 0]} for number in range(NODES)
        }
        self.pipelines = [person.pipeline({**GRAPH, "name": f"Victim {number}", "nodes": nodes}) for number in range(PIPELINES)]
        self.frames = list(frames(self.dice, FRAMES))
        self.bomb = Path(tempfile.mkdtemp()) / "bomb.parquet"
        column = pa.DictionaryArray.from_arrays(pa.array(np.zeros(20_000_000, dtype="int32")), pa.array(["x" * 2000]))
        pq.write_table(pa.table({"column": column}), self.bomb, compression="zstd")
        self.began, self.seconds = time.monotonic(), seconds

    async def run(self) -> None:
        """All actions concurrently."""
        work: list[tuple[Callable[[], Awaitable[None]], float]] = [
            *[(self.hostile_frames, 0.05)] * 3,
            *[(self.visit, 0.05)] * 4,
            (self.cut, 0.2),
            (self.edit, 0.05),
            (self.upload, 20.0),
            (self.sign_in_wrongly, 0.5),
            *[(self.call_wrongly, 0.05)] * 2,
            (self.come_and_go, 1.0),
        ]
        await asyncio.gather(self.watch(), *(self._again(*each) for each in work))

    async def _again(self, act: Callable[[], Awaitable[None]], pause: float) -> None:
        while time.monotonic() - self.began < self.seconds:
            try:
                await act()
                self.said[act.__name__] += 1
            except HTTPError as answer:
                self.said[f"{act.__name__}: {answer.code}"] += 1
            except (OSError, ConnectionClosed, InvalidStatus, TimeoutError) as fault:
                self.said[f"{act.__name__}: {type(fault).__name__}"] += 1
            await asyncio.sleep(pause * self.dice.uniform(0.5, 1.5))

    async def watch(self) -> None:
        """Record the memory periodically."""
        with self.file.open("w", newline="") as file:
            rows = csv.writer(file)
            rows.writerow(["seconds", "process", "rss_mb", "pss_mb"])
            while (now := time.monotonic() - self.began) < self.seconds:
                for process in web_processes(self.person.supervisor):
                    held = memory(process)
                    rows.writerow([round(now), process, round(held["rss"], 1), round(held["pss"], 1)])
                    self.samples.append((now, held["rss"]))
                file.flush()
                await asyncio.sleep(SAMPLE_EVERY)

    def any(self) -> str:
        """A random pipeline."""
        return self.dice.choice(self.pipelines)

    async def hostile_frames(self) -> None:
        """A window that sends the frames of a damaged or hostile client, until it is closed."""
        async with open_window(self.person, self.any()) as socket:
            while True:
                await socket.send(self.dice.choice(self.frames))
                await socket.send(protocol.sync_request(b"\x00"))
                self.said["frames"] += 1
                async with asyncio.timeout(30):
                    while (await socket.recv())[:2] != b"\x00\x01":
                        pass

    async def visit(self) -> None:
        """A window that opens, sends awareness, and closes."""
        async with open_window(self.person, self.any()) as socket:
            await socket.recv()
            await socket.send(protocol.awareness(bytes([1, self.dice.randrange(100), 1, 2]) + b"{}"))
            await asyncio.sleep(self.dice.uniform(0, 0.5))

    async def cut(self) -> None:
        """A connection cut during an edit."""
        socket = await open_window(self.person, self.any())
        await socket.recv()
        await socket.send(protocol.update(self._note()))
        socket.transport.abort()

    async def edit(self) -> None:
        """Ordinary edits of an ordinary window."""
        async with open_window(self.person, self.any()) as socket:
            for _ in range(10):
                await socket.send(protocol.update(self._note()))
                async with asyncio.timeout(30):
                    while (await socket.recv())[:1] != bytes([protocol.ACK]):
                        pass

    def _note(self) -> bytes:
        doc: Doc[Any] = Doc()
        doc.get("notes", type=Map)[f"note {self.dice.randrange(50)}"] = {"text": "x" * self.dice.randrange(2_000), "position": [0, 0]}
        return doc.get_update()

    async def upload(self) -> None:
        """A small file that would unpack to 40 GB."""
        await asyncio.to_thread(self.person.upload, self.bomb)

    async def sign_in_wrongly(self) -> None:
        """A wrong password, or a link or token that does not exist."""
        guess = f"{self.dice.getrandbits(160):x}"
        match self.dice.randrange(3):
            case 0:
                data = f"email=person{self.dice.randrange(1000)}@example.org&password={guess}".encode()
                await asyncio.to_thread(self.person.send, "POST", "/sign-in", data, "application/x-www-form-urlencoded")
            case 1:
                await asyncio.to_thread(self.person.send, "GET", f"/sign-in/link/{guess}", None, "text/plain")
            case _:
                await asyncio.to_thread(self.person.send, "GET", "/api/pipelines/", None, "text/plain", Authorization=f"Bearer {guess}")

    async def call_wrongly(self) -> None:
        """A body that cannot be parsed, on any address that takes one; sometimes a list or a page instead."""
        path = self.dice.choice(
            ["/api/pipelines/", "/api/environments/", "/api/workspaces/", "/api/datasets/", "/api/tokens/", "/api/nowhere/"]
        )
        method = self.dice.choice(["GET", "POST", "PUT", "PATCH"])
        if method == "PUT":
            path = f"/api/pipelines/{self.any()}/graph/"
        elif self.dice.random() < 0.2:
            method, path = "GET", f"/api/pipelines/{self.any()}/{self.dice.choice(['', 'graph/', 'check/', 'estimates/'])}"
        body = None if method == "GET" else self.dice.choice(BODIES)
        await asyncio.to_thread(self.person.send, method, path, body, "application/json", **{"If-Match": f'"{self.dice.randrange(1, 9)}"'})

    async def come_and_go(self) -> None:
        """A pipeline that is created, read and deleted."""
        made = await asyncio.to_thread(self.person.pipeline, {**GRAPH, "name": f"Short {self.dice.random()}"})
        async with open_window(self.person, made) as socket:
            await socket.recv()
            await asyncio.to_thread(self.person.call, "DELETE", f"/api/pipelines/{made}/")
            with suppress(ConnectionClosed):
                await asyncio.wait_for(socket.wait_closed(), 10)

    def figures(self) -> dict[str, Any]:
        """The memory at some moments, and its growth in the second half."""
        held = {f"after {share:.0%}": self.samples[int(share * (len(self.samples) - 1))][1] for share in (0, 1 / 6, 1 / 2, 1)}
        half = [sample for sample in self.samples if sample[0] >= self.seconds / 2]
        grew = slope(half) * self.seconds / 2 / 3600
        rounded = {name: round(value, 1) for name, value in held.items()}
        ended = web_processes(self.person.supervisor) != self.processes
        return {"rss_mb": rounded, "grew_in_second_half_mb": round(grew, 1), "web_process_ended": ended, "done": dict(self.said)}


def main() -> None:
    """Run the load and print the figures."""
    parser = argparse.ArgumentParser(prog="python -m tests.load.abuse")
    parser.add_argument("--minutes", type=float, default=60)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--csv", type=Path, default=Path("abuse.csv"))
    parser.add_argument("--most", type=float, default=10, help="MB that the memory may grow in the second half (%(default)s)")
    asked = parser.parse_args()
    with easel({"EASEL_RATES": RATES}) as person:
        abuse = Abuse(person, asked.minutes * 60, asked.csv, asked.seed)
        loops.run(abuse.run())
        figures = abuse.figures()
    print(json.dumps(figures, indent=2))
    sys.exit(figures["web_process_ended"] or figures["grew_in_second_half_mb"] > asked.most)


if __name__ == "__main__":
    main()
