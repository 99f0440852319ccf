"""The embedded beat, which sends periodic tasks: started again when its process ends, since Celery does that for the pool alone."""

from __future__ import annotations

import dbm.dumb
import logging
import shelve
import threading
from typing import Any

from celery import bootsteps
from celery.beat import EmbeddedService, PersistentScheduler

log = logging.getLogger(__name__)
LOOK_SECONDS = 2.0


class Beat(PersistentScheduler):  # type: ignore[misc]  # celery has no types
    """Keeps when each task was sent in plain files, which one process uses. Python's own choice is SQLite from 3.13 on, whose locks fail on a busy machine."""

    def _open_schedule(self) -> shelve.Shelf[Any]:
        file: Any = dbm.dumb.open(self.schedule_filename, "c")  # noqa: SIM115  beat closes it; its keys may be texts too, which a shelf does not use
        shelf: shelve.Shelf[Any] = shelve.Shelf(file, writeback=True)
        dict(shelf)  # what cannot be read is an error here, where Celery begins a new file; later beat would end of it each time it starts
        return shelf


class BeatStep(bootsteps.StartStopStep):  # type: ignore[misc]  # celery has no types
    """Looks after the beat of a worker that has one."""

    requires = {"celery.worker.components:Beat"}

    def start(self, parent: Any) -> None:
        self._stopped = threading.Event()
        # The kernel ends a child when the thread that forked it ends: this one stays as long as the worker.
        self._thread = threading.Thread(target=self._look, args=(parent,), name="beat", daemon=True)
        if parent.beat is not None:
            self._thread.start()

    def stop(self, parent: Any) -> None:
        self._stopped.set()
        if self._thread.is_alive():
            self._thread.join(5)
            parent.beat.stop()

    def _look(self, parent: Any) -> None:
        while not self._stopped.wait(LOOK_SECONDS):
            if not parent.beat.is_alive():
                log.warning("the process that sends periodic tasks ended with code %s; another one is started", parent.beat.exitcode)
                parent.beat = EmbeddedService(parent.app, schedule_filename=parent.schedule_filename, scheduler_cls=parent.scheduler)
                parent.beat.start()
