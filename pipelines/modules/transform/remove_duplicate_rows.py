"""Remove Duplicate Rows: keep one of the rows that have the same values."""

from __future__ import annotations

from typing import Annotated, Any, Literal

import polars as pl

from pipelines.catalogue.columns import ALL
from pipelines.catalogue.errors import ModuleError
from pipelines.catalogue.module import module
from pipelines.catalogue.params import Columns, Titles
from pipelines.catalogue.phrases import counted
from pipelines.catalogue.ports import Table
from pipelines.catalogue.reporting import log
from pipelines.modules.transform._naming import unused

Keep = Annotated[Literal["first", "last", "none"], Titles(first="The first row", last="The last row", none="None of them")]
Gaps = Annotated[Literal["equal", "different"], Titles(equal="Count as the same", different="Make a row unlike any other")]


def _columns(table: Table, *, columns: Columns, **_: Any) -> Table:
    _keys(table, columns)
    return table


@module(
    "Remove Duplicate Rows",
    icon="copy-minus",
    columns=_columns,
    aliases=("drop duplicates", "distinct", "unique", "deduplicate", "repeated rows"),
)
def remove_duplicate_rows(table: Table, *, columns: Columns = ALL, keep: Keep = "first", missing: Gaps = "equal") -> Table:
    """Keep one row of those that have the same values in the key columns, or only the rows that are the only one of their kind.

    The rows that stay keep their order. Values are the same when they are equal as they stand: texts with their spaces and capital letters, and 0.0 equals
    -0.0. Identical rows on both sides of a later split make a model look better than it is, so this step belongs before Split Data. The log says how many rows
    go.

    Args:
        table: The table with the rows.
        columns: The key columns; with all columns a row goes only if another one is the same in every column.
        keep: Which of the same rows to keep.
        missing: What two missing values in a key column are to each other; what is not a number counts as missing.

    Returns:
        The rows that stay.
    """
    keys = table.frame.select(_key(table.frame[column]) for column in _keys(table, columns))
    rows = keys.with_row_index(place := unused(keys.columns))
    if missing == "different":
        full = rows.drop_nulls(keys.columns)
        chosen = pl.concat([full.unique(keys.columns, keep=keep), rows.filter(pl.any_horizontal(pl.col(keys.columns).is_null()))])
    else:
        chosen = rows.unique(keys.columns, keep=keep)
    if lost := table.frame.height - chosen.height:
        log(f"{counted(lost, 'duplicate row')} left out; {counted(chosen.height, 'row')} left.")
        return table.with_frame(table.frame[chosen[place].sort()])
    log("No row is a duplicate of another.")
    return table


def _keys(table: Table, columns: Columns) -> list[str]:
    if not (keys := columns.pick(table)):
        raise ModuleError("no_keys", "No key column is chosen.", param="columns", port="table", remedy="Choose at least one.")
    return keys


def _key(values: pl.Series) -> pl.Series:
    return values.fill_nan(None) if values.dtype.is_float() else values
