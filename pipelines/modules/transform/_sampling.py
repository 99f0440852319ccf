"""The settings of Partition and Sample, and the rows that they take."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, Literal

import numpy as np
import polars as pl

from pipelines.catalogue.columns import kind_of, require
from pipelines.catalogue.errors import ModuleError
from pipelines.catalogue.params import Range, Titles, When
from pipelines.catalogue.phrases import counted
from pipelines.catalogue.ports import ColumnRole, Table
from pipelines.catalogue.reporting import log
from pipelines.modules.transform._drawing import share_of, stratified
from pipelines.modules.transform._folds import by_shares, even, shares_of, stratified_even, stratified_folds

Mode = Annotated[
    Literal["rate", "count", "head", "folds", "shares", "pick"],
    Titles(
        rate="Draw a share of the rows", count="Draw a number of rows", head="Take the first rows",
        folds="Number folds of the same size", shares="Number folds of given shares", pick="Take a fold that is numbered",
    ),
]  # fmt: skip
DRAWN, NUMBERED = ("rate", "count"), ("folds", "shares")


@dataclass(frozen=True)
class Sampling:
    """How rows are taken.

    Args:
        rate: The share of the rows to draw, from 0 to 1, rounded down.
        rows: How many rows to take; all, if there are fewer.
        replace: Put each drawn row back, so that it may be drawn again: a bootstrap sample.
    """

    rate: Annotated[float, Range(0, 1), When("mode", "rate")] = 0.01
    rows: Annotated[int, Range(0, 1_000_000_000), When("mode", "count", "head")] = 10
    replace: Annotated[bool, When("mode", *DRAWN)] = False


@dataclass(frozen=True)
class Folding:
    """How rows are shared among folds, and which fold is taken.

    Args:
        folds: How many folds there are.
        shares: The shares of the folds, separated by commas; what they lack to 1 makes one more fold.
        shuffle: Draw the rows of each fold at random; off makes folds of rows that follow each other, as for times.
        fold_column: The column with the number of each row's fold.
        fold: The fold to take.
        complement: Take all rows but those of the fold.
    """

    folds: Annotated[int, Range(2, 1000), When("mode", "folds")] = 5
    shares: Annotated[str, When("mode", "shares")] = "0.7, 0.2, 0.1"
    shuffle: Annotated[bool, When("mode", *NUMBERED)] = True
    fold_column: Annotated[str, When("mode", *NUMBERED, "pick")] = "fold"
    fold: Annotated[int, Range(1), When("mode", "pick")] = 1
    complement: Annotated[bool, When("mode", "pick")] = False


def drawn(source: np.random.Generator, sampling: Sampling, height: int, mode: str, strata: np.ndarray | None) -> np.ndarray:
    """The rows of a sample, in the table's order."""
    replace = sampling.replace and height > 0
    wanted = share_of(sampling.rate, height) if mode == "rate" else sampling.rows if replace else min(sampling.rows, height)
    if mode == "count" and wanted < sampling.rows:
        log(f"There are {counted(height, 'row')} only; all are taken.", "warning")
    if strata is None:
        return np.sort(source.integers(0, height, wanted) if replace else source.permutation(height)[:wanted])
    if not replace:
        return np.sort(stratified(source.permutation(height), strata, wanted / max(height, 1)))
    return np.sort(_again(source, strata, wanted))


def _again(source: np.random.Generator, strata: np.ndarray, wanted: int) -> np.ndarray:
    """Rows drawn with replacement within their stratum: every place of a sample of strata is filled by any row of its stratum."""
    _, group, sizes = np.unique(strata, return_inverse=True, return_counts=True)
    rows = np.argsort(group, kind="stable")
    # stretched or shrunk to the sample's size, each stratum keeps its share of the places
    places = np.floor((np.arange(wanted) + source.random()) * len(strata) / wanted).astype(int)
    chosen = group[rows[places]]
    return rows[(np.cumsum(sizes) - sizes)[chosen] + source.integers(0, sizes[chosen])]


def folds_of(source: np.random.Generator, folding: Folding, height: int, mode: str, strata: np.ndarray | None) -> np.ndarray:
    """The number of each row's fold, from 1."""
    order = source.permutation(height) if folding.shuffle else np.arange(height)
    if mode == "folds":
        return even(order, folding.folds) if strata is None else stratified_even(order, strata, folding.folds)
    shares = shares_of(folding.shares)
    return by_shares(order, shares) if strata is None else stratified_folds(order, strata, shares)


def numbered(table: Table, column: str, folds: np.ndarray) -> Table:
    """The table with the column of folds, which learners ignore.

    Raises:
        ModuleError: `duplicate_column` or `no_name`.
    """
    if not column.strip() or column in table.frame.columns:
        raise ModuleError(
            "duplicate_column" if column.strip() else "no_name",
            f"The table has a column '{column}' already." if column.strip() else "The column of folds has no name.",
            column=column or None,
            param="fold_column",
            port="table",
            remedy="Choose another name for the column of folds.",
        )
    return Table(table.frame.with_columns(pl.Series(column, folds, dtype=pl.Int64)), {**table.roles, column: ColumnRole("ignored")})


def picked(table: Table, folding: Folding) -> Table:
    """The rows of a fold, or all others.

    Raises:
        ModuleError: `unknown_column`, `not_a_number` or `no_such_fold`.
    """
    values = table.frame[require(folding.fold_column, table, param="fold_column")]
    if kind_of(values.dtype) != "number":
        raise ModuleError(
            "not_a_number",
            f"'{values.name}' does not hold the numbers of folds.",
            column=values.name,
            param="fold_column",
            port="table",
            remedy="Name the column that this module numbered in another step.",
        )
    inside = (values == folding.fold).fill_null(False)
    if len(values) and not inside.any():
        raise ModuleError(
            "no_such_fold",
            f"No row is in fold {folding.fold}: '{values.name}' goes from {values.min()} to {values.max()}.",
            column=values.name,
            param="fold",
            port="table",
            remedy="Take a fold that is there.",
        )
    return table.with_frame(table.frame.filter(~inside if folding.complement else inside))
