"""Profile of a table: each column's missing and distinct values, statistics, histogram and most frequent values."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any

import msgspec
import polars as pl

from pipelines.catalogue.columns import kind_of
from pipelines.catalogue.ports import ColumnRole
from pipelines.preview.cache import PreviewCache
from pipelines.preview.cells import Cell, cell
from pipelines.preview.columns import Column, describe
from pipelines.preview.conditions import is_missing
from pipelines.preview.histogram import moment_edges, moment_span, number_bins

EXACT_ROWS = 5_000_000
FEW = 30
MOST_TOP = 10
MOST_KEPT_COLUMNS = 20_000


class Stats(msgspec.Struct):
    """The figures of a column of numbers or times."""

    min: Cell
    max: Cell
    mean: Cell
    median: Cell
    std: Cell
    q1: Cell
    q3: Cell


class Histogram(msgspec.Struct):
    """How a column's values spread."""

    edges: Sequence[float | str]
    counts: list[int]


class Top(msgspec.Struct):
    """A frequent value."""

    value: Cell
    count: int


class ColumnProfile(Column):
    """What is in a column."""

    missing: int
    distinct: int | None
    stats: Stats | None
    histogram: Histogram | None
    top: list[Top] | None


class Profile(msgspec.Struct):
    """What is in a table."""

    rows: int
    columns: list[ColumnProfile]


_profiles: PreviewCache[Profile] = PreviewCache(MOST_KEPT_COLUMNS, lambda found: len(found.columns) + 1)


def profile(frame: pl.DataFrame | pl.LazyFrame, roles: Mapping[str, ColumnRole] | None = None, *, key: str | None = None) -> Profile:
    """Return the profile of every column; it is cached if `key`, the digest of the table's content, is given.

    NaN counts as missing; statistics are of finite numbers. Distinct values are counted exactly up to 5,000,000 rows and estimated
    beyond.
    """
    return _profiles.get(key, lambda: _profile(frame, roles))


def _profile(frame: pl.DataFrame | pl.LazyFrame, roles: Mapping[str, ColumnRole] | None) -> Profile:
    lazy, schema = frame.lazy(), frame.collect_schema()
    count = int(lazy.select(pl.len()).collect().item())
    columns = [_column(lazy, name, dtype, count, roles) for name, dtype in schema.items()]
    return Profile(count, columns)


def _column(frame: pl.LazyFrame, name: str, dtype: pl.DataType, rows: int, roles: Mapping[str, ColumnRole] | None) -> ColumnProfile:
    kind = kind_of(dtype)
    values = _plain(pl.col(name), dtype)
    figures = frame.select(missing=is_missing(pl.col(name), dtype).sum(), **_figures(values, dtype)).collect(engine="streaming")
    facts = figures.row(0, named=True)
    facts["distinct"] = _distinct(frame, values, rows - facts["missing"]) if kind != "other" else None
    return ColumnProfile(
        **msgspec.structs.asdict(describe(name, dtype, roles)),
        missing=facts["missing"],
        distinct=facts["distinct"],
        stats=Stats(*(cell(facts[figure]) for figure in Stats.__struct_fields__))
        if kind in ("number", "datetime") and "min" in facts
        else None,
        histogram=_histogram(frame, values, dtype, facts),
        top=_top(frame, values, facts["distinct"], kind),
    )


def _plain(column: pl.Expr, dtype: pl.DataType) -> pl.Expr:
    """Return the values for the statistics: finite numbers, times without a zone, categories as text."""
    if dtype.is_float():
        return pl.when(column.is_finite()).then(column)
    if dtype.is_decimal():
        return column.cast(pl.Float64)
    if isinstance(dtype, pl.Datetime):
        return column.dt.convert_time_zone("UTC").dt.replace_time_zone(None) if dtype.time_zone else column
    return column.cast(pl.String) if dtype in (pl.Categorical, pl.Enum) else column


def _distinct(frame: pl.LazyFrame, values: pl.Expr, present: int) -> int:
    present_values = frame.select(value=values).drop_nulls()
    if present > EXACT_ROWS:
        # The streaming estimate of Polars 2.1 is off by up to 12 %, the in-memory one by 1 %.
        return min(present, int(present_values.select(pl.col("value").approx_n_unique()).collect(engine="in-memory").item()))
    return int(present_values.group_by("value").len().select(pl.len()).collect(engine="streaming").item())


def _figures(values: pl.Expr, dtype: pl.DataType) -> dict[str, pl.Expr]:
    if not (dtype.is_numeric() or dtype in (pl.Date, pl.Datetime)):
        return {}
    moment = not dtype.is_numeric()
    spread = values.cast(pl.Datetime("us")) if moment else values
    return {
        "min": values.min(),
        "max": values.max(),
        "mean": spread.mean(),
        "median": spread.median(),
        "std": pl.lit(None, pl.Float64) if moment else spread.std(),
        "q1": spread.quantile(0.25, "nearest" if moment else "linear"),
        "q3": spread.quantile(0.75, "nearest" if moment else "linear"),
    }


def _histogram(frame: pl.LazyFrame, values: pl.Expr, dtype: pl.DataType, facts: Mapping[str, Any]) -> Histogram | None:
    if facts.get("min") is None:
        return None
    if dtype in (pl.Date, pl.Datetime):
        return _moments(frame, values, facts)
    bins = number_bins(float(facts["min"]), float(facts["max"]), whole=dtype.is_integer())
    if bins is None:
        return None
    counted = _counted(frame, bins.place(values))
    return Histogram(bins.edges(), [counted.get(place, 0) for place in range(bins.count)])


def _moments(frame: pl.LazyFrame, values: pl.Expr, facts: Mapping[str, Any]) -> Histogram | None:
    least, most = _as_datetime(facts["min"]), _as_datetime(facts["max"])
    span = moment_span(least, most)
    try:
        edges = moment_edges(least, most, span)
    except (OverflowError, ValueError, pl.exceptions.PolarsError):  # beyond the years that Python supports
        return None
    counted = _counted(frame, values.cast(pl.Datetime("us")).dt.truncate(span))
    return Histogram([edge.isoformat() for edge in edges], [counted.get(edge, 0) for edge in edges[:-1]])


def _as_datetime(moment: date | datetime) -> datetime:
    return moment if isinstance(moment, datetime) else datetime(moment.year, moment.month, moment.day)


def _counted(frame: pl.LazyFrame, places: pl.Expr) -> dict[Any, int]:
    found = frame.select(place=places).drop_nulls().group_by("place").len().collect(engine="streaming")
    return dict(found.iter_rows())


def _top(frame: pl.LazyFrame, values: pl.Expr, distinct: int | None, kind: str) -> list[Top] | None:
    """Return the most frequent values; of numbers and dates only if there are few distinct ones."""
    if distinct is None or (kind in ("number", "datetime") and distinct > FEW):
        return None
    counted = frame.select(value=values).drop_nulls().group_by("value").len(name="count")
    found = counted.sort(["count", "value"], descending=[True, False]).head(MOST_TOP).collect(engine="streaming")
    return [Top(cell(value), count) for value, count in found.iter_rows()]
