"""ARIMA: each series by its own earlier values and errors."""

from __future__ import annotations

from typing import Annotated, Literal

from pipelines.catalogue.module import module
from pipelines.catalogue.params import Range, Title, When
from pipelines.modelling.forecasting.method import Method

Order = Annotated[int, Range(0, 20), When("orders", "given")]
Few = Annotated[int, Range(0, 3), When("orders", "given")]


def _before(**_: object) -> None:
    """The settings of a method are known only when it runs."""


@module(
    "ARIMA",
    icon="wave-square",
    columns=_before,
    extra="forecast",
    libraries=("statsmodels",),
    aliases=("sarima", "autoregressive", "box-jenkins", "auto arima"),
)
def arima(
    *,
    orders: Literal["given", "automatic"] = "given",
    autoregressive: Annotated[Order, Title("Autoregressive terms (p)")] = 1,
    differences: Annotated[Few, Title("Differences (d)")] = 1,
    moving_average: Annotated[Order, Title("Moving average terms (q)")] = 1,
    seasonal_autoregressive: Annotated[Few, Title("Seasonal autoregressive terms (P)")] = 0,
    seasonal_differences: Annotated[Few, Title("Seasonal differences (D)")] = 0,
    seasonal_moving_average: Annotated[Few, Title("Seasonal moving average terms (Q)")] = 0,
    season: Annotated[int | None, Range(1, 1_000)] = None,
) -> Method:
    """Forecast each series by an ARIMA model, fitted by maximum likelihood.

    Seasonal terms are left out of series shorter than two seasons. Gaps need not be filled. A series with fewer than four values, or one that cannot be fitted, gets its last
    value. The log counts these.

    - *Given*: each series has the same orders.
    - *Automatic*: each has its own, chosen again at each origin: differences by tests, the others as long as the corrected Akaike criterion (AICc) of a fit by
      least squares falls. Seasons of more than 24 periods are left out. About half a second for each series and origin.

    Source: G. E. P. Box, G. M. Jenkins, "Time series analysis" (1970); R. J. Hyndman, Y. Khandakar, "Automatic time series forecasting" (2008);
    statsmodels' ARIMA.

    When to use:
        For series whose values depend on the few before, each in its own way.

    Args:
        orders: Whether the orders are given, or chosen for each series.
        autoregressive: How many earlier values count.
        differences: How often the series is differenced first.
        moving_average: How many earlier errors count.
        seasonal_autoregressive: How many values of earlier seasons count.
        seasonal_differences: How often the series is differenced to the season before.
        seasonal_moving_average: How many errors of earlier seasons count.
        season: How many periods a season has; if empty, as is usual: 24 of hours, 7 of days, 52 of weeks, 12 of months, 4 of quarters.

    Returns:
        The untrained forecaster, for Train Forecasting Model and Backtest Forecasting Models.

    Example:
        in: forecasting.forecast
    """
    if orders == "automatic":
        return Method("Automatic ARIMA", "statistical", {"method": "arima", "automatic": True, "season": season})
    order = [autoregressive, differences, moving_average]
    seasonal = [seasonal_autoregressive, seasonal_differences, seasonal_moving_average]
    settings = {"method": "arima", "order": order, "seasonal_order": seasonal, "season": season}
    return Method(f"ARIMA({', '.join(map(str, order))})", "statistical", settings)
