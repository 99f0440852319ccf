"""Clean Missing Data: fill in missing values, or leave out rows or columns that have them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any, Literal, NamedTuple

import polars as pl

from pipelines.catalogue.columns import ALL, kind_of
from pipelines.catalogue.errors import ModuleError
from pipelines.catalogue.module import module
from pipelines.catalogue.params import Columns, Range, Titles, When
from pipelines.catalogue.ports import Table, Transform
from pipelines.catalogue.telling import note
from pipelines.modules.transform._cleaning import clean, missing, replacement

Mode = Annotated[Literal["value", "mean", "median", "mode", "drop_rows", "drop_columns"],
                 Titles(value="Fill in a value of your own", mean="Fill in the mean", median="Fill in the median",
                        mode="Fill in the most frequent value", drop_rows="Leave out the row", drop_columns="Leave out the column")]
FILLS = ("value", "mean", "median", "mode")


class Cleaned(NamedTuple):
    """The clean table and how it was cleaned.

    Args:
        table: The table without those missing values.
        transform: The same cleaning, for another table.
    """

    table: Table
    transform: Transform


def _columns(table: Table, *, mode: str, min_ratio: float, max_ratio: float, all_missing: str, **settings: Any) -> tuple[Table | None, None]:
    if mode == "drop_rows":
        return table, None
    if mode == "drop_columns" or all_missing == "remove" or min_ratio > 0 or max_ratio < 1:
        return None, None
    return clean_missing(table, mode=mode, min_ratio=0.0, max_ratio=1.0, all_missing="keep", **settings).table, None  # type: ignore[arg-type]


@module("Clean Missing Data", columns=_columns, aliases=("impute", "fill", "null", "nan", "drop missing"))
def clean_missing(
    table: Table,
    *,
    columns: Columns = ALL,
    min_ratio: Annotated[float, Range(0, 1)] = 0.0,
    max_ratio: Annotated[float, Range(0, 1)] = 1.0,
    mode: Mode = "value",
    value: Annotated[str, When("mode", "value")] = "0",
    indicators: Annotated[bool, When("mode", *FILLS)] = False,
    all_missing: Annotated[Literal["keep", "remove"], Titles(keep="Keep it as it is", remove="Leave it out"), When("mode", *FILLS)] = "keep",
) -> Cleaned:
    """Fill in missing values, or leave out the rows or columns that have them.

    Empty cells and results that are not a number count as missing. Mean and median turn whole numbers into decimal ones.
    Of several most frequent values the smallest is taken.

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
    chosen = columns.pick(table)
    share = table.frame.select(missing(table.frame, column).mean().fill_null(0.0).alias(column) for column in chosen).row(0, named=True) if chosen else {}
    chosen = [column for column in chosen if min_ratio <= share[column] <= max_ratio]
    transform = Transform("clean_missing", _state(table, chosen, mode, value, indicators, all_missing, share))
    cleaned = clean(table, transform.state)
    if lost := table.frame.height - cleaned.frame.height:
        note(f"{lost} rows with a missing value were left out; {cleaned.frame.height} are left.")
    return Cleaned(cleaned, transform)


def _state(table: Table, chosen: list[str], mode: str, value: str, indicators: bool, all_missing: str, share: Mapping[str, float]) -> dict[str, Any]:
    if mode == "drop_rows":
        return {"mode": "drop_rows", "columns": chosen}
    if mode == "drop_columns":
        return {"mode": "drop_columns", "columns": [column for column in chosen if share[column] > 0]}
    empty = [column for column in chosen if table.frame.height and share[column] == 1]
    if empty:
        note(f"Without any value: {', '.join(empty)}; {'kept as it is' if all_missing == 'keep' else 'left out'}.", "warning")
    fills = {column: _fill(table.frame[column], mode, value) for column in chosen if column not in empty}
    return {"mode": "fill", "columns": list(fills), "fills": fills, "numbers": mode in ("mean", "median"), "indicators": indicators,
            "removed": empty if all_missing == "remove" else []}


def _fill(values: pl.Series, mode: str, text: str) -> Any:
    kind = kind_of(values.dtype)
    if mode == "value":
        return replacement(values, text)
    if mode == "mode":
        most = values.drop_nulls().drop_nans().mode() if values.dtype.is_float() else values.drop_nulls().mode()
        return replacement(values, str(most.sort()[0])) if len(most) and kind != "number" else (most.sort()[0] if len(most) else None)
    if kind != "number":
        raise ModuleError("not_a_number", f"'{values.name}' does not hold numbers, so it has no {mode}.", column=values.name, param="columns",
                          port="table", remedy="Choose numeric columns only, or fill in the most frequent value.")
    numbers = values.cast(pl.Float64).fill_nan(None)
    return numbers.mean() if mode == "mean" else numbers.median()
