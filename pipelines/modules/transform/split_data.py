"""Split Data: share the rows of a table between two outputs."""

from __future__ import annotations

import math
from typing import Annotated, NamedTuple

import numpy as np
import polars as pl

from pipelines.catalogue.columns import require
from pipelines.catalogue.module import module
from pipelines.catalogue.params import Column, Range, Seed
from pipelines.catalogue.ports import Query


class Halves(NamedTuple):
    """The two parts.

    Args:
        first: The share of the rows that `fraction` says.
        second: The other rows.
    """

    first: Query
    second: Query


@module("Split Data", columns=lambda table, **_: (table, table), aliases=("train test split", "holdout", "partition"), libraries=("numpy",))
def split_data(
    table: Query,
    *,
    fraction: Annotated[float, Range(0, 1)] = 0.5,
    shuffle: bool = True,
    seed: Seed = Seed(0),
    stratify_by: Column | None = None,
) -> Halves:
    """Share the rows of a table between two outputs.

    The first part gets fraction × rows, rounded down; both parts keep the table's order of rows. With n rows, the rows
    drawn at random are the first ones of `numpy.random.Generator(numpy.random.PCG64(seed)).permutation(n)`, so any script
    can repeat the split. Stratified, every value of the column gives its share of rows, rounded down, and the rows
    still owed come one each from the values with the largest remainders.

    Args:
        table: The rows to share.
        fraction: Share of the rows that goes to the first output, from 0 to 1.
        shuffle: Draw the rows at random; off takes the first rows as they come.
        seed: Start of the random draw; the same seed gives the same rows.
        stratify_by: A column whose values keep their proportions in both parts.
    """
    rows = int(table.with_frame(table.frame.select(pl.len())).collect().frame.item())
    order = np.random.Generator(np.random.PCG64(seed)).permutation(rows) if shuffle else np.arange(rows)
    if stratify_by is None:
        drawn = order[: _share(fraction, rows)]
    else:
        column = require(stratify_by, table.head, param="stratify_by")
        drawn = _stratified(order, _strata(table.only([column]).collect().frame), fraction)
    first = np.zeros(rows, dtype=bool)
    first[drawn] = True
    return _halves(table, first)


def _halves(table: Query, first: np.ndarray) -> Halves:
    mark = max(table.head.frame.columns, key=len, default="") + "_"
    marked = pl.concat([table.frame, pl.LazyFrame({mark: first})], how="horizontal")
    return Halves(*(table.with_frame(marked.filter(drawn).drop(mark)) for drawn in (pl.col(mark), ~pl.col(mark))))


def _share(fraction: float, rows: int) -> int:
    # 0.29 × 100 is 28.999999999999996 in floating point, and 29 to the person who typed it
    return math.floor(round(fraction * rows, 6))


def _strata(column: pl.DataFrame) -> np.ndarray:
    """For each row of a single column the place of the first row with the same value; missing values are a value."""
    numbered = column.select(value=pl.first(), row=pl.int_range(pl.len()))
    return numbered.select(pl.col("row").first().over("value")).to_series().to_numpy()


def _stratified(order: np.ndarray, strata: np.ndarray, fraction: float) -> np.ndarray:
    _, group, sizes = np.unique(strata, return_inverse=True, return_counts=True)
    quota = np.array([_share(fraction, int(size)) for size in sizes], dtype=int)
    owed = _share(fraction, len(strata)) - int(quota.sum())
    # remainders are rounded, so that equal ones stay equal; sorting is stable, so that the value met first goes first
    largest_first = np.argsort(-np.round(sizes * fraction - quota, 9), kind="stable")
    quota[largest_first[:owed]] += 1
    queue = group[order]
    return np.concatenate([order[:0], *(order[queue == value][:size] for value, size in enumerate(quota))])
