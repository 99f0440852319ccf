"""A batch: items of a fan-out that another machine executes, the message that says so, and its end. Both sides are trusted, as workers are."""

from __future__ import annotations

import resource
import tempfile
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from typing import Any

import msgspec
from blake3 import blake3
from cachetools import LRUCache

from pipelines.catalogue.allowance import memory_allowed
from pipelines.catalogue.discover import catalogue
from pipelines.catalogue.fan_out import FanOut
from pipelines.catalogue.reporting import Figures, Level
from pipelines.compilation import Step
from pipelines.execution.codecs import load
from pipelines.execution.fan import ItemEnd
from pipelines.execution.output import Output
from pipelines.execution.store import LocalStore
from pipelines.execution.targets.fan_order import FanOrder, execute_order, replayed
from pipelines.graph.problem import Problem
from pipelines.procfs import data_bytes

Fetch = Callable[[str], bytes]
MOST_NOTES = 2000
SLACK_BYTES = 1024**3  # address space that libraries reserve and do not use


class Batch(msgspec.Struct):
    """The items of a fan-out that are to be executed.

    `key` identifies the step's result, so that a process that executes several batches of a step calls its module once.
    """

    key: str
    node: str
    step: dict[str, Any]
    inputs: dict[str, list[Output]]
    datasets: dict[str, Output]
    fans: FanOrder
    memory_bytes: int


class BatchEnd(msgspec.Struct):
    """How the items ended, their blobs by digest, and the lines of the log; or the problem of the module before it fanned out."""

    ends: list[ItemEnd] = []
    blobs: dict[str, bytes] = {}
    notes: list[tuple[str, Level]] = []
    problem: Problem | None = None
    trace: str = ""


class _Notes:
    """Keeps the lines of the log, up to the maximum."""

    def __init__(self) -> None:
        self.lines: list[tuple[str, Level]] = []

    def progress(self, done: float, total: float, words: str) -> None: ...

    def log(self, line: str, level: Level, figures: Figures | None = None) -> None:
        if len(self.lines) <= MOST_NOTES:  # one line too many makes the log report that lines are left out
            self.lines.append((line[:2000], level))


class _FetchingStore(LocalStore):
    """A folder of this machine that fetches what it does not have, and keeps the blobs of items apart."""

    def __init__(self, root: Path) -> None:
        super().__init__(root)
        self.fetch: Fetch = lambda digest: b""
        self.blobs: dict[str, bytes] = {}

    def path(self, digest: str) -> Path:
        if not self.has(digest):
            super().keep_bytes(self.fetch(digest))
        return super().path(digest)

    def keep_bytes(self, data: bytes) -> tuple[str, int]:
        digest = blake3(data).hexdigest()
        self.blobs[digest] = data
        return digest, len(data)


@cache
def _store() -> _FetchingStore:
    return _FetchingStore(Path(_folder().name))


@cache
def _folder() -> tempfile.TemporaryDirectory[str]:
    """Return the folder of this process, which is deleted when it exits."""
    return tempfile.TemporaryDirectory(prefix="easel-batch-")


_open: LRUCache[tuple[str, int], FanOut] = LRUCache(2)
_one_at_a_time = threading.Lock()


def execute_batch(order: bytes, fetch: Fetch) -> bytes:
    """Execute a batch in this process.

    Args:
        order: The encoded batch.
        fetch: Returns the bytes of a stored file by its digest.

    Returns:
        The encoded end.
    """
    batch, notes = msgspec.msgpack.decode(order, type=Batch), _Notes()
    with _one_at_a_time, _memory_limited(batch.memory_bytes), memory_allowed(batch.memory_bytes):
        store = _store()
        store.fetch, store.blobs = fetch, {}
        end = _execute(batch, store, notes)
    end.notes = notes.lines
    return msgspec.msgpack.encode(end)


def _execute(batch: Batch, store: _FetchingStore, notes: _Notes) -> BatchEnd:
    order = batch.fans
    place = (batch.key, len(order.earlier))
    fan = _open.get(place)
    if fan is None:
        step = Step.from_json(batch.node, batch.step)
        module = catalogue().modules.get(step.module)
        if module is None:
            words = f"The cluster does not have the module {step.module}."
            return BatchEnd(problem=Problem("unknown_module", words, batch.node, remedy="Install the same version of Easel there."))
        inputs = {port: [load(output, store) for output in outputs] for port, outputs in batch.inputs.items()}
        given = {name: load(output, store) for name, output in batch.datasets.items()}
        outcome = replayed(order, step, module, inputs, given, store, notes)
        if outcome.fan is None:
            return BatchEnd(problem=outcome.problem, trace=outcome.trace)
        fan = _open[place] = outcome.fan
    ends: list[ItemEnd] = []
    ends += execute_order(order, fan, store, notes, ends.extend)
    return BatchEnd(ends, store.blobs)


@contextmanager
def _memory_limited(size: int) -> Iterator[None]:
    """Limit the memory that this process adds: beyond it Python raises MemoryError, which is the failure of the item."""
    soft, hard = resource.getrlimit(resource.RLIMIT_DATA)
    most = data_bytes() + size + SLACK_BYTES
    resource.setrlimit(resource.RLIMIT_DATA, (most if hard == resource.RLIM_INFINITY else min(most, hard), hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_DATA, (soft, hard))


def digests_of(batch: Batch) -> Sequence[str]:
    """Return the stored files that a batch may read."""
    outputs = [*(output for many in batch.inputs.values() for output in many), *batch.datasets.values()]
    return list(dict.fromkeys([*(output.digest for output in outputs), *batch.fans.digests()]))


def encode(batch: Batch) -> bytes:
    """Return a batch as a message."""
    return msgspec.msgpack.encode(batch)


def decode_end(said: bytes) -> BatchEnd:
    """Read the end of a batch."""
    return msgspec.msgpack.decode(said, type=BatchEnd)
