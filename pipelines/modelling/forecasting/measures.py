"""Measures of forecasts from rolling origins, as a whole and by step of the horizon."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from pipelines.modelling.forecasting.intervals import bounds, inside, mean_of, scaled_errors

Number = float | None
LEVELS = (0.8, 0.95)


@dataclass(frozen=True, eq=False)
class Window:
    """Forecasts of one method from one origin: values, forecasts, the scales of the series before the origin, and bounds by level."""

    back: int
    actual: np.ndarray
    forecast: np.ndarray
    scale: np.ndarray
    square_scale: np.ndarray
    bounds: Mapping[float, tuple[np.ndarray, np.ndarray]]


def with_bounds(windows: Sequence[Window]) -> list[Window]:
    """Return the windows with intervals that are made of the errors of earlier windows only, whose values were known at the origin."""
    errors = [scaled_errors(each.actual, each.forecast, each.scale) for each in windows]
    found = []
    for window in windows:
        horizon = window.forecast.shape[1]
        before = [error for other, error in zip(windows, errors, strict=True) if other.back - horizon >= window.back]
        known = np.concatenate(before) if before else np.zeros((0, horizon))
        edges = {level: bounds(window.forecast, window.scale, known, level) for level in LEVELS}
        found.append(Window(window.back, window.actual, window.forecast, window.scale, window.square_scale, edges))
    return found


def joined(windows: Sequence[Window]) -> Window:
    """Return the windows as one, whose rows are series and origins."""
    edges = {
        level: (np.concatenate([each.bounds[level][0] for each in windows]), np.concatenate([each.bounds[level][1] for each in windows]))
        for level in LEVELS
    }
    actual, forecast, scale, square = (
        np.concatenate([getattr(each, name) for each in windows]) for name in ("actual", "forecast", "scale", "square_scale")
    )
    return Window(0, actual, forecast, scale, square, edges)


@np.errstate(all="ignore")
def measured(window: Window) -> dict[str, Number]:
    """Return the measures of all forecasts of a method.

    MASE and RMSSE are means over series and origins whose past changes at all. MAPE is missing where a value is 0.
    """
    error = window.forecast - window.actual
    known = np.isfinite(error)
    actual, size = np.where(known, window.actual, np.nan), np.abs(np.where(known, window.actual, np.nan))
    safe, square = (np.where(scale > 0, scale, np.nan) for scale in (window.scale, window.square_scale))
    both = size + np.abs(window.forecast)
    symmetric = np.where(both > 0, 2 * np.abs(error) / np.where(both > 0, both, 1.0), np.where(known, 0.0, np.nan))
    total = float(np.nansum(size))
    zero = bool((actual == 0).any())
    return {
        "mase": _number(mean_of(mean_of(np.abs(error), axis=1) / safe)),
        "rmsse": _number(mean_of(np.sqrt(mean_of(error**2, axis=1) / square))),
        "wape": _number(np.nansum(np.abs(error)) / total if total else np.nan),
        "smape": _number(mean_of(symmetric)),
        "mape": None if zero else _number(mean_of(np.abs(error) / np.where(size > 0, size, np.nan))),
        "mae": _number(mean_of(np.abs(error))),
        "rmse": _number(np.sqrt(mean_of(error**2))),
        "bias": _number(np.nansum(error) / total if total else np.nan),
        "pinball": _number(_pinball(window)),
    } | _of_intervals(window)


def _of_intervals(window: Window) -> dict[str, Number]:
    found: dict[str, Number] = {}
    for level, (low, high) in window.bounds.items():
        name = f"{level * 100:g}"
        found |= {f"coverage_{name}": _number(mean_of(inside(window.actual, low, high))), f"width_{name}": _number(mean_of(high - low))}
    return found


def _pinball(window: Window) -> np.ndarray:
    """The mean loss of quantiles: the bounds of the intervals and the forecast as the median; where there are no intervals, of the median alone."""
    quantiles = {0.5: window.forecast}
    for level, (low, high) in window.bounds.items():
        quantiles |= {round((1 - level) / 2, 6): low, round((1 + level) / 2, 6): high}
    losses = [np.maximum(share * (window.actual - value), (share - 1) * (window.actual - value)) for share, value in quantiles.items()]
    complete = np.stack(losses).mean(axis=0)
    return mean_of(complete if np.isfinite(complete).any() else losses[0])


def by_step(window: Window) -> list[dict[str, Number]]:
    """Return the measures of each step of the horizon."""
    found = []
    for place in range(window.forecast.shape[1]):
        step = slice(place, place + 1)
        edges = {level: (low[:, step], high[:, step]) for level, (low, high) in window.bounds.items()}
        found.append(measured(Window(0, window.actual[:, step], window.forecast[:, step], window.scale, window.square_scale, edges)))
    return found


@np.errstate(all="ignore")
def by_series(windows: Sequence[Window]) -> dict[str, np.ndarray]:
    """Return MASE, WAPE and bias of each series over all origins, as arrays by name."""
    error = np.concatenate([each.forecast - each.actual for each in windows], axis=1)
    actual = np.concatenate([np.where(np.isfinite(each.forecast), each.actual, np.nan) for each in windows], axis=1)
    total = np.nansum(np.abs(actual), axis=1)
    safe = np.where(total > 0, total, np.nan)
    mase = mean_of(
        np.stack([mean_of(np.abs(w.forecast - w.actual), axis=1) / np.where(w.scale > 0, w.scale, np.nan) for w in windows]), axis=0
    )
    wape, bias = np.nansum(np.abs(error), axis=1) / safe, np.nansum(error, axis=1) / safe
    known = np.isfinite(error).any(axis=1)
    mae = mean_of(np.abs(error), axis=1)
    return {"MASE": mase, "WAPE": np.where(known, wape, np.nan), "Bias": np.where(known, bias, np.nan), "MAE": mae}


def _number(value: Any) -> Number:
    found = float(value)
    return found if np.isfinite(found) else None
