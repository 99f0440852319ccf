"""Messages to workers: each names a run with ready steps, or a row with long work, such as an environment to build.

Delivery is best effort. The heartbeat re-enqueues runs with unclaimed ready steps; a request for a build repeats its message; beat looks for other rows.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Callable

from celery import current_app

from pipelines.circuit_breaker import CircuitBreaker
from pipelines.execution.schedule import TERMINAL
from pipelines.runtime.ledger import quota
from pipelines.runtime.ledger.ledger import Ledger

log = logging.getLogger(__name__)
EXECUTE_TASK, BUILD_TASK = "pipelines.work", "pipelines.build"
MOST_MESSAGES = 16
HANG_SECONDS = 1.0
breaker = CircuitBreaker()


def enqueue(run: str, times: int = 1, delay: float = 0.0) -> bool:
    """Enqueue messages that wake workers for a run; returns whether the broker accepted them.

    Args:
        run: The run.
        times: How many workers the run can use.
        delay: The delay in seconds.
    """
    return all(send(EXECUTE_TASK, run, delay) for _ in range(min(times, MOST_MESSAGES)))


def enqueue_next(unit: Ledger, enqueue: Callable[[str], object] = enqueue) -> None:
    """When a run is over, enqueue the run that waited longest for a quota."""
    if unit.run.state in TERMINAL and (waiting := quota.next_waiting(unit.spec.scope)):
        enqueue(waiting)


def enqueue_build(digest: str) -> None:
    """Enqueue a build."""
    send(BUILD_TASK, digest)


def send(task: str, subject: str | int, delay: float = 0.0) -> bool:
    """Send a message; returns whether the broker accepted it. After a hang, calls are skipped for a while: the caller may send many."""
    if breaker.is_open:
        return False
    started = time.monotonic()
    try:
        current_app.send_task(task, (subject,), retry=False, countdown=delay or None, ignore_result=True)
    except Exception as fault:
        log.warning("the broker did not take the message %s(%s): %s", task, subject, fault)
        if time.monotonic() - started > HANG_SECONDS:
            breaker.open()
        return False
    return True
