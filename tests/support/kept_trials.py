"""Executes the trials of a search without an engine, and keeps them."""

from __future__ import annotations

from functools import partial

from pipelines.catalogue.fan_out import FanOut, next_item
from pipelines.catalogue.items import Computed, Item, ItemResult, Trial, compute


class Kept:
    """A runner of fan-outs for `run_by`: `trials` are those of the last search."""

    opened = None

    def __init__(self) -> None:
        self.trials: list[Trial] = []

    def run(self, fan: FanOut) -> list[Trial]:
        """Execute the items one after the other."""
        if fan.strategy is None:
            return [_ended(item, fan) for item in fan.items.values()]
        self.trials = []
        while item := next_item(fan, self.trials, None):
            self.trials.append(_ended(item, fan))
        return self.trials


def _ended(item: Item, fan: FanOut) -> Trial:
    done = compute(item, fan.each)
    return Trial(item, ItemResult(item.key, done.value.figures, done.failure, done.seconds, partial(_blob, done)))


def _blob(done: Computed) -> bytes:
    return done.value.blob
