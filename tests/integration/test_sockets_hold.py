"""Sockets of a real installation: hostile frames, cut connections, many windows, a Redis that goes away."""

from __future__ import annotations

import asyncio
import json
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from redis import Redis

from tests.bench.editors import PEOPLE, Editor, come_and_go, cut, open_socket, open_web
from tests.load.fuzz_sockets import fuzz
from tests.support import loops
from tests.support.installation import Home, wait_until

pytestmark = [pytest.mark.processes, pytest.mark.slow]


def test_hostile_frames_end_no_process() -> None:
    """The long form is `python -m tests.load.fuzz_sockets`."""
    wrong, said = fuzz(150, seed=5)
    assert wrong == []
    assert said["too_deep"] > 40 and said["bad_message"] > 40


class Site:
    """An installation with one web process and some people."""

    def __init__(self, home: Home, log: Path) -> None:
        self.home, self._log = home, log
        self.pipeline, self.cookies = json.loads(home.printed_by("-c", PEOPLE, "5"))
        self.web, self.address = open_web(home)
        self.redis = Redis.from_url(home.env["EASEL_CHANNEL_URL"])

    def groups(self) -> list[Any]:
        found: Any = self.redis.keys("easel:group:*")
        return list(found)

    def errors(self) -> list[str]:
        return [line for line in self._log.read_text().splitlines() if "Traceback" in line or " ERROR " in line]

    def warnings(self) -> list[str]:
        return [line for line in self._log.read_text().splitlines() if " WARNING " in line]


@pytest.fixture
def site(tmp_path: Path) -> Iterator[Site]:
    log = tmp_path / "log"
    with Home(log=log) as home:
        yield Site(home, log)


def test_cut_connections_and_many_windows_leave_nothing(site: Site) -> None:
    loops.run(cut(site.address, site.pipeline, site.cookies, 20))
    assert loops.run(come_and_go([site.address], site.pipeline, site.cookies, 120, at_once=60))["windows_failed"] == 0
    wait_until(lambda: not site.groups(), 10)
    assert site.errors() == []


def test_open_windows_stay_while_redis_is_away(site: Site) -> None:
    async def story() -> None:
        sockets = [await open_socket(site.address, site.pipeline, cookie) for cookie in site.cookies]
        editors = [Editor(number, socket) for number, socket in enumerate(sockets)]
        listening = [asyncio.create_task(editor.listen()) for editor in editors]
        await asyncio.gather(*(editor.synced.wait() for editor in editors))
        site.home.dismiss(site.home.broker)
        await asyncio.gather(*(editor.edit(3, 0.1) for editor in editors))
        await _until(lambda: all(len(editor.acks) == 3 for editor in editors))
        for _ in range(20):
            refused = await open_socket(site.address, site.pipeline, site.cookies[0])
            await refused.wait_closed()
            assert refused.close_code == 1013
        await asyncio.to_thread(site.home.start_broker)
        await _until(lambda: all(editor.notes == 15 for editor in editors))
        assert not any(task.done() for task in listening), "no window was cut"
        await editors[0].edit(1, 0.01)
        began = time.monotonic()
        await _until(lambda: all(editor.notes == 16 for editor in editors))
        assert time.monotonic() - began < 5, "they are in their groups again"
        for socket in sockets:
            await socket.close()

    loops.run(story())
    assert site.errors() == []
    assert len(site.warnings()) < 20


async def _until(true: Any, seconds: float = 15) -> None:
    async with asyncio.timeout(seconds):
        while not true():
            await asyncio.sleep(0.05)
