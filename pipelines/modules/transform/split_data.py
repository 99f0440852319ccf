"""Split Data: share the rows of a table between two outputs."""

from __future__ import annotations

from typing import Annotated, Literal, NamedTuple

import numpy as np
import polars as pl

from pipelines.catalogue.columns import require
from pipelines.catalogue.module import module
from pipelines.catalogue.params import Code, Column, Range, Seed, Titles, When
from pipelines.catalogue.ports import Query
from pipelines.modules.transform._comparing import matches
from pipelines.modules.transform._drawing import share_of, strata_of, stratified
from pipelines.modules.transform._formula import read_condition

By = Annotated[
    Literal["share", "pattern", "condition"],
    Titles(share="A share of the rows", pattern="A regular expression", condition="A condition"),
]


class Halves(NamedTuple):
    """The two parts.

    Args:
        first: The share of the rows that `fraction` says, or the rows that match.
        second: The other rows.
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
    """Share the rows of a table between two outputs.

    By a share, the first part gets fraction × rows, rounded down; both parts keep the table's order of rows. With n rows, the rows
    drawn at random are the first ones of `numpy.random.Generator(numpy.random.PCG64(seed)).permutation(n)`, so any script
    can repeat the split. Stratified, every value of the column gives its share of rows, rounded down, and the rows
    still owed come one each from the values with the largest remainders. By a regular expression or a condition, the first part
    gets the rows that match and the second all others, such as those with a missing value.

    Args:
        table: The rows to share.
        by: What decides to which output a row goes.
        fraction: Share of the rows that goes to the first output, from 0 to 1.
        shuffle: Draw the rows at random; off takes the first rows as they come.
        seed: Start of the random draw; the same seed gives the same rows.
        stratify_by: A column whose values keep their proportions in both parts.
        column: The text column that the regular expression is looked for in.
        pattern: A regular expression, such as ^A or [0-9]{3}$; it may match anywhere in the text.
        condition: An SQL expression that is true or false for each row, such as year < 2020 and price > 100.
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
