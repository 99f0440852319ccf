"""Fan-out: a module maps a function over items that are known only while it runs. The engine executes the items side by side and keeps each result."""

from __future__ import annotations

import time
import traceback
from collections.abc import Callable, Container, Iterator, Mapping, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from typing import Any, Protocol

import msgspec

from pipelines.catalogue.errors import UNFORESEEN, ModuleError

LONGEST_KEY = 200  # characters


@dataclass(frozen=True)
class Item:
    """One unit of a fan-out.

    Args:
        key: Its name, from the data and never a position: the values of a partition, the number of a fold. Unique within the fan-out.
        content: JSON of all that its value depends on beside the module and, with `of_inputs`, its inputs: an item with the same content is not
            executed again. None for all settings, and the key.
        of_inputs: Whether its value depends on the inputs as a whole, rather than on what `content` says of them.
        payload: Anything else that the mapped function needs. It is not stored: every process derives it again.
    """

    key: str
    content: Any = None
    of_inputs: bool = True
    payload: Any = None


@dataclass(frozen=True)
class Value:
    """The value of an item: JSON, and bytes for what is large."""

    figures: Any = None
    blob: bytes = b""


@dataclass(frozen=True)
class Failure:
    """Why an item has no value; the words are for people, and the place is as far as it is known."""

    code: str
    words: str
    remedy: str = ""
    port: str | None = None
    param: str | None = None
    column: str | None = None


def _no_blob() -> bytes:
    return b""


@dataclass(frozen=True)
class ItemResult:
    """An item's result: its figures and its blob, which is read when asked for, or its failure."""

    key: str
    figures: Any = None
    failure: Failure | None = None
    seconds: float = 0.0
    blob: Callable[[], bytes] = _no_blob


Each = Callable[[Item], Value]


@dataclass(frozen=True)
class FanOut:
    """What a module asks for: items, the function that computes one, and how many may fail before the step fails; None for all of them."""

    items: Mapping[str, Item]
    each: Each = field(repr=False)
    noun: str = "items"
    may_fail: int | None = 0


class Runner(Protocol):
    """Executes the items of a fan-out."""

    def run(self, fan: FanOut) -> Sequence[ItemResult]: ...


_runner: ContextVar[Runner | None] = ContextVar("fan-out runner", default=None)


@contextmanager
def run_by(runner: Runner | None) -> Iterator[None]:
    """Execute the fan-outs of the module code inside by a runner; without one here, one item after the other."""
    token = _runner.set(runner)
    try:
        yield
    finally:
        _runner.reset(token)


def fan_out(items: Sequence[Item], each: Each, *, noun: str = "items", may_fail: int | None = 0) -> Sequence[ItemResult]:
    """Compute the value of every item, side by side where workers are free.

    A module calls it as it would call `map`. The engine may call the module several times for one step: until here to list the items, in each
    process that executes some of them, and through to the end once all results are known. So what comes before must be cheap and repeatable. A module
    may call it several times, one after the other: such as a search whose next trials depend on the results of the ones before.

    Without an engine, as in a sandbox, the items are computed here, one after the other.

    Args:
        items: The items; their keys are unique.
        each: Computes the value of an item. It may raise ModuleError.
        noun: What the items are called, for people: “folds”.
        may_fail: How many items may fail before the step fails; None if all of them may.

    Returns:
        The results in the order of the items.

    Raises:
        ModuleError: `unusable_item_key`, when two items have the same key or one is too long; `too_many_failed_items`.
    """
    keys: dict[str, Item] = {}
    for item in items:
        if why := _unusable(item.key, keys):
            raise ModuleError("unusable_item_key", f"The key {item.key[:60]!r} of the {noun} {why}.", remedy="Give each a name of its own.")
        keys[item.key] = item
    return (_runner.get() or _HERE).run(FanOut(keys, each, noun, may_fail))


def _unusable(key: str, taken: Container[str]) -> str:
    """Return why a key names no item; empty if it does."""
    if key in taken:
        return "is used twice"
    if "\0" in key:  # no database stores it
        return "has a null character"
    return "" if 0 < len(key) <= LONGEST_KEY else f"is empty or longer than {LONGEST_KEY} characters"


@dataclass(frozen=True)
class Computed:
    """What came of an item: its value or its failure, the seconds it took, and the traceback of an unforeseen exception."""

    value: Value = field(default_factory=Value)
    failure: Failure | None = None
    seconds: float = 0.0
    trace: str = ""


def compute(item: Item, each: Each) -> Computed:
    """Compute an item; whatever it raises is its failure."""
    started = time.perf_counter()
    try:
        value = each(item)
        msgspec.json.encode(value.figures)  # what cannot be stored is a failure of the item
        return Computed(value, seconds=time.perf_counter() - started)
    except ModuleError as wrong:
        failure, trace = Failure(wrong.code, wrong.words, wrong.remedy or "", wrong.port, wrong.param, wrong.column), ""
    except MemoryError:
        failure, trace = Failure("out_of_memory", "It ran out of memory.", "Use fewer rows or columns, or a machine with more memory."), ""
    except UNFORESEEN as stray:
        words = f"It stopped with an unexpected error: {type(stray).__name__}: {str(stray)[:300]}"
        failure, trace = Failure("unexpected_error", words, "See the log of the step."), traceback.format_exc()
    return Computed(failure=failure, seconds=time.perf_counter() - started, trace=trace)


def accepted(results: Sequence[ItemResult], fan: FanOut) -> Sequence[ItemResult]:
    """Return the results.

    Raises:
        ModuleError: `too_many_failed_items`, when more items failed than may.
    """
    failed = [(result.key, result.failure) for result in results if result.failure]
    if fan.may_fail is None or len(failed) <= fan.may_fail:
        return results
    key, failure = failed[0]
    words = f"{len(failed):,} of {len(fan.items):,} {fan.noun} failed. The first, {key}: {failure.words}"
    remedy = failure.remedy or "See the list of items for the reason of each."
    raise ModuleError("too_many_failed_items", words, port=failure.port, param=failure.param, column=failure.column, remedy=remedy)


class _Here:
    """Executes the items in this process, one after the other, without keeping their results."""

    def run(self, fan: FanOut) -> Sequence[ItemResult]:
        return accepted([self._result(item, compute(item, fan.each)) for item in fan.items.values()], fan)

    @staticmethod
    def _result(item: Item, computed: Computed) -> ItemResult:
        value = computed.value
        return ItemResult(item.key, value.figures, computed.failure, computed.seconds, lambda: value.blob)


_HERE = _Here()
