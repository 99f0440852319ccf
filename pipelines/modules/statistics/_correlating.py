"""Correlation of every two columns over the rows that have both values."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import polars as pl

from pipelines.catalogue.reporting import progress
from pipelines.modelling.parallel import parallel_map

CHUNK = 16_384  # rows whose products are summed at a time
PAIRS = {"First": pl.String(), "Second": pl.String(), "Correlation": pl.Float64(), "P Value": pl.Float64(), "Rows": pl.Int64()}
MODERATE = (1e-50, 1e50)  # whose squares, and products of their sums, are numbers as well
CANCELLED = 1e-9  # a pair whose spread is so small a part of its squares is computed again on its own


@dataclass(frozen=True)
class Pairs:
    """The coefficients as a matrix, and of each pair (first < second): places, coefficient, p-value, rows. NaN is not defined."""

    matrix: np.ndarray
    places: tuple[np.ndarray, np.ndarray]
    coefficients: np.ndarray
    p_values: np.ndarray
    rows: np.ndarray


def correlate(columns: Sequence[pl.Series], method: str) -> Pairs:
    """Compare every two of the columns, which hold finite numbers or nothing."""
    places = np.triu_indices(len(columns), 1)
    if method == "pearson":
        r, rows, varying = _pearson(columns)
    elif method == "spearman":
        r, rows, varying = _spearman(columns)
    else:
        r, rows, p = _kendall(columns)
        varying = [_varies(column) for column in columns]
    matrix = np.clip((r + r.T) / 2, -1, 1)  # rounding may lead a hair beyond
    np.fill_diagonal(matrix, np.where(varying, 1.0, np.nan))
    p_values = p[places] if method == "kendall" else _p_values(matrix[places], rows[places])
    return Pairs(matrix, places, matrix[places], p_values, rows[places].astype(np.int64))


def _varies(column: pl.Series) -> bool:
    return column.null_count() < len(column) and column.min() != column.max()


def _p_values(r: np.ndarray, rows: np.ndarray) -> np.ndarray:
    """Two-sided, by the t distribution with n − 2 degrees of freedom."""
    from scipy.special import stdtr

    freedom = np.where(rows > 2, rows - 2.0, np.nan)
    with np.errstate(divide="ignore"):
        t = np.abs(r) * np.sqrt(freedom / np.maximum((1 - r) * (1 + r), 0))
    found: np.ndarray = 2 * stdtr(freedom, -t)
    return found


def _pearson(columns: Sequence[pl.Series]) -> tuple[np.ndarray, np.ndarray, list[bool]]:
    """By sums of products, with every column centred and scaled first so that they stay small, and 0 where a value is missing."""
    scaled = np.empty((len(columns), len(columns[0])))
    varying = list(parallel_map(lambda at: _standardize(columns[at], scaled[at]), range(len(columns)), scaled.shape[1]))
    gappy = [at for at, column in enumerate(columns) if column.null_count()]
    products, sums, squares, counts = _sums(scaled, [columns[at].is_not_null().to_numpy() for at in gappy], gappy)
    with np.errstate(divide="ignore", invalid="ignore"):
        spread = squares - sums**2 / counts
        r = (products - sums * sums.T / counts) / np.sqrt(spread * spread.T)
    r = np.where(np.isfinite(r) & (counts > 1) & (spread > 0) & (spread.T > 0), r, np.nan)
    cancelled = (counts > 1) & (spread <= CANCELLED * squares)
    cancelled[:, [at for at in range(len(columns)) if at not in gappy]] = (
        False  # there every row of the first counts, and it varies or is 0
    )
    for i, j in zip(*np.nonzero(np.triu(cancelled | cancelled.T, 1)), strict=True):
        both = (columns[i].is_not_null() & columns[j].is_not_null()).to_numpy()
        r[i, j] = r[j, i] = _directly(scaled[i][both], scaled[j][both])
    return r, counts, varying


def _sums(scaled: np.ndarray, masks: Sequence[np.ndarray], gappy: Sequence[int]) -> tuple[np.ndarray, ...]:
    """Products of every two columns; sum, sum of squares and number of the first's values in the rows that the second has as well."""
    size, height = scaled.shape
    products, ours, ours_squared = np.zeros((size, size)), np.zeros((size, len(gappy))), np.zeros((size, len(gappy)))
    known, total = np.zeros((len(gappy), len(gappy))), np.zeros(size)
    for start in range(0, height, CHUNK):
        progress(start, height, "rows compared")
        x = scaled[:, start : start + CHUNK]
        products += x @ x.T
        total += x.sum(axis=1)
        if gappy:
            there = np.stack([mask[start : start + CHUNK] for mask in masks]).astype(float)
            ours += x @ there.T
            ours_squared += np.square(x) @ there.T
            known += there @ there.T
    sums, squares = np.tile(total, (size, 1)).T, np.tile(np.diag(products), (size, 1)).T
    counts = np.full((size, size), float(height))
    counts[list(gappy), :] = np.diag(known)[:, None]
    counts[:, list(gappy)] = np.diag(known)
    counts[np.ix_(gappy, gappy)] = known
    sums[:, list(gappy)], squares[:, list(gappy)] = ours, ours_squared
    return products, sums, squares, counts


