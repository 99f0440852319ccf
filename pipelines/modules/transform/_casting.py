"""Values of one type turned into another, with a sentence for the first that cannot be."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Literal

import polars as pl

from pipelines.catalogue.columns import kind_of
from pipelines.catalogue.errors import ModuleError
from pipelines.catalogue.reporting import log

DataType = Literal["unchanged", "text", "integer", "number", "boolean", "datetime"]
PLAIN: Mapping[str, type[pl.DataType]] = {"integer": pl.Int64, "number": pl.Float64}  # as most texts of numbers are read
TRUE, FALSE = ("true", "yes", "1", "t", "y"), ("false", "no", "0", "f", "n")


def cast(values: pl.Series, to: str, datetime_format: str = "", lenient: bool = False) -> pl.Series:
    """A column in another type; what cannot be read is missing when `lenient`, which is noted, else an error.

    Raises:
        ModuleError: `unreadable_value`, naming the first value that cannot be turned into the type, or `bad_format`.
    """
    if datetime_format:
        _check_format(values.name, datetime_format)
    changed = _cast(values, kind_of(values.dtype), to, datetime_format)
    lost = changed.null_count() - values.null_count()  # missing values stay missing
    if not lost:
        return changed
    place = (changed.is_null() & values.is_not_null()).arg_true()[0]
    first = f"row {place + 1}: “{str(values[place])[:60]}”"
    if lenient:
        all_of = values.len() - values.null_count()
        log(
            f"“{values.name}”: {lost:,} of {all_of:,} values could not be converted to {NOUNS[to]} and are now missing; the first is in {first}.",
            "warning",
        )
        return changed
    raise ModuleError(
        "unreadable_value",
        f"“{values.name}”, {first} cannot be converted to {_called(to)}.",
        column=values.name,
        param="type",
        remedy="Select another type, or set “If conversion fails” to “Replace with missing”.",
    )


def _check_format(column: str, datetime_format: str) -> None:
    """Refuse a form with which no date can be written; Polars takes an unknown one as one that no text has."""
    try:
        pl.Series([datetime(2024, 1, 31)]).dt.to_string(datetime_format)
    except (pl.exceptions.PolarsError, pl.exceptions.PanicException) as wrong:
        raise ModuleError(
            "bad_format",
            f"“{column}”: “{datetime_format[:60]}” is not a valid datetime format.",
            column=column,
            param="datetime_format",
            remedy="Enter a format such as %Y-%m-%d %H:%M.",
        ) from wrong


def _cast(values: pl.Series, kind: str, to: str, datetime_format: str) -> pl.Series:
    if to == "text" and isinstance(values.dtype, pl.List | pl.Array):
        return _none(values, pl.String())
    if to == "text" and values.dtype == pl.Duration:
        return values.dt.to_string()
    if to == "text":
        return values.dt.to_string(datetime_format) if kind == "datetime" and datetime_format else values.cast(pl.String, strict=False)
    if kind == "text":
        texts = values.cast(pl.String)
        plain = texts.cast(PLAIN[to], strict=False) if to in PLAIN else None
        if plain is not None and plain.null_count() == texts.null_count():
            return plain
        return _read(texts.str.strip_chars(), to, datetime_format)
    if to == "datetime":
        return values.cast(pl.Datetime("us"), strict=False) if values.dtype in (pl.Date, pl.Datetime) else _none(values, pl.Datetime("us"))
    if kind not in ("number", "boolean"):
        return _none(values, {"integer": pl.Int64(), "number": pl.Float64(), "boolean": pl.Boolean()}[to])
    if to == "number":
        return values.cast(pl.Float64, strict=False)
    if to == "boolean":
        return values.cast(pl.Boolean, strict=False)
    whole = values if kind == "boolean" or not values.dtype.is_float() else values.set(values.is_null() | (values % 1 != 0), None)
    return whole.cast(pl.Int64, strict=False)


def _read(texts: pl.Series, to: str, datetime_format: str) -> pl.Series:
    if to == "boolean":
        return (
            texts.to_frame()
            .select(
                pl.when(pl.col(texts.name).str.to_lowercase().is_in(TRUE))
                .then(True)
                .when(pl.col(texts.name).str.to_lowercase().is_in(FALSE))
                .then(False)
                .alias(texts.name)
            )
            .to_series()
        )
    if to == "datetime":
        if datetime_format:
            return texts.str.to_datetime(datetime_format, strict=False, time_unit="us")
        return _usual_datetime(texts)
    numbers = texts.cast(pl.Float64, strict=False)
    return numbers if to == "number" else texts.cast(pl.Int64, strict=False).fill_null(_cast(numbers, "number", "integer", ""))


def _usual_datetime(texts: pl.Series) -> pl.Series:
    read = pl.Series(texts.name, [None] * len(texts), dtype=pl.Datetime("us"))
    for form in ("%Y-%m-%dT%H:%M:%S%.f", "%Y-%m-%d %H:%M:%S%.f", "%Y-%m-%d %H:%M", "%Y-%m-%dT%H:%M", "%Y/%m/%d %H:%M:%S"):
        read = read.fill_null(texts.str.to_datetime(form, strict=False, time_unit="us"))
    for form in ("%Y-%m-%d", "%Y/%m/%d", "%d.%m.%Y"):
        read = read.fill_null(_dates(texts, form))
    return read.fill_null(_with_slashes(texts))


def _with_slashes(texts: pl.Series) -> pl.Series:
    """Dates like 03/04/2024: the day comes first where only so all can be read, else the month; what is guessed is noted."""
    month_first, day_first = _dates(texts, "%m/%d/%Y"), _dates(texts, "%d/%m/%Y")
    only_month, only_day = (month_first.is_not_null() & day_first.is_null()).any(), (day_first.is_not_null() & month_first.is_null()).any()
    read, form, other = (day_first, "day", "%m/%d/%Y") if only_day and not only_month else (month_first, "month", "%d/%m/%Y")
    unclear = month_first.is_not_null() & day_first.is_not_null() & (month_first != day_first)
    if only_month != only_day or not unclear.any():
        return read
    some = texts.filter(unclear)[0]
    log(
        f"“{texts.name}”: dates such as {some} are read with the {form} first. If that is wrong, set the datetime format to {other}.",
        "warning",
    )
    return read


def _dates(texts: pl.Series, form: str) -> pl.Series:
    return texts.str.to_date(form, strict=False).cast(pl.Datetime("us"))


def _none(values: pl.Series, dtype: pl.DataType) -> pl.Series:
    return pl.Series(values.name, [None] * len(values), dtype=dtype)


NOUNS = {"integer": "whole numbers", "number": "numbers", "boolean": "Booleans", "datetime": "dates", "text": "text"}


def _called(to: str) -> str:
    return {"integer": "a whole number", "number": "a number", "boolean": "true or false", "datetime": "a date and time", "text": "text"}[
        to
    ]
