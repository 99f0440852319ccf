"""Exponential smoothing, ARIMA and Theta of statsmodels, fitted to one series after the other."""

from __future__ import annotations

import warnings
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

import numpy as np

from pipelines.modelling.family import ESTIMATOR_ERRORS
from pipelines.modelling.forecasting.panel import Panel

if TYPE_CHECKING:
    from pipelines.modelling.forecasting.method import Path

FEWEST = 4


def statistical(panel: Panel, horizon: int, season: int, settings: Mapping[str, Any]) -> Path:
    """Return the forecasts of each series; a series that cannot be fitted gets its last value."""
    from threadpoolctl import threadpool_limits

    from pipelines.modelling.forecasting.method import Path

    fit = _METHODS[settings["method"]]
    path = Path(np.full((panel.size, horizon), np.nan))
    short, failed, filled = (np.zeros(panel.size, dtype=bool) for _ in range(3))
    for row in range(panel.size):
        series = panel.values[row, panel.periods - panel.lengths[row] :]
        if len(series) < FEWEST:
            short[row] = True
            continue
        if fit is not _arima and not np.isfinite(series).all():
            series, filled[row] = _interpolated(series), True
        if np.ptp(series[np.isfinite(series)]) == 0:
            path.values[row] = series[-1]  # a constant goes on
            continue
        try:
            with warnings.catch_warnings(), threadpool_limits(1):  # of so small matrices several threads take twenty times as long
                warnings.simplefilter("ignore")
                path.values[row] = fit(series, horizon, season, settings)
        except ESTIMATOR_ERRORS:
            failed[row] = True
    failed |= ~np.isfinite(path.values).all(axis=1) & ~short
    path.fall_back(panel, short, f"fewer than {FEWEST} values")
    path.fall_back(panel, failed & (panel.lengths > 0), "the method cannot be fitted")
    if count := int(filled.sum()):
        path.notes["with gaps, which are interpolated"] = count
    return path


def _interpolated(series: np.ndarray) -> np.ndarray:
    there = np.flatnonzero(np.isfinite(series))
    found: np.ndarray = np.interp(np.arange(len(series)), there, series[there])
    return found


def _ets(series: np.ndarray, horizon: int, season: int, settings: Mapping[str, Any]) -> np.ndarray:
    from statsmodels.tsa.exponential_smoothing.ets import ETSModel

    trend, seasonal = settings["trend"], settings["seasonality"]
    seasonal = None if seasonal == "none" or season < 2 or len(series) < 2 * season + 2 else seasonal[:3]
    if (series <= 0).any():
        seasonal = "add" if seasonal else None
    error = "add" if (series <= 0).any() else settings["error"][:3]
    model = ETSModel(
        series,
        error=error,
        trend=None if trend == "none" else "add",
        damped_trend=trend == "damped",
        seasonal=seasonal,
        seasonal_periods=season if seasonal else None,
    )
    found: np.ndarray = np.asarray(model.fit(disp=False).forecast(horizon))
    return found


def _arima(series: np.ndarray, horizon: int, season: int, settings: Mapping[str, Any]) -> np.ndarray:
    from statsmodels.tsa.arima.model import ARIMA

    seasonal = tuple(settings["seasonal_order"])
    use = any(seasonal) and season > 1 and len(series) >= 2 * season + 2
    model = ARIMA(series, order=tuple(settings["order"]), seasonal_order=(*seasonal, season) if use else (0, 0, 0, 0))
    found: np.ndarray = np.asarray(model.fit().forecast(horizon))
    return found


def _theta(series: np.ndarray, horizon: int, season: int, settings: Mapping[str, Any]) -> np.ndarray:
    from statsmodels.tsa.forecasting.theta import ThetaModel

    use = season > 1 and len(series) >= 2 * season + 2
    model = ThetaModel(series, period=season if use else 1, deseasonalize=use, use_test=settings["test"])
    found: np.ndarray = np.asarray(model.fit().forecast(horizon, theta=settings["theta"]))
    return found


_METHODS: Mapping[str, Callable[[np.ndarray, int, int, Mapping[str, Any]], np.ndarray]] = {"ets": _ets, "arima": _arima, "theta": _theta}
