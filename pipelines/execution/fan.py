"""Fan-out of a step: replays its module up to the first fan-out without results, executes chunks of its items, and keeps their blobs."""

from __future__ import annotations

import mmap
import re
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cache, partial
from hashlib import sha256
from itertools import accumulate
from typing import Any

import msgspec
from cachetools import LRUCache, cached

from pipelines.catalogue.fan_out import FanOut, accepted
from pipelines.catalogue.items import Failure, Item, ItemResult, Trial, compute
from pipelines.catalogue.reporting import Figures, Level, Listener, reporting_to
from pipelines.execution.fingerprint import key_of
from pipelines.execution.store import Store

FLUSH_SECONDS = 1.0  # a process that dies loses the item in hand and this much
CHUNK_SECONDS, MOST_CHUNK_SECONDS = 1.0, 5.0  # how long a chunk should take; more than the first only where it is costly to start
FLUSH_BYTES = 64 * 1024**2  # of blobs that are not stored yet: the memory of a chunk follows its largest item, not their number
LONGEST_CHUNK_SECONDS = 2.0  # then its remaining items are given back
CHUNK_MARK = "#"
CHUNK = re.compile(r"(\w+)#(\d+):(\d+)-(\d+)\Z")


@dataclass(frozen=True)
class Chunk:
    """The items `first` to `last` (not included) of a step's fan-out, by their position: what a worker claims. Its name is that of a step."""

    node: str
    fan: int
    first: int
    last: int

    @property
    def name(self) -> str:
        """Return the name under which the ledger has it; no node has such a name."""
        return f"{self.node}{CHUNK_MARK}{self.fan}:{self.first}-{self.last}"

    @classmethod
    def of(cls, name: str) -> Chunk | None:
        """Return the chunk of a name; None for a node's."""
        found = CHUNK.match(name)
        return cls(found[1], int(found[2]), int(found[3]), int(found[4])) if found else None


def node_of(name: str) -> str:
    """Return the node of a step or of a chunk."""
    return name.partition(CHUNK_MARK)[0]


class FannedOut(BaseException):
    """Raised through module code where it fans out: its results are not known yet. No module catches it by accident: it is no Exception."""

    def __init__(self, fan: FanOut) -> None:
        super().__init__()
        self.fan = fan


class Replay:
    """Answers the fan-outs of a module, in their order, with the results of earlier calls; raises `FannedOut` at the first that has none.

    It is also the listener of the module meanwhile: what the module said in earlier calls, before the last of these results, is not said again.

    Args:
        earlier: The results of each earlier fan-out.
        listener: Hears what is new.
        silent: Whether nothing is new, as in the processes that execute items.
        opened: When the first fan-out was opened, as time.monotonic.
    """

    def __init__(
        self, earlier: Sequence[Sequence[Trial]], listener: Listener, *, silent: bool = False, opened: float | None = None
    ) -> None:
        self.opened = opened
        self._earlier, self._listener, self._silent = list(earlier), listener, silent

    def progress(self, done: float, total: float, words: str) -> None:
        """Pass progress on, if it is new."""
        if not (self._silent or self._earlier):
            self._listener.progress(done, total, words)

    def log(self, line: str, level: Level, figures: Figures | None = None) -> None:
        """Pass a line on, if it is new."""
        if not (self._silent or self._earlier):
            self._listener.log(line, level, figures)

    def run(self, fan: FanOut) -> Sequence[Trial]:
        """Return the known results.

        Raises:
            FannedOut: When there are none.
            ModuleError: When more items failed than may.
        """
        if not self._earlier:
            raise FannedOut(fan)
        return accepted(self._earlier.pop(0), fan)


class BlobPlace(msgspec.Struct, frozen=True, gc=False):
    """Where a blob is stored: a file, and the bytes within it."""

    digest: str
    start: int
    length: int

    def read(self, store: Store) -> bytes:
        """Return the blob.

        Raises:
            Damaged: When the stored file is missing or changed.
        """
        return _mapped(store, self.digest)[self.start : self.start + self.length]


@cached(LRUCache(4), key=lambda store, digest: digest)
def _mapped(store: Store, digest: str) -> mmap.mmap:
    """Open the blobs of a chunk: thousands of items that follow each other are read from one file."""
    with store.path(digest).open("rb") as file:
        return mmap.mmap(file.fileno(), 0, prot=mmap.PROT_READ)


@dataclass(frozen=True)
class ItemEnd:
    """How an item ended, to be committed."""

    key: str
    figures: Any
    failure: Failure | None
    seconds: float
    blob: BlobPlace | None = None
    lasting: bool = True


