"""Preparation of tables for learners: features as numbers and strings, rows with values, row weights."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from math import isfinite

import polars as pl

from pipelines.catalogue.columns import kind_of
from pipelines.catalogue.errors import ModuleError
from pipelines.catalogue.phrases import counted, listed
from pipelines.catalogue.ports import Table
from pipelines.catalogue.reporting import log

CATEGORY, PROSE = "Categorical", "Prose"  # what a feature of texts is learned by instead of its dtype: its categories, or its words
LABELS, PROBABILITIES, QUANTILES = "Scored Labels", "Scored Probabilities", "Scored Quantiles"
FOLD = "Fold"  # the column that a cross-validation adds
LARGEST = 1e100  # the sum of many squares must stay a finite number
FAR = 1e30  # beyond it libraries that compute in 32 bits refuse a number
_PARTS = ("year", "month", "weekday", "hour")


def kind_named(dtype: str) -> str:
    """Return the kind of a feature by its dtype name, as `Model.features` stores it."""
    if dtype in ("String", CATEGORY, PROSE) or dtype.startswith("Enum"):
        return "text"
    if dtype == "Boolean":
        return "boolean"
    return "datetime" if dtype.startswith(("Date", "Time", "Duration")) else "number"


def as_feature(table: Table, column: str) -> tuple[str, str]:
    """Return a column as a feature: its name, and its dtype name or CATEGORY for a categorical one."""
    return column, CATEGORY if table.is_categorical(column) else str(table.frame[column].dtype)


def calendar_columns(column: str, dtype: str) -> dict[str, str]:
    """Return the columns that `feature_frame` derives from a date or timestamp, by calendar part; the column itself becomes days."""
    parts = _PARTS if dtype.startswith("Datetime") else _PARTS[:3] if dtype == "Date" else ()
    return {part: f"{column} ({part})" for part in parts}


def feature_frame(frame: pl.DataFrame, features: Sequence[tuple[str, str]]) -> pl.DataFrame:
    """Return the feature columns for a learner: numbers, booleans and days since 1970 as Float64, all else as strings.

    A missing text of a column of prose is empty. Dates also give their year, month, weekday and hour. Non-finite numbers are missing; numbers beyond ±1e100 become ±1e100.

    Raises:
        ModuleError: `missing_columns` or `wrong_type`, when the table does not match the one the model was trained on.
    """
    schema = frame.schema  # computed again at each access
    absent = [column for column, _ in features if column not in schema]
    if absent:
        raise ModuleError(
            "missing_columns",
            f"The model was trained with columns that are not in this table: {listed(absent)}.",
            port="table",
            column=absent[0],
            remedy="Prepare this table with the same modules as the training table.",
        )
    if twice := {part for column, dtype in features for part in calendar_columns(column, dtype).values()} & {
        column for column, _ in features
    }:
        raise ModuleError(
            "duplicate_column",
            f"{listed(sorted(twice))} is the name of a column and of a part of a date column.",
            port="table",
            column=min(twice),
            remedy="Rename it with Edit Metadata.",
        )
    floats = [column for column, dtype in features if kind_named(dtype) == "number" and schema[column].is_float()]
    strange = _strange(frame, floats)
    _log_clipped(frame, strange)
    return frame.select(part for column, dtype in features for part in _feature(frame[column], dtype, column in strange))


def largest_column(features: pl.DataFrame) -> str | None:
    """Return the feature with the largest number, if it is so large that libraries may refuse it."""
    tops = features.select(pl.selectors.float().abs().max())
    largest = max(tops.row(0, named=True).items(), key=lambda top: top[1] or 0.0, default=(None, None)) if tops.width else (None, None)
    return largest[0] if (largest[1] or 0.0) > FAR else None


def present(table: Table, column: str) -> pl.Expr:
    """Return whether each row has a value in the column; a NaN is none."""
    there = pl.col(column).is_not_null()
    return there & pl.col(column).is_not_nan() if table.frame[column].dtype.is_float() else there


def present_values(values: pl.Series) -> pl.Series:
    """Return whether each entry of a column is a value; a NaN is none."""
    return values.is_not_null() & values.is_not_nan().fill_null(False) if values.dtype.is_float() else values.is_not_null()


def weight_column(table: Table, port: str) -> str | None:
    """Return the weight column of a table, if there is one; missing weights are allowed.

    Raises:
        ModuleError: When there are two, or its values are not valid weights.
    """
    columns = table.columns_with("weight")
    if not columns:
        return None
    if len(columns) > 1:
        raise _not_weights("two_weights", f"The columns {listed(columns)} all have the role weight.", port, columns[1])
    column = columns[0]
    values = table.frame[column]
    if kind_of(values.dtype) not in ("number", "boolean") and values.dtype != pl.Null:
        raise _not_weights("weight_not_a_number", f"The weights in “{column}” are {kind_of(values.dtype)}s, not numbers.", port, column)
    weights = values.cast(pl.Float64).fill_nan(None).drop_nulls()
    if bool((weights < 0).any()) or bool(weights.is_infinite().any()):
        raise _not_weights("weight_out_of_range", f"“{column}” has weights that are negative or infinite.", port, column)
    if weights.len() and not bool((weights > 0).any()):
        raise _not_weights("weights_all_zero", f"All weights in “{column}” are 0.", port, column)
    return column


def _not_weights(code: str, words: str, port: str, column: str) -> ModuleError:
    remedy = "Give the role weight to one column of numbers of at least 0, and other roles to the others, with Edit Metadata."
    return ModuleError(code, words, port=port, column=column, remedy=remedy)


def _strange(frame: pl.DataFrame, floats: Sequence[str]) -> list[str]:
    """The columns with a number that is not finite or beyond ±1e100; all are looked through in one pass, without a mask."""
    if not floats:
        return []
    values = pl.all().cast(pl.Float64)
    ends = [values.min().name.suffix(" low"), values.max().name.suffix(" high"), values.mean().name.suffix(" mean")]
    found = frame.select(floats).select(ends).row(0)
    lows, highs, means = (found[len(floats) * part : len(floats) * (part + 1)] for part in range(3))
    return [
        column
        for column, low, high, mean in zip(floats, lows, highs, means, strict=True)
        if mean is not None and not (isfinite(mean) and low >= -LARGEST and high <= LARGEST)
    ]


def _log_clipped(frame: pl.DataFrame, floats: Sequence[str]) -> None:
    for words, count in (
        ("infinite and treated as missing", pl.col(floats).is_infinite().sum()),
        ("beyond ±1e100 and limited to ±1e100", (pl.col(floats).is_finite() & (pl.col(floats).abs() > LARGEST)).sum()),
    ):
        for column, found in frame.select(count).row(0, named=True).items() if floats else ():
            if found:
                log(f"{counted(found, 'value')} of “{column}” {'is' if found == 1 else 'are'} {words}.", "warning")


def _feature(values: pl.Series, trained: str, strange: bool) -> Iterator[pl.Expr]:
    column, dtype, wanted, value = values.name, values.dtype, kind_named(trained), pl.col(values.name)
    calendar = calendar_columns(column, trained)
    fits = dtype in (pl.Date, pl.Datetime) if calendar else trained == CATEGORY or kind_of(dtype) == wanted
    if not fits and values.null_count() == len(values) and (len(values) or dtype == pl.Null):
        if len(values):
            log(f"“{column}” has no values here; it is treated as missing in every row.", "warning")
        nothing = "" if trained == PROSE else None
        empty = pl.repeat(nothing, len(values), dtype=pl.String() if wanted == "text" else pl.Float64())
        yield from (empty.alias(name) for name in (column, *calendar.values()))
        return
    if not fits:
        raise ModuleError(
            "wrong_type",
            f"“{column}” had {wanted}s when the model was trained; here it has {'times' if dtype == pl.Time else kind_of(dtype) + 's'}.",
            port="table",
            column=column,
            remedy="Change its type with Edit Metadata.",
        )
    if wanted == "text":
        text = value.cast(pl.String)
        yield text.fill_null("") if trained == PROSE else text
    elif wanted == "datetime":
        yield _days(column, dtype)
        stamp = value.cast(pl.Datetime) if dtype == pl.Date else value
        yield from (getattr(stamp.dt, part)().cast(pl.Float64).alias(name) for part, name in calendar.items())
    else:
        number = value.cast(pl.Float64)
        yield pl.when(number.is_finite()).then(number.clip(-LARGEST, LARGEST)).alias(column) if strange else number


def _days(column: str, dtype: pl.DataType) -> pl.Expr:
    if dtype == pl.Date:
        return pl.col(column).to_physical().cast(pl.Float64)
    per_day = {"ms": 86_400_000, "us": 86_400_000_000, "ns": 86_400_000_000_000}[getattr(dtype, "time_unit", "ns") or "ns"]
    return pl.col(column).to_physical().cast(pl.Float64) / per_day
