"""Values of neighbouring rows: what a window of rows gives."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Annotated, Literal

import polars as pl

from pipelines.catalogue.columns import kind_of
from pipelines.catalogue.errors import ModuleError
from pipelines.catalogue.params import Range, Title, Titles, When

Function = Annotated[
    Literal[
        "lag", "lead", "difference", "change", "fill_forward",
        "rolling_mean", "rolling_sum", "rolling_minimum", "rolling_maximum", "rolling_median", "rolling_deviation",
        "total", "running_mean", "running_minimum", "running_maximum", "running_count",
        "rank", "dense_rank", "row_number",
    ],
    Titles(
        lag="Lag (earlier row)", lead="Lead (later row)", difference="Difference from an earlier row",
        change="Relative change from an earlier row", fill_forward="Last non-missing value",
        rolling_mean="Rolling mean", rolling_sum="Rolling sum", rolling_minimum="Rolling minimum", rolling_maximum="Rolling maximum",
        rolling_median="Rolling median", rolling_deviation="Rolling standard deviation",
        total="Cumulative sum", running_mean="Cumulative mean", running_minimum="Cumulative minimum", running_maximum="Cumulative maximum",
        running_count="Cumulative count", rank="Rank (1, 2, 2, 4)", dense_rank="Dense rank (1, 2, 2, 3)", row_number="Row number",
    ),
]  # fmt: skip
STEPPED = ("lag", "lead", "difference", "change")
ROLLING = ("rolling_mean", "rolling_sum", "rolling_minimum", "rolling_maximum", "rolling_median", "rolling_deviation")
RANKED = ("rank", "dense_rank")
OF_ANY = ("lag", "lead", "fill_forward", "running_count")
OF_ORDERED = (*RANKED, "running_minimum", "running_maximum", "rolling_minimum", "rolling_maximum")
DAY = 86_400_000_000  # microseconds


@dataclass(frozen=True)
class Reach:
    """Which rows are used.

    Args:
        steps: The number of rows earlier or later.
        window: The number of rows in a window.
        least: The minimum number of values in a window; with fewer, as at the start, the result is missing.
        own_row: Include the current row in its window. If off, the window ends at the row before.
        largest_first: Give rank 1 to the largest value.
    """

    steps: Annotated[int, Range(1, 1_000_000), When("function", *STEPPED)] = 1
    window: Annotated[int, Title("Window size"), Range(1, 1_000_000), When("function", *ROLLING)] = 3
    least: Annotated[int, Title("Minimum values"), Range(1, 1_000_000), When("function", *ROLLING)] = 1
    own_row: Annotated[bool, Title("Include current row"), When("function", *ROLLING)] = True
    largest_first: Annotated[bool, When("function", *RANKED)] = False


Make = Callable[[pl.Expr, Reach], pl.Expr]
PLAIN: Mapping[str, Make] = {
    "lag": lambda values, reach: values.shift(reach.steps),
    "lead": lambda values, reach: values.shift(-reach.steps),
    "difference": lambda values, reach: values - values.shift(reach.steps),
    "change": lambda values, reach: _finite(values / values.shift(reach.steps) - 1),
    "fill_forward": lambda values, _: values.forward_fill(),
    "total": lambda values, _: values.cum_sum(),
    "running_mean": lambda values, _: values.cum_sum() / values.cum_count(),
    "running_minimum": lambda values, _: values.cum_min(),
    "running_maximum": lambda values, _: values.cum_max(),
    "running_count": lambda values, _: values.cum_count().cast(pl.Int64),
    "rank": lambda values, reach: values.rank("min", descending=reach.largest_first).cast(pl.Int64),
    "dense_rank": lambda values, reach: values.rank("dense", descending=reach.largest_first).cast(pl.Int64),
}
ROLLED: Mapping[str, Callable[[pl.Expr, int, int], pl.Expr]] = {
    "rolling_mean": lambda values, window, least: values.rolling_mean(window, min_samples=least),
    "rolling_sum": lambda values, window, least: values.rolling_sum(window, min_samples=least),
    "rolling_minimum": lambda values, window, least: values.rolling_min(window, min_samples=least),
    "rolling_maximum": lambda values, window, least: values.rolling_max(window, min_samples=least),
    "rolling_median": lambda values, window, least: values.rolling_median(window, min_samples=least),
    "rolling_deviation": lambda values, window, least: values.rolling_std(window, min_samples=max(least, 1)),
}


def named(column: str, function: str, reach: Reach) -> str:
    """What the new column is called."""
    size = reach.steps if function in STEPPED else reach.window if function in ROLLING else None
    return f"{column}_{function}" + ("" if size is None else f"_{size}")


def computed(column: str, function: str, reach: Reach) -> pl.Expr:
    """The expression for a column of prepared values whose rows are in order; it speaks of one group."""
    values = pl.col(column)
    if function in ROLLED:
        if not reach.own_row:
            values = values.shift(1)
        return ROLLED[function](values, reach.window, min(reach.least, reach.window))
    return PLAIN[function](values, reach)


def finished(result: pl.Expr, kind: pl.DataType, function: str) -> pl.Expr:
    """The result in the type that people expect: days between dates."""
    return result.dt.total_microseconds() / DAY if function == "difference" and kind.is_temporal() else result


def check(schema: Mapping[str, pl.DataType], new: Mapping[str, str | None], order: Sequence[str], function: str) -> None:
    """Make sure that the new columns can be computed; `new` says from which column each is.

    Raises:
        ModuleError: `not_a_number`, `duplicate_column` or `no_order`.
    """
    for name, column in new.items():
        if column is not None:
            _check_kind(column, schema[column], function)
        if name in schema:
            raise ModuleError(
                "duplicate_column",
                f"The table already has a column “{name}”.",
                column=name,
                param="columns",
                port="table",
                remedy="Rename it with Edit Metadata, or remove it with Select Columns.",
            )
    if strange := next((column for column in order if kind_of(schema[column]) == "other"), None):
        raise ModuleError(
            "no_order",
            f"“{strange}” has type {schema[strange]}, which has no order.",
            column=strange,
            param="order_by",
            port="table",
            remedy="Select columns of numbers, texts, dates or booleans.",
        )


def _check_kind(column: str, kind: pl.DataType, function: str) -> None:
    """Make sure that a column has what is asked.

    Raises:
        ModuleError: `not_a_number`.
    """
    family = kind_of(kind)
    dates = isinstance(kind, pl.Date | pl.Datetime)
    rolled_text = function in ROLLING and family != "number"
    able = function in OF_ANY or family == "number" or (dates and function == "difference")
    able = able or (function in OF_ORDERED and not rolled_text and (dates or (family == "text" and function in RANKED)))
    if not able:
        raise ModuleError(
            "not_a_number",
            f"“{column}” has type {kind}, so it has no {function.replace('_', ' ')}.",
            column=column,
            param="columns",
            port="table",
            remedy="Select numeric columns only, or another function.",
        )


def prepared(column: str, kind: pl.DataType, function: str, finite: bool) -> pl.Expr:
    """The values of a column as the function takes them; in one pass over all rows, which is faster than group by group."""
    values = pl.col(column)
    if kind.is_float() and function not in ("lag", "lead"):
        return values if finite else _finite(values)  # an infinity would spoil every later window
    if kind.is_integer() and function in ("difference", "total", "rolling_sum"):
        return values.cast(pl.Int128)  # where nothing overflows
    if kind.is_decimal() and function not in OF_ANY:
        return values.cast(pl.Float64)
    return values.cast(pl.String) if kind_of(kind) == "text" and function in RANKED else values


def _finite(values: pl.Expr) -> pl.Expr:
    return pl.when(values.is_finite()).then(values)
