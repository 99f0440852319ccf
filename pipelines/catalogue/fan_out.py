"""Fan-out: a module maps a function over items that are known only while it runs. The engine executes the items side by side and keeps each result."""

from __future__ import annotations

import time
from collections.abc import Callable, Container, Iterator, Mapping, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from typing import Protocol

from pipelines.catalogue.errors import ModuleError
from pipelines.catalogue.items import Each, Item, ItemResult, Trial, compute

LONGEST_KEY = 200  # characters
MOST_ITEMS = 100_000  # of a fan-out: each is a row, and is kept as long as its run
# (all trials so far, in the order in which they were asked for; seconds until the deadline, if there is one) -> the next one. None: there is none
# before one that is executed ends; if none is executed, the search is over.
Ask = Callable[[Sequence[Trial], float | None], Item | None]


@dataclass(frozen=True)
class Strategy:
    """How a search chooses its items.

    Args:
        ask: Chooses the next item. It is a pure function of its arguments: any process may call it, also again after a crash. Its items consist of
            key and content; a payload is not kept.
        at_once: How many items are executed at the same time at most; None for as many as there are workers.
        seconds: The budget in seconds, from the first item on. After it no item is asked for; those in progress read `seconds_left`.
        most: How many items it asks for at most, for the display of progress; None if that is not known.
    """

    ask: Ask = field(repr=False)
    at_once: int | None = None
    seconds: float | None = None
    most: int | None = None


@dataclass(frozen=True)
class FanOut:
    """What a module asks for: items, the function that computes one, and how many may fail before the step fails; None for all of them.

    Items are listed, or chosen one after the other by a strategy.
    """

    items: Mapping[str, Item]
    each: Each = field(repr=False)
    noun: str = "items"
    may_fail: int | None = 0
    strategy: Strategy | None = None


