"""How candidates of a search for a forecast are judged: their loss over series and origins, by series or by origin, with its standard error."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from pipelines.catalogue.errors import ModuleError
from pipelines.modelling.forecasting.intervals import mean_of, scales, square_scales
from pipelines.modelling.forecasting.measures import Window, measured
from pipelines.modelling.forecasting.panel import Panel

OF_ROWS = ("mase", "rmsse")  # metrics that are means over series and origins


@dataclass(frozen=True, eq=False)
class Truth:
    """The values that came after some origins, and the scales of the series before them: a row for each series of each origin, origin by origin."""

    metric: str
    origins: int
    actual: np.ndarray
    scale: np.ndarray
    square_scale: np.ndarray

    @classmethod
    def of(cls, panel: Panel, backs: Sequence[int], horizon: int, metric: str) -> Truth:
        """Return what came after origins so many periods before the end."""
        season, cuts = panel.frequency.season, [panel.cut(back) for back in backs]
        starts = [panel.periods - back for back in backs]
        actual = np.concatenate([panel.values[:, start : start + horizon] for start in starts])
        scale = np.concatenate([scales(cut, season) for cut in cuts])
        return cls(metric, len(backs), actual, scale, np.concatenate([square_scales(cut, season) for cut in cuts]))

    @property
    def parts(self) -> list[np.ndarray]:
        """Return the rows of each origin."""
        return np.split(np.arange(len(self.actual)), self.origins)

    def loss(self, rows: np.ndarray, forecasts: np.ndarray) -> float:
        """Return the metric over some rows, of which less is better.

        Args:
            rows: Which rows.
            forecasts: Their forecasts.

        Raises:
            ModuleError: `no_score`.
        """
        found = measured(Window(0, self.actual[rows], forecasts, self.scale[rows], self.square_scale[rows], {}))[self.metric]
        if found is None:
            words = "The metric cannot be computed: the series hardly change, or no value came after an origin."
            raise ModuleError("no_score", words, param="metric", remedy="Select the mean absolute error as the metric.")
        return found

    def losses(self, forecasts: np.ndarray) -> list[float]:
        """Return the metric of each origin."""
        return [self.loss(rows, forecasts[rows]) for rows in self.parts]

    def error(self, forecasts: np.ndarray) -> float | None:
        """Return the standard error of the metric: over origins, or of one origin over its series; None where neither is known."""
        if self.origins > 1:
            return _spread(np.array(self.losses(forecasts)))
        if self.metric not in (*OF_ROWS, "mae", "wape"):
            return None
        off = np.abs(forecasts - self.actual)
        each = mean_of(off, axis=1)
        if self.metric == "mase":
            each = each / np.where(self.scale > 0, self.scale, np.nan)
        if self.metric == "rmsse":
            each = np.sqrt(mean_of(off**2, axis=1) / np.where(self.square_scale > 0, self.square_scale, np.nan))
        if self.metric == "wape":
            size = mean_of(np.abs(np.where(np.isfinite(off), self.actual, np.nan)), axis=1)
            mean = float(mean_of(size))
            each = (each - self.loss(np.arange(len(off)), forecasts) * size) / mean if mean > 0 else np.full(len(off), np.nan)
        return _spread(each[np.isfinite(each)])


def _spread(values: np.ndarray) -> float | None:
    return float(np.std(values, ddof=1) / len(values) ** 0.5) if len(values) > 1 else None
