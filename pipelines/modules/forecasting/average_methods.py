"""Average of Methods: the mean of the forecasts of several methods."""

from __future__ import annotations

from typing import Literal

from pipelines.catalogue.errors import ModuleError
from pipelines.catalogue.module import module
from pipelines.modelling.forecasting.method import Method


def _before(*methods: Method | None, **_: object) -> None:
    _check([method for method in methods if method is not None])


def _check(methods: list[Method]) -> None:
    for method in methods:
        if not method.is_local:
            words = f"“{method.name}” learns from all series at once, and the average is of methods that are fitted to each series."
            remedy = "Connect exponential smoothing, ARIMA, Theta, decomposition, intermittent demand or baselines."
            raise ModuleError("not_for_each_series", words, port="methods", remedy=remedy)


@module(
    "Average of Methods",
    icon="arrows-join",
    columns=_before,
    aliases=("ensemble", "combination", "mean of forecasts", "combine"),
)
def average_methods(
    *methods: Method,
    how: Literal["mean", "median"] = "median",
) -> Method:
    """Forecast by the mean or the median of what several methods forecast for the same series and period.

    Averages of simple methods are hard to beat: the median of exponential smoothing, ARIMA and Theta was among the best of the M4 competition. What the methods say of series
    that they cannot be fitted to, such as of short ones, is said for each.

    Source: F. Petropoulos, I. Svetunkov, "A simple combination of univariate models" (2020).

    When to use:
        Where no method is clearly the best in Backtest Forecasting Models.

    Args:
        methods: The methods; each is fitted to every series alone.
        how: The median is less moved by one bad forecast.

    Returns:
        The untrained forecaster, for Train Forecasting Model and Backtest Forecasting Models.

    Example:
        methods: forecasting.baseline, forecasting.theta
        in: forecasting.forecast
    """
    if not methods:
        raise ModuleError("no_methods", "No method is connected.", port="methods", remedy="Connect two or more methods.")
    _check(list(methods))
    members = [{"name": method.name, "kind": method.kind, "settings": dict(method.settings)} for method in methods]
    name = f"{how.capitalize()} of {', '.join(method.name for method in methods)}"
    return Method(name if len(name) <= 60 else f"{how.capitalize()} of {len(methods)} methods", "average", {"members": members, "how": how})