class Runner(Protocol):
    """Executes the items of a fan-out; with a strategy, those that it asks for."""

    @property
    def opened(self) -> float | None: ...

    def run(self, fan: FanOut) -> Sequence[Trial]: ...


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

    Without an engine, as in a test, the items are computed here, one after the other.

    Args:
        items: The items; their keys are unique.
        each: Computes the value of an item. It may raise ModuleError.
        noun: What the items are called, for people: “folds”.
        may_fail: How many items may fail before the step fails; None if all of them may.

    Returns:
        The results in the order of the items.

    Raises:
        ModuleError: `unusable_item_key`, when two items have the same key or one is too long; `too_many_items`; `too_many_failed_items`.
    """
    return [trial.result for trial in _run(FanOut(by_key(items, noun), each, noun, may_fail)) if trial.result]


def search(strategy: Strategy, each: Each, *, noun: str = "trials", may_fail: int | None = None) -> Sequence[Trial]:
    """Compute the values of items that a strategy chooses one after the other, side by side where workers are free.

    A module calls it as it calls `fan_out`, and may call both several times.

    Args:
        strategy: Chooses the items.
        each: Computes the value of an item from its key and its content. It may raise ModuleError.
        noun: What the items are called, for people.
        may_fail: How many items may fail before the step fails; None if all of them may.

    Returns:
        The items in the order in which they were asked for, each with its result.

    Raises:
        ModuleError: `unusable_item_key`; `too_many_failed_items`.
    """
    return _run(FanOut({}, each, noun, may_fail, strategy))


def opened() -> float | None:
    """Return when the first fan-out of this step was opened, as time.monotonic; None if it was not, or if its items are executed inside this call."""
    return (_runner.get() or _HERE).opened


def _run(fan: FanOut) -> Sequence[Trial]:
    return (_runner.get() or _HERE).run(fan)


_deadline: ContextVar[float | None] = ContextVar("deadline", default=None)


def seconds_left() -> float | None:
    """Return the seconds that the item in progress may take until the deadline of its search; None without one. It may be negative."""
    deadline = _deadline.get()
    return None if deadline is None else deadline - time.monotonic()


@contextmanager
def until(seconds: float | None) -> Iterator[None]:
    """Execute items with a deadline in so many seconds."""
    token = _deadline.set(None if seconds is None else time.monotonic() + seconds)
    try:
        yield
    finally:
        _deadline.reset(token)


def next_item(fan: FanOut, trials: Sequence[Trial], left: float | None) -> Item | None:
    """Return the item that the strategy of a search asks for next; None if there is none for now, or the time is over.

    Raises:
        ModuleError: `unusable_item_key`; `too_many_items`.
    """
    if fan.strategy is None or (left is not None and left <= 0):
        return None
    item = fan.strategy.ask(trials, left)
    require_few(len(trials), fan.noun)
    if item is not None:
        _require_usable(item.key, {trial.item.key for trial in trials}, fan.noun)
    return item


def by_key(items: Sequence[Item], noun: str) -> dict[str, Item]:
    """Return items by key.

    Raises:
        ModuleError: `unusable_item_key`; `too_many_items`.
    """
    require_few(len(items), noun)
    keys: dict[str, Item] = {}
    for item in items:
        _require_usable(item.key, keys, noun)
        keys[item.key] = item
    return keys


def require_few(number: int, noun: str) -> None:
    """Check that a fan-out may have so many items.

    Raises:
        ModuleError: `too_many_items`.
    """
    if number > MOST_ITEMS:
        words = f"There are {number:,} {noun}, and a step may have {MOST_ITEMS:,}."
        raise ModuleError("too_many_items", words, remedy="Use fewer, such as by larger groups, or split the table and use several steps.")


def _require_usable(key: str, taken: Container[str], noun: str) -> None:
    if why := _unusable(key, taken):
        raise ModuleError("unusable_item_key", f"The key {key[:60]!r} of the {noun} {why}.", remedy="Give each a name of its own.")


def _unusable(key: str, taken: Container[str]) -> str:
    """Return why a key names no item; empty if it does."""
    if key in taken:
        return "is used twice"
    if "\0" in key:  # no database stores it
        return "has a null character"
    return "" if 0 < len(key) <= LONGEST_KEY else f"is empty or longer than {LONGEST_KEY} characters"


def accepted(trials: Sequence[Trial], fan: FanOut) -> Sequence[Trial]:
    """Return the items with their results.

    Raises:
        ModuleError: `too_many_failed_items`, when more items failed than may.
    """
    failed = [(trial.item.key, trial.result.failure) for trial in trials if trial.result and trial.result.failure]
    if fan.may_fail is None or len(failed) <= fan.may_fail:
        return trials
    key, failure = failed[0]
    at_most = f", and at most {fan.may_fail:,} may" if fan.may_fail else ""
    words = f"{len(failed):,} of {len(trials):,} {fan.noun} failed{at_most}. The first, {key}: {failure.words}"
    remedy = failure.remedy or "See the list of items for the reason of each."
    raise ModuleError("too_many_failed_items", words, port=failure.port, param=failure.param, column=failure.column, remedy=remedy)


class _Here:
    """Executes the items in this process, one after the other, without keeping their results."""

    opened = None

    def run(self, fan: FanOut) -> Sequence[Trial]:
        return accepted(self._searched(fan) if fan.strategy else [self._ended(item, fan.each) for item in fan.items.values()], fan)

    def _searched(self, fan: FanOut) -> list[Trial]:
        trials: list[Trial] = []
        with until(fan.strategy.seconds if fan.strategy else None):
            while item := next_item(fan, trials, seconds_left()):
                trials.append(self._ended(item, fan.each))
        return trials

    @staticmethod
    def _ended(item: Item, each: Each) -> Trial:
        computed = compute(item, each)
        value = computed.value
        return Trial(item, ItemResult(item.key, value.figures, computed.failure, computed.seconds, lambda: value.blob))


_HERE = _Here()
