"""Run events as websocket messages: encoded once, and read once for all windows of this process at the same position."""

from __future__ import annotations

import asyncio
from contextlib import suppress
from typing import NamedTuple

import msgspec
from cachetools import LRUCache

from designer.workspaces.consumer_base import in_thread
from pipelines import flow
from pipelines.models import Run

MOST_EVENTS = 500
MOST_CHARACTERS = 16 * 1024 * 1024


class Page(NamedTuple):
    """Consecutive events: the message for a window, and the number of the last."""

    text: str
    last: int


class Pages:
    """Pages by run and by the number before their first event. Events never change, so pages stay valid; the cache is LRU."""

    def __init__(self, most_characters: int = MOST_CHARACTERS) -> None:
        self._kept: LRUCache[tuple[str, int], Page] = LRUCache(most_characters, getsizeof=lambda page: len(page.text))
        self._reading: dict[tuple[str, int], asyncio.Task[Page | None]] = {}

    def keep(self, run: str, after: int, page: Page) -> None:
        """Cache a page for windows at its position."""
        with suppress(ValueError):  # larger than the cache
            self._kept[run, after] = page

    async def after(self, run: str, number: int) -> Page | None:
        """The events after a number, at most one page; None when there were none at the time of a very recent read."""
        key = (run, number)
        with suppress(KeyError):
            return self._kept[key]
        if key not in self._reading:
            reading = self._reading[key] = asyncio.create_task(in_thread(_read)(run, number))
            reading.add_done_callback(lambda _: self._reading.pop(key))
        page = await asyncio.shield(self._reading[key])
        if page:
            self.keep(run, number, page)
        return page


def _read(run: str, after: int) -> Page | None:
    events = flow.events(Run(pk=run), after, limit=MOST_EVENTS)
    return Page(msgspec.json.encode({"events": events}).decode(), events[-1]["seq"]) if events else None
