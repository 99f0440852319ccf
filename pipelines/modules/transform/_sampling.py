"""The settings of Partition and Sample, and the rows that they take."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, Literal

import numpy as np
import polars as pl

from pipelines.catalogue.columns import kind_of, require
from pipelines.catalogue.errors import ModuleError
from pipelines.catalogue.params import Range, Title, Titles, When
from pipelines.catalogue.phrases import counted
from pipelines.catalogue.ports import ColumnRole, Table
from pipelines.catalogue.reporting import log
from pipelines.modelling.drawing import share_of, stratified
from pipelines.modules.transform._folds import by_shares, even, shares_of, stratified_even, stratified_folds

Mode = Annotated[
    Literal["rate", "count", "head", "folds", "shares", "pick"],
    Titles(
        rate="Sample a fraction", count="Sample a number of rows", head="First rows", folds="Assign to folds of equal size",
        shares="Assign to folds of given fractions", pick="Pick fold",
    ),
]  # fmt: skip
DRAWN, NUMBERED = ("rate", "count"), ("folds", "shares")


@dataclass(frozen=True)
class Sampling:
    """How rows are sampled.

    Args:
        rate: The fraction of rows to sample, from 0 to 1, rounded down.
        rows: The number of rows; all rows if there are fewer.
        replace: Sample with replacement, so that a row can occur several times: a bootstrap sample.
    """

    rate: Annotated[float, Title("Fraction"), Range(0, 1), When("mode", "rate")] = 0.01
    rows: Annotated[int, Range(0, 1_000_000_000), When("mode", "count", "head")] = 10
    replace: Annotated[bool, Title("With replacement"), When("mode", *DRAWN)] = False


@dataclass(frozen=True)
class Folding:
    """How rows are assigned to folds, and which fold is picked.

    Args:
        folds: The number of folds.
        shares: The fractions of the folds, separated by commas. If they add up to less than 1, the remaining rows are one more fold.
        shuffle: Assign rows at random. If off, folds are blocks of consecutive rows, as for time series.
        fold_column: The name of the column with the fold of each row.
        fold: The fold to pick.
        complement: Return all other rows instead.
    """

    folds: Annotated[int, Title("Number of folds"), Range(2, 1000), When("mode", "folds")] = 5
    shares: Annotated[str, Title("Fractions"), When("mode", "shares")] = "0.7, 0.2, 0.1"
    shuffle: Annotated[bool, When("mode", *NUMBERED)] = True
    fold_column: Annotated[str, When("mode", *NUMBERED, "pick")] = "fold"
    fold: Annotated[int, Range(1), When("mode", "pick")] = 1
    complement: Annotated[bool, Title("All other folds"), When("mode", "pick")] = False


def drawn(source: np.random.Generator, sampling: Sampling, height: int, mode: str, strata: np.ndarray | None) -> np.ndarray:
    """The rows of a sample, in the table's order."""
    replace = sampling.replace and height > 0
    wanted = share_of(sampling.rate, height) if mode == "rate" else sampling.rows if replace else min(sampling.rows, height)
    if mode == "count" and wanted < sampling.rows:
        log(f"The table has only {counted(height, 'row')}; all are returned.", "warning")
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
    drawn: np.ndarray = rows[(np.cumsum(sizes) - sizes)[chosen] + source.integers(0, sizes[chosen])]
    return drawn


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
    if not column.strip():
        raise ModuleError("no_name", "The fold column has no name.", param="fold_column", remedy="Enter a name for the fold column.")
    if column in table.frame.columns:
        raise ModuleError(
            "duplicate_column",
            f"The table already has a column “{column}”.",
            column=column,
            param="fold_column",
            port="table",
            remedy="Enter another name for the fold column.",
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
            f"“{values.name}” is not numeric, so it is not a fold column.",
            column=values.name,
            param="fold_column",
            port="table",
            remedy="Enter the fold column of an earlier Partition and Sample.",
        )
    inside = (values == folding.fold).fill_null(False)
    if len(values) and not inside.any():
        raise ModuleError(
            "no_such_fold",
            f"No row is in fold {folding.fold}; the folds in “{values.name}” are {values.min()!r} to {values.max()!r}.",
            column=values.name,
            param="fold",
            port="table",
            remedy="Enter a fold that exists.",
        )
    return table.with_frame(table.frame.filter(~inside if folding.complement else inside))
