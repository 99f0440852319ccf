"""Reconcile Forecasts: forecasts of series and of their sums that add up."""

from __future__ import annotations

from typing import Annotated

import numpy as np
import polars as pl

from pipelines.catalogue.columns import require
from pipelines.catalogue.errors import ModuleError
from pipelines.catalogue.lineage import Lineage
from pipelines.catalogue.module import module
from pipelines.catalogue.params import Column, Columns, Title, Titles
from pipelines.catalogue.phrases import counted
from pipelines.catalogue.ports import Table
from pipelines.catalogue.reporting import log
from pipelines.modelling.forecasting.reconciliation import Reconciling, reconciled
from pipelines.modelling.forecasting.tables import check_names
from pipelines.modules.forecasting._reconciling import by_row, check, hierarchy, residuals, wide

RECONCILED = "Reconciled"
How = Annotated[
    Reconciling,
    Titles(bottom_up="Bottom up", top_down="Top down", ols="Least change", structural="Least change by size", variance="Least change by variance", shrinkage="Least change by covariance"),
]  # fmt: skip


def _checked(table: Table, series: Columns, time: str, forecast: str) -> list[str]:
    require(time, table, param="time")
    require(forecast, table, param="forecast")
    names = series.ordered(table)
    check(table.frame, names, forecast)
    check_names(table.frame.columns, [RECONCILED], "table")
    return names


def _columns(table: Table, past: Table | None, *, series: Columns, time: Column, forecast: Column, **_: object) -> Table:
    _checked(table, series, time, forecast)
    return table.with_frame(table.frame.with_columns(pl.lit(None, dtype=pl.Float64).alias(RECONCILED)))


@module(
    "Reconcile Forecasts",
    icon="equal",
    columns=_columns,
    lineage=Lineage(rows="same"),
    aliases=("hierarchy", "mint", "bottom-up", "top-down", "coherent"),
)
def reconcile_forecasts(
    table: Table,
    past: Table | None = None,
    *,
    series: Annotated[Columns, Title("Series")],
    time: Column,
    forecast: Column,
    method: How = "structural",
    non_negative: bool = False,
) -> Table:
    """Change forecasts of series and of their sums so that they add up.

    Sums are the series that have “All” in a series column, as Prepare Time Series adds them with its totals.

    - *Bottom up*: sums are those of the lowest series.
    - *Top down*: the forecast of the largest sum is divided in proportion to the forecasts of the lowest series.
    - *Least change* (minimum trace): all forecasts count, each by how sure it is: all alike; by how many series it sums up; by the variance of its errors; or
      by the covariance of errors, shrunk towards none. The last two read the errors from the table of Backtest Forecasting Models.

    Source: S. L. Wickramasuriya, G. Athanasopoulos, R. J. Hyndman, "Optimal forecast reconciliation" (2019).

    When to use:
        Where plans for stores, regions and the whole have to agree.

    Args:
        table: The forecasts, a row for each series and period.
        past: Earlier forecasts with the values that came, in columns Forecast and Actual, of one method.
        series: The columns that name the series, the highest level first.
        time: The column of periods.
        forecast: The column of forecasts.
        method: How forecasts are changed.
        non_negative: Make forecasts of the lowest series at least 0, and sum them up.

    Returns:
        The table with the column Reconciled.

    Example:
        table: forecasting.forecast
        forecasting.prepare_time_series: {"totals": true, "end": "common", "fill": "last"}
        series: ["store", "brand"]
        time: "week"
        forecast: "Forecast"
    """
    names = _checked(table, series, time, forecast)
    if table.frame.is_empty():
        raise ModuleError("no_rows", "The table has no rows.", port="table", remedy="Connect the table of Forecast.")
    keys, base = wide(table.frame, names, time, forecast)
    sums, bottom = hierarchy(keys, base)
    found = reconciled(base, sums, bottom, method, residuals(past, names, time, keys) if method in ("variance", "shrinkage") else None)
    if non_negative:
        if count := int((found[bottom] < 0).sum()):
            log(f"{counted(count, 'forecast')} below 0 {'is' if count == 1 else 'are'} 0 now.")
        found = sums @ np.maximum(found[bottom], 0.0)
    gap = float(np.abs(base - sums @ base[bottom]).max())
    log(
        f"{counted(len(bottom), 'series', 'series')} and {counted(len(keys) - len(bottom), 'sum')}. Before, sums were up to {gap:,.4g} off."
    )
    return table.with_frame(table.frame.with_columns(by_row(table.frame, names, time, keys, found).alias(RECONCILED)))
