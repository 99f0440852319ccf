"""Conditions on the values of a column."""

from __future__ import annotations

from typing import Any

import polars as pl

from pipelines.catalogue.columns import kind_of, require
from pipelines.catalogue.errors import ModuleError
from pipelines.modules.transform._casting import cast
from pipelines.modules.transform._cleaning import KINDS

OPERATORS = {"equal": "eq", "unequal": "ne", "greater": "gt", "at_least": "ge", "less": "lt", "at_most": "le"}


def compared(head: pl.DataFrame, column: str | None, condition: str, text: str) -> pl.Expr:
    """Whether a column's values meet a condition; missing where that cannot be told.

    Args:
        head: The table, without rows.
        column: The column that is looked at.
        condition: One of the operators, or `one_of`, `contains`, `starts_with`, `missing`, `present`.
        text: What the values are compared with.

    Raises:
        ModuleError: `no_column`, `unknown_column`, `not_a_text` or `wrong_value`.
    """
    column = _chosen(head, column)
    values = pl.col(column)
    if condition in ("missing", "present"):
        gap = values.is_null() | values.is_nan().fill_null(False) if head.schema[column].is_float() else values.is_null()
        return gap if condition == "missing" else ~gap
    if condition in ("contains", "starts_with"):
        values = _as_text(head, column)
    elif kind_of(head.schema[column]) == "text":
        values = values.cast(pl.String)
    if condition == "contains":
        return values.str.contains(text, literal=True)
    if condition == "starts_with":
        return values.str.starts_with(text)
    if head.schema[column].is_float():
        values = values.fill_nan(None)
    if condition == "one_of":
        return pl.any_horizontal(values == _read(part.strip(), head, column) for part in text.split(","))
    judged: pl.Expr = getattr(values, OPERATORS[condition])(_read(text, head, column))
    return judged


def _as_text(head: pl.DataFrame, column: str) -> pl.Expr:
    dtype = head.schema[column]
    if kind_of(dtype) == "other" and dtype != pl.Null:
        raise ModuleError(
            "not_a_text",
            f"“{column}” has values of the type {dtype}, which have no text to search.",
            column=column,
            param="column",
            port="table",
            remedy="Select a column of texts, numbers or dates.",
        )
    return pl.col(column).dt.to_string() if dtype == pl.Duration else pl.col(column).cast(pl.String)


def matches(head: pl.DataFrame, column: str | None, pattern: str) -> pl.Expr:
    """Whether a regular expression is found in a text; missing where there is none.

    Raises:
        ModuleError: `no_column`, `unknown_column`, `not_a_text` or `bad_pattern`.
    """
    column = _chosen(head, column)
    if kind_of(head.schema[column]) != "text":
        raise ModuleError(
            "not_a_text",
            f"“{column}” has {head.schema[column]} values; a regular expression needs text.",
            column=column,
            param="column",
            port="table",
            remedy="Select a text column, or split by a condition.",
        )
    check_pattern(pattern)
    return pl.col(column).cast(pl.String).str.contains(pattern)


def check_pattern(pattern: str) -> None:
    """Make sure that a regular expression can be read.

    Raises:
        ModuleError: `bad_pattern`.
    """
    try:
        pl.select(pl.lit("").str.contains(pattern))
    except pl.exceptions.PolarsError as wrong:
        said = " ".join(str(wrong).split())[:200].rstrip(".")
        raise ModuleError(
            "bad_pattern",
            f"The regular expression is invalid: {said}.",
            param="pattern",
            remedy="Use an expression such as ^A or [0-9]{3}, and a backslash before special characters such as (.",
        ) from wrong


def _chosen(head: pl.DataFrame, column: str | None) -> str:
    if column is None:
        raise ModuleError("no_column", "No column is selected.", param="column", port="table", remedy="Select a column.")
    return require(column, head, param="column")


def _read(text: str, head: pl.DataFrame, column: str) -> Any:
    """A typed value as one of the column's kind; whole numbers may be compared with 2.5."""
    kind, given = kind_of(head.schema[column]), pl.Series(column, [text])
    if kind == "text":
        return text
    if kind == "number" and (whole := given.str.strip_chars().cast(pl.Int64, strict=False)[0]) is not None:
        return whole
    try:
        return cast(given, KINDS[kind])[0]
    except (ModuleError, KeyError) as wrong:
        raise ModuleError(
            "wrong_value",
            f"“{column}” has {head.schema[column]} values, but “{text[:60]}” is not one.",
            column=column,
            param="value",
            remedy="Enter a value of the type of the column.",
        ) from wrong
