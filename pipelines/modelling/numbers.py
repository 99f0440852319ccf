"""Columns as finite numbers, as statistics compute with them."""

from __future__ import annotations

from collections.abc import Container, Iterable
from math import isfinite
from typing import Any

import polars as pl

from pipelines.catalogue.columns import NUMERIC, Rule, Selector, kind_of
from pipelines.catalogue.errors import ModuleError
from pipelines.catalogue.ports import Table
from pipelines.catalogue.reporting import log

# Numeric columns, the label among them; columns of other roles only where they are named.
MEASURED = Selector((NUMERIC.rules[0], Rule(False, "roles", ("score", "weight", "ignored"))))


def is_number(dtype: pl.DataType) -> bool:
    """Return whether statistics take a column of a type as numbers: numbers, and yes/no as 1 and 0."""
    return dtype.is_numeric() or dtype == pl.Boolean


def numbers_of(values: pl.Series) -> pl.Series:
    """Return a column as Float64 in one piece; what is not a finite number is missing."""
    numbers = values.cast(pl.Float64).rechunk()
    return numbers if all_finite(values) else numbers.set(~numbers.is_finite(), None)


def all_finite(values: pl.Series) -> bool:
    """Whether no value is infinite or not a number; missing values count as neither."""
    if not values.dtype.is_float():
        return True
    # one pass without a mask: an infinity makes the sum one, as large numbers may, which are looked at again
    return isfinite(values.sum()) or bool(values.is_finite().all())


def need_numbers(frame: pl.DataFrame, columns: Iterable[str], *, param: str = "columns") -> None:
    """Check that the columns hold numbers, or yes/no.

    Raises:
        ModuleError: `not_a_number`, naming the first that does not.
    """
    schema = frame.schema
    for column in columns:
        if not is_number(schema[column]):
            raise ModuleError(
                "not_a_number",
                f"“{column}” has {kind_of(schema[column])} values, not numbers.",
                column=column,
                port="table",
                param=param,
                remedy="Select numeric columns only, or change the type with Edit Metadata.",
            )


def chosen_numbers(table: Table, columns: Selector) -> list[str]:
    """Return the selected columns, after a check that they hold numbers, and log where these are infinite.

    Raises:
        ModuleError: `not_a_number` or `no_columns`.
    """
    chosen = columns.pick(table)
    need_numbers(table.frame, chosen)
    if not chosen:
        raise ModuleError(
            "no_columns", "No numeric column is selected.", param="columns", port="table", remedy="Select at least one numeric column."
        )
    tell_infinities(table.frame, chosen)
    return chosen


def finite_columns(frame: pl.DataFrame, columns: Iterable[str]) -> dict[str, Any]:
    """The columns without a value that is infinite or no number; of decimal numbers with their mean, which is found on the way."""
    floats, found = [], {}
    for column in columns:
        if frame[column].dtype.is_float():
            floats.append(column)
        else:
            found[column] = None
    means = frame.select(floats).select(pl.all().cast(pl.Float64).mean()).row(0, named=True) if floats else {}
    return found | {column: mean for column, mean in means.items() if mean is None or isfinite(mean) or all_finite(frame[column])}


def tell_infinities(frame: pl.DataFrame, columns: Iterable[str]) -> Container[str]:
    """Log which columns have infinite values: they are treated as missing. Return the columns of finite numbers only."""
    columns = list(columns)
    finite = finite_columns(frame, columns)
    found = [(column, int(frame[column].is_infinite().sum())) for column in columns if column not in finite]
    if told := ", ".join(f"“{column}” ({many:,})" for column, many in found if many):
        log(f"Infinite values are treated as missing: {told}.", "warning")
    return finite
