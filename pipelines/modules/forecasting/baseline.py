"""Baseline Forecasting: forecasts that any other method should be better than."""

from __future__ import annotations

from typing import Annotated, Literal

from pipelines.catalogue.module import module
from pipelines.catalogue.params import Range, Titles, When
from pipelines.modelling.forecasting.method import Method

TITLES = {
    "seasonal_naive": "Seasonal naive", "naive": "Naive", "drift": "Drift", "mean": "Mean", "window_mean": "Window mean",
    "seasonal_window_mean": "Seasonal window mean",
}  # fmt: skip
Kind = Literal["seasonal_naive", "naive", "drift", "mean", "window_mean", "seasonal_window_mean"]


def _before(**_: object) -> None:
    """The settings of a method are known only when it runs."""


@module(
    "Baseline Forecasting",
    icon="chart-dots",
    columns=_before,
    aliases=("naive", "seasonal naive", "drift", "moving average", "persistence"),
)
def baseline(
    *,
    method: Annotated[Kind, Titles(**TITLES)] = "seasonal_naive",
    window: Annotated[int, Range(1, 10_000), When("method", "window_mean", "seasonal_window_mean")] = 4,
    season: Annotated[int | None, Range(1, 100_000), When("method", "seasonal_naive", "seasonal_window_mean")] = None,
) -> Method:
    """Continue each series by a plain figure of its own past.

    - *Seasonal naive*: the value a season earlier; without a season the last value.
    - *Naive*: the last value.
    - *Drift*: the line from the first to the last value goes on.
    - *Mean*: the mean of all values.
    - *Window mean*: the mean of the last periods.
    - *Seasonal window mean*: the mean of the same period of the last seasons.

    Missing values are left out of means; where the value a season earlier is missing, the last value is used.

    When to use:
        To know what a better method has to beat, and for series that are too short for any other.

    Args:
        method: Which figure is the forecast.
        window: How many periods, or seasons, the mean is of.
        season: How many periods a season has; if empty, as is usual: 24 of hours, 7 of days, 52 of weeks, 12 of months, 4 of quarters.

    Returns:
        The untrained forecaster, for Train Forecasting Model and Backtest Forecasting Models.

    Example:
        in: forecasting.forecast
    """
    return Method(TITLES[method], "baseline", {"method": method, "window": window, "season": season})
