"""Window and Lag: values of earlier and later rows, rolling and cumulative figures, ranks."""

from __future__ import annotations

from collections.abc import Mapping

import polars as pl

from pipelines.catalogue.columns import NUMERIC
from pipelines.catalogue.lineage import Lineage
from pipelines.catalogue.module import PROBE, module
from pipelines.catalogue.params import Columns
from pipelines.catalogue.ports import Table, telling_of_values
from pipelines.modelling.numbers import tell_infinities
from pipelines.modules.transform._figures import whole
from pipelines.modules.transform._naming import unused
from pipelines.modules.transform._windowing import Function, Reach, check, computed, finished, named, prepared
from pipelines.modules.transform.sort_rows import NONE

ALIASES = (
    "lag",
    "lead",
    "shift",
    "rolling",
    "moving average",
    "cumulative",
    "cumsum",
    "rank",
    "row number",
    "difference",
    "time series features",
)
ROWS = Lineage(rows="same", derives=lambda settings, table: {}, apart="never")


@module("Window and Lag", icon="timeline", columns=PROBE, aliases=ALIASES, lineage=ROWS)
def window(
    table: Table,
    *,
    columns: Columns = NUMERIC,
    function: Function = "lag",
    reach: Reach = Reach(),  # noqa: B008  frozen
    group_by: Columns = NONE,
    order_by: Columns = NONE,
    descending: bool = False,
) -> Table:
    """Add columns with values of earlier or later rows, rolling or cumulative statistics, or ranks, named COLUMN_FUNCTION or COLUMN_FUNCTION_SIZE.

    Rows keep their order. The order within the computation is that of the columns to order by: missing values last, equal ones in the order of the table.
    Missing and non-finite values are skipped; cumulative statistics are missing in their rows. Differences of dates are in days. To predict a
    column, use only what is known before: lags, and windows without the current row. A lead or the current row of the label reveals the answer.

    When to use:
        For series: the value before, a moving mean, a running total, a rank within a group.

    Args:
        table: The table to add columns to.
        columns: The columns to compute from.
        function: What to compute.
        reach: Which rows are used.
        group_by: Columns that separate groups, such as a shop: a window never crosses groups. Missing values form a group.
        order_by: Columns that order the rows, such as a date, in the order in which they are named. Without any, the order of the table is used.
        descending: Sort in descending order.

    Returns:
        The table with the new columns.

    Example:
        data.dataset: {"dataset": "flight_weather"}
        columns: ["temp"]
        function: "lag"
        group_by: ["origin"]
        order_by: ["time_hour"]
    """
    groups, order = group_by.pick(table), order_by.ordered(table)
    chosen = [None] if function == "row_number" else columns.pick(table)
    new = {("row_number" if column is None else named(column, function, reach)): column for column in chosen}
    schema = dict(table.frame.schema)
    check(schema, new, order, function)
    if not new:
        return table
    kept = {name: column for name, column in new.items() if column is not None}
    finite = tell_infinities(table.frame, kept.values()) if function not in ("lag", "lead") else ()
    place = unused(schema)
    values = {name: f"{place}{number}" for number, name in enumerate(new)}
    made = (prepared(column, schema[column], function, column in finite).alias(values[name]) for name, column in kept.items())
    with telling_of_values():
        rows = table.frame.with_row_index(place).select(*dict.fromkeys([place, *groups, *order]), *made)
        rows = _ordered(rows, order, descending)
        results = rows.select(place, *(_made(name, values[name], new[name], schema, function, reach, groups) for name in new))
    results = _as_before(results, place) if order else results.drop(place)
    whole_ones = (whole(results[name], column, "columns") for name, column in kept.items())
    return Table(table.frame.hstack(results.with_columns(whole_ones)), table.roles)


def _as_before(results: pl.DataFrame, place: str) -> pl.DataFrame:
    """The results in the order of the table, which is faster than sorting them again."""
    import numpy as np

    inverse = np.empty(results.height, dtype=np.uint32)
    inverse[results[place].to_numpy()] = np.arange(results.height, dtype=np.uint32)
    return results.drop(place)[inverse]


def _ordered(rows: pl.DataFrame, order: list[str], descending: bool) -> pl.DataFrame:
    if not order:
        return rows
    keys = [pl.col(column).fill_nan(None) if rows[column].dtype.is_float() else pl.col(column) for column in order]
    return rows.sort(keys, descending=descending, nulls_last=True, maintain_order=True)


def _made(
    name: str, values: str, column: str | None, schema: Mapping[str, pl.DataType], function: str, reach: Reach, groups: list[str]
) -> pl.Expr:
    if column is None:
        result = pl.first().cum_count().cast(pl.Int64)  # of the rows' own numbers, none of which is missing
    else:
        result = finished(computed(values, function, reach), schema[column], function)
    return (result.over(groups) if groups else result).alias(name)
