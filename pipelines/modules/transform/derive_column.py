"""Add Column: compute a column from others."""

from __future__ import annotations

from typing import Annotated

from pipelines.catalogue.module import module
from pipelines.catalogue.params import Code
from pipelines.catalogue.ports import Query
from pipelines.modules.transform._formula import read_formula


@module(
    "Add Column",
    icon="column-insert-right",
    aliases=("formula", "derive", "compute", "math", "Apply Math Operation", "expression", "calculator"),
    libraries=("duckdb", "pyarrow"),
)
def derive_column(table: Query, *, name: str, formula: Annotated[str, Code("sql")]) -> Query:
    """Compute a column from the other columns of the same row.

    The formula is an SQL expression as in Apply SQL, in the dialect of DuckDB: price * quantity, round(price, 2), upper(city),
    coalesce(people, 0), case when price > 100 then 'dear' else 'cheap' end, year(since), date_diff('day', ordered, sent),
    split_part(name, ' ', 1). Names with spaces or dashes stand in double quotes. Numbers with a point are floats; a division by 0 gives
    infinity; a whole number that becomes too large for its type is an error. Dates and times with a zone are read in UTC.

    Args:
        table: The table to add a column to.
        name: What the new column is called; a column of that name is replaced.
        formula: How each row's value is computed.

    Returns:
        The table with the new column.
    """
    return table.with_frame(table.frame.with_columns(read_formula(formula, table.head).alias(name.strip())))
