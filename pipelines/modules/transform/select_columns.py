"""Select Columns: keep some of a table's columns."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated

import polars as pl

from pipelines.catalogue.columns import ALL
from pipelines.catalogue.module import module
from pipelines.catalogue.params import Columns, Title
from pipelines.catalogue.ports import Query


@module("Select Columns", icon="columns-3", aliases=("Select Columns in Dataset", "project", "drop", "keep", "reorder", "duplicate"))
def select_columns(table: Query, *, columns: Columns = ALL, own_order: Annotated[bool, Title("Order as listed")] = False) -> Query:
    """Keep the selected columns of a table and remove the others.

    Args:
        table: The table to select columns from.
        columns: The columns to keep.
        own_order: Use the order in which columns are listed, with columns added by a rule at the end; a column listed twice appears twice, as NAME
            and NAME_2. If off, columns keep the order of the table, once each.

    Returns:
        The table with the selected columns.
    """
    chosen = columns.pick(table.head)
    if not own_order:
        return table.only(chosen)
    named = [name for rule in columns.rules if rule.adds and rule.by == "names" for name in rule.values if name in chosen]
    wanted = [*named, *(column for column in chosen if column not in named)]
    if len(set(wanted)) == len(wanted):
        return table.only(wanted)
    titles = _titles(wanted)
    copies = table.frame.select(pl.col(column).alias(title) for column, title in zip(wanted, titles, strict=True))
    roles = {title: table.roles[column] for column, title in zip(wanted, titles, strict=True) if column in table.roles}
    return Query(copies, roles)


def _titles(columns: Sequence[str]) -> list[str]:
    """The names of columns of which some come more than once."""
    titles: list[str] = []
    for column in columns:
        title, number = column, 1
        while title in titles or (number > 1 and title in columns):
            number += 1
            title = f"{column}_{number}"
        titles.append(title)
    return titles
