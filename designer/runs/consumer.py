"""The socket of a run: its numbered events, from where the browser left off."""

from __future__ import annotations

import asyncio
from typing import Any, ClassVar
from urllib.parse import parse_qs

import msgspec
from django.contrib.auth.models import User

from designer.workspaces.socket import BAD, WatchedConsumer, in_thread
from pipelines import flow
from pipelines.live import run_group
from pipelines.models import Run

PAGE = 500
LARGEST_NUMBER = 2**31


class _Asked(msgspec.Struct):
    after: int


class RunConsumer(WatchedConsumer):
    """One window watching one run. What was sent last is remembered; the rest is in the database, so nothing queues up here."""

    actions: ClassVar = {"connect": "run.see"}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.seen = 0
        self.forwarding = asyncio.Lock()

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
        """Everything after the number in the address."""
        after = parse_qs(self.scope["query_string"].decode("latin-1")).get("after", ["0"])[0]
        self.seen = int(after) if after.isascii() and after.isdecimal() and len(after) < 10 else 0
        await self.look_again()

    async def receive(self, text_data: str | None = None, bytes_data: bytes | None = None) -> None:
        try:
            asked = msgspec.json.decode(text_data or "", type=_Asked)
        except (msgspec.MsgspecError, RecursionError):
            return await self.end(BAD)
        if self.workspace is None or not 0 <= asked.after < LARGEST_NUMBER:
            return await self.end(BAD)
        async with self.forwarding:
            self.seen = asked.after
            await self._read_on()

    async def run_events(self, message: dict[str, Any]) -> None:
        """The run said something; after a gap, or when it is much at once, the database tells it."""
        async with self.forwarding:
            events = [event for event in message["events"] or () if event["seq"] > self.seen]
            if events and events[0]["seq"] == self.seen + 1:
                await self._send(events)
            elif events or message.get("last", 0) > self.seen:
                await self._read_on()

    async def look_again(self) -> None:
        async with self.forwarding:
            await self._read_on()

    async def _read_on(self) -> None:
        while events := await in_thread(_events)(self.run, self.seen):
            await self._send(events)
            if len(events) < PAGE:
                return

    async def _send(self, events: list[dict[str, Any]]) -> None:
        self.seen = events[-1]["seq"]
        await self.send(text_data=msgspec.json.encode({"events": events}).decode())


def _events(run: str, after: int) -> list[dict[str, Any]]:
    return flow.events(Run(pk=run), after, limit=PAGE)
