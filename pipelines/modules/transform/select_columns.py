"""Select Columns: keep some of a table's columns."""

from __future__ import annotations

from typing import Annotated

import polars as pl

from pipelines.catalogue.columns import ALL
from pipelines.catalogue.module import module
from pipelines.catalogue.params import Columns, Title
from pipelines.catalogue.ports import Query
from pipelines.modules.transform._naming import titles


@module("Select Columns", icon="columns-3", aliases=("Select Columns in Dataset", "project", "drop", "keep", "reorder", "duplicate"))
def select_columns(table: Query, *, columns: Columns = ALL, own_order: Annotated[bool, Title("Order as listed")] = False) -> Query:
    """Keep the selected columns of a table and remove the others.

    When to use:
        To drop what a model must not see or a report need not show.

    Args:
        table: The table to select columns from.
        columns: The columns to keep.
        own_order: Use the order in which columns are listed, with columns added by a rule at the end; a column listed twice appears twice, as NAME
            and NAME_2. If off, columns keep the order of the table, once each.

    Returns:
        The table with the selected columns.

    Example:
        columns: ["make", "horsepower", "price"]
    """
    chosen = columns.pick(table.head)
    if not own_order:
        return table.only(chosen)
    named = [name for rule in columns.rules if rule.adds and rule.by == "names" for name in rule.values if name in chosen]
    wanted = [*named, *(column for column in chosen if column not in named)]
    if len(set(wanted)) == len(wanted):
        return table.only(wanted)
    copies = dict(zip(titles(wanted), wanted, strict=True))
    roles = {title: table.roles[column] for title, column in copies.items() if column in table.roles}
    return Query(table.frame.select(pl.col(column).alias(title) for title, column in copies.items()), roles)
