"""Add Column: compute a column from others."""

from __future__ import annotations

from typing import Annotated

from pipelines.catalogue.module import module
from pipelines.catalogue.params import Code
from pipelines.catalogue.ports import Query
from pipelines.modules.transform._formula import read_formula


@module("Add Column", aliases=("formula", "derive", "compute", "math", "Apply Math Operation", "expression", "calculator"))
def derive_column(table: Query, *, name: str, formula: Annotated[str, Code("sql")]) -> Query:
    """Compute a column from the other columns of the same row.

    The formula is an SQL expression: price * quantity, round(price, 2), upper(city), coalesce(people, 0),
    case when price > 100 then 'dear' else 'cheap' end, extract(year from since). Names with spaces or dashes stand in double quotes.

    Args:
        table: The table to add a column to.
        name: What the new column is called; a column of that name is replaced.
        formula: How each row's value is computed.

    Returns:
        The table with the new column.
    """
    return table.with_frame(table.frame.with_columns(read_formula(formula, table.head).alias(name.strip())))
