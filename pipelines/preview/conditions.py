"""Filters and searches as Polars expressions, with values parsed by the type of their column."""

from __future__ import annotations

import operator
import re
from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime, time
from typing import Any

import polars as pl

from pipelines.catalogue.columns import kind_of
from pipelines.catalogue.errors import ModuleError
from pipelines.preview.query import OPS, Filter

COMPARE: Mapping[str, Callable[[Any, Any], pl.Expr]] = {
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
}
TRUTH = {"true": True, "1": True, "yes": True, "false": False, "0": False, "no": False}

WANTED = {"number": "a number", "boolean": "true or false", "datetime": "a date or time such as 2024-01-31 or 2024-01-31T12:00"}


def column_type(schema: pl.Schema, name: object) -> pl.DataType:
    """Return a column's type.

    Raises:
        ModuleError: `unknown_column`.
    """
    if not isinstance(name, str) or name not in schema:
        raise ModuleError("unknown_column", f"The table has no column “{name}”.", column=str(name), remedy="Select a column of the table.")
    return schema[name]


def condition(schema: pl.Schema, asked: Filter) -> pl.Expr:
    """Return whether each row passes a filter. A missing value equals nothing, is not less or greater than anything, and contains nothing.

    Raises:
        ModuleError: `unknown_column`, `bad_operator` or `bad_value`, naming the column.
    """
    name, op = asked.get("column"), asked.get("op", "=")
    dtype = column_type(schema, name)
    cell = pl.col(str(name))
    if op not in OPS:
        raise ModuleError(
            "bad_operator", f"Column “{name}”: unknown comparison “{op}”.", column=str(name), remedy=f"Use one of {', '.join(OPS)}."
        )
    if op in ("missing", "present"):
        return is_missing(cell, dtype) if op == "missing" else is_missing(cell, dtype).not_()
    if op == "contains":
        return _contains(as_text(cell, dtype), str(asked.get("value", "")))
    if kind_of(dtype) == "other":
        raise ModuleError(
            "bad_operator",
            f"Column “{name}” has {dtype} values, which cannot be compared.",
            column=str(name),
            remedy="Use missing or present.",
        )
    cell, value = _comparable(cell, dtype), read_value(str(name), dtype, asked.get("value"))
    if op == "=":
        return (cell == value).fill_null(False)
    if op == "!=":
        return (cell == value).fill_null(False).not_()
    return COMPARE[op](cell, value).fill_null(False) & is_missing(cell, dtype).not_()


def matches_search(schema: pl.Schema, search: str) -> pl.Expr:
    """Return whether any text column of a row contains the search text, ignoring case."""
    texts = [_contains(as_text(pl.col(name), dtype), search) for name, dtype in schema.items() if kind_of(dtype) == "text"]
    return pl.any_horizontal(texts) if texts else pl.lit(False)


def is_missing(cell: pl.Expr, dtype: pl.DataType) -> pl.Expr:
    """Return whether a value is missing; NaN counts as missing."""
    return cell.is_null() | cell.is_nan().fill_null(False) if dtype.is_float() else cell.is_null()


def as_text(cell: pl.Expr, dtype: pl.DataType) -> pl.Expr:
    """Return a column as text, for searching; values without a text form are missing."""
    if dtype == pl.String:
        return cell
    return cell.cast(pl.String, strict=False) if kind_of(dtype) != "other" else pl.lit(None, pl.String)


def read_value(name: str, dtype: pl.DataType, value: object) -> pl.Expr:
    """Parse a filter's value into a literal of the column's type.

    Raises:
        ModuleError: `bad_value`, naming the column.
    """
    kind = kind_of(dtype)
    text = str(value).strip() if value is not None else ""
    try:
        match kind:
            case "number":
                return pl.lit(_number(text))
            case "boolean":
                return pl.lit(TRUTH[text.lower()])
            case "datetime":
                return _moment(dtype, text)
    except (ValueError, KeyError, OverflowError) as wrong:
        raise ModuleError(
            "bad_value", f"Column “{name}” can be compared with {WANTED[kind]}, not with “{text[:60]}”.", column=name
        ) from wrong
    return pl.lit(str(value) if value is not None else "")


def _contains(text: pl.Expr, part: str) -> pl.Expr:
    return text.str.contains("(?i)" + re.escape(part)).fill_null(False)


def _comparable(cell: pl.Expr, dtype: pl.DataType) -> pl.Expr:
    if dtype in (pl.Categorical, pl.Enum):
        return cell.cast(pl.String)
    if isinstance(dtype, pl.Datetime) and dtype.time_zone:
        return cell.dt.convert_time_zone("UTC")
    return cell.cast(pl.Float64) if dtype.is_decimal() else cell


def _number(text: str) -> int | float:
    digits = text.removeprefix("-")
    if digits.isascii() and digits.isdecimal() and len(digits) <= 18:
        return int(text)
    return float(text)


def _moment(dtype: pl.DataType, text: str) -> pl.Expr:
    if dtype == pl.Time:
        return pl.lit(time.fromisoformat(text))
    if dtype == pl.Duration:
        raise ValueError(text)
    moment = datetime.fromisoformat(text)
    if dtype == pl.Date and moment.time() == time():
        return pl.lit(date(moment.year, moment.month, moment.day))
    zoned = isinstance(dtype, pl.Datetime) and dtype.time_zone is not None
    if zoned:
        return pl.lit(moment.replace(tzinfo=moment.tzinfo or UTC).astimezone(UTC))
    return pl.lit(moment.astimezone(UTC).replace(tzinfo=None) if moment.tzinfo else moment)
