"""Methods that need no training: each forecast is a plain figure of the series' own past."""

from __future__ import annotations

from typing import Literal

import numpy as np

from pipelines.modelling.forecasting.panel import Panel

Baseline = Literal["seasonal_naive", "naive", "drift", "mean", "window_mean", "seasonal_window_mean"]


def baseline(panel: Panel, horizon: int, kind: Baseline, season: int, window: int) -> np.ndarray:
    """Return the forecasts of each series; NaN for a series without values."""
    values, none = panel.values, np.full((panel.size, horizon), np.nan)
    if not panel.periods:
        return none
    last = values[:, -1]
    if kind == "naive" or (kind in ("seasonal_naive", "seasonal_window_mean") and season <= 1):
        found = last[:, None] if kind != "seasonal_window_mean" else _mean(values[:, -window:])[:, None]
    elif kind == "drift":
        at = panel.periods - np.maximum(panel.lengths, 1)
        first = values[np.arange(panel.size), at]
        slope = (last - first) / np.maximum(panel.lengths - 1, 1)
        found = last[:, None] + slope[:, None] * np.arange(1, horizon + 1)
    elif kind == "mean":
        found = _mean(values)[:, None]
    elif kind == "window_mean":
        found = _mean(values[:, -window:])[:, None]
    else:
        found = _seasonal(values, horizon, season, window if kind == "seasonal_window_mean" else 1, last)
    forecasts = none
    forecasts[:] = found
    forecasts[panel.lengths == 0] = np.nan
    return forecasts


def _mean(values: np.ndarray) -> np.ndarray:
    there = np.isfinite(values)
    count = there.sum(axis=1)
    total = np.where(there, values, 0.0).sum(axis=1)
    return np.where(count > 0, total / np.maximum(count, 1), np.nan)


def _seasonal(values: np.ndarray, horizon: int, season: int, window: int, last: np.ndarray) -> np.ndarray:
    """The mean of the same period of the last seasons; where it has no value, the last value."""
    wide = np.full((values.shape[0], season * window), np.nan)
    kept = min(wide.shape[1], values.shape[1])
    wide[:, wide.shape[1] - kept :] = values[:, values.shape[1] - kept :]
    cycle = wide.reshape(len(values), window, season)
    one = _mean(cycle.transpose(0, 2, 1).reshape(-1, window)).reshape(len(values), season)
    one = np.where(np.isfinite(one), one, last[:, None])
    return one[:, np.arange(horizon) % season]
