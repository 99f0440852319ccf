"""Clean Missing Data: fill in missing values, or leave out rows or columns that have them."""

from __future__ import annotations

from typing import Annotated, Literal, NamedTuple

from pipelines.catalogue.columns import ALL, Selector, kind_of
from pipelines.catalogue.lineage import Lineage
from pipelines.catalogue.module import module
from pipelines.catalogue.params import Columns, Range, Title, Titles, When
from pipelines.catalogue.ports import Table, Transform
from pipelines.modelling.numbers import finite_columns
from pipelines.modules.transform._cleaning import clean, cleaned, filled_type, missing
from pipelines.modules.transform._filling import AVERAGES, choose, fitted, tell_left

Mode = Annotated[
    Literal["value", "mean", "median", "mode", "drop_rows", "drop_columns"],
    Title("Cleaning mode"),
    Titles(
        value="Replace with a custom value",
        mean="Replace with the mean",
        median="Replace with the median",
        mode="Replace with the most frequent value",
        drop_rows="Remove the row",
        drop_columns="Remove the column",
    ),
]
FILLS = ("value", "mean", "median", "mode")


class Cleaned(NamedTuple):
    """The clean table and how it was cleaned.

    Args:
        table: The cleaned table.
        transform: The fitted cleaning, for Apply Transformation.
    """

    table: Table
    transform: Transform


def _columns(
    table: Table,
    *,
    columns: Selector,
    min_ratio: float,
    max_ratio: float,
    mode: str,
    value: str,
    indicators: bool,
    all_missing: str,
) -> tuple[Table | None, None]:
    if mode == "drop_rows":
        return table, None
    if mode == "drop_columns" or all_missing == "remove" or min_ratio > 0 or max_ratio < 1:
        return None, None
    types = table.frame.schema
    chosen = choose(table, columns, mode, value)[0]
    if mode in AVERAGES:  # a text that is named is refused if it has values, which is not known here
        chosen = [column for column in chosen if kind_of(types[column]) == "number"]
    state = fitted(table, chosen, mode, value, indicators, "keep", {}, {})
    alike = not indicators and all(filled_type(types[column], state["numbers"]) == types[column] for column in chosen)
    return table if alike else clean(table, state), None


ROWS = Lineage(rows=lambda given: "some" if given["mode"] == "drop_rows" else "same", fits=lambda given: given["mode"] in AVERAGES)
ALIASES = ("impute", "fill", "null", "nan", "drop missing")


@module("Clean Missing Data", icon="eraser", columns=_columns, aliases=ALIASES, lineage=ROWS)
def clean_missing(
    table: Table,
    *,
    columns: Columns = ALL,
    min_ratio: Annotated[float, Title("Minimum missing ratio"), Range(0, 1)] = 0.0,
    max_ratio: Annotated[float, Title("Maximum missing ratio"), Range(0, 1)] = 1.0,
    mode: Mode = "value",
    value: Annotated[str, Title("Replacement value"), When("mode", "value")] = "0",
    indicators: Annotated[bool, Title("Add indicator columns"), When("mode", *FILLS)] = False,
    all_missing: Annotated[
        Literal["keep", "remove"], Title("Columns without values"), Titles(keep="Keep", remove="Remove"), When("mode", *FILLS)
    ] = "keep",
) -> Cleaned:
    """Replace missing values, or remove the rows or columns that contain them.

    Empty cells and values that are not finite numbers count as missing. Mean and median convert whole numbers to decimals. If several values are
    equally frequent, the smallest is used. A rule, such as all columns, skips labels, scores, weights and columns whose type has no such value; the
    log lists those with missing values. Select a column by name to clean it.

    When to use:
        Before modules that cannot use missing values, or to fill them in differently for each column. Fit it on training rows, and use
        Apply Transformation for the test rows.

    Args:
        table: The table to clean.
        columns: The columns to clean. Others are not changed.
        min_ratio: Clean only columns in which at least this fraction of the values is missing.
        max_ratio: Clean only columns in which at most this fraction of the values is missing.
        mode: What to do with missing values.
        value: The replacement value, converted to the type of each column.
        indicators: Add a column NAME_IsMissing for each cleaned column that marks where a value was missing.
        all_missing: What to do with columns that have no values.

    Example:
        mode: "median"
        columns: ["normalized-losses", "price", "horsepower"]
    """
    picked = columns.pick(table)
    finite = finite_columns(table.frame, picked)
    share = (
        table.frame.select(missing(table.frame, column, finite).mean().fill_null(0.0).alias(column) for column in picked).row(0, named=True)
        if table.frame.height
        else dict.fromkeys(picked, 0.0)
    )
    chosen, left = choose(table, columns, mode, value)
    tell_left(left, share)
    chosen = [column for column in chosen if min_ratio <= share[column] <= max_ratio]
    transform = Transform("clean_missing", fitted(table, chosen, mode, value, indicators, all_missing, share, finite))
    return Cleaned(cleaned(table, transform.state, finite), transform)
