"""Tables of time series as a panel: which rows are used, and what is said of the others."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Annotated

import numpy as np
import polars as pl

from pipelines.catalogue.columns import Rule, Selector, kind_of, require
from pipelines.catalogue.errors import ModuleError
from pipelines.catalogue.params import Column, Columns, Title
from pipelines.catalogue.phrases import counted
from pipelines.catalogue.ports import Table
from pipelines.catalogue.reporting import log
from pipelines.modelling.forecasting.frequency import Frequency, find_frequency
from pipelines.modelling.forecasting.panel import Panel, check_cells, matrix

NO_COLUMNS = Selector((Rule(True, "names", ()),))
PREPARE = "Use Prepare Time Series before."


@dataclass(frozen=True)
class SeriesColumns:
    """Which columns hold the series.

    Args:
        time: When each value was measured: a date, a timestamp, a text with one, or a whole number.
        value: The column to forecast.
        series: The columns that name the series of a row, such as store and product; without one the table is one series.
        known_ahead: Columns whose future values are known when a forecast is made, such as a planned price.
        past_only: Columns that are known until the forecast is made only, such as the weather; they are used as they were one horizon earlier.
        static: Columns that stay the same within a series, such as a region.
    """

    time: Column
    value: Column
    series: Annotated[Columns, Title("Series")] = NO_COLUMNS
    known_ahead: Columns = NO_COLUMNS
    past_only: Columns = NO_COLUMNS
    static: Columns = NO_COLUMNS


@dataclass(frozen=True)
class Names:
    """The columns of series by name."""

    time: str
    value: str
    series: tuple[str, ...] = ()
    known: tuple[str, ...] = ()
    past: tuple[str, ...] = ()
    static: tuple[str, ...] = ()


def names_of(columns: SeriesColumns, table: Table) -> Names:
    """Return the columns by name.

    Raises:
        ModuleError: `unknown_column`, or `used_twice` for a column with two uses.
    """
    require(columns.time, table, param="time")
    require(columns.value, table, param="value")
    groups = {name: tuple(getattr(columns, name).pick(table)) for name in ("series", "known_ahead", "past_only", "static")}
    uses = [(columns.time, "time"), (columns.value, "value")] + [
        (column, param) for param, group in groups.items() if param != "static" for column in group
    ]
    seen: dict[str, str] = {}
    for column, param in uses:
        if column in seen:
            words = f"“{column}” is selected twice, as {seen[column].replace('_', ' ')} and as {param.replace('_', ' ')}."
            raise ModuleError("used_twice", words, port="table", param=param, column=column, remedy="Select it once.")
        seen[column] = param
    return Names(columns.time, columns.value, groups["series"], groups["known_ahead"], groups["past_only"], groups["static"])


def as_times(times: pl.Series) -> pl.Series:
    """Return a time column as dates, timestamps or whole numbers; texts become timestamps.

    Raises:
        ModuleError: `not_times`.
    """
    dtype, found = times.dtype, times
    if kind_of(dtype) == "text":
        try:
            found = times.cast(pl.String).str.to_datetime(strict=False, time_unit="us")
        except pl.exceptions.PolarsError:
            found = pl.Series(times.name, [None] * len(times), dtype=pl.Datetime("us"))
        if len(times) and found.null_count() == len(times) and times.null_count() < len(times):
            raise _not_times(times.name, "texts in which no date is found")
        if lost := found.null_count() - times.null_count():
            log(f"{counted(lost, 'text')} of “{times.name}” {'is' if lost == 1 else 'are'} no date, and missing here.", "warning")
        return found.dt.replace_time_zone(None) if isinstance(found.dtype, pl.Datetime) and found.dtype.time_zone else found
    if dtype.is_float() or dtype == pl.Decimal:
        number = pl.col(times.name).cast(pl.Float64)
        whole = times.to_frame().select(pl.when(number.is_finite() & (number.abs() < 2**53)).then(number)).to_series()
        if whole.drop_nulls().len() and bool((whole.drop_nulls() % 1 != 0).any()):
            raise _not_times(times.name, "numbers with decimals")
        return whole
    if dtype in (pl.Date, pl.Datetime) or dtype.is_integer():
        wide = dtype in (pl.UInt64, pl.Int128)
        return times.cast(pl.Int64, strict=False) if wide else times
    raise _not_times(times.name, "neither dates nor whole numbers")


def _not_times(column: str, what: str) -> ModuleError:
    words = f"“{column}” holds {what}, so the rows have no order in time."
    return ModuleError(
        "not_times", words, port="table", param="time", column=column, remedy="Select a column of dates, or change its type."
    )


def check_value(table: Table, column: str) -> None:
    """Make sure that the values are numbers.

    Raises:
        ModuleError: `not_a_number`.
    """
    dtype = table.frame.schema[column]
    if kind_of(dtype) not in ("number", "boolean") and dtype != pl.Null:
        words = f"“{column}” is not numeric, so it cannot be forecast."
        raise ModuleError("not_a_number", words, port="table", param="value", column=column, remedy="Select a column of numbers.")


def usable_rows(frame: pl.DataFrame, times: pl.Series, series: Sequence[str]) -> pl.DataFrame:
    """Return the rows that have a time and a series, with the time as `__time`; says how many are left out.

    Raises:
        ModuleError: `no_rows`.
    """
    frame = frame.with_columns(times.alias("__time"))
    for columns, what in (((["__time"]), "without a time"), (series, "without a value in a column that names the series")):
        kept = frame.drop_nulls(list(columns)) if columns else frame
        if lost := frame.height - kept.height:
            log(f"{counted(lost, 'row')} {what} {'is' if lost == 1 else 'are'} left out.", "warning")
        frame = kept
    if frame.is_empty():
        words = "The table has no row with a time and a series."
        raise ModuleError("no_rows", words, port="table", param="time", remedy="Connect a table with rows, or select other columns.")
    return frame


def numbered(frame: pl.DataFrame, series: Sequence[str]) -> tuple[pl.DataFrame, np.ndarray]:
    """Return the keys of the series in their order, and the number of the series of each row."""
    if not series:
        return pl.DataFrame({"": [0]}).select([]), np.zeros(frame.height, dtype=np.int64)
    codes = frame.select(code=pl.struct(series).rank("dense") - 1)["code"].to_numpy().astype(np.int64)
    first = np.unique(codes, return_index=True)[1]
    return frame.select(series)[first], codes


def frequency_of(times: pl.Series, codes: np.ndarray) -> Frequency:
    """Return the frequency of the rows, and say it.

    Raises:
        ModuleError: `no_frequency`.
    """
    found, other = find_frequency(times, codes)
    if found is None:
        words = "No series has two different times, so the frequency is not known."
        raise ModuleError("no_frequency", words, port="table", param="time", remedy="Check the time and the series columns.")
    if other:
        verb = "has" if other == 1 else "have"
        log(f"The frequency is mixed: it is {found.words} for most series, and {other:,} {verb} another one.", "warning")
    return found


def read_panel(table: Table, names: Names) -> Panel:
    """Return the series of a table, whose rows are in any order.

    Raises:
        ModuleError: `not_times`, `not_a_number`, `no_rows`, `no_frequency`, `duplicate_times`, `too_many_periods`, `no_values`.
    """
    check_value(table, names.value)
    frame = usable_rows(table.frame, as_times(table.frame[names.time]), names.series)
    keys, codes = numbered(frame, names.series)
    frequency = frequency_of(frame["__time"], codes)
    steps = frequency.steps(frame["__time"])
    if twice := frame.height - pl.DataFrame({"s": codes, "t": steps}).unique().height:
        words = f"{counted(twice, 'row')} {'has' if twice == 1 else 'have'} the series and the period of another row."
        remedy = f"{PREPARE} It aggregates them. Or select more columns that name the series."
        raise ModuleError("duplicate_times", words, port="table", param="time", column=names.time, remedy=remedy)
    return _panel(frame, names, keys, codes, frequency, steps)


def _panel(frame: pl.DataFrame, names: Names, keys: pl.DataFrame, codes: np.ndarray, frequency: Frequency, steps: np.ndarray) -> Panel:
    numbers = frame[names.value].cast(pl.Float64).fill_null(float("nan")).to_numpy()
    if infinite := int(np.isinf(numbers).sum()):
        log(
            f"{counted(infinite, 'value')} of “{names.value}” {'is' if infinite == 1 else 'are'} infinite and treated as missing.",
            "warning",
        )
    there, size = np.isfinite(numbers) & (np.abs(numbers) < 1e100), max(1, int(codes.max()) + 1)
    if huge := int((np.isfinite(numbers) & ~there).sum()):
        log(f"{counted(huge, 'value')} of “{names.value}” {'is' if huge == 1 else 'are'} beyond ±1e100 and treated as missing.", "warning")
    if not there.any():
        words = f"“{names.value}” has no values."
        raise ModuleError("no_values", words, port="table", param="value", column=names.value, remedy="Select a column with values.")
    ends = np.full(size, np.iinfo(np.int64).min)
    starts = np.full(size, np.iinfo(np.int64).max)
    np.maximum.at(ends, codes[there], steps[there])
    np.minimum.at(starts, codes[there], steps[there])
    empty = ends < starts
    if count := int(empty.sum()):
        log(f"{count:,} series {'has' if count == 1 else 'have'} no values, and no forecasts.", "warning")
    ends[empty], starts[empty] = steps.max(), steps.max() + 1
    lengths = ends - starts + 1
    check_cells(size, int(lengths.max()))
    width = int(lengths.max())
    places = width - 1 - (ends[codes] - steps)
    inside = (steps <= ends[codes]) & (places >= 0) & (steps >= starts[codes])
    shape, series, at = (size, width), codes[inside], places[inside]
    clean = pl.Series(np.where(there, numbers, np.nan))
    values = matrix(series, at, clean.filter(inside), shape)
    missing = int(lengths.sum() - np.isfinite(values).sum())
    if missing:
        log(f"{counted(missing, 'period')} between the first and the last value of a series {'has' if missing == 1 else 'have'} no value.")
    some = {name: matrix(series, at, frame[name].filter(inside), shape) for name in (*names.known, *names.past)}
    last = np.zeros(size, dtype=np.int64)
    last[codes] = np.arange(frame.height)
    static = {name: matrix(np.arange(size), np.zeros(size, dtype=int), frame[name][last], (size, 1))[:, 0] for name in names.static}
    _say_changing(frame, names, codes)
    known = {name: some[name] for name in names.known}
    past = {name: some[name] for name in names.past}
    return Panel(keys, frequency, ends, values, lengths, known, past, static)


def _say_changing(frame: pl.DataFrame, names: Names, codes: np.ndarray) -> None:
    for name in names.static:
        changing = int((frame.with_columns(__code=codes).group_by("__code").agg(pl.col(name).n_unique())[name] > 1).sum())
        if changing:
            log(f"“{name}” changes within {changing:,} series; the value of the last row is used.", "warning")


def future_of(table: Table, names: Names, panel: Panel, horizon: int) -> dict[str, np.ndarray]:
    """Return the known-ahead columns of the periods after each series' end, from a table of future rows; other rows are not used.

    Raises:
        ModuleError: `missing_columns`, or `not_times`.
    """
    frame = table.frame
    if absent := [name for name in (names.time, *names.series, *names.known) if name not in frame.columns]:
        words = f"The table of known values has no column “{absent[0]}”."
        raise ModuleError(
            "missing_columns", words, port="known_ahead", column=absent[0], remedy="Connect a table with the columns of training."
        )
    times = as_times(frame[names.time])
    frame = frame.with_columns(times.alias("__time")).drop_nulls(["__time", *names.series])
    code = pl.Series("__code", np.arange(panel.size))
    schema = panel.keys.schema
    try:
        frame = frame.with_columns(pl.col(name).cast(schema[name]) for name in names.series)
    except pl.exceptions.PolarsError:
        frame = frame.clear().with_columns(pl.col(name).cast(schema[name]) for name in names.series)
    found = frame.join(panel.keys.with_columns(code), on=list(names.series), how="inner") if names.series else frame.with_columns(__code=0)
    codes = found["__code"].to_numpy().astype(np.int64)
    temporal = panel.frequency.unit != "number"
    if temporal != times.dtype.is_temporal():
        words = f"“{names.time}” has other times than the training table."
        raise ModuleError(
            "not_times", words, port="known_ahead", column=names.time, remedy="Give it the type that it has in the training table."
        )
    places = panel.frequency.steps(found["__time"]) - panel.ends[codes] - 1
    inside = (places >= 0) & (places < horizon)
    shape = (panel.size, horizon)
    return {name: matrix(codes[inside], places[inside], found[name].filter(inside), shape) for name in names.known}
