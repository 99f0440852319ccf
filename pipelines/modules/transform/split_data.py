"""Split Data: share the rows of a table between two outputs."""

from __future__ import annotations

from typing import Annotated, Literal, NamedTuple

import numpy as np
import polars as pl

from pipelines.catalogue.columns import require
from pipelines.catalogue.lineage import Lineage
from pipelines.catalogue.module import module
from pipelines.catalogue.params import Code, Column, Range, Seed, Title, Titles, When
from pipelines.catalogue.ports import Query
from pipelines.modelling.drawing import share_of, strata_of, stratified
from pipelines.modules.transform._comparing import matches
from pipelines.modules.transform._formula import read_condition

By = Annotated[
    Literal["share", "pattern", "condition"],
    Title("Split by"),
    Titles(share="Fraction of rows", pattern="Regular expression", condition="Condition"),
]


class Halves(NamedTuple):
    """The two parts.

    Args:
        first: The given fraction of the rows, or the matching rows.
        second: All other rows.
    """

    first: Query
    second: Query


def _columns(table: Query, *, by: str, column: str | None, pattern: str, condition: str, **_: object) -> tuple[Query, Query]:
    if by != "share":
        _matching(table, by, column, pattern, condition)
    return table, table


@module(
    "Split Data",
    icon="arrows-split-2",
    columns=_columns,
    aliases=("train test split", "holdout", "partition"),
    libraries=("numpy", "duckdb", "pyarrow"),
    lineage=Lineage(rows=lambda settings: "parts" if settings["by"] == "share" else "chosen"),
)
def split_data(
    table: Query,
    *,
    by: By = "share",
    fraction: Annotated[float, Range(0, 1), When("by", "share")] = 0.5,
    shuffle: Annotated[bool, When("by", "share")] = True,
    seed: Annotated[Seed, When("by", "share")] = Seed(0),
    stratify_by: Annotated[Column | None, When("by", "share")] = None,
    column: Annotated[Column | None, When("by", "pattern")] = None,
    pattern: Annotated[str, When("by", "pattern")] = "",
    condition: Annotated[str, Code("sql"), When("by", "condition")] = "",
) -> Halves:
    """Split the rows of a table into two outputs.

    By fraction, the first output gets fraction × rows, rounded down; both outputs keep the row order of the table. Of n rows, the rows drawn at
    random are the first of `numpy.random.Generator(numpy.random.PCG64(seed)).permutation(n)`, so a script can reproduce the split. A stratified
    split applies the fraction to each value of the column, rounded down; the remaining rows come one each from the values with the largest
    remainders. By regular expression or condition, the first output gets the matching rows and the second all others, including those with a
    missing value.

    When to use:
        Before training, to keep rows aside that the model has not seen; test on those.

    Args:
        table: The rows to split.
        by: How to split the rows.
        fraction: The fraction of rows in the first output, from 0 to 1.
        shuffle: Draw the rows at random. If off, the first rows are taken in order.
        seed: The random seed; the same seed gives the same rows.
        stratify_by: A column whose value distribution is kept in both outputs.
        column: The text column to match with the regular expression.
        pattern: A regular expression, such as ^A or [0-9]{3}$; it can match anywhere in the text.
        condition: An SQL expression that is true or false for each row, such as year < 2020 and price > 100.

    Example:
        fraction: 0.7
    """
    if by != "share":
        holds = _matching(table, by, column, pattern, condition)
        return Halves(table.with_frame(table.frame.filter(holds)), table.with_frame(table.frame.filter(~holds)))
    rows = int(table.with_frame(table.frame.select(pl.len())).collect().frame.item())
    order = np.random.Generator(np.random.PCG64(seed)).permutation(rows) if shuffle else np.arange(rows)
    if stratify_by is None:
        drawn = order[: share_of(fraction, rows)]
    else:
        strata = table.only([require(stratify_by, table.head, param="stratify_by")]).collect().frame
        drawn = stratified(order, strata_of(strata), fraction)
    first = np.zeros(rows, dtype=bool)
    first[drawn] = True
    return _halves(table, first)


def _matching(table: Query, by: str, column: str | None, pattern: str, condition: str) -> pl.Expr:
    holds = matches(table.head.frame, column, pattern) if by == "pattern" else read_condition(condition, table.head, "condition")
    return holds.fill_null(False)


def _halves(table: Query, first: np.ndarray) -> Halves:
    mark = max(table.head.frame.columns, key=len, default="") + "_"
    marked = pl.concat([table.frame, pl.LazyFrame({mark: first})], how="horizontal")
    return Halves(*(table.with_frame(marked.filter(drawn).drop(mark)) for drawn in (pl.col(mark), ~pl.col(mark))))
