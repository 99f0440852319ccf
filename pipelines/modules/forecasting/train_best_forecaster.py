"""Train Best Forecasting Model: a search over methods of forecasting within a time, the best ones averaged, and an honest estimate."""

from __future__ import annotations

import time
from typing import Annotated, Literal, NamedTuple, get_args

import polars as pl

from pipelines.catalogue.lineage import Lineage
from pipelines.catalogue.module import module
from pipelines.catalogue.params import Range, Seed, Title, Titles
from pipelines.catalogue.phrases import counted
from pipelines.catalogue.ports import Report, Table
from pipelines.catalogue.reporting import log
from pipelines.modelling.automl.strategy import Limits
from pipelines.modelling.families import libraries
from pipelines.modelling.forecasting.forecaster import Forecaster
from pipelines.modelling.forecasting.portfolio import MODULES
from pipelines.modelling.forecasting.reading import SeriesColumns, names_of, read_panel
from pipelines.modules.forecasting._backtesting import HEADS
from pipelines.modules.forecasting._best_opened import opened
from pipelines.modules.forecasting._best_report import SCHEMA
from pipelines.modules.forecasting._best_running import Asked, check_methods, run

TITLES = {key: title for key, title, _ in HEADS}
Key = Literal["mase", "rmsse", "wape", "smape", "mae", "rmse"]
MetricName = Annotated[Key, Titles(**{key: TITLES[key] for key in get_args(Key)})]


class BestForecaster(NamedTuple):
    """What a search finds.

    Args:
        forecaster: The best method, trained on all values.
        leaderboard: A row for each candidate, the best first.
        report: Guardrails, estimate, leaderboard, how the search went, and the winner as a pipeline.
    """

    forecaster: Forecaster
    leaderboard: Table
    report: Report


def _before(table: Table, *, columns: SeriesColumns, methods: str, without: str, **_: object) -> tuple[None, Table, None]:
    names_of(columns, table)
    check_methods(methods, without)
    return None, Table(pl.DataFrame(schema=SCHEMA)), None


@module(
    "Train Best Forecasting Model",
    icon="award",
    columns=_before,
    libraries=(*libraries(), "holidays"),
    lineage=Lineage(label="value", trains=True),
    aliases=("AutoML", "auto forecasting", "automated machine learning", "search methods", "time series", "best forecast"),
    uses=MODULES,
    opens=opened,
)
def train_best_forecaster(
    table: Table,
    *,
    columns: SeriesColumns,
    horizon: Annotated[int, Range(1, 1_000)] = 12,
    metric: MetricName = "mase",
    seconds: Annotated[float, Range(1, 604_800)] = 60.0,
    trials: Annotated[int | None, Range(1, 100_000)] = None,
    at_once: Annotated[int | None, Range(1, 1_000), Title("Trials at once")] = None,
    target_score: float | None = None,
    patience: Annotated[int | None, Range(1, 100_000)] = 40,
    windows: Annotated[int, Range(1, 100)] = 5,
    methods: str = "",
    without: str = "",
    seed: Seed = Seed(0),
) -> BestForecaster:
    """Try methods of forecasting and their settings within a time, and train the best of them.

    Each candidate forecasts from several origins in the past, and is judged by what came. A search starts with naive forecasts, regressions on lags (linear and boosted
    trees), Theta, exponential smoothing, decomposition and ARIMA, and methods for rare demand. Of many series a method is tried on eight first. Then local search moves around the best regressions.

    Methods that are fitted to each series are averaged where that is better: weights are chosen one by one. The last periods, as many as are forecast, are kept from the search,
    if the history suffices: the estimate is of them. *Open as pipeline* in the report makes a pipeline of the winner that gives the same figures; each row of the leaderboard opens too.
    No trial starts that cannot end in time; the final training is part of it. Set a number of trials that is reached first for results that repeat.

    When to use:
        For a good forecast within minutes, and to know which methods suit the series.

    Args:
        table: The series, a row for each series and period; Prepare Time Series makes it so.
        columns: Which columns hold the series.
        horizon: How many periods to forecast.
        metric: What counts, over all series and origins. MASE counts all series alike, WAPE by their size.
        seconds: The time for everything.
        trials: How many methods with settings are tried at most; if empty, as many as the time allows.
        at_once: How many are tried at the same time at most; if empty, as many as workers are free.
        target_score: A score of the metric that suffices: the search ends when it is reached.
        patience: How many methods with settings may bring no gain before the search ends; if empty, it goes on.
        windows: From how many origins methods are judged, where the history suffices.
        methods: The methods that may be used, separated by commas; if empty, all that are installed: baseline, linear_on_lags, theta,
            boosted_trees_on_lags, exponential_smoothing, decomposition, arima, intermittent_demand.
        without: Methods that must not be used, separated by commas.
        seed: The random seed.

    Example:
        table: forecasting.prepare_time_series
        time: "week"
        value: "quantity"
        series: ["store", "brand"]
        horizon: 8
        seconds: 600
        trials: 3
        methods: "baseline, linear_on_lags"
    """
    started = time.monotonic()
    panel = read_panel(table, names := names_of(columns, table))
    log(f"The series are {panel.frequency.words}. {counted(panel.size, 'series', 'series')} of up to {counted(panel.periods, 'period')}.")
    limits = Limits(seconds, trials, target_score, patience)
    asked = Asked(names, horizon, (metric, TITLES[metric]), windows, limits, methods, without, int(seed), started, at_once)
    return BestForecaster(*run(table, panel, asked))
