"""Linear combinations of columns by fitted weights; shared by the selection shelf and Apply Transformation."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import polars as pl

from pipelines.catalogue.errors import ModuleError
from pipelines.catalogue.phrases import listed
from pipelines.catalogue.ports import Table
from pipelines.catalogue.reporting import log
from pipelines.catalogue.transforms import applies
from pipelines.modelling.fitted import needed
from pipelines.modelling.numbers import need_numbers, numbers_of, tell_infinities

CHUNK = 65_536  # rows


@applies("projection")
def project(table: Table, state: Mapping[str, Any]) -> Table:
    """Apply a fitted projection."""
    return projected(table, state)


def projected(table: Table, state: Mapping[str, Any], matrix: np.ndarray | None = None) -> Table:
    """Append the fitted combinations of the columns, and leave the columns out unless they are kept. A missing value is treated as the fitted mean.

    `matrix` is what `standardized` returned of the table, where it is known.
    """
    columns, names = state["columns"], state["names"]
    needed(table, columns)
    need_numbers(table.frame, columns)
    tell_infinities(table.frame, columns)
    frame = table.frame if state["keep"] else table.frame.drop(columns)
    if taken := [name for name in names if name in frame.columns]:
        raise ModuleError(
            "duplicate_column",
            f"The table has a column “{taken[0]}”, as a new one is called.",
            column=taken[0],
            port="table",
            remedy="Rename it with Edit Metadata.",
        )
    weights = np.asarray(state["weights"], dtype=float).reshape(len(names), len(columns)).T
    found = np.empty((table.frame.height, len(names)), order="F")
    for start in range(0, table.frame.height, CHUNK):
        rows = slice(start, start + CHUNK)
        part = standardized(table.frame[rows], columns, state["means"], state["scales"]) if matrix is None else matrix[rows]
        found[rows] = part @ weights
    _tell_gaps(table.frame, columns)
    return table.with_frame(frame.with_columns(pl.Series(name, found[:, at]) for at, name in enumerate(names)))


def spread_of(frame: pl.DataFrame, columns: Sequence[str], *, scale: bool) -> tuple[list[float], list[float]]:
    """Return the mean of each column, and what it is divided by: the standard deviation of a sample, or 1.

    Raises:
        ModuleError: `no_values` or `too_large`, naming the first such column.
    """
    means, scales = [], []
    for column in columns:
        numbers = numbers_of(frame[column])
        if (mean := numbers.mean()) is None:
            raise ModuleError(
                "no_values",
                f"“{column}” has no values.",
                column=column,
                param="columns",
                port="table",
                remedy="Remove the column from the selection.",
            )
        varies = numbers.min() != numbers.max()
        mean = mean if varies else numbers.min()  # not what rounding makes of it, which would differ from all values
        deviation = numbers.std() if varies else 0.0
        if not np.isfinite([mean, deviation]).all():  # type: ignore[arg-type]
            raise ModuleError(
                "too_large",
                f"“{column}” has values so large that their spread is no number any more.",
                column=column,
                param="columns",
                port="table",
                remedy="Divide the column by a large number with Add Column, or remove it from the selection.",
            )
        means.append(float(mean))  # type: ignore[arg-type]
        scales.append(float(deviation) if scale and deviation else 1.0)  # type: ignore[arg-type]
    return means, scales


def standardized(frame: pl.DataFrame, columns: Sequence[str], means: Sequence[float], scales: Sequence[float]) -> np.ndarray:
    """Return the columns as a matrix, centred and scaled; what is missing is 0, the mean."""
    parts = [
        ((numbers_of(frame[column]) - mean) / scale).fill_null(0.0).to_numpy()
        for column, mean, scale in zip(columns, means, scales, strict=True)
    ]
    return np.stack(parts).T if parts else np.empty((frame.height, 0))  # column by column in memory, as it is read


def upright(weights: np.ndarray) -> np.ndarray:
    """Return rows of weights with the sign at which the largest of each is positive."""
    largest = weights[np.arange(len(weights)), np.abs(weights).argmax(axis=1)]
    found: np.ndarray = weights * np.where(largest < 0, -1.0, 1.0)[:, None]
    return found


def _tell_gaps(frame: pl.DataFrame, columns: Sequence[str]) -> None:
    if gaps := [column for column in columns if numbers_of(frame[column]).null_count()]:
        log(f"Missing values are treated as the mean of their column: {listed(gaps)}.", "warning")
