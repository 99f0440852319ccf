"""Add Rows: append the rows of tables."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Annotated, Literal

import polars as pl

from pipelines.catalogue.errors import ModuleError
from pipelines.catalogue.lineage import Lineage
from pipelines.catalogue.module import module
from pipelines.catalogue.params import Title, Titles
from pipelines.catalogue.phrases import listed
from pipelines.catalogue.ports import Query
from pipelines.catalogue.reporting import log
from pipelines.modules.transform._widening import common_type, has_texts

Lacking = Annotated[
    Literal["refuse", "fill", "common"],
    Title("If a column is missing"),
    Titles(refuse="Error", fill="Missing values", common="Remove the column from all tables"),
]
Unlike = Annotated[Literal["refuse", "text"], Title("If types differ"), Titles(refuse="Error", text="Convert to text")]

Schema = Mapping[str, pl.DataType]


ALIASES = ("append", "concatenate", "concat", "stack", "union all", "bind rows")


@module("Add Rows", icon="row-insert-bottom", aliases=ALIASES, lineage=Lineage(rows="same", serves="through"))
def add_rows(
    *tables: Query, lacking: Lacking = "refuse", unlike: Unlike = "refuse", source: Annotated[str, Title("Source column")] = ""
) -> Query:
    """Append the rows of several tables, in the order in which the tables are connected.

    Columns are matched by name, in any order. The output has the column order of the first table; further columns follow. Different types are widened
    where values keep their meaning: whole numbers to a larger type or to decimals, dates to dates with times, categories to text. Duplicates are
    kept; Remove Duplicate Rows removes them.

    When to use:
        To combine tables with the same columns, such as files of several months.

    Args:
        tables: The tables, the first one on top.
        lacking: What to do with a column that a table does not have.
        unlike: What to do with columns of the same name whose types have no common type, such as text and number.
        source: The name of a new column with the number of the table of each row: 1, 2, 3. Empty adds no column.

    Returns:
        The rows of all tables.

    Example:
        tables: transform.split_data.first, transform.split_data.second
    """
    heads = [dict(table.head.frame.schema) for table in tables]
    if not heads:
        raise ModuleError("no_table", "No table is connected.", port="tables", remedy="Connect at least one table.")
    columns = _columns(heads, lacking)
    wanted = {column: _type(column, heads, unlike) for column in columns}
    if source in columns:
        raise ModuleError(
            "duplicate_column",
            f"The tables already have a column “{source}”.",
            column=source,
            param="source",
            remedy="Enter another name for the source column.",
        )
    parts = []
    for number, (table, head) in enumerate(zip(tables, heads, strict=True), 1):
        values = [_value(column, kind, head) for column, kind in wanted.items()]
        parts.append(table.frame.select(*values, *([pl.lit(number, pl.Int64).alias(source)] if source and columns else [])))
    roles = {column: role for table in reversed(tables) for column, role in table.roles.items()}
    stacked = pl.concat(parts)
    return Query(stacked, roles).with_frame(stacked)


def _columns(heads: Sequence[Schema], lacking: str) -> list[str]:
    every = list(dict.fromkeys(column for head in heads for column in head))
    gaps = {number: absent for number, head in enumerate(heads, 1) if (absent := [each for each in every if each not in head])}
    for number, absent in gaps.items():
        if lacking == "refuse":
            raise ModuleError(
                "missing_columns",
                f"Table {number} does not have {listed(absent)}, which another table has.",
                column=absent[0],
                port="tables",
                param="lacking",
                remedy="Select another option for missing columns, or rename columns with Edit Metadata.",
            )
        log(f"Table {number} does not have {listed(absent)}: {'removed' if lacking == 'common' else 'missing values there'}.", "warning")
    lost = {column for absent in gaps.values() for column in absent} if lacking == "common" else set()
    return [column for column in every if column not in lost]


def _type(column: str, heads: Sequence[Schema], unlike: str) -> pl.DataType:
    types = {number: head[column] for number, head in enumerate(heads, 1) if column in head}
    wanted = common_type(types.values())
    told = ", ".join(f"type {kind} in table {number}" for number, kind in list(types.items())[:5])
    if wanted is None and (unlike == "refuse" or not all(has_texts(kind) for kind in types.values())):
        raise ModuleError(
            "types_differ",
            f"“{column}” has {told}, which have no common type.",
            column=column,
            port="tables",
            param="unlike",
            remedy="Convert the column to one type with Edit Metadata, or convert different types to text.",
        )
    if len(set(types.values())) > 1:
        log(f"“{column}” has {told}; it becomes {wanted or pl.String()}.")
    return wanted or pl.String()


def _value(column: str, kind: pl.DataType, head: Schema) -> pl.Expr:
    return pl.col(column).cast(kind) if column in head else pl.lit(None, kind).alias(column)
