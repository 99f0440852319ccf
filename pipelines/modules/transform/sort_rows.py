"""Sort Rows: put rows in the order of their values."""

from __future__ import annotations

from typing import Annotated, Literal

import polars as pl

from pipelines.catalogue.columns import Selector, kind_of
from pipelines.catalogue.errors import ModuleError
from pipelines.catalogue.module import module
from pipelines.catalogue.params import Columns, Titles
from pipelines.catalogue.ports import Query

NONE = Selector(())


@module("Sort Rows", icon="arrows-sort", aliases=("order by", "arrange", "sort values", "rank", "ascending", "descending"))
def sort_rows(
    table: Query,
    *,
    columns: Columns,
    descending: Columns = NONE,
    missing: Annotated[Literal["last", "first"], Titles(last="Last", first="First")] = "last",
    match_case: bool = True,
) -> Query:
    """Put the rows of a table in the order of the values of one or several columns.

    Rows with the same values keep their order. Texts are ordered by their characters' Unicode numbers, so capital letters come before small ones and
    é after z; categories are ordered as texts, unless they have an order of their own. False comes before true. What is not a number counts as missing.

    Args:
        table: The table to sort.
        columns: The columns to sort by, the most important one first, in the order in which they are named.
        descending: Those of these columns whose values go from large to small.
        missing: Where rows without a value go, in either direction.
        match_case: Whether capital and small letters differ in texts.

    Returns:
        The same rows in another order.
    """
    head = table.head.frame
    keys, downwards = columns.ordered(table.head), set(descending.pick(table.head))
    _check(head, keys, downwards)
    by = [_key(column, head.schema[column], match_case) for column in keys]
    return table.with_frame(
        table.frame.sort(by, descending=[column in downwards for column in keys], nulls_last=missing == "last", maintain_order=True)
    )


def _check(head: pl.DataFrame, keys: list[str], downwards: set[str]) -> None:
    if not keys:
        raise ModuleError("no_keys", "No column to sort by is chosen.", param="columns", port="table", remedy="Choose at least one.")
    for column in keys:
        if kind_of(head.schema[column]) == "other":
            raise ModuleError(
                "no_order",
                f"'{column}' holds {head.schema[column]} values, which have no order.",
                column=column,
                param="columns",
                port="table",
                remedy="Sort by a column of numbers, texts, dates or booleans.",
            )
    if strange := sorted(downwards - set(keys)):
        raise ModuleError(
            "not_a_key",
            f"'{strange[0]}' is to be descending, but the rows are not sorted by it.",
            column=strange[0],
            param="descending",
            port="table",
            remedy="Choose it among the columns to sort by as well.",
        )


def _key(column: str, kind: pl.DataType, match_case: bool) -> pl.Expr:
    if kind.is_float():
        return pl.col(column).fill_nan(None)
    if kind_of(kind) == "text" and not match_case:
        return pl.col(column).cast(pl.String).str.to_lowercase()
    return pl.col(column)
