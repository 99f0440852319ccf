"""Cleaning missing values by a fitted rule; shared by Clean Missing Data and Apply Transformation."""

from __future__ import annotations

from collections.abc import Collection, Container, Iterable, Mapping, Sequence
from math import isfinite, isinf
from typing import Any

import numpy as np
import polars as pl

from pipelines.catalogue.columns import kind_of
from pipelines.catalogue.errors import ModuleError
from pipelines.catalogue.phrases import listed
from pipelines.catalogue.ports import Table
from pipelines.catalogue.reporting import Level, log
from pipelines.catalogue.row_functions import Columns, Noted, Row, RowFunctions, Warn
from pipelines.catalogue.transforms import applies, by_column
from pipelines.modelling.fitted import needed
from pipelines.modelling.numbers import all_finite, tell_infinities
from pipelines.modules.transform._casting import cast
from pipelines.modules.transform._imputing import imputed

MOST_TOLD = 20
KINDS = {"number": "number", "boolean": "boolean", "datetime": "datetime"}


def missing(frame: pl.DataFrame, column: str, finite: Container[str]) -> pl.Expr:
    """Whether each value of a column is missing; what is not a finite number is, as learners take it. `finite` are columns without such."""
    values = pl.col(column)
    # `frame.schema` reads all columns
    return values.is_null() if column in finite or not frame[column].dtype.is_float() else values.is_finite().not_().fill_null(True)


def missing_share(frame: pl.DataFrame, columns: Sequence[str], finite: Container[str]) -> Mapping[str, float]:
    """The share of missing values of each column; 0 without rows."""
    if not frame.height:
        return dict.fromkeys(columns, 0.0)
    return frame.select(missing(frame, column, finite).mean().alias(column) for column in columns).row(0, named=True)


def finite(values: pl.Series) -> pl.Series:
    """The values of a column, of which those that are no finite numbers are missing."""
    return values if all_finite(values) else values.set(~values.is_finite(), None)


def replacement(values: pl.Series, text: str) -> Any:
    """A typed value as a fill for a column, as JSON keeps it.

    Raises:
        ModuleError: `wrong_value` when the column's type cannot hold it.
    """
    kind = kind_of(values.dtype)
    if kind == "text" or values.dtype == pl.Null:
        return text
    try:
        read = cast(pl.Series(values.name, [text]), "integer" if values.dtype.is_integer() else KINDS[kind])[0]
    except (ModuleError, KeyError) as wrong:
        raise ModuleError(
            "wrong_value",
            f"“{values.name}” has {values.dtype} values, but “{text}” is not one.",
            column=values.name,
            param="value",
            remedy="Select columns of one type, or enter another value.",
        ) from wrong
    return read.isoformat() if kind == "datetime" else read


def _narrow(state: Mapping[str, Any], columns: Collection[str]) -> Mapping[str, Any] | None:
    """The cleaning of some columns; None where missing values follow from columns that are not among them."""
    model = state.get("model")
    return None if model and not set(model["columns"]) <= set(columns) else by_column("columns", "removed")(state, columns)


def _by_row(state: Mapping[str, Any], head: Table) -> RowFunctions | None:
    """What it does with rows: leaving them out, and filling numbers and texts."""
    columns, schema = list(state["columns"]), head.frame.schema
    if state["mode"] == "drop_rows":
        return _dropping(columns, head)
    plain = state["mode"] != "drop_columns" and not state.get("model") and not state["indicators"] and not state["removed"]
    fills = {column: state["fills"][column] for column in columns} if plain else {}
    kinds = [kind_of(schema[column]) for column in columns]
    if not plain or any(fill.__class__ not in (int, float, str) for fill in fills.values()) or not {*kinds} <= {"number", "text"}:
        return None
    if any(schema[column] == pl.Float32 or (schema[column].is_integer() and not state["numbers"]) for column in columns):
        return None
    return _filling(fills, [column for column, kind in zip(columns, kinds, strict=True) if kind == "number"], head)


def _is_gap(value: float) -> bool:
    """Take a number that is not finite for missing; of an infinite one the module tells it."""
    if isinf(value):
        raise Noted
    return True


def _tell_infinite(rows: Columns, columns: Sequence[str], head: Table) -> None:
    schema = head.frame.schema
    if any(np.isinf(rows.numbers(column)).any() for column in columns if schema[column].is_float()):
        tell_infinities(rows.frame(columns, head), columns)


def _dropping(columns: Sequence[str], head: Table) -> RowFunctions:
    schema = head.frame.schema
    floats = [column for column in columns if schema[column].is_float()]

    def whole(row: Row, warn: Warn) -> bool:
        for column in columns:
            value = row[column]
            if value is None or (value.__class__ is float and not isfinite(value) and _is_gap(value)):
                return False
        return True

    def keep(rows: Columns) -> None:
        _tell_infinite(rows, columns, head)
        kept = np.ones(rows.height, dtype=np.bool_)
        for column in columns:
            if column in floats:
                kept &= np.isfinite(rows.numbers(column))
            elif None in (values := rows[column]):
                kept &= np.array([value is not None for value in values], dtype=np.bool_)
        rows.keep(kept)

    return RowFunctions(whole, keep)


