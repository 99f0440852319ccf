"""Prediction intervals: how far forecasts of earlier origins were away, by step of the horizon (conformal prediction)."""

from __future__ import annotations

import math

import numpy as np

from pipelines.modelling.forecasting.panel import Panel

ENOUGH = 20  # residuals of a step
MOST_KEPT = 5_000


def scales(panel: Panel, season: int) -> np.ndarray:
    """Return the mean absolute difference to the value a season earlier, of each series; to the value before where a season is too long.

    It is 0 for a constant, and NaN for a series without two values.
    """
    found = _differences(panel.values, season)
    return np.where(np.isfinite(found), found, _differences(panel.values, 1))


def _differences(values: np.ndarray, back: int, power: int = 1) -> np.ndarray:
    if back >= values.shape[1]:
        return np.full(len(values), np.nan)
    away = np.abs(values[:, back:] - values[:, :-back]) ** power
    there = np.isfinite(away)
    count = there.sum(axis=1)
    return np.where(count > 0, np.where(there, away, 0.0).sum(axis=1) / np.maximum(count, 1), np.nan)


def square_scales(panel: Panel, season: int) -> np.ndarray:
    """Return the same of squared differences."""
    found = _differences(panel.values, season, 2)
    return np.where(np.isfinite(found), found, _differences(panel.values, 1, 2))


def calibration_backs(panel: Panel, horizon: int) -> list[int]:
    """Return how many periods before the end the forecasts start that intervals are made of: at least two windows, and more for few series.

    At most half of the history of the typical series is used; an empty list means that it is too short.
    """
    lengths = panel.lengths[panel.lengths > 0]
    most = int(np.median(lengths)) // 2 if len(lengths) else 0
    if most < horizon + 1:
        return []
    windows = max(2, math.ceil(ENOUGH / len(lengths)))
    windows = min(windows, most - horizon + 1)
    spacing = max(1, min(horizon, (most - horizon) // (windows - 1)))
    return [horizon + spacing * place for place in range(windows)][::-1]


def scaled_errors(actual: np.ndarray, forecast: np.ndarray, scale: np.ndarray) -> np.ndarray:
    """Return absolute errors in units of each series' scale; NaN where the scale is 0 or a value is missing."""
    safe = np.where(scale > 0, scale, np.nan)
    found: np.ndarray = np.abs(actual - forecast) / safe[:, None]
    return found


def kept_errors(errors: np.ndarray) -> np.ndarray:
    """Return the errors of each step in order, at most some thousands of them, evenly chosen; NaN fills the shorter columns."""
    ordered = np.sort(errors, axis=0)  # NaN last
    if len(ordered) <= MOST_KEPT:
        return ordered
    counts = np.isfinite(ordered).sum(axis=0)
    places = np.linspace(0, 1, MOST_KEPT)[:, None] * np.maximum(counts - 1, 0)
    return np.take_along_axis(ordered, places.round().astype(int), axis=0)


def radius(errors: np.ndarray, level: float) -> np.ndarray:
    """Return of each step the scaled error that a share `level` of new ones stays within; NaN with too few errors."""
    ordered = np.sort(errors, axis=0)
    counts = np.isfinite(ordered).sum(axis=0)
    ranks = np.ceil((counts + 1) * level - 1e-9).astype(int)
    found = (
        np.take_along_axis(ordered, np.clip(ranks - 1, 0, max(0, len(ordered) - 1))[None], axis=0)[0]
        if len(ordered)
        else np.full(errors.shape[1], np.nan)
    )
    return np.where((ranks <= counts) & (counts > 0), found, np.nan)


def bounds(forecast: np.ndarray, scale: np.ndarray, errors: np.ndarray, level: float) -> tuple[np.ndarray, np.ndarray]:
    """Return the lower and the upper bound of each forecast."""
    away = radius(errors, level)[None, : forecast.shape[1]] * scale[:, None]
    return forecast - away, forecast + away


def inside(actual: np.ndarray, low: np.ndarray, high: np.ndarray) -> np.ndarray:
    """Return 1 where the value lies within its interval, 0 where not, NaN where one of them is missing."""
    known = np.isfinite(actual) & np.isfinite(low) & np.isfinite(high)
    return np.where(known, (actual >= low) & (actual <= high), np.nan)


def mean_of(values: np.ndarray, axis: int | None = None) -> np.ndarray:
    """Return the mean of what is known; NaN where nothing is."""
    there = np.isfinite(values)
    count = there.sum(axis=axis)
    total = np.where(there, values, 0.0).sum(axis=axis)
    return np.where(count > 0, total / np.maximum(count, 1), np.nan)
