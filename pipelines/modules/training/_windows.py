"""The rows of a group that models are judged on: windows of the latest rows, or parts drawn at random."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Annotated, Literal, NamedTuple

import numpy as np
import polars as pl

from pipelines.catalogue.columns import require
from pipelines.catalogue.errors import ModuleError
from pipelines.catalogue.params import Column, Range, Title, Titles, When
from pipelines.catalogue.ports import Table

FEWEST_ROWS = 2  # that a model is trained on
JUDGED = ("random", "latest")


@dataclass(frozen=True)
class Judging:
    """How good the models are.

    Args:
        judge_on: The rows of each group that its model is judged on, and not trained on: drawn at random, or the latest ones.
        time: The column of times.
        test_share: The share of a group's rows that it is judged on, at least one row.
        windows: How often: with more windows, the one before is predicted by a model of all rows before it (rolling origin), or the next part drawn at random
            by a model of the others.
        refit: Train the models again on all rows of the group. If off, each is that of the last window, which has not seen the rows that it was judged on.
        compare: Also train one model of all groups on the same rows, judge it on the same rows, and show both side by side.
    """

    judge_on: Annotated[
        Literal["random", "latest", "nothing"], Titles(random="Rows at random", latest="The latest rows", nothing="Nothing")
    ] = "random"
    time: Annotated[Column | None, When("judge_on", "latest")] = None
    test_share: Annotated[float, Range(0.01, 0.9), When("judge_on", *JUDGED)] = 0.2
    windows: Annotated[int, Range(1, 20), When("judge_on", *JUDGED)] = 1
    refit: Annotated[bool, Title("Train again on all rows"), When("judge_on", *JUDGED)] = True
    compare: Annotated[bool, Title("Compare with one model of all groups"), When("judge_on", *JUDGED)] = False


def time_of(table: Table, judging: Judging) -> str | None:
    """Return the column of times, where the latest rows are judged on.

    Raises:
        ModuleError: `no_column`, or when the table does not have it.
    """
    if judging.judge_on != "latest":
        return None
    if judging.time is None:
        raise ModuleError("no_column", "No column of times is selected.", param="time", remedy="Select it.")
    return require(judging.time, table, param="time")


class Window(NamedTuple):
    """The places of rows to train on, and of those to judge on."""

    train: np.ndarray
    test: np.ndarray


def windows_of(rows: pl.DataFrame, judging: Judging, seed: int) -> list[Window]:
    """Return the windows of the rows of a group, the latest first; none where too few rows are left to train on."""
    if judging.judge_on == "nothing" or rows.height <= FEWEST_ROWS:
        return []
    size = max(1, round(judging.test_share * rows.height))
    if judging.judge_on == "latest" and judging.time is not None:
        return list(_latest(rows[judging.time], size, judging.windows))
    order = np.random.default_rng(seed).permutation(rows.height)
    parts = [np.sort(order[start : start + size]) for start in range(0, size * judging.windows, size)]
    return [
        Window(np.setdiff1d(order, part, assume_unique=True), part)
        for part in parts
        if len(part) and rows.height - len(part) >= FEWEST_ROWS
    ]


def _latest(times: pl.Series, size: int, windows: int) -> Iterator[Window]:
    """Rows of the same time are never divided; those without a time are in no window."""
    places = times.is_not_null().arg_true().to_numpy()
    order = places[times.drop_nulls().arg_sort().to_numpy()]
    ranks = times.gather(order).rank("dense").to_numpy()
    end = len(order)
    for _ in range(windows):
        start = int(np.searchsorted(ranks, ranks[max(end - size, 0)])) if end else 0
        if start < FEWEST_ROWS:
            return
        yield Window(np.sort(order[:start]), np.sort(order[start:end]))
        end = start
