"""The signature of a scoring graph: the columns that a request gives and that an answer holds, taken from the tables of the run."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, time
from math import isfinite
from typing import Any, Literal

import msgspec
import polars as pl

from pipelines.catalogue.ports import Role, Table

MOST_CATEGORIES = 100  # that are listed of a column
Type = Literal["integer", "number", "text", "boolean", "date", "datetime", "time"]


class Column(msgspec.Struct, frozen=True):
    """A column of a request or of an answer.

    Args:
        name: Its name.
        type: What a value is in JSON: integers and numbers as numbers, dates and times as text of ISO 8601.
        dtype: The name of its polars type, which rows are converted to.
        nullable: Whether training had rows without a value; such a column may be left out of a request.
        categories: The texts that training had, in order, where they are few; else None.
        low, high: The range of the numbers that training had; None for other types, and without values.
        categorical, role: What modules know of the column beside its type.
    """

    name: str
    type: Type
    dtype: str
    nullable: bool = False
    categories: tuple[str, ...] | None = None
    low: float | None = None
    high: float | None = None
    categorical: bool = False
    role: Role = "feature"

    @property
    def polars(self) -> pl.DataType:
        """Return the polars type."""
        return read_dtype(self.dtype)


class Signature(msgspec.Struct, frozen=True):
    """What a request gives for each row, what an answer holds, and a row as an example, in JSON."""

    inputs: tuple[Column, ...]
    outputs: tuple[Column, ...]
    example: dict[str, Any] = {}

    def input(self, name: str) -> Column | None:
        """Return the input column of a name."""
        return next((column for column in self.inputs if column.name == name), None)


class NotServable(Exception):
    """A column has a type that JSON has no values for; its name is the argument."""


def columns_of(table: Table, names: Sequence[str] | None = None) -> tuple[Column, ...]:
    """Return the columns of a table with what its rows hold: gaps, categories, range.

    Raises:
        NotServable: When a column holds lists, structs, bytes or objects.
    """
    return tuple(_column(table, name) for name in (table.frame.columns if names is None else names))


def example_of(table: Table, names: Sequence[str], row: int = 0) -> dict[str, Any]:
    """Return some columns of a row as JSON values; empty for a table without rows."""
    if row >= table.frame.height:
        return {}
    return {name: json_value(value) for name, value in table.frame.select(names).row(row, named=True).items()}


def json_value(value: Any) -> Any:
    """Return a value of a cell as JSON holds it: dates and times as text, what is no finite number as null."""
    if isinstance(value, float):
        return value if isfinite(value) else None
    return value.isoformat() if isinstance(value, date | datetime | time) else value


def read_dtype(name: str) -> pl.DataType:
    """Return the polars type of a name, as `Column.dtype` holds it."""
    kind, _, inside = name.partition("(")
    if kind != "Datetime":
        plain: pl.DataType = getattr(pl, kind)()
        return plain
    unit, zone = msgspec.json.decode(f"[{inside[:-1]}]")
    return pl.Datetime(unit, zone)


def _column(table: Table, name: str) -> Column:
    values, role = table.frame[name], table.role(name)
    type = _type(values.dtype)
    if type is None:
        raise NotServable(name)
    texts = type == "text"
    categories = values.cast(pl.String).drop_nulls().unique() if texts else None
    few = categories is not None and 0 < len(categories) <= MOST_CATEGORIES
    low, high = _range(values) if type in ("integer", "number") else (None, None)
    return Column(
        name,
        type,
        _named(values.dtype),
        _has_gaps(values),
        tuple(categories.sort().to_list()) if few and categories is not None else None,
        low,
        high,
        table.is_categorical(name),
        role.role,
    )


def is_servable(dtype: pl.DataType) -> bool:
    """Return whether JSON has values for a type."""
    return _type(dtype) is not None


def _type(dtype: pl.DataType) -> Type | None:
    if dtype.is_integer():
        return "integer"
    if dtype.is_numeric():
        return "number"
    named: dict[Any, Type] = {
        pl.String: "text",
        pl.Categorical: "text",
        pl.Enum: "text",
        pl.Boolean: "boolean",
        pl.Date: "date",
        pl.Datetime: "datetime",
        pl.Time: "time",
        pl.Null: "text",
    }
    return named.get(dtype.base_type())


def _named(dtype: pl.DataType) -> str:
    """The name that `read_dtype` reads; categories are texts with a role, so that new ones can arrive, and decimals are floats."""
    if isinstance(dtype, pl.Datetime):
        return f"Datetime({msgspec.json.encode([dtype.time_unit, dtype.time_zone]).decode()[1:-1]})"
    if isinstance(dtype, pl.Categorical | pl.Enum | pl.Null):
        return "String"
    return "Float64" if isinstance(dtype, pl.Decimal) else str(dtype)


def _has_gaps(values: pl.Series) -> bool:
    return bool(values.null_count()) or (values.dtype.is_float() and bool(values.is_nan().any()))


def _range(values: pl.Series) -> tuple[float | None, float | None]:
    numbers = values.cast(pl.Float64)
    numbers = numbers.filter(numbers.is_finite())
    low, high = numbers.min(), numbers.max()
    return (None, None) if low is None or high is None else (float(low), float(high))  # type: ignore[arg-type]
