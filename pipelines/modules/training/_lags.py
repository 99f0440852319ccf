"""Lag models of series: trained and judged some hundred series at a time, and handed out one by one."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from functools import lru_cache
from hashlib import sha256
from typing import Any

import numpy as np

from pipelines.catalogue.errors import ModuleError
from pipelines.catalogue.items import Failure, Item, Value
from pipelines.modelling.by_group.lags import fit, predict
from pipelines.modelling.by_group.series import Series, of_one_length, stacked
from pipelines.modelling.task import Metric
from pipelines.modules.training._by_group import LONG_GAP
from pipelines.modules.training._groups_found import WAPE

BLOCK = 256  # series that are computed together
METRICS = (
    Metric(WAPE, "WAPE", "low"),
    Metric("mase", "MASE", "low"),
    Metric("mean_absolute_error", "Mean absolute error", "low"),
    Metric("root_mean_squared_error", "Root mean squared error", "low"),
    Metric("bias", "Bias", "low"),
)
LARGEST = 1e100
REMEDY = "Correct the rows of the series, or leave it out."


class LagTrainer:
    """Trains lag models of series.

    Args:
        series: The series.
        back: The lags.
        season: After how many times the naive forecast repeats.
        horizon: How many of the latest times each model is judged on.
    """

    def __init__(self, series: Series, back: Sequence[int], season: int, horizon: int) -> None:
        self.series, self.back, self.season, self.horizon = series, tuple(back), season, horizon
        self._block = lru_cache(4)(self._computed)  # the items of a chunk are neighbours

    def train(self, item: Item) -> Value:
        """Return the figures of a series; its numbers, as `unpacked` reads them, are the blob.

        Raises:
            ModuleError: Why a series has no model.
        """
        found = self._block(item.payload // BLOCK)[item.payload]
        if isinstance(found, Failure):
            raise ModuleError(found.code, found.words, remedy=found.remedy)
        figures, numbers = found
        return Value(figures, numbers)

    def unpacked(self, blobs: Sequence[bytes]) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """Return coefficients, latest values and figures of the naive forecast (series x numbers each)."""
        numbers = np.stack([np.frombuffer(blob) for blob in blobs]) if blobs else np.zeros((0, self._numbers))
        coefficients, latest, naive = np.split(numbers, np.cumsum([len(self.back) + 1, max(self.back)]), axis=1)
        return coefficients, latest, naive

    @property
    def _numbers(self) -> int:
        return len(self.back) + 1 + max(self.back) + len(METRICS)

    def digest(self, place: int) -> str:
        """Return a digest of the times and values of a series."""
        mine = self.series.of(place)
        return sha256(self.series.times[mine].tobytes() + self.series.values[mine].tobytes()).hexdigest()

    def _computed(self, block: int) -> Mapping[int, Any]:
        places = range(block * BLOCK, min((block + 1) * BLOCK, len(self.series.lengths)))
        found: dict[int, Any] = {place: why for place in places if (why := self._unfit(place))}
        for same in of_one_length(self.series, [place for place in places if place not in found]):
            values = stacked(self.series, same)
            for place, figures in zip(same.tolist(), self._trained(same, values), strict=True):
                found[place] = figures
        return found

    def _unfit(self, place: int) -> Failure | None:
        mine = self.series.of(place)
        times, values = self.series.times[mine], self.series.values[mine]
        if np.isinf(values).any():
            return Failure("label_not_finite", "The series has infinite values.", REMEDY)
        if (np.abs(values) > LARGEST).any():
            return Failure("values_too_large", f"The series has values beyond {LARGEST:g}, whose squares are no numbers.", REMEDY)
        if (np.diff(times) == 0).any():
            return Failure("duplicate_times", "Two rows of the series have the same time.", REMEDY)
        if len(values) and np.isnan(values).all():
            return Failure("no_values", "All values of the series are missing.", REMEDY)
        if (complete := self._complete(values)) < self._fewest:
            words = f"The series has {complete} times with all {len(self.back)} earlier values; a model needs at least {self._fewest}."
            return Failure("too_few_rows", words, "Use fewer lags, or leave the series out.")
        return None

    @property
    def _fewest(self) -> int:
        return len(self.back) + 2

    def _complete(self, values: np.ndarray) -> int:
        """How many times have a value and all earlier ones."""
        there, most = ~np.isnan(values), max(self.back)
        if len(values) <= most:
            return 0
        return int((there[most:] & np.all([there[most - lag : len(there) - lag] for lag in self.back], axis=0)).sum())

    def _trained(self, places: np.ndarray, values: np.ndarray) -> Iterator[tuple[dict[str, Any], bytes]]:
        """Yield the figures and the numbers of each of some series of one length."""
        coefficients, unique = fit(values, self.back)
        metrics, naive = self._judged(values)
        numbers = np.hstack([coefficients, values[:, -max(self.back) :], naive])
        for row, place in enumerate(places.tolist()):
            there = ~np.isnan(values[row])
            figures = {
                "rows": int(there.sum()),
                "tested": int(there[-self.horizon :].sum()) if metrics[row] else 0,
                "sum_of_values": float(np.nansum(np.abs(values[row, -self.horizon :]))) if metrics[row] else 0.0,
                "metrics": metrics[row],
                "remarks": list(self._remarks(place, values[row], bool(unique[row]), bool(metrics[row]))),
            }
            yield figures, numbers[row].tobytes()

    def _judged(self, values: np.ndarray) -> tuple[list[dict[str, Any]], np.ndarray]:
        """Return the figures of the forecasts of the latest times, by models of the times before them, and those of the naive forecast."""
        figures: list[dict[str, Any]] = [{} for _ in values]
        naive = np.full((len(values), len(METRICS)), np.nan)
        train, most = values[:, : -self.horizon or None], max(self.back)
        able = np.array([self._complete(row) >= self._fewest for row in train], dtype=bool) if self.horizon else np.zeros(len(values), bool)
        if not able.any():
            return figures, naive
        train, truth = train[able], values[able, -self.horizon :]
        before = train[:, -most:]
        forecast = predict(fit(train, self.back)[0], self.back, before, np.full(truth.shape, np.nan))
        repeated = train[:, [train.shape[1] - self.season + step % self.season for step in range(self.horizon)]]
        own, other = (_figures(truth, guess, train, self.season) for guess in (forecast, repeated))
        naive[able] = other
        for place, row in zip(np.flatnonzero(able).tolist(), own.tolist(), strict=True):
            figures[place] = by_key(row)
        return figures, naive

    def _remarks(self, place: int, values: np.ndarray, unique: bool, judged: bool) -> Iterator[str]:
        known = values[~np.isnan(values)]
        if (known == known[0]).all():
            yield "constant_label"
        elif not unique:
            yield "no_unique_solution"
        if len(known) < len(values):
            yield "missing_values"
        if self.horizon and not judged:
            yield "too_few_rows_to_judge"
        steps = np.diff(self.series.times[self.series.of(place)])
        if len(steps) and steps.max() > LONG_GAP * np.median(steps):
            yield "clock_gap"


def by_key(figures: Sequence[float]) -> dict[str, float | None]:
    """Return figures in the order of METRICS by their key; those that are not defined are None."""
    return {metric.key: None if value != value else value for metric, value in zip(METRICS, figures, strict=True)}


def _figures(truth: np.ndarray, guess: np.ndarray, train: np.ndarray, season: int) -> np.ndarray:
    """The figures of each series (series x METRICS); those that are not defined are missing."""
    with np.errstate(all="ignore"):
        off = guess - truth
        there = np.maximum((~np.isnan(off)).sum(axis=1), 1)
        error, squares, bias = (np.nansum(part, axis=1) / there for part in (np.abs(off), off**2, off))
        whole = np.nansum(np.where(np.isnan(off), np.nan, np.abs(truth)), axis=1) / there
        changes = np.abs(train[:, season:] - train[:, :-season])
        naive = np.nansum(changes, axis=1) / np.maximum((~np.isnan(changes)).sum(axis=1), 1)
        figures = np.column_stack([error / whole, error / naive, error, squares**0.5, bias])
    some = (~np.isnan(off)).any(axis=1)
    return np.where(some[:, None] & np.isfinite(figures), figures, np.nan)
