"""Reports what a running step logs and how far it is, at a bounded rate."""

from __future__ import annotations

import logging
import threading
from collections.abc import Sequence

from django.db import InterfaceError, OperationalError, connection, connections

from pipelines import events as say
from pipelines.catalogue.connection import Secret, hide
from pipelines.catalogue.reporting import Figures, Level
from pipelines.execution.fan import Chunk
from pipelines.periodic import Periodic
from pipelines.runtime.ledger import ledger
from pipelines.runtime.ledger.claim import Fence

log = logging.getLogger(__name__)
FLUSH_SECONDS = 0.25
MOST_LINES, MOST_LINES_OF_ITEMS = 2000, 50  # the second for each chunk of about a second


class StepReporter:
    """Buffers the events of a running step. A thread writes them at most four times a second; the rest goes with the commit."""

    def __init__(self, run: str, fence: Fence) -> None:
        self._run, self._fence = run, fence
        self._noted, self._most = 0, MOST_LINES_OF_ITEMS if Chunk.of(fence.node) else MOST_LINES
        self._lines: list[say.Event] = []
        self._progress: say.Event | None = None
        self._lock = threading.Lock()
        self._writer: Periodic | None = None
        self._secrets: Sequence[Secret] = ()

    def hide(self, secrets: Sequence[Secret]) -> None:
        """Replace these secrets in whatever the step says."""
        self._secrets = secrets

    def progress(self, done: float, total: float, words: str) -> None:
        with self._lock:
            self._progress = say.progress(self._fence.node, done, total, hide(words, self._secrets))
        self._write_soon()

    def log(self, line: str, level: Level, figures: Figures | None = None) -> None:
        with self._lock:
            self._noted += 1
            if self._noted <= self._most:
                self._lines.append(say.log(self._fence.node, hide(line, self._secrets)[:2000], level, figures))
            elif self._noted == self._most + 1:
                self._lines.append(say.log(self._fence.node, f"More than {self._most:,} lines; the rest was left out.", "warning"))
        self._write_soon()

    def close(self) -> list[say.Event]:
        """Stop writing; returns the events not yet written."""
        if self._writer:
            self._writer.stop()
        return self._take()

    def _write_soon(self) -> None:
        if self._writer is None:
            self._writer = Periodic(FLUSH_SECONDS, self._write, at_end=connections.close_all).start()

    def _write(self) -> None:
        said = self._take()
        if not said:
            return
        try:
            with ledger.open_ledger(self._run) as unit:
                unit.record_events(self._fence, said)
        except (OperationalError, InterfaceError) as fault:  # perhaps written twice, rather than not at all
            log.warning("run %s: the database is away, and %s speaks later: %s", self._run, self._fence.node, fault)
            connection.close()
            with self._lock:
                self._lines = [event for event in said if event["type"] == "log"] + self._lines

    def _take(self) -> list[say.Event]:
        with self._lock:
            said = [*self._lines, *([self._progress] if self._progress else [])]
            self._lines, self._progress = [], None
        return said
