"""Exponential smoothing, ARIMA, Theta and decomposition of statsmodels, fitted to one series after the other."""

from __future__ import annotations

import warnings
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from pipelines.modelling.family import ESTIMATOR_ERRORS
from pipelines.modelling.forecasting.automatic import Ets, arima_chosen, ets_chosen, ets_fitted, ets_model
from pipelines.modelling.forecasting.method import Method, Path
from pipelines.modelling.forecasting.panel import Panel

FEWEST = 4
LEAST_SEASONS = 2  # that a series has, so that a season is fitted
FILLED, NO_SEASON, ADDITIVE = (
    "series with gaps, which are interpolated",
    "series shorter than two seasons, whose season is left out",
    "series with values of 0 or below, for which it is additive",
)


@dataclass
class Task:
    """One series: its values, how many periods to forecast, its season, the settings; and what is said of it."""

    values: np.ndarray
    horizon: int
    season: int
    settings: Mapping[str, Any]
    seasons: Sequence[int] = ()
    notes: set[str] = field(default_factory=set)
    model: str = ""

    def has(self, season: int) -> bool:
        """Return whether the series is long enough for a season, and note it if not."""
        enough = len(self.values) >= LEAST_SEASONS * season + 2
        if season > 1 and not enough:
            self.notes.add(NO_SEASON)
        return season > 1 and enough


def statistical(panel: Panel, horizon: int, method: Method) -> Path:
    """Return the forecasts of each series; a series that cannot be fitted gets its last value."""
    import statsmodels.tools.sm_exceptions  # noqa: F401  its filters, which let its warnings pass, must not come after those below
    from threadpoolctl import threadpool_limits

    season, fit = method.season(panel.frequency), _METHODS[method.settings["method"]]
    seasons = tuple(method.settings.get("seasons") or panel.frequency.seasons)
    path = Path(np.full((panel.size, horizon), np.nan))
    short, failed = np.zeros(panel.size, dtype=bool), np.zeros(panel.size, dtype=bool)
    notes, models = Counter[str](), Counter[str]()
    for row in range(panel.size):
        series = panel.values[row, panel.periods - panel.lengths[row] :]
        if len(series) < FEWEST:
            short[row] = True
            continue
        task = Task(series, horizon, season, method.settings, seasons)
        if fit is not _arima and not np.isfinite(series).all():
            task.values = _interpolated(series)
            task.notes.add(FILLED)
        if np.ptp(series[np.isfinite(series)]) == 0:
            path.values[row] = series[-1]  # a constant goes on
            continue
        try:
            with warnings.catch_warnings(), threadpool_limits(1):  # of so small matrices several threads take twenty times as long
                warnings.simplefilter("ignore")
                path.values[row] = fit(task)
        except ESTIMATOR_ERRORS:
            failed[row] = True
            continue
        notes.update(task.notes)
        models.update([task.model] if task.model else [])
    failed |= ~np.isfinite(path.values).all(axis=1) & ~short
    path.fall_back(panel, short, f"fewer than {FEWEST} values")
    path.fall_back(panel, failed & (panel.lengths > 0), "the method cannot be fitted")
    path.notes, path.models = dict(notes), dict(models)
    return path


def _interpolated(series: np.ndarray) -> np.ndarray:
    there = np.flatnonzero(np.isfinite(series))
    found: np.ndarray = np.interp(np.arange(len(series)), there, series[there])
    return found


def _ets(task: Task) -> np.ndarray:
    given, season = task.settings, task.season
    if given.get("automatic"):
        return _of_chosen_ets(task, task.values, season if task.has(season) else 1)
    seasonal = given["seasonality"] if given["seasonality"] != "none" and task.has(season) else "none"
    error = given["error"]
    if (task.values <= 0).any() and "multiplicative" in (seasonal, error):
        task.notes.add(ADDITIVE)
        seasonal, error = "additive" if seasonal != "none" else seasonal, "additive"
    model = ets_model(task.values, Ets(error[:3], given["trend"], None if seasonal == "none" else seasonal[:3]), season)
    found: np.ndarray = np.asarray(ets_fitted(model).forecast(task.horizon))
    return found


def _of_chosen_ets(task: Task, values: np.ndarray, season: int) -> np.ndarray:
    chosen, fitted = ets_chosen(values, season)
    task.model = chosen.name
    found: np.ndarray = np.asarray(fitted.forecast(task.horizon))
    return found


def _arima(task: Task) -> np.ndarray:
    if task.settings.get("automatic"):
        task.model, fitted = arima_chosen(task.values, task.season if task.has(task.season) else 1)
        return np.asarray(fitted.forecast(task.horizon))
    from statsmodels.tsa.arima.model import ARIMA

    seasonal = tuple(task.settings["seasonal_order"])
    use = any(seasonal) and task.has(task.season)
    model = ARIMA(task.values, order=tuple(task.settings["order"]), seasonal_order=(*seasonal, task.season) if use else (0, 0, 0, 0))
    found: np.ndarray = np.asarray(model.fit().forecast(task.horizon))
    return found


def _theta(task: Task) -> np.ndarray:
    from statsmodels.tsa.forecasting.theta import ThetaModel

    use, test = task.has(task.season), task.settings["test"]
    way = "additive" if (task.values <= 0).any() else "multiplicative"
    if use and way == "additive":
        task.notes.add(ADDITIVE)
    model = ThetaModel(task.values, period=task.season if use else 1, deseasonalize=use, use_test=test, method=way)
    found: np.ndarray = np.asarray(model.fit().forecast(task.horizon, theta=task.settings["theta"]))
    return found


def _mstl(task: Task) -> np.ndarray:
    """Seasons are taken off by local regressions and repeated as they were last; what is left goes on by exponential smoothing without a season."""
    from statsmodels.tsa.seasonal import MSTL

    seasons = [season for season in sorted(set(task.seasons)) if task.has(season)]
    if not seasons:
        return _of_chosen_ets(task, task.values, 1)
    found = MSTL(task.values, periods=seasons).fit()
    parts = np.asarray(found.seasonal).reshape(len(task.values), len(seasons))
    ahead = np.arange(task.horizon)
    repeated = sum(parts[-season:, place][ahead % season] for place, season in enumerate(seasons))
    return _of_chosen_ets(task, task.values - parts.sum(axis=1), 1) + repeated


_METHODS: Mapping[str, Callable[[Task], np.ndarray]] = {"ets": _ets, "arima": _arima, "theta": _theta, "mstl": _mstl}
