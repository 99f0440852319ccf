"""Synthetic rows between a row and one of its nearest neighbours."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import polars as pl

from pipelines.catalogue.columns import kind_of
from pipelines.catalogue.errors import ModuleError
from pipelines.catalogue.ports import Table
from pipelines.modelling.classes import places_of
from pipelines.modules.transform._cleaning import finite

LARGEST = 1e150  # whose square is a number
MOST_DENSE = 50_000_000
SPARE = 20  # neighbours more, among which ties are broken
LEAST = 1e-300


def synthetic(features: Table, rows: pl.DataFrame, many: int, near: int, standardize: bool, seed: int) -> pl.DataFrame:
    """Return synthetic rows.

    Args:
        features: The columns that distances look at.
        rows: The rows to start from, with all columns.
        many: How many rows to make.
        near: How many neighbours of each row are used.
        standardize: Whether distances are in standard deviations of the rows.
        seed: Start of the random draw.

    Raises:
        ModuleError: `no_numbers`, `too_few_rows` or `missing_values`.
    """
    kinds = {column: kind_of(dtype) for column, dtype in features.frame.schema.items()}
    numbers = [column for column, kind in kinds.items() if kind == "number" and not features.is_categorical(column)]
    others = [column for column, kind in kinds.items() if kind != "other" and column not in numbers]
    _check(rows, numbers, others)
    found = _neighbours(rows, numbers, others, near, standardize)
    return _between(rows, found, numbers, others, many, np.random.Generator(np.random.PCG64(seed)))


def _check(rows: pl.DataFrame, numbers: list[str], others: list[str]) -> None:
    if not numbers:
        raise ModuleError(
            "no_numbers", "No feature holds numbers.", port="table", param="label", remedy="Convert texts with Convert to Indicator Values."
        )
    if rows.height < 2:
        raise ModuleError(
            "too_few_rows",
            "The rarer class has only one row, so it has no neighbors.",
            port="table",
            param="label",
            remedy="Use more rows, or another label.",
        )
    if gaps := next((column for column in (*numbers, *others) if finite(rows[column]).null_count()), None):
        raise ModuleError(
            "missing_values",
            f"“{gaps}” has missing or infinite values, so distances cannot be computed.",
            column=gaps,
            port="table",
            remedy="Replace them with Clean Missing Data.",
        )
    if large := next((column for column in numbers if (rows[column].cast(pl.Float64).abs() > LARGEST).any()), None):
        raise ModuleError(
            "too_large",
            f"“{large}” has values too large to compute distances.",
            column=large,
            port="table",
            remedy="Divide the column by a large number with Apply Math Operation, or set its role to ignored with Edit Metadata.",
        )


def _neighbours(rows: pl.DataFrame, numbers: Sequence[str], others: Sequence[str], many: int, standardize: bool) -> np.ndarray:
    """Return for each row the places of its nearest others, the nearest first.

    Two values of a column that holds no numbers are apart by the median of the standard deviations of those that do.
    """
    from scipy.sparse import csr_array, hstack
    from sklearn.neighbors import NearestNeighbors

    points = rows.select(pl.col(numbers).cast(pl.Float64)).to_numpy()
    spread = points.std(axis=0)
    if standardize:
        points = points / np.where(spread > 0, spread, 1)
        spread = np.where(spread > 0, 1.0, 0.0)
    if others:
        # one column for each value, such that different values are apart by just that
        apart = np.full(rows.height, float(np.median(spread)) / np.sqrt(2))
        marks = [csr_array((apart, (np.arange(rows.height), _codes(rows[column])))) for column in others]
        points = hstack([csr_array(points), *marks], format="csr")
        if rows.height * points.shape[1] <= MOST_DENSE:
            points = points.toarray()  # distances of dense rows are products of matrices, several times as fast
    search = NearestNeighbors(n_neighbors=min(many + SPARE, rows.height - 1)).fit(points)
    distances, places = search.kneighbors()
    # where distances differ by rounding alone, which depends on the processor, the earlier row is the nearer one
    squares = np.round(distances**2 / max(distances.max() ** 2, LEAST), 10)
    order = np.lexsort((places, squares))[:, :many]
    return np.asarray(np.take_along_axis(places, order, axis=1))


def _codes(values: pl.Series) -> np.ndarray:
    """Number the different values of a column from 0."""
    return (places_of(values) if values.dtype == pl.String else values.rank("dense") - 1).to_numpy().astype(np.int64)


def _between(
    rows: pl.DataFrame, near: np.ndarray, numbers: Sequence[str], others: Sequence[str], many: int, draw: np.random.Generator
) -> pl.DataFrame:
    """Return synthetic rows: each between a row and one of its neighbours at random; other columns by the vote of its neighbours.

    Args:
        rows: The rows to start from.
        near: The places of each row's neighbours.
        numbers: The columns whose values lie between.
        others: The columns that the neighbours vote on, the nearest where votes are equal; all else is a copy.
        many: How many rows to make; each row gives as many, and those that give one more are drawn.
        draw: The source of chance.
    """
    base = np.concatenate([np.tile(np.arange(rows.height), many // rows.height), draw.permutation(rows.height)[: many % rows.height]])
    base.sort()
    other = near[base, draw.integers(near.shape[1], size=many)]
    share = draw.random(many)
    made = rows[base]
    columns = []
    for column in numbers:
        values = rows[column].cast(pl.Float64).to_numpy()
        between = values[base] * (1 - share) + values[other] * share
        dtype = rows[column].dtype
        columns.append(pl.Series(column, between if dtype.is_float() else np.rint(between)).cast(dtype))
    columns += [rows[column].gather(_voted(rows[column], near)[base]).alias(column) for column in others]
    return made.with_columns(columns)


def _voted(values: pl.Series, near: np.ndarray) -> np.ndarray:
    """For each row the place of the neighbour that has the most frequent value."""
    voted = _codes(values)[near]
    votes = np.stack([(voted == voted[:, [place]]).sum(axis=1) for place in range(voted.shape[1])], axis=1)
    return np.asarray(near[np.arange(len(near)), votes.argmax(axis=1)])
