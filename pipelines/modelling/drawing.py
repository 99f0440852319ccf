"""Which rows a split or a sample draws."""

from __future__ import annotations

import math

import numpy as np
import polars as pl


def share_of(fraction: float, rows: int) -> int:
    """How many rows a share is, rounded down."""
    # 0.29 × 100 is 28.999999999999996 in floating point, and 29 to the person who typed it
    return math.floor(round(fraction * rows, 6))


def strata_of(column: pl.DataFrame) -> np.ndarray:
    """For each row of a single column the place of the first row with the same value; missing values are a value."""
    numbered = column.select(value=pl.first(), row=pl.int_range(pl.len()))
    return numbered.select(pl.col("row").first().over("value")).to_series().to_numpy()


def stratified(order: np.ndarray, strata: np.ndarray, fraction: float) -> np.ndarray:
    """The rows drawn in an order such that every stratum gives its share."""
    _, group, sizes = np.unique(strata, return_inverse=True, return_counts=True)
    quota = np.array([share_of(fraction, int(size)) for size in sizes], dtype=int)
    owed = share_of(fraction, len(strata)) - int(quota.sum())
    # remainders are rounded, so that equal ones stay equal; sorting is stable, so that the value met first goes first
    largest_first = np.argsort(-np.round(sizes * fraction - quota, 9), kind="stable")
    quota[largest_first[:owed]] += 1
    return _first_of_each(order, group, sizes, quota)


def _first_of_each(order: np.ndarray, group: np.ndarray, sizes: np.ndarray, quota: np.ndarray) -> np.ndarray:
    """The first rows of each group, as many as its quota, in one pass however many groups there are."""
    together = order[np.argsort(group[order], kind="stable")]
    starts = np.cumsum(sizes) - sizes
    place = np.arange(len(order)) - np.repeat(starts, sizes)
    rows: np.ndarray = together[place < np.repeat(quota, sizes)]
    return rows