@dataclass
class _Unsaved:
    """Ends of items whose blobs are not stored yet."""

    ends: list[ItemEnd] = field(default_factory=list)
    blobs: list[bytes] = field(default_factory=list)
    size: int = 0

    def add(self, end: ItemEnd, blob: bytes) -> None:
        self.ends.append(end)
        self.blobs.append(blob)
        self.size += len(blob)

    def save(self, store: Store) -> list[ItemEnd]:
        """Store the blobs in one file; returns the ends with their places."""
        if not any(self.blobs):
            return self.ends
        digest, _ = store.keep_bytes(b"".join(self.blobs))
        starts = accumulate(map(len, self.blobs), initial=0)
        places = [BlobPlace(digest, start, len(blob)) if blob else None for start, blob in zip(starts, self.blobs, strict=False)]
        return [replace(end, blob=place) for end, place in zip(self.ends, places, strict=True)]


@dataclass(frozen=True)
class _ItemListener:
    """Passes the log of an item on with its key. Its progress is not shown: the fan-out counts items."""

    listener: Listener
    key: str

    def progress(self, done: float, total: float, words: str) -> None: ...

    def log(self, line: str, level: Level, figures: Figures | None = None) -> None:
        self.listener.log(f"{self.key}: {line}", level)


def execute_items(
    fan: FanOut,
    keys: Sequence[str],
    store: Store,
    listener: Listener,
    flush: Callable[[Sequence[ItemEnd]], None],
    longest_seconds: float = LONGEST_CHUNK_SECONDS,
) -> list[ItemEnd]:
    """Execute items of a fan-out, at least one and no longer than a chunk may take.

    Args:
        fan: The fan-out.
        keys: The keys of the items.
        store: Keeps the blobs.
        listener: Receives the log lines.
        flush: Commits ends while the chunk goes on, about each second.
        longest_seconds: After so much time no other item is started.

    Returns:
        The ends that were not flushed.

    Raises:
        Stopped: When the step was cancelled, or `flush` found that another process has the chunk.
    """
    started = flushed = time.monotonic()
    unsaved = _Unsaved()
    for key in keys:
        with reporting_to(_ItemListener(listener, key)):
            done = compute(fan.items[key], fan.each)
        for line in done.trace.splitlines():
            listener.log(f"{key}: {line}", "error")
        unsaved.add(ItemEnd(key, done.value.figures, done.failure, done.seconds, lasting=done.value.lasting), done.value.blob)
        now = time.monotonic()
        if now - started > longest_seconds:
            break
        if now - flushed > FLUSH_SECONDS or unsaved.size > FLUSH_BYTES:
            flush(unsaved.save(store))
            unsaved, flushed = _Unsaved(), time.monotonic()
    return unsaved.save(store)


def item_keys(ingredients: Mapping[str, Any], index: int, items: Sequence[Item], code: Sequence[str] = ()) -> Iterator[str]:
    """Yield the cache key of each item: neither the chunk, nor the neighbours, nor the position of an item are part of it.

    Args:
        ingredients: Everything that the step's result depends on.
        index: The number of the fan-out within its step.
        items: The items.
        code: What identifies the user code that takes part. It could give items the content of others, whose results must not become its own.
    """
    trusted = {name: ingredients[name] for name in ("module", "libraries", "paths", "body") if name in ingredients}
    told = {**trusted, **({"by_code": list(code)} if code else {}), "fan": index}
    whole = key_of({**ingredients, "fan": index})

    @cache
    def beside(of_inputs: bool | tuple[str, ...]) -> str:
        """Return the key of what is not in the content of an item."""
        if not of_inputs:
            return key_of(told)
        inputs = ingredients["inputs"]
        chosen = {port: inputs[port] for port in of_inputs if port in inputs} if isinstance(of_inputs, tuple) else inputs
        return key_of({**told, "datasets": ingredients["datasets"], "inputs": chosen})

    for item in items:
        said = [whole, item.key] if item.content is None else [beside(item.of_inputs), _lasting(item.content)]
        yield sha256(msgspec.json.encode(said, order="deterministic")).hexdigest()


def _lasting(content: Any) -> Any:
    """Return the content without hints."""
    return {name: value for name, value in content.items() if not name.startswith("~")} if isinstance(content, dict) else content


def trial(
    key: str, figures: Any, failure: Failure | None, seconds: float, blob: BlobPlace | None, store: Store, asked: Any = None
) -> Trial:
    """Return a stored item with its result; its blob is read when it is asked for. `asked` is the content that a strategy asked for."""
    return Trial(Item(key, asked), ItemResult(key, figures, failure, seconds, *((partial(blob.read, store),) if blob else ())))
