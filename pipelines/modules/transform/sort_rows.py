"""Sort Rows: sort the rows of a table by columns."""

from __future__ import annotations

from typing import Annotated, Literal

import polars as pl

from pipelines.catalogue.columns import Selector, kind_of
from pipelines.catalogue.errors import ModuleError
from pipelines.catalogue.lineage import Lineage
from pipelines.catalogue.module import module
from pipelines.catalogue.params import Columns, Title, Titles
from pipelines.catalogue.ports import Query

NONE = Selector(())


@module(
    "Sort Rows",
    icon="arrows-sort",
    aliases=("order by", "arrange", "sort values", "rank", "ascending", "descending"),
    lineage=Lineage(rows="same", serves="through"),
)
def sort_rows(
    table: Query,
    *,
    columns: Columns,
    descending: Columns = NONE,
    missing: Annotated[Literal["last", "first"], Title("Missing values"), Titles(last="Last", first="First")] = "last",
    match_case: bool = True,
) -> Query:
    """Sort the rows of a table by one or several columns.

    The sort is stable: rows with equal values keep their order. Texts are sorted by Unicode code points, so capital letters come before small ones and é
    comes after z. Categories are sorted as texts unless they have an order. False comes before true. Values that are not numbers count as missing.

    When to use:
        To see the largest or the newest first, or before modules for which the order of rows counts.

    Args:
        table: The table to sort.
        columns: The columns to sort by, in the order in which they are named.
        descending: Those of the columns to sort in descending order.
        missing: Where rows with a missing value go, in either direction.
        match_case: Whether texts are compared case-sensitively.

    Returns:
        The sorted rows.

    Example:
        columns: ["price"]
        descending: ["price"]
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
        raise ModuleError("no_keys", "No column is selected to sort by.", param="columns", port="table", remedy="Select at least one.")
    for column in keys:
        if kind_of(head.schema[column]) == "other":
            raise ModuleError(
                "no_order",
                f"“{column}” has type {head.schema[column]}, which has no order.",
                column=column,
                param="columns",
                port="table",
                remedy="Select columns of numbers, texts, dates or booleans.",
            )
    if strange := sorted(downwards - set(keys)):
        raise ModuleError(
            "not_a_key",
            f"“{strange[0]}” is descending, but is not a column to sort by.",
            column=strange[0],
            param="descending",
            port="table",
            remedy="Select it as a column to sort by as well.",
        )


def _key(column: str, kind: pl.DataType, match_case: bool) -> pl.Expr:
    if kind.is_float():
        return pl.col(column).fill_nan(None)
    if kind_of(kind) == "text" and not match_case:
        return pl.col(column).cast(pl.String).str.to_lowercase()
    return pl.col(column)
