"""Tables to R and back: whole numbers, numbers, texts and booleans in uncompressed Arrow streams, beside what the columns are."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import polars as pl

from pipelines.catalogue.errors import ModuleError
from pipelines.catalogue.phrases import listed
from pipelines.catalogue.ports import ColumnRole, Frame, Table
from pipelines.catalogue.reporting import log

WHOLE = 2**31 - 1  # the largest whole number of R; the smallest is its missing value
EXACT = 2**53  # the largest whole number that a double holds exactly
MICROSECONDS = 1_000_000
ABOUT = {"column": pl.Int32, "name": pl.String, "class": pl.String, "zone": pl.String}


def give(table: Table, number: int, place: Path) -> None:
    """Write a table for R.

    Raises:
        ModuleError: `zero_in_text`, for a character that no text of R can hold.
    """
    about: list[tuple[int, str, str, str]] = []
    columns, left_out = [], []
    for name in table.frame.columns:
        found = _to_r(table, name)
        if found is None:
            left_out.append(name)
            continue
        class_, zone, values, levels = found
        about.append((len(about) + 1, name, class_, zone))
        columns.append(values.alias(f"c{len(about)}"))
        if levels is not None:
            _write(levels.alias("level").to_frame(), place / f"in-{number}-levels-{len(about)}.arrow")
    if left_out:
        log(f"R cannot hold the values of {listed(left_out)} (lists, structures or bytes); left out.", "warning")
    _write(pl.DataFrame(about, schema=ABOUT, orient="row"), place / f"in-{number}-columns.arrow")
    if columns:
        _write(pl.DataFrame(columns), place / f"in-{number}.arrow")


def taken(number: int, place: Path, arrived: Sequence[Table]) -> Table:
    """Read a table that R wrote; columns that arrived get their type back where no value is changed by it."""
    about = _read(place / f"out-{number}-columns.arrow")
    values = _read(place / f"out-{number}.arrow") if about.height else pl.DataFrame()
    before = {name: dtype for table in reversed(arrived) for name, dtype in table.frame.schema.items()}
    roles = {name: role for table in reversed(arrived) for name, role in table.roles.items()}
    columns = []
    for place_in, ((name, class_, zone), column) in enumerate(zip(about.iter_rows(), values.iter_columns(), strict=True), start=1):
        undefined = place / f"out-{number}-nan-{place_in}.arrow"
        if undefined.exists() and class_ == "double":
            column = column.scatter(_read(undefined)["row"] - 1, float("nan"))
        made = _from_r(column, class_, zone, name)
        columns.append(_as_before(made, before[name]) if name in before else made)
        if class_ == "factor" and columns[-1].dtype == pl.String and name not in roles:
            roles[name] = ColumnRole(categorical=True)
    frame = pl.DataFrame({column.name: column for column in columns})  # also an empty name
    return Table(frame, roles).with_frame(frame)


def metrics(place: Path) -> dict[str, float]:
    """Read the metrics that R wrote."""
    file = place / "metrics.arrow"
    found = _read(file).with_columns(pl.col("value").fill_null(float("nan"))) if file.exists() else pl.DataFrame()
    return dict(found.iter_rows())


def _to_r(table: Table, name: str) -> tuple[str, str, pl.Series, pl.Series | None] | None:
    """What a column is in R: its class, its time zone, its values, and the levels of a factor; None if R cannot hold it."""
    values = table.frame[name]
    dtype = values.dtype
    if dtype in (pl.Categorical, pl.Enum) or (dtype == pl.String and table.is_categorical(name)):
        return _factor(values)
    if dtype == pl.String:
        return "character", "", _texts(values), None
    if dtype in (pl.Boolean, pl.Null):
        return "logical", "", values.cast(pl.Boolean), None
    if dtype.is_integer():
        return _whole(values)
    if dtype.is_float() or dtype.is_decimal():
        return "double", "", values.cast(pl.Float64), None
    if dtype == pl.Date:
        return "Date", "", values.cast(pl.Int32), None
    if isinstance(dtype, pl.Datetime):
        return "POSIXct", dtype.time_zone or "", _seconds(values), None
    if dtype in (pl.Duration, pl.Time):
        spans = values.cast(pl.Duration("ns")) if dtype == pl.Time else values
        return "difftime", "", _seconds(spans), None
    return None


def _factor(values: pl.Series) -> tuple[str, str, pl.Series, pl.Series]:
    levels = values.dtype.categories if isinstance(values.dtype, pl.Enum) else values.cast(pl.String).drop_nulls().unique().sort()
    codes = values.cast(pl.String).replace_strict(levels, pl.int_range(1, len(levels) + 1, eager=True), return_dtype=pl.Int32, default=None)
    return "factor", "", codes, _texts(levels)


def _whole(values: pl.Series) -> tuple[str, str, pl.Series, None]:
    low, high = (0 if edge is None else int(edge) for edge in (values.min(), values.max()))  # type: ignore[arg-type]
    if low >= -WHOLE and high <= WHOLE:
        return "integer", "", values.cast(pl.Int32), None
    if low >= -EXACT and high <= EXACT:
        return "double", "", values.cast(pl.Float64), None
    log(f"“{values.name}” has whole numbers beyond ±2^53, which R cannot hold exactly; the script gets them as text.", "warning")
    return "character", "", values.cast(pl.String), None


def _texts(values: pl.Series) -> pl.Series:
    if values.str.contains("\0", literal=True).any():
        words = f"“{values.name}” has a text with the character NUL, which R cannot hold."
        raise ModuleError("zero_in_text", words, column=values.name, remedy="Remove the character with String Operations.")
    return values


def _seconds(values: pl.Series) -> pl.Series:
    """Times or spans as seconds: rounded back to microseconds they are what they were, within 285 years of 1970."""
    if values.dtype.time_unit == "ns" and (values.to_physical() % 1000 != 0).any():  # type: ignore[attr-defined]
        log(f"“{values.name}” has nanoseconds; R gets microseconds.", "warning")
    return values.dt.cast_time_unit("us").to_physical().cast(pl.Float64) / MICROSECONDS


def _from_r(values: pl.Series, class_: str, zone: str, name: str) -> pl.Series:
    match class_:
        case "integer":
            values = values.cast(pl.Int64)
        case "integer64":
            values = values.cast(pl.Int64)
        case "Date":
            values = _finite(values, name).floor().cast(pl.Int32).cast(pl.Date)
        case "POSIXct":
            stamps = (_finite(values, name) * MICROSECONDS).round().cast(pl.Int64).cast(pl.Datetime("us"))
            values = _in_zone(stamps, zone, name)
        case "difftime":
            values = (_finite(values, name) * MICROSECONDS).round().cast(pl.Int64).cast(pl.Duration("us"))
    return values.alias(name)


def _in_zone(stamps: pl.Series, zone: str, name: str) -> pl.Series:
    if not zone:
        return stamps
    try:
        return stamps.dt.replace_time_zone("UTC").dt.convert_time_zone(zone)
    except pl.exceptions.PolarsError:
        log(f"The time zone “{zone}” of “{name}” is not known; its times are in UTC.", "warning")
        return stamps.dt.replace_time_zone("UTC")


def _finite(values: pl.Series, name: str) -> pl.Series:
    finite = values.cast(pl.Float64).to_frame("v").select(pl.when(pl.col("v").is_finite()).then(pl.col("v"))).to_series()
    if finite.null_count() > values.null_count():
        log(f"Infinite dates or times of “{name}” are missing now.", "warning")
    return finite


def _as_before(values: pl.Series, was: Any) -> pl.Series:
    """A column in the type that it arrived with, unless that changes a value; R has one type of numbers and no nanoseconds."""
    if values.dtype == was:
        return values
    if values.null_count() == len(values):
        return pl.Series(values.name, [None] * len(values), dtype=was)
    if values.dtype == pl.Duration and was == pl.Time:
        within = bool(values.to_physical().is_between(0, 86_400 * MICROSECONDS - 1).all())
        return (values.to_physical() * 1000).cast(pl.Time) if within else values
    try:
        back = values.cast(was, strict=False)
        again = back.cast(values.dtype)
    except pl.exceptions.PolarsError:
        return values
    zoned = getattr(values.dtype, "time_zone", None) != getattr(was, "time_zone", None)
    return back if not zoned and again.equals(values, null_equal=True) and _is_kin(values.dtype, was) else values


def _is_kin(now: Any, was: Any) -> bool:
    """Whether R had to change one type to the other: texts were whole numbers, say, only where these were large."""
    if now == pl.String:
        return was in (pl.Categorical, pl.Enum) or (
            was.is_integer() and was not in (pl.Int8, pl.Int16, pl.Int32, pl.UInt8, pl.UInt16, pl.UInt32)
        )
    if now.is_numeric():
        return bool(was.is_numeric())
    return bool(now.is_temporal() and was.is_temporal())


def _write(frame: Frame, file: Path) -> None:
    import pyarrow as pa

    table = frame.to_arrow(compat_level=pl.CompatLevel.oldest())
    with pa.ipc.new_stream(str(file), table.schema) as stream:
        stream.write_table(table)


def _read(file: Path) -> Frame:
    import pyarrow as pa

    with pa.ipc.open_stream(file.read_bytes()) as stream:
        found = pl.from_arrow(stream.read_all())
    assert isinstance(found, pl.DataFrame)
    return found
