"""One trial of a search for a forecast: a method that forecasts from origins in the past what came later."""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from io import BytesIO
from typing import Any

import numpy as np

from pipelines.catalogue.errors import ModuleError
from pipelines.catalogue.fan_out import seconds_left
from pipelines.catalogue.items import Item, Value
from pipelines.catalogue.reporting import reporting_to
from pipelines.modelling.automl.history import ALL
from pipelines.modelling.forecasting.judging import Truth
from pipelines.modelling.forecasting.method import Method
from pipelines.modelling.forecasting.panel import Panel
from pipelines.modelling.forecasting.portfolio import Group
from pipelines.modelling.forecasting.rolling import path_from
from pipelines.modelling.parallel import Lines

BLOCK = 4  # series that a method is fitted to between two looks at the time


class InTime(Lines):
    """Keeps the lines of a trial to itself, and ends it at the deadline of the search, between two trees."""

    def progress(self, done: float, total: float, words: str) -> None:
        """End the trial when its time is over."""
        require_time()


def require_time(seconds: float = 0.0) -> None:
    """Check that more than so many seconds are left.

    Raises:
        ModuleError: `time_over`.
    """
    left = seconds_left()
    if left is not None and left <= seconds:
        raise ModuleError("time_over", "The time was over before the trial ended.", remedy="Give the search more time.")


@dataclass(frozen=True, eq=False)
class ForecastTrials:
    """Judges candidates.

    Args:
        panel: The series that a search sees.
        backs: The origins, as periods before the end, the earliest first.
        horizon: How many periods are forecast.
        truth: What came after the origins.
        groups: The methods by name.
        title: The name of the metric for people.
        order: The series in the order in which candidates are tried on some of them first.
    """

    panel: Panel
    backs: Sequence[int]
    horizon: int
    truth: Truth
    groups: Mapping[str, Group]
    title: str
    order: np.ndarray
    _of_some: dict[int, Truth] = field(default_factory=dict)

    @classmethod
    def of(
        cls, panel: Panel, backs: Sequence[int], horizon: int, metric: str, title: str, groups: Sequence[Group], seed: int
    ) -> ForecastTrials:
        """Return the trials of a search; the longer half of the series comes first, since it says what takes time."""
        long = np.argsort(-panel.lengths, kind="stable")
        draw, half = np.random.default_rng(seed), (panel.size + 1) // 2
        order = np.concatenate([draw.permutation(long[:half]), draw.permutation(long[half:])])
        return cls(panel, backs, horizon, Truth.of(panel, backs, horizon, metric), {group.name: group for group in groups}, title, order)

    def method(self, about: Mapping[str, Any]) -> Method:
        """Return the untrained forecaster of a candidate."""
        return self.groups[about["learner"]].method(about["settings"])

    def each(self, item: Item) -> Value:
        """Return the loss of a candidate over all series and origins, with its forecasts, or over few series from the latest origin."""
        from threadpoolctl import threadpool_limits

        about, started = item.content, time.perf_counter()
        whole = about["share"] == ALL
        some = np.sort(self.order[: max(1, round(about["share"] * self.panel.size))])
        panel, backs = (self.panel, self.backs) if whole else (self.panel.rows(some), self.backs[-1:])
        with reporting_to(InTime()), threadpool_limits(1):
            method = self.method(about)
            paths: list[np.ndarray] = []
            for back in backs:
                require_time((time.perf_counter() - started) / max(len(paths), 1) * (len(backs) - len(paths)) if paths else 0.0)
                paths.append(self._path(method, panel, back))
        forecasts = np.concatenate(paths)
        told = {"metric": self.title, "better": "low"}
        if not whole:
            loss = self._few(panel).loss(np.arange(len(forecasts)), forecasts)
            return Value({**told, "loss": loss, "first_fold": loss, "folds": len(self.backs)})
        loss = self.truth.loss(np.arange(len(forecasts)), forecasts)
        seconds = time.perf_counter() - started
        figures = {"loss": loss, "score": loss, "losses": self.truth.losses(forecasts), "error": self.truth.error(forecasts)}
        held = BytesIO()
        np.save(held, forecasts, allow_pickle=False)
        return Value({**told, **figures, "folds": len(backs), "fit": seconds / len(backs)}, held.getvalue())

    def _few(self, panel: Panel) -> Truth:
        if panel.size not in self._of_some:
            self._of_some[panel.size] = Truth.of(panel, self.backs[-1:], self.horizon, self.truth.metric)
        return self._of_some[panel.size]

    def _path(self, method: Method, panel: Panel, back: int) -> np.ndarray:
        """The forecasts from an origin; where each series is fitted alone, the time is looked at between some of them."""
        if not method.is_local or method.is_at_once:
            return path_from(method, panel, back, self.horizon).values
        found = []
        for first in range(0, panel.size, BLOCK):
            require_time()
            found.append(path_from(method, panel.rows(slice(first, first + BLOCK)), back, self.horizon).values)
        return np.concatenate(found)


def forecasts_in(blob: bytes) -> np.ndarray:
    """Return the forecasts that a trial kept: a row for each series of each origin."""
    found: np.ndarray = np.load(BytesIO(blob), allow_pickle=False)
    return found
