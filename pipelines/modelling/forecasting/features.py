"""Features of a regression on lags: each is known when the forecast is made."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

import numpy as np
import polars as pl

from pipelines.catalogue.errors import ModuleError
from pipelines.modelling.forecasting.frequency import Frequency, wall
from pipelines.modelling.forecasting.panel import Panel


@dataclass(frozen=True)
class Recipe:
    """Which features are made; lags and windows in periods, seasonal lags in seasons."""

    lags: tuple[int, ...] = (1, 2, 3)
    season: int = 1
    seasonal_lags: tuple[int, ...] = ()
    windows: tuple[int, ...] = ()
    calendar: bool = False
    holidays: str = ""
    fourier: int = 0

    def backs(self, step: int) -> dict[str, int]:
        """Return of each lag how many periods it lies before a period that is forecast `step` periods ahead: only what is known by then."""
        plain = {f"lag {lag}": lag + step - 1 for lag in self.lags}
        seasons = {
            f"season {number}": self.season * (number + (step - 1) // self.season) for number in self.seasonal_lags if self.season > 1
        }
        return plain | seasons

    def reach(self, step: int) -> int:
        """Return how many periods of history the features of a period need."""
        return max([*self.backs(step).values(), *(window + step - 1 for window in self.windows), step])


def made(panel: Panel, values: np.ndarray, low: int, high: int, recipe: Recipe, step: int, known: Mapping[str, np.ndarray]) -> pl.DataFrame:
    """Return the features of the periods from column `low` up to `high` of each series, a row for each, series after series.

    Args:
        panel: The series.
        values: Their values, scaled; of a recursive forecast with the forecasts so far at the end.
        low: The first column.
        high: The column after the last.
        recipe: Which features.
        step: How many periods after the last known value these periods lie.
        known: The known-ahead columns, from the first column of the panel to `high` at least.
    """
    found: dict[str, Any] = {name: _shifted(values, low, high, back) for name, back in recipe.backs(step).items()}
    for window in recipe.windows:
        mean, deviation = _rolled(values, low, high, window, step)
        found |= {f"mean of {window}": mean, f"deviation of {window}": deviation} if window > 1 else {f"mean of {window}": mean}
    steps = panel.steps(low, high)
    unique, place = np.unique(steps, return_inverse=True)
    place = place.reshape(steps.shape)
    found |= {name: each[place] for name, each in of_time(panel.frequency, unique, recipe).items()}
    found |= {name: each[:, low:high] for name, each in known.items()}
    width = high - low
    found |= {name: np.repeat(each[:, None], width, axis=1) for name, each in panel.static.items()}
    return pl.DataFrame([_column(name, np.asarray(each)) for name, each in found.items()])


def _column(name: str, values: np.ndarray) -> pl.Series:
    if values.dtype == object:
        return pl.Series(name, values.ravel().tolist(), dtype=pl.String)
    return pl.Series(name, values.ravel().astype(np.float64)).fill_nan(None)


def past_columns(past: Mapping[str, np.ndarray], low: int, high: int, back: int) -> list[pl.Series]:
    """Return the columns that are known until now only, as they were `back` periods earlier."""
    return [_column(f"{name} {back} before", _shifted(each, low, high, back)) for name, each in past.items()]


def _shifted(values: np.ndarray, low: int, high: int, back: int) -> np.ndarray:
    """Columns `low - back` up to `high - back`; what lies outside is missing."""
    first, last = low - back, high - back
    if first >= 0 and last <= values.shape[1]:
        return values[:, first:last]
    wide = np.full((values.shape[0], last - first), None if values.dtype == object else np.nan, dtype=values.dtype)
    inside = slice(max(0, first), min(values.shape[1], last))
    if inside.start < inside.stop:
        wide[:, inside.start - first : inside.stop - first] = values[:, inside]
    return wide


def _rolled(values: np.ndarray, low: int, high: int, window: int, step: int) -> tuple[np.ndarray, np.ndarray]:
    """The mean and the standard deviation of the last values that are known; missing where one of them is."""
    seen = _shifted(values, low - window + 1, high, step)
    parts = np.lib.stride_tricks.sliding_window_view(seen, window, axis=1)
    mean = parts.mean(axis=-1)
    if window == 1:
        return mean, mean
    total = sum((parts[..., place] - mean) ** 2 for place in range(window))
    return mean, np.sqrt(total / (window - 1))


def of_time(frequency: Frequency, steps: np.ndarray, recipe: Recipe) -> dict[str, np.ndarray]:
    """Return the features of periods that depend on their time only."""
    found: dict[str, np.ndarray] = {}
    for order in range(1, recipe.fourier + 1 if recipe.season > 1 else 1):
        angle = 2 * np.pi * order * (steps % recipe.season) / recipe.season
        found |= {f"sine {order}": np.sin(angle), f"cosine {order}": np.cos(angle)}
    if frequency.unit == "number" or not (recipe.calendar or recipe.holidays):
        return found
    starts = frequency.times(steps, pl.Datetime("us"))
    if recipe.calendar:
        parts = {"month": starts.dt.month()} if (frequency.unit, frequency.every) != ("month", 12) else {}
        if frequency.unit in ("us", "day") and not (frequency.unit == "day" and frequency.every % 7 == 0):
            parts["weekday"] = starts.dt.weekday()
        if frequency.unit == "us":
            parts["hour"] = starts.dt.hour()
        found |= {name: part.cast(pl.String).to_numpy().astype(object) for name, part in parts.items()}
    if recipe.holidays:
        found["holidays"] = _holidays(starts, frequency.times(steps + 1, pl.Datetime("us")), recipe.holidays)
    return found


def _holidays(starts: pl.Series, nexts: pl.Series, country: str) -> np.ndarray:
    """How many days of each period are public holidays; of a part of a day whether the day is one."""
    first = wall(starts).dt.date().to_physical().to_numpy().astype(np.int64)
    after = np.maximum(wall(nexts).dt.date().to_physical().to_numpy(), first + 1)
    years = starts.dt.year()
    low, high = (int(year) for year in (years.to_numpy().min(), years.to_numpy().max() + 1))
    days = np.array(days_of(country.strip().upper(), max(1900, low), min(2100, high)), dtype=np.int64)
    found: np.ndarray = (np.searchsorted(days, after) - np.searchsorted(days, first)).astype(np.float64)
    return found


@cache
def days_of(country: str, low: int, high: int) -> tuple[int, ...]:
    """Return the public holidays of a country, as days since 1970, ascending.

    Raises:
        ModuleError: `unknown_country`.
    """
    import holidays

    place, _, part = country.partition("-")
    try:
        found = holidays.country_holidays(place, subdiv=part or None, years=range(low, high + 1))
    except (NotImplementedError, KeyError, ValueError) as wrong:
        words = f"The public holidays of “{country[:20]}” are not known."
        remedy = "Give the two letters of a country, such as DE or US, and perhaps a region, such as DE-BY."
        raise ModuleError("unknown_country", words, param="holidays", remedy=remedy) from wrong
    epoch = np.datetime64("1970-01-01")
    return tuple(sorted(int((np.datetime64(day) - epoch).astype(int)) for day in found))
