"""Average of Methods: the mean of the forecasts of several methods."""

from __future__ import annotations

from typing import Annotated, Literal

from pipelines.catalogue.errors import ModuleError
from pipelines.catalogue.module import module
from pipelines.catalogue.params import When
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
    weights: Annotated[str, When("how", "mean")] = "",
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
        weights: How much each method counts for the mean, in the order of the connections, separated by commas; if empty, all count the same.

    Returns:
        The untrained forecaster, for Train Forecasting Model and Backtest Forecasting Models.

    Example:
        methods: forecasting.baseline, forecasting.theta
        in: forecasting.forecast
    """
    if not methods:
        raise ModuleError("no_methods", "No method is connected.", port="methods", remedy="Connect two or more methods.")
    _check(list(methods))
    shares = _shares(weights, len(methods)) if how == "mean" else {}
    members = [{"name": method.name, "kind": method.kind, "settings": dict(method.settings)} for method in methods]
    name = f"{how.capitalize()} of {', '.join(method.name for method in methods)}"
    return Method(
        name if len(name) <= 60 else f"{how.capitalize()} of {len(methods)} methods", "average", {"members": members, "how": how, **shares}
    )


def _shares(text: str, methods: int) -> dict[str, list[float]]:
    """The weights among the settings; none where all count the same.

    Raises:
        ModuleError: `bad_weights`.
    """
    if not text.strip():
        return {}
    try:
        found = [float(part) for part in text.split(",")]
    except ValueError:
        found = []
    if len(found) != methods or not all(0 <= each < float("inf") for each in found) or not sum(found):
        words = f"“{text[:60]}” is not a weight for each of the {methods} methods."
        remedy = f"Enter {methods} numbers from 0 on, not all 0, separated by commas."
        raise ModuleError("bad_weights", words, param="weights", remedy=remedy)
    return {"weights": found}
