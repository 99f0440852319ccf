"""Execute a run in this process, without a server or a broker."""

from __future__ import annotations

import os
import signal
import threading
import time
from collections.abc import Callable
from typing import Any

from pipelines.models import Run
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
    follower = threading.Thread(target=_follow, args=(run, on_event), daemon=True)
    follower.start()
    while not _is_finished(run):
        work_on(run.id, enqueue=lambda *_: None, slice_seconds=float("inf"))
        time.sleep(POLL_SECONDS)
    heartbeat.stop()
    follower.join()
    run.refresh_from_db()
    return run


def _follow(run: Run, on_event: Callable[[dict[str, Any]], None]) -> None:
    after, ended = 0, False
    while not ended:
        time.sleep(EVENTS_SECONDS)
        ended = _is_finished(run)
        for event in events(run, after, limit=1_000_000):
            after = event["seq"]
            on_event(event)


def _is_finished(run: Run) -> bool:
    return Run.objects.filter(pk=run.id, finished_at__isnull=False).exists()
