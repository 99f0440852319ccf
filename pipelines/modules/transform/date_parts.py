"""Date Parts: year, month, weekday, hour and more of dates and times, and the time since another."""

from __future__ import annotations

from typing import Annotated, Literal

import polars as pl

from pipelines.catalogue.columns import Rule, Selector, kind_of, require
from pipelines.catalogue.errors import ModuleError
from pipelines.catalogue.lineage import Lineage
from pipelines.catalogue.module import module
from pipelines.catalogue.params import Column, Columns, Title, Titles, When
from pipelines.catalogue.phrases import listed
from pipelines.catalogue.ports import Query
from pipelines.catalogue.reporting import log
from pipelines.modules.transform._calendar import OF_CLOCK, Parts, elapsed, start_of, written, zoned
from pipelines.modules.transform._placing import Output, placed

DATES = Selector((Rule(True, "types", ("datetime",)), Rule(False, "roles", ("label", "score", "weight", "ignored"))))
Unit = Annotated[Literal["none", "seconds", "minutes", "hours", "days", "weeks"], Title("Elapsed time"), Titles(none="None")]
Start = Annotated[Literal["none", "year", "quarter", "month", "week", "day", "hour", "minute"], Title("Start of"), Titles(none="None")]
TIMED = ("seconds", "minutes", "hours", "days", "weeks")


@module(
    "Date Parts",
    icon="calendar-stats",
    aliases=("year", "month", "weekday", "hour", "elapsed", "truncate date", "time zone", "datetime"),
    lineage=Lineage(rows="same"),
)
def date_parts(
    table: Query,
    *,
    columns: Columns = DATES,
    parts: Parts,
    time_zone: str = "",
    start: Start = "none",
    elapsed_in: Unit = "none",
    since: Annotated[str, When("elapsed_in", *TIMED)] = "1970-01-01",
    since_column: Annotated[Column | None, When("elapsed_in", *TIMED)] = None,
    output: Output = "append",
) -> Query:
    """Extract parts of dates and times into columns named NAME_PART.

    A learner treats a date as one growing number. The parts expose what repeats: seasons, weekdays, hours. Missing dates give missing parts.
    Convert text to dates with Edit Metadata. Dates have no hour, and times of day have no year; the log lists columns without any part.

    When to use:
        When the season, the weekday or the hour matters, rather than the date itself.

    Args:
        table: The table with dates.
        columns: The columns with dates, dates with time, or times of day.
        time_zone: The time zone of the parts, such as Europe/Zurich. If empty, the zone of each column. Times without a zone are not converted.
        start: Add the start of the year, quarter, month, week (Monday), day, hour or minute of each date as NAME_start_of_UNIT.
        elapsed_in: Add the time elapsed since another date as NAME_UNIT_since, negative before it.
        since: The reference date, such as 2024-01-31 or 2024-01-31 08:30.
        since_column: A column with the reference date of each row, instead of a fixed one.
        output: Append the parts, replace the dates, or keep only the parts. A column without any part is not replaced.

    Returns:
        The table with the parts.

    Example:
        table: {"transform.edit_metadata": {"table": {"data.dataset": {"dataset": "flight_weather"}}, "columns": ["time_hour"], "type": "datetime", "datetime_format": "%Y-%m-%dT%H:%M:%SZ", "categorical": "unchanged"}}
        columns: ["time_hour"]
    """
    schema = table.head.frame.schema
    made = {}
    for column in columns.pick(table.head):
        if schema[column] == pl.Duration and column not in columns.named():
            continue  # a rule means it too, and it is no date
        _check(column, schema[column])
        time, dtype = zoned(column, schema[column], time_zone)
        found = list(parts.of(column, time, dtype))
        if start != "none" and dtype != pl.Time and not (dtype == pl.Date and start in OF_CLOCK):
            found.append((f"{column}_start_of_{start}", start_of(start, time, dtype)))
        if elapsed_in != "none" and dtype != pl.Time:
            origin = written(since, dtype) if since_column is None else _other(table, since_column, dtype, time_zone)
            found.append((f"{column}_{elapsed_in}_since", elapsed(elapsed_in, time, dtype, origin)))
        made[column] = found
    if bare := [column for column, found in made.items() if not found]:
        log(f"No selected part applies to {listed(bare)}.", "warning")
    return table.with_frame(table.frame.select(placed(list(schema), made, output, new_names=True)))


def _check(column: str, dtype: pl.DataType, param: str = "columns") -> None:
    if kind_of(dtype) != "datetime" or dtype == pl.Duration:
        raise ModuleError(
            "not_a_date",
            f"“{column}” holds {dtype} values, not dates.",
            column=column,
            param=param,
            port="table",
            remedy="Select columns with dates; convert text with Edit Metadata.",
        )


def _other(table: Query, column: str, dtype: pl.DataType, time_zone: str) -> pl.Expr:
    schema = table.head.frame.schema
    _check(require(column, table.head, param="since_column"), schema[column], "since_column")
    time, other = zoned(column, schema[column], time_zone)
    zone, theirs = (each.time_zone if isinstance(each, pl.Datetime) else None for each in (dtype, other))
    if (zone is None) != (theirs is None) or other == pl.Time:
        raise ModuleError(
            "different_times",
            f"“{column}” holds {other} values, and they are compared with {dtype} values.",
            column=column,
            param="since_column",
            port="table",
            remedy="Select columns that both have a time zone, or neither.",
        )
    return time.dt.convert_time_zone(zone) if zone else time
