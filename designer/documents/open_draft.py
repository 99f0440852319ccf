"""A draft in the memory of this process: its Yjs document at a revision, and its JSON while it is in use."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress

from cachetools import LRUCache
from pycrdt import Doc, TransactionEvent, merge_updates

from designer.documents import bounds
from designer.documents import yjs_read as drafts
from designer.documents.bounds import Scan
from designer.documents.lib0 import BadUpdate
from designer.documents.yjs_read import Reading, Shared

NOTHING = b"\x00\x00"
MOST_READ = 2 * 2**20  # bytes of edits of the drafts whose JSON is kept; as Python objects they take about ten times as much
_readings: LRUCache[str, tuple[int, Reading, int]] = LRUCache(MOST_READ, getsizeof=lambda kept: kept[2])
_readings_lock = threading.Lock()


class OpenDraft:
    """A draft in memory, at a revision."""

    def __init__(self, pipeline: str) -> None:
        self.pipeline = pipeline
        self.lock = threading.RLock()
        self.start_over()

    def start_over(self) -> None:
        """Drop the in-memory state; it is read from the database again."""
        self.doc: Shared = Doc(allow_multithreading=True)
        self.revision = 0
        self.bytes = 0
        with _readings_lock:
            _readings.pop(self.pipeline, None)

    @contextmanager
    def listening(self) -> Iterator[list[bytes]]:
        """Collects changes inside the block. A document that is still observed refers to itself, and its memory is never freed."""
        heard: list[bytes] = []

        def hear(event: TransactionEvent) -> None:
            if event.update != NOTHING:
                heard.append(event.update)

        subscription = self.doc.observe(hear)
        try:
            yield heard
        finally:
            self.doc.unobserve(subscription)

    def apply(self, update: bytes, found: Scan) -> list[bytes]:
        """Apply a scanned edit; returns its changes.

        Raises:
            BadUpdate: When it is invalid or nested too deep. The draft must not be used any more.
        """
        with self.listening() as heard:
            bounds.apply_scanned(self.doc, update)
        self.bytes += len(update)
        if found.types and not found.covered_by(self.doc.get_state()):
            raise BadUpdate("it adds to an edit that the server does not have")
        if not found.rooted:  # it adds shared types to existing ones
            bounds.check(self.doc)
        return heard

    def reading(self) -> Reading:
        """The draft as JSON, read once per revision: a thousand nodes take 0.1 s, and a check is mostly followed by a run."""
        with _readings_lock:
            revision, found, _ = _readings.get(self.pipeline, (0, None, 0))
        if found is None or revision != self.revision:
            found = drafts.to_json(self.doc)
            with _readings_lock, suppress(ValueError):  # larger than the cache
                _readings[self.pipeline] = self.revision, found, self.bytes
        return found

    def knows(self, update: bytes) -> bool:
        """Whether an edit without effect is already included; else it waits for one that it depends on, and must be stored."""
        everything = self.doc.get_update()
        return bool(merge_updates(everything, update) == merge_updates(everything, everything))
