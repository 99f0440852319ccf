"""The frequency of time series: how far two periods are apart, and which period a time is in."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
import polars as pl

Unit = Literal["number", "us", "day", "month"]
DAY_US = 86_400_000_000
WORDS = {
    ("us", 3_600_000_000): "hourly", ("day", 1): "daily", ("day", 7): "weekly", ("month", 1): "monthly", ("month", 3): "quarterly",
    ("month", 12): "yearly",
}  # fmt: skip
SEASONS = {("us", 3_600_000_000): 24, ("day", 1): 7, ("day", 7): 52, ("month", 1): 12, ("month", 3): 4}


@dataclass(frozen=True)
class Frequency:
    """Periods of one length: `every` units, counted from `anchor`.

    Days and months are those of the wall clock, shorter units those of UTC. `clock` is the time of day in microseconds of daily and longer periods, `day` their
    day of the month, 0 for its last one.
    """

    unit: Unit
    every: int
    anchor: int = 0
    clock: int = 0
    day: int = 1

    @property
    def words(self) -> str:
        """Return it in words, such as "weekly"."""
        if self.unit == "us":
            seconds = self.every / 1e6
            plain = f"every {seconds / 60:g} minutes" if seconds % 60 == 0 else f"every {seconds:g} seconds"
        else:
            plain = f"every {self.every:,} " + {"number": "units", "day": "days", "month": "months"}[self.unit]
        return WORDS.get((self.unit, self.every), plain)

    @property
    def season(self) -> int:
        """Return how many periods a season usually has; 1 if none is usual."""
        return SEASONS.get((self.unit, self.every), 1)

    @property
    def seasons(self) -> tuple[int, ...]:
        """Return how many periods each usual season has, the shortest first: of hours a day and a week, of days a week and a year."""
        longer = {("us", 3_600_000_000): 168, ("day", 1): 365}.get((self.unit, self.every))
        return (self.season, longer) if longer else (self.season,) * (self.season > 1)

    def steps(self, times: pl.Series) -> np.ndarray:
        """Return the number of the period that each time is in; no time may be missing."""
        return (_units(times, self.unit) - self.anchor) // self.every

    def times(self, steps: np.ndarray, dtype: pl.DataType) -> pl.Series:
        """Return the time of each period, in the type of the time column."""
        units = pl.Series("time", steps.astype(np.int64) * self.every + self.anchor)
        if self.unit == "number":
            return units.cast(dtype)
        if self.unit == "us":
            return _zoned(units.cast(pl.Datetime("us")), dtype, utc=True)
        if self.unit == "day":
            return _zoned((units * DAY_US + self.clock).cast(pl.Datetime("us")), dtype)
        month = pl.col("time")
        first = units.to_frame().select(pl.datetime(month // 12, month % 12 + 1, 1, time_unit="us")).to_series()
        last = first.dt.month_end()
        day = last if self.day == 0 else _on_day(first, last, self.day)
        return _zoned((day.to_physical() + self.clock).cast(pl.Datetime("us")), dtype)

    def as_json(self) -> Mapping[str, Any]:
        """Return it as JSON."""
        return vars(self)


def _on_day(first: pl.Series, last: pl.Series, day: int) -> pl.Series:
    wanted = first.to_physical() + (day - 1) * DAY_US
    return pl.Series(np.minimum(wanted.to_numpy(), last.to_physical().to_numpy())).cast(pl.Datetime("us"))


def _zoned(times: pl.Series, dtype: pl.DataType, *, utc: bool = False) -> pl.Series:
    """Times without zone in the type of a time column; a wall time that a change of the clocks skips is an hour later."""
    if not isinstance(dtype, pl.Datetime):
        return times.cast(dtype)
    if dtype.time_zone is None:
        return times.cast(dtype)
    if utc:
        return times.dt.replace_time_zone("UTC").dt.convert_time_zone(dtype.time_zone).cast(dtype)
    there = times.dt.replace_time_zone(dtype.time_zone, ambiguous="earliest", non_existent="null")
    later = times.dt.offset_by("1h").dt.replace_time_zone(dtype.time_zone, ambiguous="earliest", non_existent="null")
    return there.fill_null(later).cast(dtype)


def wall(times: pl.Series) -> pl.Series:
    """Return dates and timestamps as wall times without zone, in microseconds."""
    if isinstance(times.dtype, pl.Datetime) and times.dtype.time_zone:
        times = times.dt.replace_time_zone(None)
    return times.cast(pl.Datetime("us"))


def _utc(times: pl.Series) -> pl.Series:
    if isinstance(times.dtype, pl.Datetime) and times.dtype.time_zone:
        times = times.dt.convert_time_zone("UTC").dt.replace_time_zone(None)
    return times.cast(pl.Datetime("us"))


def _units(times: pl.Series, unit: Unit) -> np.ndarray:
    if unit == "number":
        return times.cast(pl.Int64).to_numpy()
    if unit == "us":
        return _utc(times).to_physical().to_numpy()
    local = wall(times)
    if unit == "day":
        found: np.ndarray = local.to_physical().to_numpy() // DAY_US
        return found
    return (local.dt.year().cast(pl.Int64) * 12 + local.dt.month().cast(pl.Int64) - 1).to_numpy()


def find_frequency(times: pl.Series, series: np.ndarray) -> tuple[Frequency | None, int]:
    """Return the most common distance of neighboring times within a series, and how many series have another one; None without two times.

    Args:
        times: The times; none is missing.
        series: The number of the series of each time.
    """
    if not times.dtype.is_temporal():
        every, other = _modal_gap(_units(times, "number"), series)
        return (_anchored("number", every, _units(times, "number")) if every else None), other
    every, other = _modal_gap(wall(times).to_physical().to_numpy(), series)
    if not every:
        return None, 0
    if every < DAY_US:
        every, other = _modal_gap(_units(times, "us"), series)
        return _anchored("us", every, _units(times, "us")), other
    local = wall(times)
    clock = int(_modal(local.to_physical().to_numpy() % DAY_US))
    every, other = _modal_gap(_units(times, "day"), series)
    if every >= 28 and (day := _day_of_month(local)) is not None:
        every, other = _modal_gap(_units(times, "month"), series)
        return _anchored("month", every, _units(times, "month"), clock=clock, day=day), other
    return _anchored("day", every, _units(times, "day"), clock=clock), other


def of_name(name: str, times: pl.Series) -> Frequency:
    """Return the frequency of a name, such as "weekly"; weeks start on the most common weekday."""
    unit, every = next(key for key, words in WORDS.items() if words == name)
    return _anchored(unit, every, _units(times, unit))  # type: ignore[arg-type]


def _anchored(unit: Unit, every: int, units: np.ndarray, *, clock: int = 0, day: int = 1) -> Frequency:
    return Frequency(unit, every, int(_modal(units % every)), clock, day)


def _modal(values: np.ndarray) -> int:
    found, counts = np.unique(values, return_counts=True)
    return int(found[counts.argmax()])


def _day_of_month(local: pl.Series) -> int | None:
    """The day of the month of nearly all times, 0 for the last one; None where the days differ, as of every four weeks."""
    ends = (local.dt.day() == local.dt.month_end().dt.day()).mean()
    day = _modal(local.dt.day().to_numpy())
    share = (local.dt.day() == day).mean()
    if isinstance(ends, float) and ends > 0.9:
        return 0
    return day if isinstance(share, float) and share > 0.8 else None


def _modal_gap(units: np.ndarray, series: np.ndarray) -> tuple[int, int]:
    """The most common gap over series, of each its own most common one, and how many series have another one; 0 if there is no gap."""
    frame = pl.DataFrame({"series": series, "unit": units}).unique().sort("series", "unit")
    gaps = frame.with_columns(gap=pl.col("unit").diff().over("series")).drop_nulls()
    if gaps.is_empty():
        return 0, 0
    counts = gaps.group_by("series", "gap").len().sort(["series", "len", "gap"], descending=[False, True, False])
    own = counts.unique("series", keep="first", maintain_order=True)
    modal = own.group_by("gap").len().sort(["len", "gap"], descending=[True, False])["gap"][0]
    return int(modal), int((own["gap"] != modal).sum())
