"""The figures of a group of rows."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import Any

import polars as pl

from pipelines.catalogue.columns import kind_of
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
    "first": lambda values: values.drop_nulls().first(),
    "last": lambda values: values.drop_nulls().last(),
    "most_frequent": lambda values: values.drop_nulls().mode().min(),
    "present": lambda values: values.count().cast(pl.Int64),
}


def grouped(
    frame: pl.DataFrame, by: Sequence[str], wanted: Mapping[str, tuple[str, str]], param: str, *, count: bool = False
) -> pl.DataFrame:
    """Return the figures of each group, in the order of the groups' first rows.

    Args:
        frame: The rows.
        by: The columns that name a group.
        wanted: By the name of a result the column and its figure.
        param: The setting that errors name.
        count: Whether the number of rows is the first of the results.

    Raises:
        ModuleError: `too_large`.
    """
    numbers = dict.fromkeys(column for column, _ in wanted.values() if frame.schema[column].is_float())
    rows = frame.with_columns(pl.col(list(numbers)).fill_nan(None))  # before and after the grouping, which takes twice the time with it
    figures = [_figure(rows[column], figure).alias(name) for name, (column, figure) in wanted.items()]
    groups = rows.group_by(by, maintain_order=True).agg(*([pl.len().cast(pl.Int64).alias("rows")] if count else []), *figures)
    undefined = [name for name, (column, figure) in wanted.items() if column in numbers and is_of_numbers(figure)]
    sums = [whole(groups[name], column, param) for name, (column, figure) in wanted.items() if figure == "sum"]
    return groups.with_columns(*sums).with_columns(pl.col(undefined).fill_nan(None))  # of infinite values of both signs


def _figure(values: pl.Series, figure: str) -> pl.Expr:
    column = pl.col(values.name)
    if figure == "sum" and values.dtype.is_integer():
        column = column.cast(pl.Int64 if _sum_fits(values) else pl.Int128)  # the wider takes longer
    return (FIGURES.get(figure) or partial(_quantile, share=float(figure[1:])))(column)


def _quantile(values: pl.Expr, share: float) -> pl.Expr:
    return values.quantile(share, interpolation="linear")


def quantiles_of(text: str) -> list[str]:
    """The figures that a list of shares names, such as q0.25.

    Raises:
        ModuleError: `wrong_value`.
    """
    shares = [part.strip() for part in text.split(",") if part.strip()]
    for share in shares:
        try:
            good = 0 <= float(share) <= 1
        except ValueError:
            good = False
        if not good:
            raise ModuleError(
                "wrong_value",
                f"“{share[:60]}” is not a number from 0 to 1.",
                param="quantiles",
                remedy="Write quantiles with a decimal point, separated by commas: 0.25, 0.75.",
            )
    return [f"q{float(share):g}" for share in dict.fromkeys(shares)]


def is_of_numbers(figure: str) -> bool:
    """Whether a figure can be told of numbers only."""
    return figure in OF_NUMBERS or figure not in FIGURES


def check_figures(schema: dict[str, pl.DataType], wanted: Sequence[tuple[str, str]], param: str) -> None:
    """Make sure that the columns have these figures.

    Raises:
        ModuleError: `not_a_number`.
    """
    for column, figure in wanted:
        if kind_of(schema[column]) == "other" or (is_of_numbers(figure) and kind_of(schema[column]) != "number"):
            raise ModuleError(
                "not_a_number",
                f"“{column}” is not numeric, so it has no {figure.replace('_', ' ')}.",
                column=column,
                param=param,
                port="table",
                remedy="Select numeric columns only, or other statistics.",
            )


def _sum_fits(values: pl.Series) -> bool:
    """Whether no sum of some of these whole numbers exceeds 64 bits."""
    low: Any = values.min()
    high: Any = values.max()
    return low is None or values.len() * max(abs(low), abs(high)) < 2**63


def whole(sums: pl.Series, column: str, param: str = "sum") -> pl.Series:
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
        param=param,
        port="table",
        remedy="Convert the column to Number with Edit Metadata first.",
    )
