"""Forecast: a trained forecaster in, the next values of each series out."""

from __future__ import annotations

from typing import Annotated, NamedTuple

import numpy as np

from pipelines.catalogue.errors import ModuleError
from pipelines.catalogue.module import module
from pipelines.catalogue.params import Range
from pipelines.catalogue.phrases import counted, listed
from pipelines.catalogue.ports import Report, Table
from pipelines.catalogue.reporting import log
from pipelines.modelling.families import libraries
from pipelines.modelling.forecasting.charts import Shown, forecast_block
from pipelines.modelling.forecasting.forecaster import Forecaster
from pipelines.modelling.forecasting.reading import future_of
from pipelines.modelling.forecasting.tables import FORECAST, STEP, bound_names, check_names, head, long, read_levels


class Forecasts(NamedTuple):
    """The next values of each series.

    Args:
        table: A row for each series and period, with the forecast and the bounds of its intervals.
        report: History, forecast and intervals of series to choose from.
    """

    table: Table
    report: Report


def _before(forecaster: Forecaster | None, known_ahead: Table | None, *, levels: str, **_: object) -> tuple[Table | None, None]:
    chosen = read_levels(levels)
    return (None if forecaster is None else Table(head(forecaster.panel.keys.clear(), forecaster.clock, chosen))), None


@module(
    "Forecast",
    icon="chart-arrows-vertical",
    columns=_before,
    libraries=libraries(),
    aliases=("predict", "future", "horizon", "prediction interval"),
)
def forecast(
    forecaster: Forecaster,
    known_ahead: Table | None = None,
    *,
    horizon: Annotated[int | None, Range(1, 10_000)] = None,
    levels: str = "80, 95",
) -> Forecasts:
    """Forecast the periods after the last value of each series.

    Where the forecaster uses columns that are known ahead, a second table gives their values for these periods: with the time and the series columns of
    training. Its other rows and columns are not used.

    The bounds of an interval hold a new value with the chance of its level, if the future is as the past that the forecaster was trained on.

    When to use:
        After Train Forecasting Model.

    Args:
        forecaster: The trained forecaster.
        known_ahead: The values of columns that are known ahead.
        horizon: How many periods to forecast, at most as many as it was trained for; if empty, all of them.
        levels: The levels of prediction intervals in percent; may be empty.

    Example:
        horizon: 8
    """
    asked = horizon or forecaster.horizon
    if asked > forecaster.horizon:
        words = f"The forecaster was trained for {counted(forecaster.horizon, 'period')}, not for {asked:,}."
        raise ModuleError("horizon_too_long", words, param="horizon", remedy="Train it with a longer horizon.")
    chosen, names = read_levels(levels), forecaster.names
    check_names([*names.series, names.time], [STEP, FORECAST, *bound_names(chosen)], "forecaster")
    found = forecaster.forecast(asked, _ahead(forecaster, known_ahead, asked))
    bounds = [(level, *forecaster.bounds(found, level)) for level in chosen]
    for level, low, _ in bounds:
        if not np.isfinite(low).any():
            log(f"There are too few errors of earlier origins for intervals of {level * 100:g} %.", "warning")
    table = long(forecaster.panel, forecaster.clock, found, bounds)
    shown = Shown(forecaster.panel, found, bounds, None, forecaster.of_series)
    block = forecast_block(f"Forecasts of “{names.value}”", (names.time, names.value), shown)
    return Forecasts(Table(table), Report(f"Forecasts by {forecaster.method.name}", [block]))


def _ahead(forecaster: Forecaster, known: Table | None, horizon: int) -> dict[str, np.ndarray]:
    """The known-ahead columns of the periods to forecast."""
    names = forecaster.names
    if not names.known:
        return {}
    if known is None:
        words = f"The forecaster needs the future values of {listed(names.known)}."
        raise ModuleError(
            "missing_known_ahead", words, port="known_ahead", remedy="Connect a table with their values, the times and the series."
        )
    found = future_of(known, names, forecaster.panel, horizon)
    for name, values in found.items():
        missing = sum(each is None or each != each for each in values.ravel())
        if missing:
            log(f"{missing:,} of {values.size:,} future values of “{name}” are not in the table of known values, and missing.", "warning")
    return found
