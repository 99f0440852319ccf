"""Regression on Lags: any regressor as a method of forecasting."""

from __future__ import annotations

from typing import Annotated, Literal

from pipelines.catalogue.errors import ModuleError
from pipelines.catalogue.module import module
from pipelines.catalogue.params import Range, Title, Titles
from pipelines.catalogue.ports import UntrainedModel
from pipelines.modelling.forecasting.method import Method
from pipelines.modules.forecasting._numbers import whole_numbers


def _before(untrained: UntrainedModel | None, **_: object) -> None:
    if untrained is not None:
        _check(untrained)


def _check(untrained: UntrainedModel) -> None:
    if untrained.task != "regression":
        words = f"{untrained.name} does not predict a number."
        raise ModuleError("not_regression", words, port="untrained", remedy="Connect a regressor, such as Linear Regression.")


@module(
    "Regression on Lags",
    icon="stairs-up",
    columns=_before,
    libraries=("numpy", "holidays"),
    aliases=("autoregression", "global model", "lags", "mlforecast"),
)
def regression_on_lags(
    untrained: UntrainedModel,
    *,
    lags: str = "1-3",
    seasonal_lags: str = "1",
    windows: Annotated[str, Title("Windows of means")] = "",
    season: Annotated[int | None, Range(1, 100_000)] = None,
    calendar: bool = False,
    holidays: Annotated[str, Title("Holidays of a country")] = "",
    fourier: Annotated[int, Range(0, 50), Title("Fourier terms")] = 0,
    strategy: Annotated[Literal["recursive", "direct"], Titles(recursive="Recursive", direct="Direct")] = "recursive",
    models: Annotated[Literal["one", "each"], Titles(one="One for all series", each="One for each series")] = "one",
    scaled: Annotated[bool, Title("Scale each series")] = True,
    differences: str = "",
) -> Method:
    """Forecast with a regressor whose features are earlier values of the series and what is known of each period.

    Features are lags, lags of seasons, means and standard deviations of the last periods, parts of the date, public holidays, and sines and cosines of the
    season; the columns that are known ahead, known until now or static are selected in Train Forecasting Model. Features of a period are only what is
    known when its forecast is made.

    - *Recursive*: one regressor forecasts one period, and its forecasts are lags of the next ones. Errors add up.
    - *Direct*: each step of the horizon has a regressor of its own, whose lags end at the origin. Better for long horizons, from about two seasons on.

    Periods whose lags lie before the start of the series are not trained on. A series that is too short for the lags gets its last value as forecast.

    When to use:
        For many series that behave alike, for columns that are known ahead, and for long series.

    Args:
        untrained: The untrained regressor.
        lags: Which earlier values are features: 1 is the last one.
        seasonal_lags: Which seasons before are features: 1 is the same period of the last season. Left out where most series are too short.
        windows: Of how many last periods means and standard deviations are features; may be empty.
        season: How many periods a season has; if empty, as is usual: 24 of hours, 7 of days, 52 of weeks, 12 of months, 4 of quarters.
        calendar: Add month, weekday and hour as categories, as far as the periods have them.
        holidays: Add how many public holidays a period has: the two letters of a country, such as DE, or with a region, such as DE-BY; may be empty.
        fourier: How many sines and cosines of the season are added.
        strategy: How periods after the first are forecast.
        models: Whether all series share a regressor, or each has its own.
        scaled: Bring each series to mean 0 and standard deviation 1, so that large ones do not decide alone.
        differences: Forecast the change to the value so many periods before rather than the value: 1 for series with a trend, which trees cannot continue;
            several are taken one after the other, such as 1, 52. May be empty.

    Returns:
        The untrained forecaster, for Train Forecasting Model and Backtest Forecasting Models.

    Example:
        in: forecasting.forecast
    """
    _check(untrained)
    settings = {
        "lags": whole_numbers(lags, "lags"),
        "seasonal_lags": whole_numbers(seasonal_lags, "seasonal_lags", 100),
        "windows": whole_numbers(windows, "windows"),
        "season": season, "calendar": calendar, "holidays": holidays.strip(), "fourier": fourier,
        "direct": strategy == "direct", "alone": models == "each", "scaled": scaled,
        "differences": whole_numbers(differences, "differences"),
    }  # fmt: skip
    how = f"{untrained.name} on lags" + (", direct" if strategy == "direct" else "") + (", each series" if models == "each" else "")
    return Method(how, "lags", settings, untrained)