def _standardize(column: pl.Series, into: np.ndarray) -> bool:
    """Centre a column at the mean and divide it by the largest distance from it; 0 where missing. Return whether it varies; if not, all are 0."""
    low, high = column.min(), column.max()
    if low == high:
        into.fill(0)
        return False
    low, high = float(low), float(high)  # type: ignore[arg-type]
    largest = max(-low, high)
    if not MODERATE[0] < largest < MODERATE[1]:
        column, low, high = column / largest, low / largest, high / largest  # so that no sum is too large for a number
    mean = float(column.mean())  # type: ignore[arg-type]
    far = max(mean - low, high - mean)
    if column.null_count():
        x = (column - mean) / far
        into[:] = (x - x.mean()).fill_null(0.0).to_numpy()
        return True
    np.subtract(column.to_numpy(), mean, out=into)
    into /= far
    into -= into.mean()
    return True


def _directly(a: np.ndarray, b: np.ndarray) -> float:
    if len(a) < 2 or (a == a[0]).all() or (b == b[0]).all():
        return np.nan
    a, b = a - a.mean(), b - b.mean()
    a, b = a / np.abs(a).max(), b / np.abs(b).max()
    return float((a * b).sum() / np.sqrt((a**2).sum() * (b**2).sum()))


def _spearman(columns: Sequence[pl.Series]) -> tuple[np.ndarray, np.ndarray, list[bool]]:
    """Pearson's of the ranks; a pair whose gaps differ is ranked again on the rows that both have."""
    r, rows, varying = _pearson(list(parallel_map(pl.Series.rank, columns, len(columns[0]))))
    seen: dict[bytes, int] = {}
    kinds = np.array([seen.setdefault(column.is_null().to_numpy().tobytes(), len(seen)) for column in columns])
    unlike = np.argwhere(np.triu(kinds[:, None] != kinds, 1)).tolist()
    for done, (i, j) in enumerate(unlike):
        progress(done, len(unlike), "pairs ranked")
        both = pl.DataFrame([columns[i].alias("a"), columns[j].alias("b")]).drop_nulls().select(pl.all().rank())
        r[i, j] = r[j, i] = _directly(both["a"].to_numpy(), both["b"].to_numpy())
    return r, rows, varying


def _kendall(columns: Sequence[pl.Series]) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    from scipy.stats import kendalltau

    values = [column.to_numpy().astype(float) for column in columns]
    r, p = (np.full((len(values), len(values)), np.nan) for _ in range(2))
    known = np.column_stack([~np.isnan(each) for each in values]).astype(float)
    rows = known.T @ known
    pairs = list(zip(*np.triu_indices(len(values), 1), strict=True))
    for done, (i, j) in enumerate(pairs):
        progress(done, len(pairs), "pairs compared")
        both = ~(np.isnan(values[i]) | np.isnan(values[j]))
        if both.sum() > 1:
            r[i, j], p[i, j] = kendalltau(values[i][both], values[j][both])
            r[j, i] = r[i, j]
    return r, rows, p
