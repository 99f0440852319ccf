"""Clean Missing Data: fill in missing values, or leave out rows or columns that have them."""

from __future__ import annotations

from typing import Annotated, Literal, NamedTuple

from pipelines.catalogue.columns import ALL, Selector, kind_of
from pipelines.catalogue.module import module
from pipelines.catalogue.params import Columns, Range, Titles, When
from pipelines.catalogue.ports import Table, Transform
from pipelines.modules.transform._cleaning import clean, filled_type, missing
from pipelines.modules.transform._filling import AVERAGES, choose, fitted, tell_left

Mode = Annotated[
    Literal["value", "mean", "median", "mode", "drop_rows", "drop_columns"],
    Titles(
        value="Fill in a value of your own",
        mean="Fill in the mean",
        median="Fill in the median",
        mode="Fill in the most frequent value",
        drop_rows="Leave out the row",
        drop_columns="Leave out the column",
    ),
]
FILLS = ("value", "mean", "median", "mode")


class Cleaned(NamedTuple):
    """The clean table and how it was cleaned.

    Args:
        table: The table without those missing values.
        transform: The same cleaning, for another table.
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
    state = fitted(table, chosen, mode, value, indicators, "keep", {})
    alike = not indicators and all(filled_type(types[column], state["numbers"]) == types[column] for column in chosen)
    return table if alike else clean(table, state), None


@module("Clean Missing Data", icon="eraser", columns=_columns, aliases=("impute", "fill", "null", "nan", "drop missing"))
def clean_missing(
    table: Table,
    *,
    columns: Columns = ALL,
    min_ratio: Annotated[float, Range(0, 1)] = 0.0,
    max_ratio: Annotated[float, Range(0, 1)] = 1.0,
    mode: Mode = "value",
    value: Annotated[str, When("mode", "value")] = "0",
    indicators: Annotated[bool, When("mode", *FILLS)] = False,
    all_missing: Annotated[
        Literal["keep", "remove"], Titles(keep="Keep it as it is", remove="Leave it out"), When("mode", *FILLS)
    ] = "keep",
) -> Cleaned:
    """Fill in missing values, or leave out the rows or columns that have them.

    Empty cells and what is not a finite number count as missing. Mean and median turn whole numbers into decimal ones.
    Of several most frequent values the smallest is taken. Where columns are chosen by a rule, such as all columns, those whose type has no such
    value, and labels, scores and weights, are left as they are; the log says which of them have gaps. Choose one by its name to clean it.

    Args:
        table: The table to clean.
        columns: The columns to clean; others pass as they are.
        min_ratio: Clean only columns in which at least this share of the values is missing.
        max_ratio: Clean only columns in which at most this share of the values is missing.
        mode: What to do about a missing value.
        value: The value to fill in, read as each column's own type.
        indicators: Add a column NAME_IsMissing for each cleaned column, which says where a value was missing.
        all_missing: What happens to a column without any value.
    """
    picked = columns.pick(table)
    share = (
        table.frame.select(missing(table.frame, column).mean().fill_null(0.0).alias(column) for column in picked).row(0, named=True)
        if table.frame.height
        else dict.fromkeys(picked, 0.0)
    )
    chosen, left = choose(table, columns, mode, value)
    tell_left(left, share)
    chosen = [column for column in chosen if min_ratio <= share[column] <= max_ratio]
    transform = Transform("clean_missing", fitted(table, chosen, mode, value, indicators, all_missing, share))
    return Cleaned(clean(table, transform.state), transform)
