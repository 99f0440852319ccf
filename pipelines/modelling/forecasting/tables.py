"""Forecasts as tables."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import polars as pl

from pipelines.catalogue.errors import ModuleError
from pipelines.modelling.forecasting.panel import Panel

STEP, FORECAST, ACTUAL, METHOD, ORIGIN = "Step", "Forecast", "Actual", "Method", "Origin"
Bounds = Sequence[tuple[float, np.ndarray, np.ndarray]]


def read_levels(text: str) -> tuple[float, ...]:
    """Return the levels of prediction intervals, ascending.

    Raises:
        ModuleError: `wrong_levels`.
    """
    try:
        found = sorted({float(part) for part in text.split(",") if part.strip()})
    except ValueError:
        found = [-1.0]
    if any(not 1 <= level < 100 for level in found) or len(found) > 9:
        words = f"“{text[:40]}” is not a list of levels."
        raise ModuleError("wrong_levels", words, param="levels", remedy="Give up to nine percentages from 1 to 99.9, such as 80, 95.")
    return tuple(level / 100 for level in found)


def bound_names(levels: Sequence[float]) -> list[str]:
    """Return the names of the columns of bounds."""
    return [f"{side} {level * 100:g}" for level in levels for side in ("Lower", "Upper")]


def check_names(taken: Sequence[str], new: Sequence[str], port: str) -> None:
    """Make sure that new columns have names of their own.

    Raises:
        ModuleError: `reserved_name`.
    """
    if twice := [name for name in taken if name in new]:
        words = f"The table has a column “{twice[0]}”, as a new one is called."
        raise ModuleError("reserved_name", words, port=port, column=twice[0], remedy="Rename it with Edit Metadata.")


def long(panel: Panel, clock: pl.Series, forecast: np.ndarray, bounds: Bounds) -> pl.DataFrame:
    """Return a row for each series and step: keys, time, step, forecast and bounds; series without forecasts have no rows.

    Args:
        panel: The series until the origin.
        clock: The time column without rows.
        forecast: The forecasts.
        bounds: Lower and upper bounds by level.
    """
    rows = np.flatnonzero(panel.lengths > 0)
    horizon = forecast.shape[1]
    steps = (panel.ends[rows, None] + np.arange(1, horizon + 1)).ravel()
    found = panel.keys[np.repeat(rows, horizon)] if panel.keys.width else pl.DataFrame()
    names = bound_names([level for level, _, _ in bounds])
    edges = [edge for _, low, high in bounds for edge in (low, high)]
    columns = [
        panel.frequency.times(steps, clock.dtype).alias(clock.name),
        pl.Series(STEP, np.tile(np.arange(1, horizon + 1), len(rows)), dtype=pl.Int64),
        *(column(name, values[rows]) for name, values in zip((FORECAST, *names), (forecast, *edges), strict=True)),
    ]
    return found.hstack(columns) if found.width else pl.DataFrame(columns)


def column(name: str, values: np.ndarray) -> pl.Series:
    """Return a matrix as a column, series after series; what is not a finite number is missing."""
    return pl.Series(name, np.where(np.isfinite(values), values, np.nan).ravel(), dtype=pl.Float64).fill_nan(None)


def head(keys: pl.DataFrame, clock: pl.Series, levels: Sequence[float]) -> pl.DataFrame:
    """Return the table of forecasts without rows."""
    numbers: dict[str, pl.DataType] = {name: pl.Float64() for name in (FORECAST, *bound_names(levels))}
    return pl.DataFrame(schema=dict(keys.schema) | {clock.name: clock.dtype, STEP: pl.Int64()} | numbers)
