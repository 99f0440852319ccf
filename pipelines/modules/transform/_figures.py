"""The figures of a group of rows."""

from __future__ import annotations

from collections.abc import Callable

import polars as pl

from pipelines.catalogue.errors import ModuleError

OF_NUMBERS = ("sum", "mean", "median", "deviation")
FIGURES: dict[str, Callable[[pl.Expr], pl.Expr]] = {
    "sum": lambda values: values.sum(),
    "mean": lambda values: values.mean(),
    "median": lambda values: values.median(),
    "deviation": lambda values: values.std(),
    "minimum": lambda values: values.min(),
    "maximum": lambda values: values.max(),
    "distinct": lambda values: values.drop_nulls().n_unique(),
}


def figure_of(head: pl.DataFrame, column: str, figure: str) -> pl.Expr:
    """A figure of a column, called COLUMN_FIGURE; sums of whole numbers need `whole` afterwards."""
    return FIGURES[figure](_values(head, column, figure)).alias(f"{column}_{figure}")


def _values(head: pl.DataFrame, column: str, figure: str) -> pl.Expr:
    kind = head.schema[column]
    if figure == "sum" and kind.is_integer():
        return pl.col(column).cast(pl.Int128)  # where no sum overflows
    return pl.col(column).fill_nan(None) if kind.is_float() else pl.col(column)


def whole(sums: pl.Series, column: str) -> pl.Series:
    """Sums of whole numbers as 64 bits hold them.

    Raises:
        ModuleError: `too_large`.
    """
    if sums.dtype != pl.Int128:
        return sums
    if (whole := sums.cast(pl.Int64, strict=False)).null_count() == sums.null_count():
        return whole
    raise ModuleError(
        "too_large",
        f"A sum of “{column}” exceeds the range of 64-bit whole numbers.",
        column=column,
        param="sum",
        port="table",
        remedy="Convert the column to Number with Edit Metadata first.",
    )
