"""Add Column: compute a column from others."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any

from pipelines.catalogue.lineage import Lineage
from pipelines.catalogue.module import module
from pipelines.catalogue.params import Code
from pipelines.catalogue.ports import Query, Table
from pipelines.modules.transform._formula import read_formula


def _used(settings: Mapping[str, Any], table: Table) -> Mapping[str, list[tuple[int, str]]]:
    return {settings["name"].strip(): [(0, column) for column in read_formula(settings["formula"], table).meta.root_names()]}


@module(
    "Add Column",
    icon="column-insert-right",
    aliases=("formula", "derive", "compute", "math", "expression", "calculator"),
    libraries=("duckdb", "pyarrow"),
    lineage=Lineage(rows="same", derives=_used),
)
def derive_column(table: Query, *, name: str, formula: Annotated[str, Code("sql")]) -> Query:
    """Compute a column from other columns of the same row.

    The formula is an SQL expression in the DuckDB dialect, as in Apply SQL: price * quantity, round(price, 2), upper(city), coalesce(people, 0),
    case when price > 100 then 'high' else 'low' end, year(since), date_diff('day', ordered, sent), split_part(name, ' ', 1). Put names with spaces
    or dashes in double quotes. Numbers with a decimal point are floats. Division by 0 gives infinity. A whole number too large for its type is an
    error. Dates and times with a time zone are converted to UTC.

    When to use:
        To add a feature that is computed from other columns of the same row, such as a ratio, a difference or a test.

    Args:
        table: The table to add a column to.
        name: The name of the new column. An existing column with this name is replaced.
        formula: The expression that computes the value of each row.

    Returns:
        The table with the new column.

    Example:
        name: "price per horsepower"
        formula: "price / horsepower"
    """
    return table.with_frame(table.frame.with_columns(read_formula(formula, table.head).alias(name.strip())))
