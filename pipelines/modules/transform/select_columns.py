"""Select Columns: keep some of a table's columns."""

from __future__ import annotations

from pipelines.catalogue.columns import ALL
from pipelines.catalogue.module import module
from pipelines.catalogue.params import Columns
from pipelines.catalogue.ports import Query


@module("Select Columns", aliases=("Select Columns in Dataset", "project", "drop", "keep"))
def select_columns(table: Query, *, columns: Columns = ALL) -> Query:
    """Keep the chosen columns of a table and leave out the others.

    Args:
        table: The table to take columns from.
        columns: The columns to keep, in the table's own order.

    Returns:
        The table with only those columns.
    """
    return table.only(columns.pick(table.head))
