"""Seek: a step that searches, whose strategy waits, fails or dies, and whose trials take time, fail, die, or leave a mark."""

from __future__ import annotations

import os
import signal
import time
from collections.abc import Sequence
from pathlib import Path

import polars as pl

from pipelines.catalogue.errors import ModuleError
from pipelines.catalogue.fan_out import Strategy, search
from pipelines.catalogue.items import Item, Trial, Value
from pipelines.catalogue.module import module
from pipelines.catalogue.ports import Frame


@module("Seek")
def seek(
    table: Frame,
    *,
    trials: int = 10,
    wave: int = 1,
    at_once: int = 0,
    budget: float = 0.0,
    seconds: float = 0.0,
    bad: str = "",
    deadly: str = "",
    may_fail: int = 1000,
    wrong_at: int = -1,
    ledger: str = "",
) -> Frame:
    """Search in waves: each trial adds its number to the sum of all waves before.

    Args:
        table: Any table.
        trials: How many trials.
        wave: How many belong to a wave; the next begins when all of it have ended.
        at_once: How many are executed at the same time; 0 for the default.
        budget: The time of the search in seconds; 0 for none.
        seconds: How long each trial takes.
        bad: The keys of trials that fail, separated by commas.
        deadly: The keys of trials that kill their process.
        may_fail: How many may fail.
        wrong_at: The number of trials at which the strategy fails.
        ledger: A file to append a line to for each execution of a trial: its key and the process id.

    Returns:
        A row for each trial.
    """

    def ask(history: Sequence[Trial], left: float | None) -> Item | None:
        number = len(history)
        if number == wrong_at:
            raise ModuleError("told_to_fail", "The strategy was told to fail.", remedy="Choose another number.")
        before = history[: number - number % wave]
        if number == trials or any(trial.result is None for trial in before):
            return None
        total = sum(trial.result.figures["sum"] for trial in before if trial.result and not trial.result.failure)
        return Item(f"t{number}", [number, total % 1_000_003, seconds])

    def each(item: Item) -> Value:
        if ledger:
            with Path(ledger).open("a") as file:
                file.write(f"{item.key} {os.getpid()}\n")
        time.sleep(seconds)
        if item.key in deadly.split(","):
            os.kill(os.getpid(), signal.SIGKILL)
        if item.key in bad.split(","):
            raise ModuleError("told_to_fail", "The trial was told to fail.", remedy="Choose another number.")
        number, before, _ = item.content
        return Value({"sum": number + before}, str(number).encode())

    strategy = Strategy(ask, at_once or None, budget or None, trials)
    found = [(trial.item, trial.result) for trial in search(strategy, each, may_fail=may_fail) if trial.result]
    return pl.DataFrame(
        {
            "key": [item.key for item, _ in found],
            "sum": [None if result.failure else result.figures["sum"] for _, result in found],
            "blob": [result.blob().decode() for _, result in found],
            "failure": [result.failure and result.failure.words for _, result in found],
        },
        schema={"key": pl.String, "sum": pl.Int64, "blob": pl.String, "failure": pl.String},
    )
