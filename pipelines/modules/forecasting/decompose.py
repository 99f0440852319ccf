"""Decompose and Forecast: several seasons of each series taken off first."""

from __future__ import annotations

from pipelines.catalogue.errors import ModuleError
from pipelines.catalogue.module import module
from pipelines.modelling.forecasting.method import Method
from pipelines.modules.forecasting._numbers import whole_numbers


def _before(*, seasons: str, **_: object) -> None:
    _read(seasons)


def _read(text: str) -> tuple[int, ...]:
    found = whole_numbers(text, "seasons")
    if 1 in found:
        words = "A season has 2 periods or more."
        raise ModuleError("wrong_numbers", words, param="seasons", remedy="Give numbers of periods from 2 on, such as 7, 365.")
    return found


@module(
    "Decompose and Forecast",
    icon="ripple",
    columns=_before,
    extra="forecast",
    libraries=("statsmodels",),
    aliases=("mstl", "stl", "several seasons", "multiple seasonality", "seasonal decomposition"),
)
def decompose(
    *,
    seasons: str = "",
) -> Method:
    """Take one or several seasons off each series (MSTL), forecast the rest, and add the seasons again.

    Seasons are found by local regressions, one after the other, twice. The last period of each goes on; the rest is forecast by the exponential smoothing without a season that
    has the smallest corrected Akaike criterion. Long seasons take no longer than short ones.

    A season of which a series has fewer than two is left out of it. Gaps are interpolated. A series with fewer than four values, or one that cannot be fitted, gets its last value. The
    log counts all of these.

    Source: K. Bandara, R. J. Hyndman, C. Bergmeir, "MSTL: a seasonal-trend decomposition algorithm for time series with multiple seasonal patterns" (2021).

    When to use:
        For hours with a day and a week, days with a week and a year, and for weeks with a year.

    Args:
        seasons: How many periods each season has, such as 24, 168; if empty, as is usual: 24 and 168 of hours, 7 and 365 of days, 52 of weeks, 12 of months, 4 of quarters.

    Returns:
        The untrained forecaster, for Train Forecasting Model and Backtest Forecasting Models.

    Example:
        in: forecasting.forecast
    """
    return Method("Decomposition", "statistical", {"method": "mstl", "seasons": list(_read(seasons))})
