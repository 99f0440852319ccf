"""The series of a table: the values of a column in the order of time, by group."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import polars as pl

from pipelines.catalogue.columns import kind_of
from pipelines.catalogue.errors import ModuleError
from pipelines.modelling.by_group.partition import Partition


@dataclass(frozen=True)
class Series:
    """Series one after the other, each in the order of time; rows without a time are left out.

    Args:
        moved: The place of each value in the rows of the partition; None where they lie as there.
        times: The times as numbers.
        values: The values; NaN where one is missing.
        starts: Where each series starts; and the end.
    """

    moved: np.ndarray | None
    times: np.ndarray
    values: np.ndarray
    starts: np.ndarray

    def of(self, place: int) -> slice:
        """Return where a series is."""
        return slice(*self.starts[place : place + 2].tolist())

    def rows_of(self, place: int) -> slice | np.ndarray:
        """Return where the values of a series are in the rows of the partition."""
        mine = self.of(place)
        return mine if self.moved is None else self.moved[mine]

    def spans(self, dtype: pl.DataType) -> pl.DataFrame:
        """Return the first and the last time of each series, of the type of the column; missing where a series has none."""
        there = np.flatnonzero(self.lengths)
        ends = {"first": self.starts[:-1][there], "last": self.starts[1:][there] - 1}
        known = pl.DataFrame({"at": there} | {name: pl.Series(self.times[places]).cast(dtype) for name, places in ends.items()})
        every = pl.DataFrame({"at": np.arange(len(self.lengths))})
        return every.join(known, on="at", how="left", maintain_order="left").drop("at")

    @property
    def lengths(self) -> np.ndarray:
        """The number of values of each series."""
        return np.diff(self.starts)


def series_of(parts: Partition, time: str, value: str | None) -> Series:
    """Return the series of a partition; without a column of values all are missing.

    Raises:
        ModuleError: `not_a_time` or `label_not_a_number`.
    """
    times = parts.frame[time]
    if kind_of(times.dtype) not in ("number", "datetime") and times.dtype != pl.Null:
        words = f"“{time}” has {kind_of(times.dtype)}s, not times."
        raise ModuleError("not_a_time", words, param="time", port="table", column=time, remedy="Change its type with Edit Metadata.")
    if value is not None and kind_of(parts.frame.schema[value]) != "number" and parts.frame.schema[value] != pl.Null:
        words = f"“{value}” is not numeric, but a series has numbers."
        raise ModuleError("label_not_a_number", words, param="label", port="table", column=value, remedy="Select a numeric column.")
    numbers = np.full(len(times), np.nan) if value is None else parts.frame[value].cast(pl.Float64).fill_null(np.nan).to_numpy()
    physical = times.cast(pl.Float64) if times.dtype.is_decimal() else times.to_physical()
    there, moments = physical.is_not_null().to_numpy(), physical.fill_null(0).to_numpy()
    if there.all() and _in_order(moments, parts.starts):  # nothing is copied of a table that lies series by series
        return Series(None, moments, numbers, parts.starts)
    group = np.repeat(np.arange(len(parts), dtype=np.uint32), np.diff(parts.starts))
    order = np.lexsort((moments, group)).astype(np.uint32)
    order = order[there[order]]
    sizes = np.bincount(group[order], minlength=len(parts))
    return Series(order, moments[order], numbers[order], np.concatenate([[0], sizes]).cumsum())


def _in_order(moments: np.ndarray, starts: np.ndarray) -> bool:
    """Return whether no time is before the one above it in its series."""
    later = moments[1:] >= moments[:-1]
    later[starts[1:-1] - 1] = True  # where another series starts
    return bool(later.all())


def of_one_length(series: Series, places: Sequence[int]) -> list[np.ndarray]:
    """Return the places of series in parts of one length each."""
    lengths = series.lengths[list(places)]
    return [np.asarray(places)[lengths == length] for length in np.unique(lengths)]


def stacked(series: Series, places: np.ndarray) -> np.ndarray:
    """Return the values of series of one length, a row for each."""
    return np.stack([series.values[series.of(place)] for place in places.tolist()])
