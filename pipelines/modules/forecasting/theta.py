"""Theta: a line and an exponential smoothing of each series, averaged."""

from __future__ import annotations

from typing import Annotated

from pipelines.catalogue.module import module
from pipelines.catalogue.params import Range, Title
from pipelines.modelling.forecasting.method import Method


def _before(**_: object) -> None:
    """The settings of a method are known only when it runs."""


@module(
    "Theta",
    icon="triangle",
    columns=_before,
    extra="forecast",
    libraries=("statsmodels",),
    aliases=("m3 competition", "ses with drift"),
)
def theta(
    *,
    theta: Annotated[float, Range(1, 1_000)] = 2.0,
    test: Annotated[bool, Title("Test for a season")] = True,
    season: Annotated[int | None, Range(1, 1_000)] = None,
) -> Method:
    """Forecast each series by the theta method, which won the M3 competition.

    The season is taken off first, if a test finds one, and the series has at least two. It is additive in series with values of 0 or below. Gaps are interpolated. A series with
    fewer than four values, or one that cannot be fitted, gets its last value. The log counts all of these.

    Source: V. Assimakopoulos, K. Nikolopoulos, "The theta model" (2000); statsmodels' ThetaModel.

    When to use:
        As a quick, hard to beat method for many different series.

    Args:
        theta: How much the curvature of the series counts.
        test: Take the season off only where a test finds one.
        season: How many periods a season has; if empty, as is usual: 24 of hours, 7 of days, 52 of weeks, 12 of months, 4 of quarters.

    Returns:
        The untrained forecaster, for Train Forecasting Model and Backtest Forecasting Models.

    Example:
        in: forecasting.forecast
    """
    return Method("Theta", "statistical", {"method": "theta", "theta": theta, "test": test, "season": season})
