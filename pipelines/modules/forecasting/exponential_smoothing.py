"""Exponential Smoothing: level, trend and season of each series, with recent values counting more."""

from __future__ import annotations

from typing import Annotated, Literal

from pipelines.catalogue.module import module
from pipelines.catalogue.params import Range, Titles, When
from pipelines.modelling.forecasting.method import Method


def _before(**_: object) -> None:
    """The settings of a method are known only when it runs."""


@module(
    "Exponential Smoothing",
    icon="chart-area",
    columns=_before,
    extra="forecast",
    libraries=("statsmodels",),
    aliases=("ets", "holt-winters", "holt", "smoothing", "autoets"),
)
def exponential_smoothing(
    *,
    model: Literal["given", "automatic"] = "given",
    error: Annotated[Literal["additive", "multiplicative"], When("model", "given")] = "additive",
    trend: Annotated[Literal["none", "additive", "damped"], Titles(damped="Damped"), When("model", "given")] = "damped",
    seasonality: Annotated[Literal["none", "additive", "multiplicative"], When("model", "given")] = "none",
    season: Annotated[int | None, Range(1, 1_000)] = None,
) -> Method:
    """Forecast each series by exponential smoothing (ETS), fitted by maximum likelihood.

    A season is left out of series shorter than two seasons. Series with values of 0 or below are additive. Gaps are interpolated. A series with fewer than four values, or
    one that cannot be fitted, gets its last value. The log counts all of these. Long seasons, such as 52 weeks, take long: consider Decompose and Forecast,
    Regression on Lags or Theta there.

    - *Given*: each series has the same model.
    - *Automatic*: each has the one with the smallest corrected Akaike criterion (AICc), chosen again at each origin. Seasons of more than 24 periods are left out.

    Source: R. J. Hyndman, A. B. Koehler, J. K. Ord, R. D. Snyder, "Forecasting with exponential smoothing" (2008); statsmodels' ETSModel.

    When to use:
        For series with a trend or a short season, each with its own behavior.

    Args:
        model: Whether the model is given, or chosen for each series.
        error: Whether errors add to the level, or grow with it.
        trend: Whether the series rises or falls on and on, or ever less.
        seasonality: Whether the season adds to the level, or grows with it.
        season: How many periods a season has; if empty, as is usual: 24 of hours, 7 of days, 52 of weeks, 12 of months, 4 of quarters.

    Returns:
        The untrained forecaster, for Train Forecasting Model and Backtest Forecasting Models.

    Example:
        in: forecasting.forecast
    """
    if model == "automatic":
        return Method("Automatic exponential smoothing", "statistical", {"method": "ets", "automatic": True, "season": season})
    settings = {"method": "ets", "error": error, "trend": trend, "seasonality": seasonality, "season": season}
    return Method("Exponential smoothing", "statistical", settings)
