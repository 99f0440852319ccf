"""Cleaning missing values by a fitted rule; shared by Clean Missing Data and Apply Transformation."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

import polars as pl

from pipelines.catalogue.columns import kind_of
from pipelines.catalogue.errors import ModuleError
from pipelines.catalogue.ports import Table
from pipelines.catalogue.telling import note
from pipelines.catalogue.transforms import applies
from pipelines.modules.transform._casting import cast
from pipelines.modules.transform._fitted import needed

KINDS = {"number": "number", "boolean": "boolean", "datetime": "datetime"}


def missing(frame: pl.DataFrame, column: str) -> pl.Expr:
    """Whether each value of a column is missing; what is not a finite number is, as learners take it."""
    values = pl.col(column)
    return values.is_finite().not_().fill_null(True) if frame.schema[column].is_float() else values.is_null()


def finite(values: pl.Series) -> pl.Series:
    """The values of a column, of which those that are no finite numbers are missing."""
    return values.set(~values.is_finite(), None) if values.dtype.is_float() else values


def tell_infinities(frame: pl.DataFrame, columns: Iterable[str]) -> None:
    """Note which columns have infinite values: people expect them to be numbers, and they count as missing."""
    found = [(column, int(frame[column].is_infinite().sum())) for column in columns if frame.schema[column].is_float()]
    if told := ", ".join(f"'{column}' ({many})" for column, many in found if many):
        note(f"Infinite values count as missing: {told}.", "warning")


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
            f"'{values.name}' holds {values.dtype} values, and {text!r} is none.",
            column=values.name,
            param="value",
            remedy="Choose columns of one type, or another value.",
        ) from wrong
    return read.isoformat() if kind == "datetime" else read


@applies("clean_missing")
def clean(table: Table, state: Mapping[str, Any]) -> Table:
    """Carry out a fitted cleaning."""
    frame, columns = table.frame, list(state["columns"])
    needed(table, [*columns, *state.get("removed", ())])
    tell_infinities(frame, columns)
    if state["mode"] == "drop_rows":
        gaps = [missing(frame, column) for column in columns]
        return table.with_frame(frame.filter(~pl.any_horizontal(gaps)) if gaps else frame)
    if state["mode"] == "drop_columns":
        return table.with_frame(frame.drop(columns))
    flags = [missing(frame, column).alias(f"{column}_IsMissing") for column in columns if state["indicators"]]
    filled = [_filled(frame, column, state["fills"][column], state["numbers"]) for column in columns]
    removed = state["removed"]
    cleaned = frame.with_columns([*filled, *flags])
    return table.with_frame(cleaned.drop(removed) if removed else cleaned)


def filled_type(dtype: pl.DataType, numbers: bool) -> pl.DataType:
    """The type of a column after its gaps were filled; `numbers` where a mean or a median fills them."""
    return pl.Float64() if numbers else pl.String() if dtype == pl.Null or isinstance(dtype, pl.Enum) else dtype


def _filled(frame: pl.DataFrame, column: str, fill: Any, numbers: bool) -> pl.Expr:
    wanted = filled_type(frame[column].dtype, numbers)
    value = (
        pl.lit(fill).str.to_datetime(strict=False).cast(wanted)
        if wanted.is_temporal() and isinstance(fill, str)
        else pl.lit(fill).cast(wanted)
    )
    return pl.when(missing(frame, column)).then(value).otherwise(pl.col(column).cast(wanted)).alias(column)
