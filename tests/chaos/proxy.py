"""A team's installation behind the shipped proxy: what users see during a database outage, a web restart, or a cut connection."""

from __future__ import annotations

import asyncio
import json
import signal
import subprocess
import threading
import time
import urllib.error
import urllib.request
from collections import Counter
from contextlib import suppress
from typing import Any

import redis
from pycrdt import Doc, Map, write_message
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import InvalidStatus, WebSocketException

from tests.chaos.arena import Arena
from tests.support import loops, servers
from tests.support.app_server import Person
from tests.support.installation import Group, wait_until
from tests.support.ports import free_port

WEBS = 2
WINDOWS = 200
CUTS = 20
AWAY_SECONDS = 60.0
BACK_WITHIN = 5.0
CALLERS = 4
CALLS = ("/api/pipelines/", "/", "/api/runs/", "/team")


class ProxyArena(Arena):
    """Two web processes behind nginx, a signed-in user, and the windows of one pipeline."""

    def __init__(self, *args: Any, **how: Any) -> None:
        super().__init__(*args, **how)
        self.folder = self.home.folder
        self.webs = {port: self.open_web(port) for port in (free_port() for _ in range(WEBS))}
        proxy = servers.nginx(self.folder, list(self.webs), free_port())
        self.home.serve(proxy)
        self.base = proxy.url
        link = self.home.prepare()
        wait_until(lambda: all(self.answers(port) for port in self.webs), 120)
        self.person = Person(self.base, self.base + link, self.folder, 0)
        self.pipeline = self.person.call("POST", "/api/pipelines/", {"name": "Shared"})["id"]
        self.answered: Counter[str] = Counter()
        self.back: list[float] = []
        self.restarting: list[float] = []

    def open_web(self, port: int) -> Group:
        """Start a web process."""
        return self.home.python("-m", "designer.site.server", "--port", str(port), "--grace", "2", stdout=subprocess.DEVNULL)

    def answers(self, port: int) -> bool:
        """Whether the web process at a port answers."""
        with suppress(OSError), urllib.request.urlopen(f"http://{servers.HERE}:{port}/health", timeout=2) as answer:
            return bool(answer.status == 200)
        return False

    @property
    def cookie(self) -> str:
        """The session, for sockets."""
        return "; ".join(f"{name}={value}" for name, value in self.person.cookies.items())

    def call(self, path: str) -> tuple[str, float]:
        """A request through the proxy: the status, and what is wrong about it."""
        began = time.monotonic()
        request = urllib.request.Request(self.base + path, headers={"Cookie": self.cookie})
        try:
            with urllib.request.urlopen(request, timeout=30) as answer:
                return str(answer.status), time.monotonic() - began
        except urllib.error.HTTPError as error:
            said = error.read()
            fine = error.code == 503 and error.headers["Retry-After"] and (path[:5] != "/api/" or "words" in json.loads(said)["error"])
            return f"{error.code}" if fine else f"{error.code} without its words or Retry-After", time.monotonic() - began
        except OSError as fault:
            return type(fault).__name__, time.monotonic() - began

    def figures(self) -> dict[str, Any]:
        """Also: responses by status, the duration of the restart of all web processes, and the reconnect time of windows."""
        times = {"restart_seconds_max": self.restarting, "back_seconds_max": self.back}
        longest = {name: round(max(seconds), 2) if seconds else None for name, seconds in times.items()}
        return {**super().figures(), "answers": {"502": 0, **self.answered}, **longest}


def away(arena: ProxyArena, count: int) -> None:
    """PostgreSQL is unavailable for a minute, and requests continue."""
    for _ in range(count):
        arena.keep_running()
        at, over = time.time(), threading.Event()
        arena.home.database.end(signal.SIGINT)
        heard: list[tuple[str, float]] = []

        def ask(number: int, over: threading.Event = over, heard: list[tuple[str, float]] = heard) -> None:
            while not over.wait(0.2):
                heard.append(arena.call(CALLS[number % len(CALLS)]))

        callers = [threading.Thread(target=ask, args=(number,)) for number in range(CALLERS)]
        for caller in callers:
            caller.start()
        time.sleep(AWAY_SECONDS)
        over.set()
        for caller in callers:
            caller.join()
        statuses = Counter(status for status, _ in heard)
        arena.answered += statuses
        arena.violations += [
            f"{times} answers {status} while the database was away" for status, times in statuses.items() if status != "503"
        ]
        slowest = max(seconds for _, seconds in heard)
        arena.violations += [f"an answer took {slowest:.1f} s while the database was away"] if slowest > 10 else []
        arena.home.dismiss(arena.home.database)
        arena.home.start_database()
        began = time.monotonic()
        wait_until(lambda: all(arena.call(path)[0] == "200" for path in CALLS), 30)
        arena.back.append(time.monotonic() - began)
        if arena.back[-1] > BACK_WITHIN:
            arena.violations.append(f"late: answers only {arena.back[-1]:.1f} s after the database was back")
        arena.record_fault(at, mutes=True)  # no step can be claimed meanwhile


