"""Group and Summarise: one row for each value of the key columns, with figures of its rows."""

from __future__ import annotations

from typing import Annotated

import polars as pl

from pipelines.catalogue.columns import NUMERIC, kind_of
from pipelines.catalogue.errors import ModuleError
from pipelines.catalogue.module import module
from pipelines.catalogue.params import Columns, Title
from pipelines.catalogue.ports import Frame, Query
from pipelines.modules.transform._figures import FIGURES, OF_NUMBERS, figure_of, whole


@module("Group and Summarise", icon="sum", aliases=("group by", "aggregate", "pivot", "summarize", "count", "mean", "sum"))
def group_by(
    table: Query,
    *,
    keys: Columns,
    columns: Columns = NUMERIC,
    count: Annotated[bool, Title("Row count")] = True,
    sum: bool = False,
    mean: bool = True,
    median: bool = False,
    deviation: Annotated[bool, Title("Standard deviation")] = False,
    minimum: bool = False,
    maximum: bool = False,
    distinct: Annotated[bool, Title("Distinct count")] = False,
) -> Frame:
    """Group rows by key columns, and compute statistics of each group in columns named COLUMN_STATISTIC.

    Groups are in the order of their first row; missing keys form a group. Missing values and values that are not numbers count only as rows. A sum
    of whole numbers is a whole number; one that exceeds 64 bits is an error.

    Args:
        table: The rows to group.
        keys: The columns to group by.
        columns: The columns to compute statistics of; key columns are skipped.
        count: Add a column rows with the number of rows.
        sum: Add the sum of each column.
        mean: Add the mean of each column.
        median: Add the median of each column.
        deviation: Add the sample standard deviation (n − 1) of each column.
        minimum: Add the minimum of each column.
        maximum: Add the maximum of each column.
        distinct: Add the number of distinct values of each column.

    Returns:
        One row per group.
    """
    asked = dict(zip(FIGURES, (sum, mean, median, deviation, minimum, maximum, distinct), strict=True))
    named = keys.pick(table.head)
    valued = [column for column in columns.pick(table.head) if column not in named]
    wanted = [(column, figure) for column in valued for figure, yes in asked.items() if yes]
    _check(table.head.frame, named, wanted, count)
    figures = [figure_of(table.head.frame, column, figure) for column, figure in wanted]
    # grouped in memory: a grouping of a stream adds decimals up in an order that differs from run to run
    rows = table.only([*named, *(valued if wanted else ())]).collect().frame
    groups = rows.group_by(named, maintain_order=True).agg(*([pl.len().cast(pl.Int64).alias("rows")] if count else []), *figures)
    return groups.with_columns(whole(groups[f"{column}_sum"], column) for column, figure in wanted if figure == "sum")


def _check(head: pl.DataFrame, keys: list[str], wanted: list[tuple[str, str]], count: bool) -> None:
    if not keys:
        raise ModuleError("no_keys", "No key column is selected.", param="keys", port="table", remedy="Select at least one.")
    for column, figure in wanted:
        if kind_of(head.schema[column]) == "other" or (figure in OF_NUMBERS and kind_of(head.schema[column]) != "number"):
            raise ModuleError(
                "not_a_number",
                f"“{column}” is not numeric, so it has no {figure}.",
                column=column,
                param="columns",
                port="table",
                remedy="Select numeric columns only, or other statistics.",
            )
    after = [*keys, *(["rows"] if count else []), *(f"{column}_{figure}" for column, figure in wanted)]
    if twice := next((name for name in after if after.count(name) > 1), None):
        raise ModuleError(
            "duplicate_column",
            f"Two columns would be named “{twice}”.",
            column=twice,
            param="keys",
            remedy="Rename one with Edit Metadata first.",
        )
