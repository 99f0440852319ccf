"""The websocket of a run: its numbered events, from the number that the browser has."""

from __future__ import annotations

import asyncio
import logging
import math
from typing import Any, ClassVar
from urllib.parse import parse_qs

import msgspec
from django.contrib.auth.models import User

from designer.runs.pages import Page, Pages
from designer.workspaces.consumer_base import BAD, WatchedConsumer
from pipelines.flow import run_group
from pipelines.models import Run

log = logging.getLogger(__name__)
LARGEST_NUMBER = 2**31
UNKNOWN = math.inf
pages = Pages()


class _Asked(msgspec.Struct):
    after: int


class RunConsumer(WatchedConsumer):
    """One window on one run. It keeps two numbers, last sent and last available; nothing queues up, however slowly the window reads."""

    actions: ClassVar = {"connect": "run.see"}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.seen = 0
        self.there: float = 0
        self.news = asyncio.Event()
        self.forwarding: asyncio.Task[None] | None = None

    @property
    def run(self) -> str:
        """The run's id."""
        id: str = self.scope["url_route"]["kwargs"]["run"]
        return id

    @property
    def group(self) -> str:
        return run_group(self.run)

    def find(self, user: User) -> str:
        return self.fetch(user, Run.objects.only("pk", "scope"), self.run, lambda run: run.scope).scope

    async def opened(self) -> None:
        """Send all events after the number in the URL."""
        after = parse_qs(self.scope["query_string"].decode("latin-1")).get("after", ["0"])[0]
        self.seen = int(after) if after.isascii() and after.isdecimal() and len(after) < 10 else 0
        self.forwarding = asyncio.create_task(self._forward())
        self._expect(UNKNOWN)

    async def closed(self) -> None:
        if self.forwarding is not None:
            self.forwarding.cancel()

    async def receive(self, text_data: str | None = None, bytes_data: bytes | None = None) -> None:
        try:
            asked = msgspec.json.decode(text_data or "", type=_Asked)
        except (msgspec.MsgspecError, RecursionError):
            return await self.end(BAD)
        if self.workspace is None or not 0 <= asked.after < LARGEST_NUMBER:
            return await self.end(BAD)
        self.seen = asked.after
        self._expect(UNKNOWN)

    async def run_events(self, message: dict[str, Any]) -> None:
        """New events: their text, or, for many at once, only the last number."""
        if message["text"] is not None:
            pages.keep(self.run, message["after"], Page(message["text"], message["last"]))
        self._expect(message["last"])

    async def resync(self) -> None:
        self._expect(UNKNOWN)

    def _expect(self, there: float) -> None:
        self.there = max(self.there, there)
        self.news.set()

    async def _forward(self) -> None:
        """Send new events, page by page, as fast as the window receives them."""
        while True:
            await self.news.wait()
            self.news.clear()
            try:
                await self._catch_up()
            except Exception as fault:  # the database is unavailable; the next check may succeed
                log.warning("a window could not be told what a run said: %s", fault)

    async def _catch_up(self) -> None:
        while self.seen < self.there and not self.over:
            after = self.seen
            page = await pages.after(self.run, after)
            if self.seen != after:  # the window requested another position meanwhile
                continue
            if page is not None:
                self.seen = page.last
                await self.send(text_data=page.text)
            else:  # a read that began before the message may have missed the events, so it is repeated once
                self.there = after if self.there == UNKNOWN else UNKNOWN
