"""Worker registry: each worker renews its row in the database every few seconds, with its counters."""

from __future__ import annotations

import time
from datetime import timedelta

from django.db.models.functions import Now

from pipelines.execution.memory import step_bytes
from pipelines.execution.targets.selection import can_run_user_code
from pipelines.models import Worker
from pipelines.runtime.telemetry import counters
from pipelines.runtime.worker.process import worker

ALIVE_WITHIN = timedelta(seconds=20)
KEPT = timedelta(days=1)
TRY_SANDBOX_EVERY = 60.0


class WorkerRegistration:
    """The registration of a worker's main process.

    Args:
        name: The Celery node name, such as one@machine.
        processes: The number of steps it executes at once.
    """

    def __init__(self, name: str, processes: int) -> None:
        self._name, self._processes = name, processes
        self._sandbox, self._tried_at = False, float("-inf")

    def renew(self) -> None:
        """Renew the registration."""
        found = {**counters.total(), "sandbox": int(self._can_sandbox())}
        facts = {"name": self._name, "processes": self._processes, "seen_at": Now(), "counts": found, "step_bytes": step_bytes()}
        Worker.objects.update_or_create(id=worker(), defaults=facts)
        Worker.objects.filter(seen_at__lt=Now() - KEPT).delete()

    def _can_sandbox(self) -> bool:
        """Return whether user code can run here; while it cannot, the check is repeated once a minute."""
        if not self._sandbox and time.monotonic() - self._tried_at > TRY_SANDBOX_EVERY:
            self._sandbox, self._tried_at = can_run_user_code(), time.monotonic()
        return self._sandbox

    def leave(self) -> None:
        """Remove the registration, so that the worker no longer counts."""
        Worker.objects.filter(id=worker()).delete()


def workers() -> list[Worker]:
    """Return the workers that renewed recently."""
    return list(Worker.objects.filter(seen_at__gt=Now() - ALIVE_WITHIN).order_by("name", "id"))


def default_step_bytes() -> int | None:
    """Return a step's default memory limit in bytes on the smallest machine with a worker; None without a worker."""
    return min((worker.step_bytes for worker in workers() if worker.step_bytes), default=None)
