"""Prepare Time Series: one row for each series and period."""

from __future__ import annotations

from typing import Annotated

import polars as pl

from pipelines.catalogue.columns import require
from pipelines.catalogue.errors import ModuleError
from pipelines.catalogue.lineage import Lineage
from pipelines.catalogue.module import module
from pipelines.catalogue.params import Column, Columns, Title
from pipelines.catalogue.ports import Table
from pipelines.modelling.forecasting.preparing import Policy, regular
from pipelines.modelling.forecasting.reading import NO_COLUMNS, as_times, check_value


def _names(table: Table, time: str, value: str, series: Columns) -> list[str]:
    require(time, table, param="time")
    require(value, table, param="value")
    chosen = series.pick(table)
    for column, param in ((time, "time"), (value, "value")):
        if column in chosen or time == value:
            words = f"“{column}” is selected twice."
            raise ModuleError("used_twice", words, port="table", param=param, column=column, remedy="Select it once.")
    if taken := [name for name in table.frame.columns if name in ("__time", "__series", "__step", "__back", "len")]:
        words = f"The table has a column “{taken[0]}”, as this module names one."
        raise ModuleError("reserved_name", words, port="table", column=taken[0], remedy="Rename it with Edit Metadata.")
    check_value(table, value)
    return chosen


def _columns(table: Table, *, time: Column, value: Column, series: Columns, policy: Policy) -> Table:
    chosen, frame = _names(table, time, value, series), table.frame
    numbers = [name for name, dtype in frame.schema.items() if dtype.is_numeric() and name != time] if policy.totals else []
    types: dict[str, pl.DataType] = {str(name): pl.String() for name in chosen if policy.totals} | {
        name: pl.Float64() for name in numbers if name not in chosen
    }
    types |= {str(time): as_times(frame[time].clear()).dtype, str(value): pl.Float64()}
    order = [*chosen, time, *(name for name in frame.columns if name not in (*chosen, time))]
    return table.with_frame(pl.DataFrame(schema={name: types.get(name, frame.schema[name]) for name in order}))


@module(
    "Prepare Time Series",
    icon="calendar-time",
    columns=_columns,
    lineage=Lineage(rows="new"),
    aliases=("resample", "fill gaps", "frequency", "regular", "missing periods", "time series"),
)
def prepare_time_series(
    table: Table,
    *,
    time: Column,
    value: Column,
    series: Annotated[Columns, Title("Series")] = NO_COLUMNS,
    policy: Policy,
) -> Table:
    """Make series regular: one row for each series and period, in the order of time.

    The frequency is found, and said where it is mixed: then times count to the period they are in. Several rows of a series in one period are aggregated, periods without a
    row are added, and missing values are filled, each as the settings say; the log counts them. Rows without a time or a series are left out. Infinite values are missing.

    Other columns keep the value of the first row of a period. In periods that are added they are missing, unless they are constant within each series. Daily and longer periods are
    those of the wall clock of the time zone, shorter ones those of UTC, so that a change of the clocks neither doubles nor loses one.

    When to use:
        Before Train Forecasting Model, where series have gaps, doubles, or no even distances.

    Args:
        table: The rows, in any order.
        time: When each value was measured: a date, a timestamp, a text with one, or a whole number.
        value: The column of values.
        series: The columns that name the series of a row; without one the table is one series.
        policy: What is done with gaps, doubles and short series.

    Returns:
        The series.

    Example:
        table: {"data.dataset": {"dataset": "orange_juice"}}
        time: "week"
        value: "quantity"
        series: ["store", "brand"]
        fill: "last"
    """
    chosen = _names(table, time, value, series)
    return table.with_frame(regular(table.frame, as_times(table.frame[time]), value, chosen, policy))
