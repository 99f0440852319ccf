"""Trained forecasters: the series, what was fitted to them, and the errors that intervals are made of."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
import polars as pl

from pipelines.catalogue.phrases import counted
from pipelines.catalogue.ports import Report
from pipelines.catalogue.reporting import log
from pipelines.modelling.forecasting.intervals import (
    bounds,
    calibration_backs,
    inside,
    kept_errors,
    mean_of,
    scaled_errors,
    scales,
)
from pipelines.modelling.forecasting.lags import Regression, fit, predict
from pipelines.modelling.forecasting.method import Method, Path
from pipelines.modelling.forecasting.panel import Panel
from pipelines.modelling.forecasting.reading import Names
from pipelines.modelling.forecasting.rolling import rolled, say

LEVELS = (0.8, 0.95)
FLAT = 0.1


@dataclass(frozen=True, eq=False)
class Forecaster:
    """A method that is trained on series.

    Args:
        method: The method.
        names: The columns of the series.
        clock: The time column without rows: its name and its type.
        panel: The series.
        horizon: How many periods it forecasts at most.
        errors: Scaled errors of earlier origins, in order, a column for each step.
        of_series: The mean scaled error of each series.
        path: The forecasts of a method that fits each series alone.
        regression: The regressors of a regression on lags.
        report: What training has found.
    """

    method: Method
    names: Names
    clock: pl.Series
    panel: Panel
    horizon: int
    errors: np.ndarray
    of_series: np.ndarray
    path: np.ndarray | None = None
    regression: Regression | None = None
    report: Report | None = None

    def forecast(self, horizon: int, ahead: Mapping[str, np.ndarray]) -> np.ndarray:
        """Return the forecasts of each series, at most as many as it was trained for."""
        if self.regression is None:
            assert self.path is not None
            return self.path[:, :horizon]
        path = predict(self.regression, self.panel, horizon, ahead)
        say(self.method, path)
        self._say_flat(path)
        return path.values

    def bounds(self, forecast: np.ndarray, level: float) -> tuple[np.ndarray, np.ndarray]:
        """Return the bounds of a prediction interval."""
        return bounds(forecast, scales(self.panel, self.method.season(self.panel.frequency)), self.errors, level)

    def _say_flat(self, path: Path) -> None:
        """Say how many recursive forecasts hardly vary, though their series does."""
        if self.regression is None or self.regression.direct or path.values.shape[1] < 4:
            return
        width = min(self.panel.periods, 2 * path.values.shape[1])
        recent = self.panel.values[:, self.panel.periods - width :]
        before = np.sqrt(mean_of((recent - mean_of(recent, axis=1)[:, None]) ** 2, axis=1))
        half = path.values[:, path.values.shape[1] // 2 :]
        after = half.std(axis=1)
        flat = int(((before > 0) & (after < FLAT * before)).sum())
        if flat > self.panel.size / 2:
            words = (
                f"The forecasts of {counted(flat, 'series', 'series')} hardly vary in the second half of the horizon, though the series do."
            )
            log(f"{words} Recursive forecasts tend to the mean: add lags of a season, or forecast directly.", "warning")


@dataclass(frozen=True)
class Calibrated:
    """Errors of earlier origins, and which share of values intervals held that were made of the other origins."""

    errors: np.ndarray
    of_series: np.ndarray
    windows: int
    coverage: Sequence[tuple[float, float]]


def train(method: Method, panel: Panel, names: Names, clock: pl.Series, horizon: int, intervals: bool) -> tuple[Forecaster, Calibrated]:
    """Train a method, and forecast from earlier origins for its intervals."""
    backs = calibration_backs(panel, horizon) if intervals else []
    if intervals and not backs:
        log("The history is too short for prediction intervals: it needs more than twice the horizon.", "warning")
    found = rolled(panel, [method], [*backs, *([0] if method.is_local else [])], horizon)
    calibrated = calibrate(method, panel, {back: found[method.name, back].values for back in backs}, horizon)
    forecaster = Forecaster(method, names, clock, panel, horizon, calibrated.errors, calibrated.of_series)
    if method.is_local:
        path = found[method.name, 0]
        say(method, path)
        return replace(forecaster, path=path.values), calibrated
    return replace(forecaster, regression=fit(method, panel, horizon)), calibrated


def calibrate(method: Method, panel: Panel, paths: Mapping[int, np.ndarray], horizon: int) -> Calibrated:
    """Return the scaled errors of forecasts from earlier origins; coverage of a window is measured with the errors of the others."""
    season, each = method.season(panel.frequency), []
    for back, path in paths.items():
        start = panel.periods - back
        actual = panel.values[:, start : start + horizon]
        each.append((actual, path, scales(panel.cut(back), season)))
    errors = [scaled_errors(*window) for window in each]
    held: dict[float, list[np.ndarray]] = {level: [] for level in LEVELS}
    for place, (actual, path, scale) in enumerate(each):
        others = [window for other, window in enumerate(errors) if other != place]
        for level in LEVELS if others else ():
            held[level].append(inside(actual, *bounds(path, scale, np.concatenate(others), level)))
    coverage = [(level, float(mean_of(np.concatenate(held[level])))) for level in LEVELS if held[level]]
    joined = kept_errors(np.concatenate(errors)) if errors else np.zeros((0, horizon))
    of_series = mean_of(np.concatenate(errors, axis=1), axis=1) if errors else np.full(panel.size, np.nan)
    return Calibrated(joined, of_series, len(errors), [(level, share) for level, share in coverage if np.isfinite(share)])
