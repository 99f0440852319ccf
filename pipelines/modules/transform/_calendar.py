"""Parts of dates and times, in a zone."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, fields
from datetime import datetime
from math import pi
from zoneinfo import ZoneInfo

import polars as pl

from pipelines.catalogue.errors import ModuleError

CALENDAR: Mapping[str, Callable[[pl.Expr], pl.Expr]] = {
    "year": lambda time: time.dt.year(),
    "quarter": lambda time: time.dt.quarter(),
    "month": lambda time: time.dt.month(),
    "week": lambda time: time.dt.week(),
    "day": lambda time: time.dt.day(),
    "weekday": lambda time: time.dt.weekday(),
    "day_of_year": lambda time: time.dt.ordinal_day(),
    "weekend": lambda time: (time.dt.weekday() > 5).cast(pl.Int64),
}
CLOCK: Mapping[str, Callable[[pl.Expr], pl.Expr]] = {
    "hour": lambda time: time.dt.hour(),
    "minute": lambda time: time.dt.minute(),
    "second": lambda time: time.dt.second(),
}
NAMES = {"month": "%B", "weekday": "%A"}
CYCLES = {"month": (1, 12), "weekday": (1, 7), "hour": (0, 24)}  # the first value, and how many there are
SECONDS = {"seconds": 1, "minutes": 60, "hours": 3600, "days": 86_400, "weeks": 604_800}
STARTS = {"year": "1y", "quarter": "1q", "month": "1mo", "week": "1w", "day": "1d", "hour": "1h", "minute": "1m"}
OF_CLOCK = ("hour", "minute")


@dataclass(frozen=True)
class Parts:
    """The parts of a date that become columns.

    Args:
        year: Add the year.
        quarter: Add the quarter, 1 to 4.
        month: Add the month, 1 to 12.
        week: Add the ISO 8601 week, 1 to 53: weeks start on Monday, and week 1 has the first Thursday of the year.
        day: Add the day of the month, 1 to 31.
        weekday: Add the day of the week, 1 (Monday) to 7 (Sunday).
        day_of_year: Add the day of the year, 1 to 366.
        weekend: Add 1 for Saturday and Sunday, otherwise 0.
        hour: Add the hour, 0 to 23; a date without time has none.
        minute: Add the minute, 0 to 59.
        second: Add the second, 0 to 59.
        names: Use English names for month and weekday instead of numbers.
        cycles: Add sine and cosine of the chosen ones of month, weekday and hour, so that December and January are close.
    """

    year: bool = True
    quarter: bool = False
    month: bool = True
    week: bool = False
    day: bool = True
    weekday: bool = True
    day_of_year: bool = False
    weekend: bool = False
    hour: bool = True
    minute: bool = False
    second: bool = False
    names: bool = False
    cycles: bool = False

    def of(self, column: str, time: pl.Expr, dtype: pl.DataType) -> Iterator[tuple[str, pl.Expr]]:
        """Yield the names and values of the chosen parts that a column of a type has."""
        has = {**({} if dtype == pl.Time else CALENDAR), **({} if dtype == pl.Date else CLOCK)}
        for part in (field.name for field in fields(self)):
            if part in has and getattr(self, part):
                number = has[part](time).cast(pl.Int64)
                yield f"{column}_{part}", time.dt.to_string(NAMES[part]) if self.names and part in NAMES else number
                if self.cycles and part in CYCLES:
                    first, many = CYCLES[part]
                    angle = (number - first) * (2 * pi / many)
                    yield from ((f"{column}_{part}_sin", angle.sin()), (f"{column}_{part}_cos", angle.cos()))


def zoned(column: str, dtype: pl.DataType, zone: str) -> tuple[pl.Expr, pl.DataType]:
    """The times of a column as a clock in a zone shows them, and their type; those without zone stay as they are written.

    Raises:
        ModuleError: `unknown_time_zone`.
    """
    if zone:
        try:
            ZoneInfo(zone)
        except (ValueError, OSError, KeyError) as wrong:
            raise ModuleError(
                "unknown_time_zone",
                f"There is no time zone “{zone[:60]}”.",
                param="time_zone",
                remedy="Write it like Europe/Zurich, America/New_York or UTC.",
            ) from wrong
    if zone and isinstance(dtype, pl.Datetime) and dtype.time_zone:
        return pl.col(column).dt.convert_time_zone(zone), pl.Datetime(dtype.time_unit, zone)
    return pl.col(column), dtype


def start_of(unit: str, time: pl.Expr, dtype: pl.DataType) -> pl.Expr:
    """The start of the year, week or hour that a time lies in."""
    zone = dtype.time_zone if isinstance(dtype, pl.Datetime) else None
    if zone is None or unit in OF_CLOCK:
        return time.dt.truncate(STARTS[unit])
    # on the clock of the zone; where its clocks skip midnight, the day starts an hour later
    clock = time.dt.replace_time_zone(None).dt.truncate(STARTS[unit])
    starts = [start.dt.replace_time_zone(zone, ambiguous="earliest", non_existent="null") for start in (clock, clock.dt.offset_by("1h"))]
    return pl.coalesce(starts)


def elapsed(unit: str, time: pl.Expr, dtype: pl.DataType, since: pl.Expr) -> pl.Expr:
    """How long after another a time is; both have the same zone or none."""
    zone = dtype.time_zone if isinstance(dtype, pl.Datetime) else None
    later, earlier = (each.cast(pl.Datetime("us", zone)) for each in (time, since))
    return (later - earlier).dt.total_microseconds() / (SECONDS[unit] * 1e6)


def written(text: str, dtype: pl.DataType) -> pl.Expr:
    """A written date or time as one that can be compared with those of a type; without a zone it is meant in theirs.

    Raises:
        ModuleError: `wrong_value`.
    """
    zone = dtype.time_zone if isinstance(dtype, pl.Datetime) else None
    try:
        moment = datetime.fromisoformat(text.strip())
        if moment.tzinfo is not None and zone is None:
            raise ValueError("the column has no zone")
        if zone is not None:
            moment = (moment if moment.tzinfo else moment.replace(tzinfo=ZoneInfo(zone))).astimezone(ZoneInfo("UTC"))
    except ValueError as wrong:
        raise ModuleError(
            "wrong_value",
            f"“{text[:60]}” cannot be compared with the dates of the column.",
            param="since",
            remedy="Write it like 2024-01-31 or 2024-01-31 08:30, with a zone such as +01:00 only where the column has one.",
        ) from wrong
    return pl.lit(moment).dt.convert_time_zone(zone) if zone else pl.lit(moment)
