"""Broadcast a run's committed events to open canvases. Best effort: a client that misses them queries the database."""

from __future__ import annotations

import asyncio
import logging
import os
import threading
from collections import defaultdict
from contextlib import suppress
from operator import itemgetter
from typing import Any

import msgspec
from channels.layers import get_channel_layer

log = logging.getLogger(__name__)
GATHER_SECONDS = 0.002  # after a silence, and at the end of a run
BETWEEN_SECONDS = 0.05  # in a stream of events, whose sending takes time from the steps
MOST_EVENTS_IN_A_MESSAGE = 200


def run_group(run: str) -> str:
    """Return the channel group of a run's watchers."""
    return f"run.{run}"


def message(events: list[dict[str, Any]]) -> dict[str, Any]:
    """Return events as one channel message, encoded once for all watchers.

    The text is left out when there are too many events or gaps, which another process is about to send; clients then query the database.
    """
    events = sorted(events, key=itemgetter("seq"))
    first, last = events[0]["seq"], events[-1]["seq"]
    whole = last - first + 1 == len(events) <= MOST_EVENTS_IN_A_MESSAGE
    return {"type": "run.events", "after": first - 1, "last": last, "text": _text(events) if whole else None}


def _text(events: list[dict[str, Any]]) -> str | None:
    """Encode a message for clients; None for lone surrogates, which only the database's copy replaces."""
    try:
        return msgspec.json.encode({"events": events}).decode()
    except UnicodeEncodeError:
        return None


class Publisher:
    """A thread with its own event loop: no step waits for the network, and events close together share one message."""

    def __init__(self) -> None:
        self.pid = os.getpid()
        self._lock = threading.Lock()
        self._waiting: dict[str, list[dict[str, Any]]] = defaultdict(list)
        self._loop = asyncio.new_event_loop()
        self._asked = False
        self._hurry = asyncio.Event()
        self._reached = True
        self._sent_at = -BETWEEN_SECONDS
        threading.Thread(target=self._loop.run_forever, name="teller", daemon=True).start()

    def add(self, run: str, events: list[dict[str, Any]]) -> None:
        with self._lock:
            self._waiting[run] += events
            ask, self._asked = not self._asked, True
        if ask:
            asyncio.run_coroutine_threadsafe(self._send(), self._loop)
        if any(event.get("type") == "run" and event["run"].get("finished_at") for event in events):
            self._loop.call_soon_threadsafe(self._hurry.set)

    async def _send(self) -> None:
        await asyncio.sleep(GATHER_SECONDS)
        with suppress(TimeoutError):
            await asyncio.wait_for(self._hurry.wait(), max(0.0, self._sent_at + BETWEEN_SECONDS - self._loop.time()))
        self._hurry.clear()
        self._sent_at = self._loop.time()
        with self._lock:
            waiting, self._waiting, self._asked = self._waiting, defaultdict(list), False
        layer = get_channel_layer()
        for run, events in waiting.items():
            try:
                assert layer is not None, "settings always name a layer"
                await layer.group_send(run_group(run), message(events))
                self._reached = True
            except Exception as fault:  # watchers notice the gap, or query after they reconnect
                if self._reached:
                    log.warning("could not tell the watchers of runs; they will ask: %s", fault)
                self._reached = False

    def flush(self) -> None:
        """Wait until all published events are sent; for a process about to exit."""
        asyncio.run_coroutine_threadsafe(asyncio.sleep(GATHER_SECONDS * 2 + BETWEEN_SECONDS), self._loop).result(2)


_publisher: Publisher | None = None


def publish(run: str, events: list[dict[str, Any]]) -> None:
    """Publish numbered events to a run's watchers. Never raises, never blocks."""
    global _publisher
    if _publisher is None or _publisher.pid != os.getpid():  # a forked child has no threads of its parent
        _publisher = Publisher()
    _publisher.add(run, events)
