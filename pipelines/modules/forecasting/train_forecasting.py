"""Train Forecasting Model: a method and a table of series in, a trained forecaster out."""

from __future__ import annotations

from dataclasses import replace
from typing import Annotated

import numpy as np
import polars as pl

from pipelines.catalogue.lineage import Lineage
from pipelines.catalogue.module import module
from pipelines.catalogue.params import Range
from pipelines.catalogue.phrases import counted, listed, percent
from pipelines.catalogue.ports import Report, Table
from pipelines.catalogue.reporting import log
from pipelines.modelling.evaluation.charts import table as table_block
from pipelines.modelling.families import libraries
from pipelines.modelling.forecasting.forecaster import Calibrated, Forecaster, train
from pipelines.modelling.forecasting.frequency import Frequency
from pipelines.modelling.forecasting.intermittent import say_demand
from pipelines.modelling.forecasting.method import Method
from pipelines.modelling.forecasting.panel import Panel
from pipelines.modelling.forecasting.reading import SeriesColumns, as_times, names_of, read_panel


def _before(method: Method | None, table: Table, *, columns: SeriesColumns, horizon: int, **_: object) -> Forecaster | None:
    names = names_of(columns, table)
    clock, none = as_times(table.frame[names.time].clear()), np.zeros((0, 0))
    panel = Panel(table.frame.select(names.series).clear(), Frequency("day", 1), none, none, none)
    return Forecaster(method or Method("", "baseline"), names, clock, panel, horizon, none, none)


@module(
    "Train Forecasting Model",
    icon="trending-up-2",
    columns=_before,
    libraries=libraries(),
    lineage=Lineage(label="value", trains=True),
    aliases=("fit", "forecast", "time series", "demand", "prophet"),
)
def train_forecasting(
    method: Method,
    table: Table,
    *,
    columns: SeriesColumns,
    horizon: Annotated[int, Range(1, 10_000)] = 12,
    intervals: bool = True,
) -> Forecaster:
    """Train a method of forecasting on one or many series.

    The table has a row for each series and period, in any order. The frequency is found: the most common distance of neighboring times. Each series is forecast
    from its own last value on; periods without a value in between stay missing. Times of a zone count by the wall clock where periods are days or longer, else
    by UTC.

    For prediction intervals, the method also forecasts from earlier origins that know nothing of later values. The errors of these forecasts, in units of each series'
    own usual change, are collected by step of the horizon over all series: an interval is as wide as the errors were (split conformal prediction). The report says which
    share of values such intervals have held, measured on origins whose own errors were left out.

    When to use:
        Before Forecast. To compare methods, use Backtest Forecasting Models.

    Args:
        method: The untrained forecaster.
        table: The series.
        columns: Which columns hold them.
        horizon: How many periods after its end each series can be forecast.
        intervals: Forecast from earlier origins too, for prediction intervals.

    Returns:
        The trained forecaster.

    Example:
        table: forecasting.prepare_time_series
        time: "week"
        value: "quantity"
        series: ["store", "brand"]
        horizon: 8
    """
    names = names_of(columns, table)
    used = (*names.known, *names.past, *names.static)
    if used and method.is_local:
        log(f"{method.name} uses the values of the series alone, not {listed(used)}.", "warning")
        names = replace(names, known=(), past=(), static=())
    panel = read_panel(table, names)
    clock = as_times(table.frame[names.time].clear())
    log(f"The series are {panel.frequency.words}. {counted(panel.size, 'series', 'series')} of up to {counted(panel.periods, 'period')}.")
    say_demand(panel)
    forecaster, calibrated = train(method, panel, names, clock, horizon, intervals)
    return replace(forecaster, report=training_report(forecaster, calibrated))


def training_report(forecaster: Forecaster, calibrated: Calibrated) -> Report:
    """Return what training has found."""
    panel, method = forecaster.panel, forecaster.method
    facts: list[list[object]] = [
        ["Method", method.name],
        ["Series", panel.size],
        ["Frequency", panel.frequency.words],
        ["Periods of a season", method.season(panel.frequency)],
        ["Periods of the longest series", panel.periods],
        ["Periods of the shortest series", int(panel.lengths.min())],
        ["Horizon", forecaster.horizon],
        ["Earlier origins for intervals", calibrated.windows],
    ]
    steps = [[step + 1, *row] for step, row in enumerate(_errors(forecaster.errors).rows())]
    measured = [[percent(level, 0), share] for level, share in calibrated.coverage]
    blocks = [table_block("Training", ["What", "Value"], facts)]
    if measured:
        blocks.append(table_block("Measured coverage of intervals", ["Level", "Share of values inside"], measured))
        blocks.append(table_block("Errors by step, in units of a series' usual change", ["Step", "Median", "95 %"], steps))
    return Report("Forecaster", blocks)


def _errors(errors: np.ndarray) -> pl.DataFrame:
    """The median and a high quantile of the errors of each step."""
    columns = [pl.Series(column).fill_nan(None).drop_nulls() for column in errors.T]
    return pl.DataFrame(
        [(each.median(), each.quantile(0.95)) for each in columns], schema={"median": pl.Float64, "high": pl.Float64}, orient="row"
    )
