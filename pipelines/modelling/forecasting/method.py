"""Methods of forecasting: what each is called, how it is set, and the paths of those that are fitted to one series each."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

import numpy as np

from pipelines.catalogue.ports import UntrainedModel
from pipelines.modelling.forecasting.baselines import baseline
from pipelines.modelling.forecasting.frequency import Frequency
from pipelines.modelling.forecasting.panel import Panel

Kind = Literal["baseline", "statistical", "lags"]


@dataclass(frozen=True)
class Method:
    """An untrained forecaster: JSON settings, and of a regression on lags its learner.

    Args:
        name: Its name for people.
        kind: How it is computed.
        settings: Its settings as JSON.
        learner: The untrained regressor.
    """

    name: str
    kind: Kind
    settings: Mapping[str, Any] = field(default_factory=dict)
    learner: UntrainedModel | None = None

    @property
    def is_local(self) -> bool:
        """Return whether each series is fitted alone."""
        return self.kind != "lags"

    def season(self, frequency: Frequency) -> int:
        """Return how many periods a season has: as set, else as is usual for the frequency."""
        return int(self.settings.get("season") or frequency.season)


@dataclass
class Path:
    """Forecasts of each series, how many series had to take the last value for a reason, and what else is said of how many."""

    values: np.ndarray
    fallbacks: dict[str, int] = field(default_factory=dict)
    notes: dict[str, int] = field(default_factory=dict)

    def fall_back(self, panel: Panel, rows: np.ndarray, reason: str) -> None:
        """Give some series the naive forecast; those without values keep none."""
        rows = rows & (panel.lengths > 0)
        if count := int(rows.sum()):
            self.values[rows] = panel.values[rows, -1][:, None]
            self.fallbacks[reason] = self.fallbacks.get(reason, 0) + count


def local_path(method: Method, panel: Panel, horizon: int) -> Path:
    """Return the forecasts of a method that is fitted to each series alone."""
    season = method.season(panel.frequency)
    if method.kind == "baseline":
        kind, window = method.settings["method"], int(method.settings.get("window") or 1)
        return Path(baseline(panel, horizon, kind, season, window))
    from pipelines.modelling.forecasting.statistical import statistical

    return statistical(panel, horizon, season, method.settings)


BOARD = (
    Method("Naive", "baseline", {"method": "naive"}),
    Method("Seasonal naive", "baseline", {"method": "seasonal_naive"}),
    Method("Drift", "baseline", {"method": "drift"}),
    Method("Mean", "baseline", {"method": "mean"}),
)
