"""Group and Summarise: one row for each value of the key columns, with figures of its rows."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated

import polars as pl

from pipelines.catalogue.columns import NUMERIC
from pipelines.catalogue.errors import ModuleError
from pipelines.catalogue.lineage import Lineage
from pipelines.catalogue.module import module
from pipelines.catalogue.params import Columns, Title
from pipelines.catalogue.ports import Frame, Query
from pipelines.modules.transform._figures import FIGURES, check_figures, grouped, quantiles_of


@dataclass(frozen=True)
class MoreFigures:
    """Statistics that are used less often.

    Args:
        first: Add the first non-missing value of each column.
        last: Add the last non-missing value of each column.
        most_frequent: Add the most frequent value of each column; of several, the smallest.
        present: Add the number of non-missing values of each column.
        quantiles: Add these quantiles of each column, separated by commas, such as 0.25, 0.75, with linear interpolation. The columns are named
            COLUMN_q0.25.
    """

    first: bool = False
    last: bool = False
    most_frequent: Annotated[bool, Title("Mode")] = False
    present: Annotated[bool, Title("Non-missing count")] = False
    quantiles: str = ""


ALIASES = ("group by", "aggregate", "pivot", "summarize", "count", "mean", "sum", "percentile", "quantile", "mode", "nunique")


@module("Group and Summarise", icon="sum", aliases=ALIASES, lineage=Lineage(rows="new"))
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
    more: MoreFigures = MoreFigures(),
) -> Frame:
    """Group rows by key columns, and compute statistics of each group in columns named COLUMN_STATISTIC.

    Groups are in the order of their first row; missing keys form a group. Missing values and values that are not numbers count only as rows. A figure that
    is not a number, such as the mean of infinite values of both signs, is missing. A sum
    of whole numbers is a whole number; one that exceeds 64 bits is an error.

    When to use:
        To answer questions by group, or to compute features of a customer, a shop or a day.

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
        more: Further statistics.

    Returns:
        One row per group.

    Example:
        keys: ["make"]
        columns: ["price", "horsepower"]
        mean: true
    """
    asked = dict(zip(FIGURES, (sum, mean, median, deviation, minimum, maximum, distinct), strict=False)) | _more(more)
    named = keys.pick(table.head)
    valued = [column for column in columns.pick(table.head) if column not in named]
    wanted = [(column, figure) for column in valued for figure, yes in asked.items() if yes]
    _check(table.head.frame, named, wanted, count)
    # grouped in memory: a grouping of a stream adds decimals up in an order that differs from run to run
    rows = table.only([*named, *(valued if wanted else ())]).collect().frame
    return grouped(rows, named, {f"{column}_{figure}": (column, figure) for column, figure in wanted}, "sum", count=count)


def _more(more: MoreFigures) -> dict[str, bool]:
    asked = {"first": more.first, "last": more.last, "most_frequent": more.most_frequent, "present": more.present}
    return asked | dict.fromkeys(quantiles_of(more.quantiles), True)


def _check(head: pl.DataFrame, keys: list[str], wanted: list[tuple[str, str]], count: bool) -> None:
    if not keys:
        raise ModuleError("no_keys", "No key column is selected.", param="keys", port="table", remedy="Select at least one.")
    check_figures(dict(head.schema), wanted, "columns")
    after = [*keys, *(["rows"] if count else []), *(f"{column}_{figure}" for column, figure in wanted)]
    if twice := next((name for name in after if after.count(name) > 1), None):
        raise ModuleError(
            "duplicate_column",
            f"Two columns would be named “{twice}”.",
            column=twice,
            param="keys",
            remedy="Rename one with Edit Metadata first.",
        )
