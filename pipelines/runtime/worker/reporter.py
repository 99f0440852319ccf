"""Reports what a running step logs and how far it is, at a bounded rate."""

from __future__ import annotations

import logging
import threading

from django.db import InterfaceError, OperationalError, connection

from pipelines import events as say
from pipelines.catalogue.reporting import Level
from pipelines.runtime.ledger import ledger
from pipelines.runtime.ledger.claim import Claim

log = logging.getLogger(__name__)
FLUSH_SECONDS = 0.25
MOST_LINES = 2000


class StepReporter:
    """Buffers the events of a running step. A thread writes them at most four times a second; the rest goes with the commit."""

    def __init__(self, run: str, claim: Claim) -> None:
        self._run, self._claim = run, claim
        self._noted = 0
        self._lines: list[say.Event] = []
        self._progress: say.Event | None = None
        self._lock = threading.Lock()
        self._closed = threading.Event()
        self._thread: threading.Thread | None = None

    def progress(self, done: float, total: float, words: str) -> None:
        with self._lock:
            self._progress = say.progress(self._claim.node, done, total, words)
        self._write_soon()

    def log(self, line: str, level: Level) -> None:
        with self._lock:
            self._noted += 1
            if self._noted <= MOST_LINES:
                self._lines.append(say.log(self._claim.node, line[:2000], level))
            elif self._noted == MOST_LINES + 1:
                self._lines.append(say.log(self._claim.node, f"More than {MOST_LINES:,} lines; the rest is left out.", "warning"))
        self._write_soon()

    def close(self) -> list[say.Event]:
        """Stop writing; returns the events not yet written."""
        self._closed.set()
        if self._thread:
            self._thread.join()
        return self._take()

    def _write_soon(self) -> None:
        if self._thread is None:
            self._thread = threading.Thread(target=self._write, daemon=True)
            self._thread.start()

    def _write(self) -> None:
        try:
            while not self._closed.wait(FLUSH_SECONDS):
                if said := self._take():
                    self._try_to_write(said)
        finally:
            connection.close()

    def _try_to_write(self, said: list[say.Event]) -> None:
        try:
            with ledger.open_ledger(self._run) as book:
                book.record_events(self._claim, said)
        except (OperationalError, InterfaceError) as fault:  # perhaps written twice, rather than not at all
            log.warning("run %s: the database is away, and %s speaks later: %s", self._run, self._claim.node, fault)
            connection.close()
            with self._lock:
                self._lines = [event for event in said if event["type"] == "log"] + self._lines

    def _take(self) -> list[say.Event]:
        with self._lock:
            said = [*self._lines, *([self._progress] if self._progress else [])]
            self._lines, self._progress = [], None
        return said