def deploy(arena: ProxyArena, count: int) -> None:
    """Both web processes restart, one after the other within ten seconds, with many windows open."""
    for _ in range(count):
        arena.keep_running()
        at = time.time()
        with Windows(arena, WINDOWS) as windows:
            wait_until(lambda: windows.open == WINDOWS, 120)
            began = time.monotonic()
            for port in list(arena.webs):
                arena.webs[port].end(signal.SIGTERM)
                arena.home.groups.remove(arena.webs[port])
                arena.webs[port] = arena.open_web(port)
                time.sleep(5)
            wait_until(lambda: all(arena.answers(port) for port in arena.webs), 120)
            arena.restarting.append(time.monotonic() - began)
            began = time.monotonic()
            with suppress(AssertionError):
                wait_until(lambda: windows.open == WINDOWS, 60)
            arena.back.append(time.monotonic() - began)
            arena.answered += windows.refused
            if windows.open < WINDOWS or arena.back[-1] > BACK_WITHIN:
                arena.violations.append(f"late: {windows.open} of {WINDOWS} windows are back after {arena.back[-1]:.1f} s")
        arena.record_fault(at, loses=False)


def cut(arena: ProxyArena, count: int) -> None:
    """Connections are cut during an edit; nothing of those windows may remain."""
    for _ in range(count):
        arena.keep_running()
        at = time.time()
        loops.run(_edit_and_vanish(arena))
        with suppress(AssertionError):
            wait_until(lambda: not _entries(arena), 10)
        if left := _entries(arena):
            arena.violations.append(f"{left} of {CUTS} windows that were cut are still in the group")
        arena.record_fault(at, loses=False)


async def _edit_and_vanish(arena: ProxyArena) -> None:
    async def one(number: int) -> None:
        socket = await _open(arena)
        await socket.recv()
        doc: Doc[Any] = Doc()
        doc["chaos"] = Map({f"cut-{number}": number})
        await socket.send(bytes([0, 2]) + write_message(doc.get_update()))
        socket.transport.abort()

    await asyncio.gather(*(one(number) for number in range(CUTS)))


def _entries(arena: ProxyArena) -> int:
    with redis.Redis.from_url(arena.home.env["EASEL_CHANNEL_URL"]) as channel:
        return int(channel.zcard(f"easel:group:document.{arena.pipeline}"))  # type: ignore[arg-type]  # the client is not asynchronous


def _open(arena: ProxyArena) -> Any:
    address = f"{arena.base.replace('http', 'ws', 1)}/ws/pipelines/{arena.pipeline}/"
    return connect(address, additional_headers={"Cookie": arena.cookie}, origin=arena.base, max_size=None, open_timeout=10)  # type: ignore[arg-type]


class Windows:
    """That many windows of one pipeline, each of which reconnects after a close, as browsers do; in a separate thread."""

    def __init__(self, arena: ProxyArena, number: int) -> None:
        self.open, self.refused = 0, Counter[str]()
        self._arena, self._number, self._loop = arena, number, asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_until_complete, args=(self._all(),), daemon=True)

    def __enter__(self) -> Windows:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._loop.call_soon_threadsafe(lambda: [task.cancel() for task in asyncio.all_tasks(self._loop)])
        self._thread.join(30)

    async def _all(self) -> None:
        with suppress(asyncio.CancelledError):
            await asyncio.gather(*(self._one(number) for number in range(self._number)), return_exceptions=True)

    async def _one(self, number: int) -> None:
        await asyncio.sleep(number * 0.02)
        while True:
            try:
                async with _open(self._arena) as socket:
                    await self._stay(socket)
            except InvalidStatus as refused:
                self.refused[str(refused.response.status_code)] += 1
            except (OSError, WebSocketException, TimeoutError) as fault:
                self.refused[type(fault).__name__] += 1
            await asyncio.sleep(self._arena.rng.uniform(0.3, 1.5))

    async def _stay(self, socket: ClientConnection) -> None:
        await socket.recv()
        self.open += 1
        try:
            while True:
                await socket.recv()
        finally:
            self.open -= 1
