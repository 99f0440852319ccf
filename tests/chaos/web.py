"""Web server faults: users start runs through REST and follow them through websockets while the servers are killed."""

from __future__ import annotations

import json
import signal
import subprocess
import threading
import time
import urllib.request
from collections.abc import Callable
from contextlib import suppress
from http.client import HTTPException
from typing import Any
from urllib.error import HTTPError

from websockets.exceptions import WebSocketException
from websockets.sync.client import connect

from tests.chaos.arena import Arena
from tests.chaos.oracle import RequestedRun
from tests.support.app_server import Person
from tests.support.installation import Group, wait_until
from tests.support.ports import free_port

WEBS = 3
SEEN_WITHIN = 15.0


class WebArena(Arena):
    """Runs are started through the API of any server that answers; a watcher follows each to the end."""

    def __init__(self, *args: Any, **how: Any) -> None:
        super().__init__(*args, **how)
        self.webs = {port: self._open_web(port) for port in (free_port() for _ in range(WEBS))}
        wait_until(lambda: len(self.alive()) == WEBS, 120)
        link = self.home.prepare()
        base = _base(next(iter(self.webs)))
        self.person = Person(base, base + link, self.home.folder, 0)
        self._watchers: dict[str, Watcher] = {}

    def _open_web(self, port: int) -> Group:
        return self.home.python("-m", "designer.site.server", "--port", str(port), "--grace", "2", stdout=subprocess.DEVNULL)

    def alive(self) -> list[int]:
        """The ports of servers that answer."""
        return [port for port in self.webs if _answers(port)]

    def strike(self) -> None:
        """Kill one of at least two that answer, and start it again."""
        port = self.rng.choice(wait_until(lambda: len(found := self.alive()) > 1 and found, 60))
        at = time.time()
        self.webs[port].tell(signal.SIGKILL)
        self.record_fault(at, loses=False)
        self.home.dismiss(self.webs[port])
        self.webs[port] = self._open_web(port)

    def start(self, run: RequestedRun) -> None:
        self.requested.append(run)
        self.person.base = _base(self.rng.choice(list(self.webs)))
        try:
            run.pipeline = self.person.pipeline({"name": run.drawn.tag, **run.drawn.document})
            run.id = self.person.call("POST", f"/api/pipelines/{run.pipeline}/runs/", {})["id"]
            run.acknowledged = True
            self._watch(run.id)
        except HTTPError as answer:
            run.wrong.append(f"lost: a server that lived answered {answer.code}: {answer.read()[:300]!r}")
        except (OSError, HTTPException):
            pass  # the server died: the outcome of the start is unknown

    def find(self, run: RequestedRun) -> str | None:
        return next(iter(self.home.ask("runs_of", document=run.pipeline)), None) if run.pipeline else None

    def _watch(self, run: str) -> None:
        ports = list(self.webs)
        self._watchers[run] = Watcher(run, self.person.cookies, lambda: self.rng.choice(ports))

    def settle(self) -> None:
        """Also: each watcher received every event of its run once, in order."""
        super().settle()
        until = time.monotonic() + SEEN_WITHIN
        for run, watcher in self._watchers.items():
            watcher.thread.join(max(0.1, until - time.monotonic()))
            last = self.home.ask("audit", run=run)["last_event"]
            if watcher.seen != list(range(1, last + 1)):
                self.counts["lost"] += 1
                self.violations.append(f"{run}: lost: of {last} events its watcher saw {watcher.seen}")
        self._watchers = {}


class Watcher:
    """Follows a run, and reconnects whenever the socket closes."""

    def __init__(self, run: str, cookies: dict[str, str], port: Callable[[], int]) -> None:
        self.seen: list[int] = []
        self._run, self._port = run, port
        self._cookie = "; ".join(f"{name}={value}" for name, value in cookies.items())
        self.thread = threading.Thread(target=self._watch, daemon=True)
        self.thread.start()

    def _watch(self) -> None:
        while True:
            with suppress(OSError, WebSocketException, TimeoutError):
                if self._listen(_base(self._port())):
                    return
            time.sleep(0.2)

    def _listen(self, base: str) -> bool:
        address = f"{base.replace('http', 'ws', 1)}/ws/runs/{self._run}/?after={self.seen[-1] if self.seen else 0}"
        headers = {"Cookie": self._cookie}
        with connect(address, additional_headers=headers, origin=base, max_size=None, open_timeout=10) as socket:  # type: ignore[arg-type]
            while True:
                for event in json.loads(socket.recv(timeout=60)).get("events", ()):
                    self.seen.append(event["seq"])
                    if event["type"] == "run" and event["run"].get("finished_at"):
                        return True


def web(arena: WebArena, count: int) -> None:
    """kill -9 of a web server, with users connected."""
    for _ in range(count):
        arena.keep_running()
        arena.pause(0.05, 0.5)
        arena.strike()


def _base(port: int) -> str:
    return f"http://127.0.0.1:{port}"


def _answers(port: int) -> bool:
    with suppress(OSError, HTTPException), urllib.request.urlopen(f"{_base(port)}/health", timeout=2) as answer:
        return bool(answer.status == 200)
    return False
