"""Tables of forecasts as matrices of series and periods, and back."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import polars as pl

from pipelines.catalogue.columns import kind_of
from pipelines.catalogue.errors import ModuleError
from pipelines.catalogue.ports import Table
from pipelines.modelling.features import LARGEST
from pipelines.modelling.forecasting.preparing import TOTAL
from pipelines.modelling.forecasting.reconciliation import summing


def check(frame: pl.DataFrame, series: Sequence[str], column: str) -> None:
    """Make sure that there are series columns and numbers.

    Raises:
        ModuleError: `no_hierarchy`, `not_a_number`.
    """
    if not series:
        words = "No column names the series, so there is nothing to add up."
        raise ModuleError(
            "no_hierarchy", words, port="table", param="series", remedy="Select the series columns, from the highest level on."
        )
    if kind_of(frame.schema[column]) != "number":
        words = f"“{column}” is not numeric."
        raise ModuleError("not_a_number", words, port="table", param="forecast", column=column, remedy="Select a column of forecasts.")


def wide(frame: pl.DataFrame, series: Sequence[str], time: str, value: str, port: str = "table") -> tuple[pl.DataFrame, np.ndarray]:
    """Return the keys of the series and a matrix of their values, a column for each time.

    Raises:
        ModuleError: `duplicate_times`, or `incomplete` where a series lacks a period.
    """
    keyed = frame.select(
        [pl.col(name).cast(pl.String).alias(f"key {place}") for place, name in enumerate(series)]
        + [pl.col(time).alias("time"), pl.col(value).cast(pl.Float64).alias("value")]
    )
    names = [f"key {place}" for place in range(len(series))]
    if keyed.select(*names, "time").is_duplicated().any():
        words = "A series has several rows of the same time."
        raise ModuleError(
            "duplicate_times", words, port=port, param="time", column=time, remedy="Keep one method and one origin, with Filter Rows."
        )
    keys = keyed.select(names).unique(maintain_order=True)
    times = keyed.select("time").unique().sort("time")
    grid = keys.with_row_index("row").join(times.with_row_index("column"), how="cross")
    joined = grid.join(keyed, on=[*names, "time"], how="left", nulls_equal=True).sort("row", "column")
    values = joined["value"].fill_null(float("nan")).to_numpy().reshape(keys.height, times.height)
    return keys, values


def hierarchy(keys: pl.DataFrame, values: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return the summing matrix and the places of the lowest series.

    Raises:
        ModuleError: `no_hierarchy`, `incomplete`, or `too_large`.
    """
    sums, bottom = summing(keys.fill_null("–").rows(), TOTAL)
    if not len(bottom) or len(bottom) == keys.height:
        words = f"There are no series named “{TOTAL}” beside those that they sum up." if len(bottom) else "All series are sums."
        raise ModuleError(
            "no_hierarchy", words, port="table", param="series", remedy="Add totals in Prepare Time Series, and forecast these series too."
        )
    if not np.isfinite(values).all():
        words = "Some series have no forecast of some periods, so they do not add up."
        raise ModuleError(
            "incomplete", words, port="table", param="forecast", remedy="Let all series end at the same time in Prepare Time Series."
        )
    if float(np.abs(values).max()) > LARGEST:
        words = "Some forecasts are beyond ±1e100, so they cannot be added up."
        raise ModuleError("too_large", words, port="table", param="forecast", remedy="Remove these series with Filter Rows.")
    return sums, bottom


def by_row(frame: pl.DataFrame, series: Sequence[str], time: str, keys: pl.DataFrame, values: np.ndarray) -> pl.Series:
    """Return the value of each row of a table from the matrix of its series and times."""
    times = frame[time].unique().sort()
    own = [pl.col(name).cast(pl.String).alias(f"key {place}") for place, name in enumerate(series)]
    places = frame.select(*own, pl.col(time).alias("time"))
    long = keys[np.repeat(np.arange(keys.height), len(times))].with_columns(time=pl.concat([times] * keys.height), found=values.ravel())
    return places.join(long, on=places.columns, how="left", nulls_equal=True, maintain_order="left")["found"]


def residuals(past: Table | None, names: Sequence[str], time: str, keys: pl.DataFrame) -> np.ndarray:
    """Return the errors of earlier forecasts, series in the order of the keys.

    Raises:
        ModuleError: `no_past`.
    """
    needed = [*names, time, "Forecast", "Actual"]
    if past is None or any(name not in past.frame.columns for name in needed):
        words = "Errors of earlier forecasts are needed: a table with the series, the time, Forecast and Actual."
        raise ModuleError(
            "no_past", words, port="past", remedy="Connect the table of Backtest Forecasting Models, or choose another method."
        )
    errors = past.frame.with_columns((pl.col("Forecast") - pl.col("Actual")).alias("__error"))
    own, values = wide(errors, names, time, "__error", port="past")
    order = {key: place for place, key in enumerate(own.rows())}
    if any(key not in order for key in keys.rows()):
        words = "Some series have no earlier forecasts."
        raise ModuleError("no_past", words, port="past", remedy="Forecast the same series there.")
    rows = values[[order[key] for key in keys.rows()]]
    known = rows[:, np.isfinite(rows).all(axis=0)]
    if known.shape[1] < 2:
        words = "Fewer than two periods have an error of every series."
        raise ModuleError("no_past", words, port="past", remedy="Use more origins in Backtest Forecasting Models.")
    return known