def _filling(fills: Mapping[str, Any], numbers: Sequence[str], head: Table) -> RowFunctions:
    def fill(row: Row, warn: Warn) -> bool:
        for column, value in fills.items():
            found = row[column]
            if found is None or (found.__class__ is float and not isfinite(found) and _is_gap(found)):
                row[column] = value
        for column in numbers:
            row[column] = float(row[column])
        return True

    def fill_all(rows: Columns) -> None:
        _tell_infinite(rows, list(fills), head)
        for column, value in fills.items():
            if column in numbers:
                found = rows.numbers(column)
                rows.put(column, np.where(np.isfinite(found), found, float(value)))
            elif None in (texts := rows[column]):
                rows.put(column, [value if text is None else text for text in texts])

    return RowFunctions(fill, fill_all)


@applies("clean_missing", _narrow, _by_row)
def clean(table: Table, state: Mapping[str, Any]) -> Table:
    """Apply a fitted cleaning."""
    return cleaned(table, state, None)


def cleaned(table: Table, state: Mapping[str, Any], finite: Container[str] | None) -> Table:
    """The same where it is known which columns have finite numbers only."""
    frame, columns = table.frame, list(state["columns"])
    needed(table, [*columns, *state.get("removed", ())])
    unknown = [column for column in columns if finite is None or column not in finite]
    known = tell_infinities(frame, unknown)
    finite = known if finite is None else finite
    if state["mode"] == "drop_rows":
        kept = frame.drop_nulls(columns) if columns else frame
        if strange := [column for column in columns if column not in finite]:
            kept = kept.filter(pl.all_horizontal(pl.col(strange).is_finite()))
        if lost := frame.height - kept.height:
            told = "1 row with a missing value was" if lost == 1 else f"{lost:,} rows with a missing value were"
            level: Level = "warning" if lost > kept.height else "info"
            log(f"{told} removed; {kept.height:,} {'remains' if kept.height == 1 else 'remain'}.", level)
        return table.with_frame(kept)
    if state["mode"] == "drop_columns":
        if columns:
            log(f"Removed: {listed(columns)}.")
        return table.with_frame(frame.drop(columns))
    flags = [missing(frame, column, finite).alias(f"{column}_IsMissing") for column in columns if state["indicators"]]
    model = state.get("model")  # of the columns that it fills; others have no values at all
    modelled = model["columns"] if model else ()
    _check_numbers(frame, modelled)
    filled = [_filled(frame, column, state["fills"][column], state["numbers"], finite) for column in columns if column not in modelled]
    _tell_filled(frame, [column for column in columns if column in modelled or state["fills"][column] is not None], finite)
    removed = state["removed"]
    full = frame.with_columns([*filled, *(imputed(frame, model) if model else ()), *flags])
    return table.with_frame(full.drop(removed) if removed else full)


def filled_type(dtype: pl.DataType, numbers: bool) -> pl.DataType:
    """The type of a column after its gaps were filled; `numbers` where a mean or a median fills them."""
    return pl.Float64() if numbers else pl.String() if dtype == pl.Null or isinstance(dtype, pl.Enum) else dtype


def _tell_filled(frame: pl.DataFrame, columns: Iterable[str], finite: Container[str]) -> None:
    counts = frame.select(missing(frame, column, finite).sum().alias(column) for column in columns)
    gaps = [f"“{column}” ({many:,})" for column, many in (counts.row(0, named=True) if counts.width else {}).items() if many]
    if gaps:
        more = f" and {len(gaps) - MOST_TOLD} more columns" if len(gaps) > MOST_TOLD else ""
        log(f"Missing values were replaced: {', '.join(gaps[:MOST_TOLD])}{more}.")


def _filled(frame: pl.DataFrame, column: str, fill: Any, numbers: bool, finite: Container[str]) -> pl.Expr:
    dtype = frame[column].dtype
    wanted = filled_type(dtype, numbers)
    if isinstance(fill, float) and not fill.is_integer() and dtype.is_integer() and not numbers:
        wanted = pl.Float64()  # fitted on decimal numbers; those here happen to be whole
        log(f"“{column}” has whole numbers here; it becomes decimal, because {fill} replaces missing values.", "warning")
    if numbers:
        _check_numbers(frame, [column])
    try:
        value = pl.Series([fill]).str.to_datetime(strict=False) if wanted.is_temporal() and isinstance(fill, str) else pl.Series([fill])
        filling = pl.lit(value.cast(wanted)[0], dtype=wanted)
    except pl.exceptions.PolarsError as wrong:
        raise _cannot_hold(column, dtype, f"“{fill}”") from wrong
    if column in finite:
        return pl.col(column).cast(wanted).fill_null(filling)
    return pl.when(missing(frame, column, finite)).then(filling).otherwise(pl.col(column).cast(wanted)).alias(column)


def _check_numbers(frame: pl.DataFrame, columns: Iterable[str]) -> None:
    for column in columns:
        if kind_of(dtype := frame[column].dtype) == "text" and frame[column].null_count() < frame.height:
            raise _cannot_hold(column, dtype, "a number")


def _cannot_hold(column: str, dtype: pl.DataType, what: str) -> ModuleError:
    return ModuleError(
        "wrong_type",
        f"“{column}” has {dtype} values here, but missing values are replaced with {what}.",
        column=column,
        port="table",
        remedy="Use Edit Metadata to change it to the type it had when the cleaning was fitted.",
    )
