"""Select Columns: keep some of a table's columns."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any

import polars as pl

from pipelines.catalogue.columns import ALL, Selector
from pipelines.catalogue.lineage import Lineage
from pipelines.catalogue.module import module
from pipelines.catalogue.params import Columns, Title
from pipelines.catalogue.ports import Query, Table
from pipelines.catalogue.row_functions import unchanged
from pipelines.modules.transform._naming import titles


def _copies(settings: Mapping[str, Any], table: Table) -> Mapping[str, list[tuple[int, str]]]:
    if not settings["own_order"]:
        return {}
    wanted = _listed(settings["columns"], table)
    return {title: [(0, column)] for title, column in zip(titles(wanted), wanted, strict=True)}


@module(
    "Select Columns",
    icon="columns-3",
    aliases=("Select Columns in Dataset", "project", "drop", "keep", "reorder", "duplicate"),
    lineage=Lineage(rows="same", derives=_copies),
    by_row=lambda settings, head, values: None if _copies(settings, head) else unchanged,
)
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
    if not own_order:
        return table.only(columns.pick(table.head))
    wanted = _listed(columns, table.head)
    if len(set(wanted)) == len(wanted):
        return table.only(wanted)
    copies = dict(zip(titles(wanted), wanted, strict=True))
    roles = {title: table.roles[column] for title, column in copies.items() if column in table.roles}
    return Query(table.frame.select(pl.col(column).alias(title) for title, column in copies.items()), roles)


def _listed(columns: Selector, table: Table) -> list[str]:
    """The selected columns in the order in which they are listed, those listed twice twice."""
    chosen = columns.pick(table)
    named = [name for rule in columns.rules if rule.adds and rule.by == "names" for name in rule.values if name in chosen]
    return [*named, *(column for column in chosen if column not in named)]
