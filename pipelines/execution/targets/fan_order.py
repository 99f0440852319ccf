"""What another process or machine is to do of a step's fan-outs: list the items, execute some, ask the strategy of a search, or go on to the end."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import Any

import msgspec

from pipelines.catalogue.fan_out import FanOut, next_item, until
from pipelines.catalogue.items import Failure, Item, Trial
from pipelines.catalogue.module import Module
from pipelines.catalogue.reporting import Listener
from pipelines.compilation import Step
from pipelines.execution.codecs import Value
from pipelines.execution.fan import LONGEST_CHUNK_SECONDS, BlobPlace, ItemEnd, Replay, execute_items, trial
from pipelines.execution.step import Outcome, execute_step
from pipelines.execution.store import Store


class Known(msgspec.Struct):
    """An item of a fan-out of the step, with what came of it; one that is executed is not over."""

    key: str
    figures: Any = None
    failure: Failure | None = None
    seconds: float = 0.0
    blob: BlobPlace | None = None
    asked: Any = None
    is_over: bool = True

    def trial(self, store: Store) -> Trial:
        """Return it as modules and strategies see it."""
        if not self.is_over:
            return Trial(Item(self.key, self.asked))
        return trial(self.key, self.figures, self.failure, self.seconds, self.blob, store, self.asked)


class FanOrder(msgspec.Struct):
    """What is to be done, after the results of earlier fan-outs of the step.

    `items` are those to execute, by key, with what a strategy asked for; `trials` are those of a search whose strategy is to be asked for at most `want` more.
    With neither, the module goes on to its next fan-out, or to its end.
    """

    earlier: list[list[Known]] = []
    items: dict[str, Any] | None = None
    is_search: bool = False
    trials: list[Known] | None = None
    want: int = 0
    seconds_left: float | None = None
    longest_seconds: float = LONGEST_CHUNK_SECONDS

    @property
    def goes_on(self) -> bool:
        """Return whether the module goes on, so that what it says is new."""
        return self.items is None and self.trials is None

    def digests(self) -> Sequence[str]:
        """Return the files of the earlier blobs."""
        return list(dict.fromkeys(one.blob.digest for of in self.earlier for one in of if one.blob))


def replayed(
    order: FanOrder,
    step: Step,
    module: Module,
    inputs: Mapping[str, Sequence[Value]],
    given: Mapping[str, Any],
    store: Store,
    listener: Listener,
) -> Outcome:
    """Call the module up to the fan-out that an order is about, or to its end."""
    replay = Replay([[one.trial(store) for one in of] for of in order.earlier], listener, silent=not order.goes_on)
    return execute_step(step, module, inputs, given, store, replay, runner=replay)


def execute_order(
    order: FanOrder, fan: FanOut, store: Store, listener: Listener, flush: Callable[[Sequence[ItemEnd]], None]
) -> Sequence[ItemEnd]:
    """Execute the items of an order; returns the ends that were not flushed (see `execute_items`)."""
    items = order.items or {}
    if order.is_search:
        fan = replace(fan, items={key: Item(key, asked) for key, asked in items.items()})
    with until(order.seconds_left):
        return execute_items(fan, list(items), store, listener, flush, order.longest_seconds)


def ask(order: FanOrder, fan: FanOut, store: Store) -> list[Item]:
    """Ask the strategy of a search for the next items, as if those it names first were executed meanwhile."""
    trials, found = [one.trial(store) for one in order.trials or ()], list[Item]()
    while len(found) < order.want and (item := next_item(fan, trials, order.seconds_left)):
        found.append(item)
        trials.append(Trial(item))
    return found
