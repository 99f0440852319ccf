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

Kind = Literal["baseline", "intermittent", "statistical", "average", "lags"]
Counts = dict[str, int]


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

    @property
    def is_at_once(self) -> bool:
        """Return whether it is computed for all series at the same time, in less time than an item would take to be stored."""
        return self.kind in ("baseline", "intermittent")

    @property
    def libraries(self) -> tuple[str, ...]:
        """Return the distributions that the forecasts of a series depend on, beside NumPy."""
        return ("statsmodels", "scipy") if self.kind in ("statistical", "average") else ()

    def season(self, frequency: Frequency) -> int:
        """Return how many periods a season has: as set, else as is usual for the frequency."""
        return int(self.settings.get("season") or frequency.season)


@dataclass
class Path:
    """Forecasts of each series, how many had to take the last value for a reason, what else is said of how many, and how many got which model."""

    values: np.ndarray
    fallbacks: Counts = field(default_factory=dict)
    notes: Counts = field(default_factory=dict)
    models: Counts = field(default_factory=dict)

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
    if method.kind == "intermittent":
        from pipelines.modelling.forecasting.intermittent import demand_path

        return demand_path(panel, horizon, method.settings)
    if method.kind == "average":
        return _average(method, panel, horizon)
    from pipelines.modelling.forecasting.statistical import statistical

    return statistical(panel, horizon, method)


def members_of(method: Method) -> list[Method]:
    """Return the methods that an average is made of."""
    return [Method(**member) for member in method.settings["members"]]


def _average(method: Method, panel: Panel, horizon: int) -> Path:
    """The mean or the median of the forecasts of other methods, and all that is said of these."""
    members = members_of(method)
    paths = [local_path(member, panel, horizon) for member in members]
    stacked = np.stack([path.values for path in paths])
    weights = method.settings.get("weights")
    values = np.median(stacked, axis=0) if method.settings["how"] == "median" else np.average(stacked, axis=0, weights=weights)
    told: list[Counts] = [{}, {}, {}]
    for member, path in zip(members, paths, strict=True):
        for said, counts in zip(told, (path.fallbacks, path.notes, path.models), strict=True):
            said |= {f"{reason} ({member.name})": count for reason, count in counts.items()}
    return Path(values, *told)


BOARD = (
    Method("Naive", "baseline", {"method": "naive"}),
    Method("Seasonal naive", "baseline", {"method": "seasonal_naive"}),
    Method("Drift", "baseline", {"method": "drift"}),
    Method("Mean", "baseline", {"method": "mean"}),
)
