"""Remove Duplicate Rows: remove rows that repeat the values of another row."""

from __future__ import annotations

from typing import Annotated, Any, Literal

import polars as pl

from pipelines.catalogue.columns import ALL
from pipelines.catalogue.errors import ModuleError
from pipelines.catalogue.lineage import Lineage
from pipelines.catalogue.module import module
from pipelines.catalogue.params import Columns, Title, Titles
from pipelines.catalogue.phrases import counted
from pipelines.catalogue.ports import Table
from pipelines.catalogue.reporting import log
from pipelines.modelling.numbers import all_finite
from pipelines.modules.transform._naming import unused

Keep = Annotated[Literal["first", "last", "none"], Titles(first="First row", last="Last row", none="None of the duplicates")]
Gaps = Annotated[Literal["equal", "different"], Title("Missing keys"), Titles(equal="Equal to each other", different="Never duplicates")]


def _columns(table: Table, *, columns: Columns, **_: Any) -> Table:
    _keys(table, columns)
    return table


@module(
    "Remove Duplicate Rows",
    icon="copy-minus",
    columns=_columns,
    aliases=("drop duplicates", "distinct", "unique", "deduplicate", "repeated rows"),
    lineage=Lineage(serves="through"),
)
def remove_duplicate_rows(table: Table, *, columns: Columns = ALL, keep: Keep = "first", missing: Gaps = "equal") -> Table:
    """Remove rows that have the same values in the key columns as another row.

    The remaining rows keep their order. Texts are compared exactly, with spaces and case; 0.0 equals -0.0. Duplicates on both sides of a later split
    make a model look better than it is, so remove them before Split Data. The log shows how many rows are removed.

    When to use:
        When the same thing was recorded twice, or to keep one row for each key.

    Args:
        table: The table with duplicates.
        columns: The key columns. With all columns, only fully identical rows are duplicates.
        keep: Which row of each set of duplicates to keep.
        missing: How missing values in key columns compare. Values that are not numbers count as missing.

    Returns:
        The remaining rows.

    Example:
        columns: ["make", "body-style"]
    """
    named = _keys(table, columns)
    if missing == "equal" and all(all_finite(table.frame[column]) for column in named):
        return _told(table, table.frame.unique(named, keep=keep, maintain_order=True))
    keys = table.frame.select(_key(table.frame[column]) for column in named)
    rows = keys.with_row_index(place := unused(keys.columns))
    if missing == "different":
        full = rows.drop_nulls(keys.columns)
        chosen = pl.concat([full.unique(keys.columns, keep=keep), rows.filter(pl.any_horizontal(pl.col(keys.columns).is_null()))])
    else:
        chosen = rows.unique(keys.columns, keep=keep)
    return _told(table, table.frame[chosen[place].sort()])


def _told(table: Table, kept: pl.DataFrame) -> Table:
    if lost := table.frame.height - kept.height:
        log(f"Removed {counted(lost, 'duplicate row')}; {counted(kept.height, 'row')} remain.")
        return table.with_frame(kept)
    log("There are no duplicate rows.")
    return table


def _keys(table: Table, columns: Columns) -> list[str]:
    if not (keys := columns.pick(table)):
        raise ModuleError("no_keys", "No key column is selected.", param="columns", port="table", remedy="Select at least one.")
    return keys


def _key(values: pl.Series) -> pl.Series:
    return values.fill_nan(None) if values.dtype.is_float() else values
