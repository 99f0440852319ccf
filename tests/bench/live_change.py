"""`python -m tests.bench.live_change`: requests while versions change and serving processes are killed, and how soon a version is live everywhere.

Two serving processes share a port by SO_REUSEPORT, which is the proxy here: the kernel gives each new connection to one of them. Two clients reconnect
often, and send a request once more when its connection breaks. A version is live everywhere once no request that starts later gets the former one.
"""

from __future__ import annotations

import http.client
import json
import os
import signal
import threading
import time
from typing import Any, NamedTuple
from urllib.parse import urlsplit

from pipelines.procfs import is_alive
from tests.designer.endpoints.serving.test_live_change import GRAPH, Client, further_process, publish, supervised
from tests.support.app_server import Person, easel
from tests.support.installation import wait_until

REQUESTS, MOVES, KILLS, CLIENTS = 10_000, 20, 5, 2
RECONNECT = 25  # requests on one connection, so that both processes are asked
ROW = {"x": 7}


class Asked(NamedTuple):
    """A request: when it started, in monotonic seconds, its version, and whether its answer is that of the version."""

    at: float
    version: int
    right: bool


class Load:
    """Clients that ask until they are told to stop. `lost` are requests that failed twice."""

    def __init__(self, address: str, key: str, right: dict[int, Any]) -> None:
        self.asked: list[Asked] = []
        self.lost = self.retried = 0
        self.stop = threading.Event()
        self._address, self._key, self._right = address, key, right
        self.threads = [threading.Thread(target=self._ask) for _ in range(CLIENTS)]

    def _ask(self) -> None:
        while not self.stop.is_set():
            client = Client(self._address, self._key)
            for _ in range(RECONNECT):
                started = time.monotonic()
                try:
                    status, answer = client.score(ROW)
                except (OSError, http.client.HTTPException):
                    self.lost += 1
                    break
                version = answer["model"]["version"] if status == 200 else 0
                self.asked.append(Asked(started, version, version in self._right and answer["rows"] == self._right[version]))
            self.retried += client.retries


def main() -> None:
    """Measure, and print the figures as JSON."""
    with easel({"EASEL_MODULES": ""}) as person:
        pipeline = person.pipeline(GRAPH)
        endpoint = publish(person, pipeline)
        person.set(pipeline, "split", seed=3)
        publish(person, pipeline, endpoint=endpoint)
        address = person.call("GET", f"/api/endpoints/{endpoint}/")["address"]
        key = person.call("POST", f"/api/endpoints/{endpoint}/keys/", {"name": "load"})["key"]
        right = {number: answer_of(person, endpoint, number) for number in (1, 2)}
        port = urlsplit(address).port
        assert port
        with further_process(person, port):
            wait_until(lambda: current(person, endpoint) == 2, 120)
            wait_until(lambda: Client(address, key).score(ROW)[0] == 200, 30)
            load = Load(address, key, right)
            for thread in load.threads:
                thread.start()
            try:
                moves, killed = change(person, endpoint, load)
            finally:
                load.stop.set()
                for thread in load.threads:
                    thread.join()
    print(json.dumps(figures(load, moves, killed), indent=2), flush=True)


def change(person: Person, endpoint: str, load: Load) -> tuple[list[tuple[float, int]], int]:
    """Move all requests between two versions, kill the supervised process now and then; returns when which version was asked for, and the kills."""
    moves, killed = list[tuple[float, int]](), 0
    for step in range(MOVES):
        version = 2 - step % 2
        person.call("PUT", f"/api/endpoints/{endpoint}/alias/", {"shares": {str(version): 100}})
        moves.append((time.monotonic(), version))
        wait_until(lambda version=version: settled(load, version), 60)
        if step % (MOVES // KILLS) == 1:
            wait_until(lambda: supervised(person) is not None, 60)  # it may still be on its way after the last kill
            pid = supervised(person)
            assert pid
            os.kill(pid, signal.SIGKILL)
            wait_until(lambda pid=pid: not is_alive(pid), 30)
            killed += 1
        wait_until(lambda step=step: len(load.asked) >= REQUESTS * (step + 1) / MOVES, 600)
    return moves, killed


def settled(load: Load, version: int) -> bool:
    """Whether the last requests of some connections all got a version."""
    last = load.asked[-8 * RECONNECT * CLIENTS :]
    return bool(last) and all(each.version == version for each in last)


def answer_of(person: Person, endpoint: str, number: int) -> Any:
    """The right answer of a version, by the test of its page."""

    def ask() -> Any:
        return person.call("POST", f"/api/endpoints/{endpoint}/test/", {"body": ROW, "version": number})

    wait_until(lambda: ask()["status"] == 200, 120)
    return ask()["answer"]["rows"]


def current(person: Person, endpoint: str) -> int:
    """How many processes serve the newest revision."""
    return sum(one["current"] for one in person.call("GET", f"/api/endpoints/{endpoint}/")["processes"])


def figures(load: Load, moves: list[tuple[float, int]], killed: int) -> dict[str, float]:
    """What came of it; seconds from the answer to a move until the last request that still got the former version."""
    ends = [*(at for at, _ in moves[1:]), float("inf")]
    seconds = sorted(
        max((each.at - at for each in load.asked if at <= each.at < end and each.version != version), default=0.0)
        for (at, version), end in zip(moves, ends, strict=True)
    )
    return {
        "live_change_requests": len(load.asked),
        "live_change_moves": len(moves),
        "live_change_kills": killed,
        "live_change_wrong": sum(not each.right for each in load.asked),
        "live_change_retried_once": load.retried,
        "live_change_lost": load.lost,
        "live_change_seconds_until_live_median": round(seconds[len(seconds) // 2], 3),
        "live_change_seconds_until_live_most": round(seconds[-1], 3),
    }


if __name__ == "__main__":
    main()
