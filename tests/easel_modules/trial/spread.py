"""Spread: a step that fans out over numbers, whose items take time, fail, die, or leave a mark."""

from __future__ import annotations

import os
import signal
import time
from pathlib import Path
from typing import Annotated

import polars as pl

from pipelines.catalogue.errors import ModuleError
from pipelines.catalogue.fan_out import fan_out
from pipelines.catalogue.items import Item, Value
from pipelines.catalogue.module import module
from pipelines.catalogue.params import Range
from pipelines.catalogue.ports import Frame


@module("Spread")
def spread(
    table: Frame,
    *,
    to: int = 10,
    seconds: float = 0.0,
    bad: str = "",
    deadly: str = "",
    may_fail: int = 0,
    waves: Annotated[int, Range(1, 100)] = 1,
    scored: bool = False,
    ledger: str = "",
) -> Frame:
    """Compute the square of each number in a fan-out.

    Args:
        table: Any table.
        to: How many numbers.
        seconds: How long each takes.
        bad: The keys of items that fail, separated by commas.
        deadly: The keys of items that kill their process.
        may_fail: How many may fail.
        waves: How many fan-outs follow each other; each adds the sum of the one before.
        scored: Whether each has a score too.
        ledger: A file to append a line to for each execution of an item: its key and the process id.

    Returns:
        A row for each item.
    """

    def each(item: Item) -> Value:
        if ledger:
            with Path(ledger).open("a") as file:
                file.write(f"{item.key} {os.getpid()}\n")
        if seconds:
            time.sleep(seconds)
        if item.key in deadly.split(","):
            os.kill(os.getpid(), signal.SIGKILL)
        if item.key in bad.split(","):
            raise ModuleError("told_to_fail", "The item was told to fail.", remedy="Choose another number.")
        number, before = item.payload
        score = {"score": number * 619 % 1009 / 1009} if scored else {}
        return Value({"square": number**2 + before, **score}, str(number).encode())

    before = 0
    for wave in range(waves):
        listed = [
            Item(f"n{number}", ["square", wave, number, before, seconds, deadly], of_inputs=False, payload=(number, before))
            for number in range(to)
        ]
        results = fan_out(listed, each, noun="numbers", may_fail=may_fail)
        before = sum(result.figures["square"] for result in results if not result.failure)
    return pl.DataFrame(
        {
            "key": [result.key for result in results],
            "square": [None if result.failure else result.figures["square"] for result in results],
            "blob": [result.blob().decode() for result in results],
            "failure": [result.failure and result.failure.words for result in results],
        },
        schema={"key": pl.String, "square": pl.Int64, "blob": pl.String, "failure": pl.String},
    )
