"""Backtest Forecasting Models: how good methods of forecasting are, from origins in the past."""

from __future__ import annotations

from typing import Annotated, NamedTuple

import polars as pl

from pipelines.catalogue.lineage import Lineage
from pipelines.catalogue.module import module
from pipelines.catalogue.params import Range, Title
from pipelines.catalogue.phrases import counted
from pipelines.catalogue.ports import Report, Table
from pipelines.catalogue.reporting import log
from pipelines.modelling.families import libraries
from pipelines.modelling.forecasting.intermittent import say_demand
from pipelines.modelling.forecasting.measures import LEVELS
from pipelines.modelling.forecasting.method import Method
from pipelines.modelling.forecasting.reading import SeriesColumns, as_times, names_of, read_panel
from pipelines.modelling.forecasting.rolling import rolled, say, together
from pipelines.modelling.forecasting.tables import ACTUAL, FORECAST, METHOD, ORIGIN, STEP, bound_names, check_names, head
from pipelines.modules.forecasting._backtesting import Backtest, on_board, origins

ADDED = [STEP, FORECAST, *bound_names(LEVELS), METHOD, ORIGIN, ACTUAL]
FIGURES = ("MASE", "WAPE", "Bias", "MAE")


class Backtested(NamedTuple):
    """What rolling origins show.

    Args:
        table: Each forecast with its method, its origin, its bounds and the value that came.
        by_series: The figures of each series and method.
        report: The methods side by side, figures by step, and series with their forecasts.
    """

    table: Table
    by_series: Table
    report: Report


def _before(table: Table, *_: Method | None, columns: SeriesColumns, **__: object) -> tuple[Table, Table, None]:
    names = names_of(columns, table)
    check_names([*names.series, names.time], [*ADDED, *FIGURES], "table")
    clock, keys = as_times(table.frame[names.time].clear()), table.frame.select(names.series).clear()
    rows = head(keys, clock, LEVELS)
    extra = {METHOD: pl.String(), ORIGIN: clock.dtype, ACTUAL: pl.Float64()}
    whole = pl.DataFrame(schema=dict(rows.schema) | extra)
    return Table(whole), Table(pl.DataFrame(schema=dict(keys.schema) | {METHOD: pl.String()} | dict.fromkeys(FIGURES, pl.Float64()))), None


@module(
    "Backtest Forecasting Models",
    icon="history-toggle",
    columns=_before,
    libraries=libraries(),
    lineage=Lineage(rows="new", label="value"),
    aliases=("rolling origin", "time series cross-validation", "mase", "evaluate forecast", "wape", "pinball"),
)
def backtest(
    table: Table,
    *methods: Method,
    columns: SeriesColumns,
    horizon: Annotated[int, Range(1, 1_000)] = 12,
    windows: Annotated[int, Range(1, 100)] = 5,
    spacing: Annotated[int | None, Range(1, 1_000)] = None,
    left_out: Annotated[int, Range(0, 100_000), Title("Last periods left out")] = 0,
) -> Backtested:
    """Forecast from several origins in the past, and compare with what came.

    Each method is trained again for each origin, on what was known then. Naive, seasonal naive, drift and mean are always on the board.

    - *MASE*: the mean absolute error in units of the mean change over a season before the origin; below 1 is better than a seasonal naive forecast was there.
    - *RMSSE*: the same of squares. *WAPE*: the sum of absolute errors over the sum of values. *sMAPE*: from 0 to 2.
    - *Bias*: the sum of errors over the sum of values; above 0, forecasts are too high.
    - *Pinball loss*: the mean loss of the bounds and of the forecast as quantiles.
    - *Coverage*: the share of values within intervals that are made of earlier origins only.

    MAPE is not given where a value is 0. Forecasts of different methods, origins and groups of series are made side by side, and kept.

    When to use:
        To choose a method, and to know how far to trust its forecasts and intervals.

    Args:
        table: The series.
        methods: The untrained forecasters.
        columns: Which columns hold the series.
        horizon: How many periods each forecast is for.
        windows: How many origins there are.
        spacing: How many periods lie between two origins; if empty, the horizon.
        left_out: How many of the last periods of each series are not used at all, such as those that another backtest judges by.

    Example:
        table: forecasting.prepare_time_series
        methods: forecasting.baseline, forecasting.regression_on_lags
        time: "week"
        value: "quantity"
        series: ["store", "brand"]
        horizon: 8
        windows: 3
    """
    names = names_of(columns, table)
    check_names([*names.series, names.time], [*ADDED, *FIGURES], "table")
    panel = read_panel(table, names)
    panel = panel.cut(min(left_out, panel.periods))
    backs = origins(panel, horizon, windows, spacing or horizon)
    board = on_board(methods)
    log(
        f"{counted(panel.size, 'series', 'series')} ({panel.frequency.words}), {counted(len(backs), 'origin')}, {counted(len(board), 'method')}."
    )
    say_demand(panel)
    paths = rolled(panel, board, backs, horizon)
    for method in board:
        say(method, together([paths[method.name, back] for back in backs]))
    found = Backtest.of(panel, names, horizon, board, paths)
    return Backtested(Table(found.table(as_times(table.frame[names.time].clear()))), Table(found.by_series()), found.report())
