"""Regular series: one row for each period, duplicates aggregated, gaps filled, short series handled; each with its count."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Annotated, Literal

import numpy as np
import polars as pl

from pipelines.catalogue.errors import ModuleError
from pipelines.catalogue.params import Range, Title, Titles, When
from pipelines.catalogue.phrases import counted
from pipelines.catalogue.reporting import log
from pipelines.modelling.forecasting.frequency import WORDS, Frequency, of_name
from pipelines.modelling.forecasting.panel import check_cells
from pipelines.modelling.forecasting.reading import frequency_of, numbered, usable_rows

TOTAL = "All"
NAMES = {name: name.capitalize() for name in ("found", *WORDS.values())}
Frequencies = Literal["found", "hourly", "daily", "weekly", "monthly", "quarterly", "yearly"]


@dataclass(frozen=True)
class Policy:
    """What is done with rows that are not one for each period.

    Args:
        frequency: How far periods are apart. Found: the most common distance of neighboring times. A longer one aggregates the rows of each period.
        aggregate: What becomes of several rows of a series in one period.
        fill: What a period without a value gets: nothing, 0, or the last value before it.
        end: Where series end: each at its own last row, or all at the last row of the table, so that a series that ended earlier is filled up.
        short: What becomes of a series with fewer periods than are required.
        fewest: How many periods a series must have.
        totals: Add the sums over the series columns from the last one on, as series of their own that are named All, for Reconcile Forecasts.
    """

    frequency: Annotated[Frequencies, Titles(**NAMES)] = "found"
    aggregate: Annotated[Literal["sum", "mean", "min", "max"], Title("Several rows of a period")] = "sum"
    fill: Annotated[
        Literal["missing", "zero", "last"], Title("Fill gaps"), Titles(missing="Leave missing", zero="0", last="Last value")
    ] = "missing"
    end: Annotated[Literal["own", "common"], Title("Series end"), Titles(own="Each at its own end", common="All at the same time")] = "own"
    short: Annotated[Literal["keep", "drop", "pad"], Title("Short series"), Titles(pad="Pad at the start")] = "keep"
    fewest: Annotated[int, Range(1, 1_000_000), When("short", "drop", "pad"), Title("Required periods")] = 1
    totals: bool = False


def regular(frame: pl.DataFrame, times: pl.Series, value: str, series: Sequence[str], policy: Policy) -> pl.DataFrame:
    """Return one row for each series and period, in their order.

    Raises:
        ModuleError: `no_rows`, `no_frequency`, `too_many_periods`, `reserved_value`.
    """
    named = times.name
    frame = usable_rows(frame.with_columns(_finite(frame[value])), times, series)
    keys, codes = numbered(frame, series)
    frequency = _frequency(frame["__time"], codes, policy)
    periods = frame.drop("__time", *series).with_columns(__series=codes, __step=frequency.steps(frame["__time"]))
    periods = _filled(_gridded(_aggregated(periods, value, named, policy), policy), value, policy)
    periods = _long_enough(periods, value, policy)
    found = keys[periods["__series"].to_numpy()] if series else pl.DataFrame()
    time = frequency.times(periods["__step"].to_numpy(), times.dtype).alias(named)
    rest = periods.drop("__series", "__step", strict=False)
    columns = [*found.get_columns(), time, *(column for column in rest.get_columns() if column.name != named)]
    whole = pl.DataFrame({column.name: column for column in columns})  # a list would give an empty name another one
    return with_totals(whole, named, value, series) if policy.totals else whole


def _finite(values: pl.Series) -> pl.Series:
    number = pl.col(values.name).cast(pl.Float64)
    clean = values.to_frame().select(pl.when(number.is_finite()).then(number)).to_series()
    infinite = int(values.cast(pl.Float64).is_infinite().sum() or 0)
    if infinite:
        log(
            f"{counted(infinite, 'value')} of “{values.name}” {'is' if infinite == 1 else 'are'} infinite and treated as missing.",
            "warning",
        )
    return clean


def _frequency(times: pl.Series, codes: np.ndarray, policy: Policy) -> Frequency:
    if policy.frequency == "found":
        found = frequency_of(times, codes)
        log(f"The series are {found.words}.")
        return found
    if not times.dtype.is_temporal():
        words = f"Whole numbers as times cannot be {policy.frequency}."
        raise ModuleError("no_frequency", words, port="table", param="frequency", remedy="Choose the frequency that is found.")
    return of_name(policy.frequency, times)


def _aggregated(periods: pl.DataFrame, value: str, time: str, policy: Policy) -> pl.DataFrame:
    """One row for each series and period: the value is aggregated, other columns keep their first value."""
    at = ["__series", "__step"]
    extra = periods.height - periods.select(at).unique().height
    if not extra:
        return periods.sort(at)
    numbers = pl.col(value)
    all_missing = numbers.is_null().all()
    joined = {"sum": pl.when(~all_missing).then(numbers.sum()), "mean": numbers.mean(), "min": numbers.min(), "max": numbers.max()}
    log(f"{counted(extra, 'row')} of the same series and period {'is' if extra == 1 else 'are'} aggregated ({policy.aggregate}).")
    others = [name for name in periods.columns if name not in (*at, value)]
    grouped = periods.group_by(at, maintain_order=True).agg(
        joined[policy.aggregate].alias(value), *(pl.col(name).first() for name in others)
    )
    return grouped.select(periods.columns).sort(at)


def _gridded(periods: pl.DataFrame, policy: Policy) -> pl.DataFrame:
    """Every period from the first to the last row of each series; columns that are constant within all series stay so."""
    ends = periods.group_by("__series").agg(first=pl.col("__step").min(), last=pl.col("__step").max()).sort("__series")
    if policy.end == "common":
        latest = ends["last"].max()
        if earlier := int((ends["last"] != latest).sum()):
            log(
                f"{counted(earlier, 'series', 'series')} {'ends' if earlier == 1 else 'end'} earlier than the others, and {'is' if earlier == 1 else 'are'} filled up."
            )
        ends = ends.with_columns(last=latest)
    lengths = (ends["last"] - ends["first"] + 1).to_numpy()
    check_cells(1, int(lengths.sum()))
    series = np.repeat(ends["__series"].to_numpy(), lengths)
    within = np.arange(int(lengths.sum())) - np.repeat(np.cumsum(lengths) - lengths, lengths)
    grid = pl.DataFrame({"__series": series, "__step": np.repeat(ends["first"].to_numpy(), lengths) + within})
    if grid.height == periods.height:
        return periods
    log(
        f"{counted(grid.height - periods.height, 'period')} had no row, and {'has' if grid.height - periods.height == 1 else 'have'} one now."
    )
    others = [name for name in periods.columns if name not in ("__series", "__step")]
    hashable = [name for name in others if not periods.schema[name].is_nested() and periods.schema[name] != pl.Object]
    varies = periods.group_by("__series").agg(pl.col(hashable).n_unique()).select(pl.col(hashable).max()) if hashable else pl.DataFrame()
    constant = [name for name in hashable if varies[name][0] == 1]
    whole = grid.join(periods, on=["__series", "__step"], how="left", maintain_order="left")
    return whole.with_columns(pl.col(constant).fill_null(strategy="forward").over("__series")) if constant else whole


def _filled(periods: pl.DataFrame, value: str, policy: Policy) -> pl.DataFrame:
    missing = periods[value].null_count()
    if not missing:
        return periods
    if policy.fill == "missing":
        log(
            f"{counted(missing, 'period')} {'has' if missing == 1 else 'have'} no value, and stay missing."
            if missing > 1
            else "1 period has no value, and stays missing."
        )
        return periods
    fill = pl.col(value).fill_null(0.0) if policy.fill == "zero" else pl.col(value).forward_fill().over("__series")
    filled = periods.with_columns(fill)
    how = "0" if policy.fill == "zero" else "the last value before"
    log(f"{counted(missing - filled[value].null_count(), 'period')} without a value {'gets' if missing == 1 else 'get'} {how}.")
    if left := filled[value].null_count():
        log(f"{counted(left, 'period')} before the first value of a series {'stays' if left == 1 else 'stay'} missing.")
    return filled


def _long_enough(periods: pl.DataFrame, value: str, policy: Policy) -> pl.DataFrame:
    """Series with the required periods; shorter ones are dropped, or get earlier periods with the fill value."""
    sizes = periods.group_by("__series").len().sort("__series")
    short = sizes.filter(pl.col("len") < policy.fewest)
    if policy.short == "keep" or short.is_empty():
        return periods
    count = short.height
    if policy.short == "drop":
        log(
            f"{counted(count, 'series', 'series')} with fewer than {policy.fewest:,} periods {'is' if count == 1 else 'are'} dropped.",
            "warning",
        )
        return periods.filter(~pl.col("__series").is_in(short["__series"].implode()))
    check_cells(count, policy.fewest)
    first = periods.group_by("__series", maintain_order=True).first()
    add = (
        short.join(first, on="__series", how="left")
        .with_columns(__back=pl.int_ranges(1, policy.fewest - pl.col("len") + 1))
        .explode("__back")
    )
    add = add.with_columns(pl.col("__step") - pl.col("__back"))
    filler = {"missing": pl.lit(None, dtype=pl.Float64), "zero": pl.lit(0.0), "last": pl.col(value)}[policy.fill]
    log(
        f"{counted(count, 'series', 'series')} with fewer than {policy.fewest:,} periods {'is' if count == 1 else 'are'} padded at the start.",
        "warning",
    )
    padded = add.with_columns(filler.alias(value)).select(periods.columns)
    return pl.concat([padded, periods]).sort("__series", "__step")


def with_totals(frame: pl.DataFrame, time: str, value: str, series: Sequence[str]) -> pl.DataFrame:
    """Return the series and the sums over their columns, from the last column on; numbers beside the value are means.

    Raises:
        ModuleError: `reserved_value`.
    """
    frame = frame.with_columns(pl.col(name).cast(pl.String) for name in series)
    for name in series:
        if (frame[name] == TOTAL).any():
            words = f"“{name}” has the value “{TOTAL}”, as sums are called."
            raise ModuleError(
                "reserved_value", words, port="table", param="totals", column=name, remedy="Rename the value, or add no totals."
            )
    parts = [frame]
    numbers = [name for name, dtype in frame.schema.items() if dtype.is_numeric() and name not in (time, value, *series)]
    for kept in range(len(series) - 1, -1, -1):
        known = pl.when(pl.col(value).is_not_null().all()).then(pl.col(value).sum())
        total = frame.group_by([*series[:kept], time]).agg(known.alias(value), *(pl.col(name).mean() for name in numbers))
        names = {name: pl.lit(TOTAL) for name in series[kept:]}
        parts.append(total.with_columns(**names).select(name for name in frame.columns if name in (*series, time, value, *numbers)))
    typed = [part.with_columns(pl.col(name).cast(pl.Float64) for name in numbers) for part in parts]
    log(f"{sum(part.height for part in parts[1:]):,} rows of sums are added.")
    return pl.concat(typed, how="diagonal").sort([*series, time])
