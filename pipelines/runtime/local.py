"""Execute a run in this process, without a server or a broker."""

from __future__ import annotations

import os
import signal
import time
from collections.abc import Callable
from typing import Any

from django.db import connections

from pipelines.models import Run
from pipelines.periodic import Periodic
from pipelines.runtime.queries.runs import events
from pipelines.runtime.worker.heartbeat import Heartbeat
from pipelines.runtime.worker.process import STOP, handle_stop
from pipelines.runtime.worker.tasks import work_on

POLL_SECONDS = 0.01
EVENTS_SECONDS = 0.05


def execute(run: Run, on_event: Callable[[dict[str, Any]], None]) -> Run:
    """Execute a run to its end. Call it in the main thread, which receives signals.

    Args:
        run: A run that no worker knows of.
        on_event: Receives every event once, in order, from another thread.

    Returns:
        The finished run.
    """
    signal.signal(STOP, handle_stop)
    heartbeat = Heartbeat(children=lambda: [os.getpid()])
    heartbeat.start()
    with Periodic(EVENTS_SECONDS, _Follower(run, on_event).follow, last=True, at_end=connections.close_all):
        while not _is_finished(run):
            work_on(run.id, enqueue=lambda *_: None, slice_seconds=float("inf"))
            time.sleep(POLL_SECONDS)
        heartbeat.stop()
    run.refresh_from_db()
    return run


class _Follower:
    """Passes a run's events on, each once."""

    def __init__(self, run: Run, on_event: Callable[[dict[str, Any]], None]) -> None:
        self._run, self._on_event, self._after = run, on_event, 0

    def follow(self) -> None:
        for event in events(self._run, self._after, limit=1_000_000):
            self._after = event["seq"]
            self._on_event(event)


def _is_finished(run: Run) -> bool:
    return Run.objects.filter(pk=run.id, finished_at__isnull=False).exists()
