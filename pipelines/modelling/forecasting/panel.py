"""Many time series as one matrix, so that methods compute all of them at the same time."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

import numpy as np
import polars as pl

from pipelines.catalogue.errors import ModuleError
from pipelines.modelling.forecasting.frequency import Frequency

MOST_CELLS = 50_000_000


@dataclass(frozen=True, eq=False)
class Panel:
    """Series that end in the last column of `values`, each at its own time.

    Args:
        keys: The values of the series columns, a row for each series.
        frequency: The distance of two periods.
        ends: The period of each series' last value.
        values: A row for each series and a column for each period; NaN where there is no value.
        lengths: How many periods there are from the first to the last value of each series; 0 without values.
        known: Of each column that is known ahead its values, like `values`; texts are objects.
        past: Of each column that is known until now its values.
        static: Of each column that does not change its value for each series.
    """

    keys: pl.DataFrame
    frequency: Frequency
    ends: np.ndarray
    values: np.ndarray
    lengths: np.ndarray
    known: Mapping[str, np.ndarray] = field(default_factory=dict)
    past: Mapping[str, np.ndarray] = field(default_factory=dict)
    static: Mapping[str, np.ndarray] = field(default_factory=dict)

    @property
    def size(self) -> int:
        """Return the number of series."""
        return int(self.values.shape[0])

    @property
    def periods(self) -> int:
        """Return the number of periods of the longest series."""
        return int(self.values.shape[1])

    def names(self) -> list[str]:
        """Return the name of each series: its keys, with dots between them."""
        if not self.keys.width:
            return ["All rows"] * self.size
        texts = [self.keys[column].cast(pl.String).fill_null("–") for column in self.keys.columns]
        return pl.DataFrame(texts).select(pl.concat_str(pl.all(), separator=" · ")).to_series().to_list()

    def cut(self, back: int) -> Panel:
        """Return what was known so many periods before the end of each series: nothing later is part of it."""
        if not back:
            return self
        kept = self.periods - back
        values = self.values[:, :kept]
        lengths = np.maximum(self.lengths - back, 0)
        return replace(
            self,
            ends=self.ends - back,
            values=values,
            lengths=lengths,
            known={name: each[:, :kept] for name, each in self.known.items()},
            past={name: each[:, :kept] for name, each in self.past.items()},
        )

    def ahead(self, back: int, horizon: int) -> Mapping[str, np.ndarray]:
        """Return the known-ahead columns of the periods after a cut."""
        start = self.periods - back
        return {name: each[:, start : start + horizon] for name, each in self.known.items()}

    def rows(self, part: slice | np.ndarray) -> Panel:
        """Return some of the series."""
        return replace(
            self,
            keys=self.keys[part] if self.keys.width else self.keys,
            ends=self.ends[part],
            values=self.values[part],
            lengths=self.lengths[part],
            known={name: each[part] for name, each in self.known.items()},
            past={name: each[part] for name, each in self.past.items()},
            static={name: each[part] for name, each in self.static.items()},
        )

    def steps(self, low: int, high: int) -> np.ndarray:
        """Return the period of columns from `low` up to `high`, which may be after the end, of each series."""
        found: np.ndarray = self.ends[:, None] + np.arange(low, high) - (self.periods - 1)
        return found


def matrix(series: np.ndarray, places: np.ndarray, values: pl.Series, shape: tuple[int, int]) -> np.ndarray:
    """Return a column as a matrix of series and periods: numbers as floats, all else as texts."""
    if values.dtype.is_numeric() or values.dtype in (pl.Boolean, pl.Null):
        found = np.full(shape, np.nan)
        numbers = values.cast(pl.Float64).fill_null(float("nan")).to_numpy()
        found[series, places] = np.where(np.isfinite(numbers), numbers, np.nan)
        return found
    texts = np.full(shape, None, dtype=object)
    texts[series, places] = values.cast(pl.String).to_numpy()
    return texts


def check_cells(series: int, periods: int) -> None:
    """Make sure that a matrix of series and periods is not too large.

    Raises:
        ModuleError: `too_many_periods`.
    """
    if series * periods > MOST_CELLS:
        raise ModuleError(
            "too_many_periods",
            f"{series:,} series over {periods:,} periods are {series * periods:,} values, and more than {MOST_CELLS:,} are not computed at once.",
            port="table",
            param="time",
            remedy="Check the times for outliers, or choose a longer frequency in Prepare Time Series.",
        )
