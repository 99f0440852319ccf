"""Add Rows: put tables below each other."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Annotated, Literal

import polars as pl

from pipelines.catalogue.errors import ModuleError
from pipelines.catalogue.module import module
from pipelines.catalogue.params import Titles
from pipelines.catalogue.phrases import listed
from pipelines.catalogue.ports import Query
from pipelines.catalogue.reporting import log
from pipelines.modules.transform._widening import common_type, has_texts

Lacking = Annotated[
    Literal["refuse", "fill", "common"],
    Titles(refuse="Stop and say which", fill="Fill with missing values", common="Keep only the columns that all tables have"),
]
Unlike = Annotated[Literal["refuse", "text"], Titles(refuse="Stop and say which", text="Turn them into text")]

Schema = Mapping[str, pl.DataType]


@module("Add Rows", icon="row-insert-bottom", aliases=("append", "concatenate", "concat", "stack", "union all", "bind rows"))
def add_rows(*tables: Query, lacking: Lacking = "refuse", unlike: Unlike = "refuse", source: str = "") -> Query:
    """Put the rows of several tables below each other, in the order in which the tables are connected.

    Columns are matched by name, whatever their order; the order of the first table counts, and further columns follow. Types that differ are widened where no
    value changes its meaning: whole numbers to larger ones or to decimal numbers, dates to dates with times, categories to text. Rows that
    are the same stay; Remove Duplicate Rows takes them out.

    Args:
        tables: The tables, the first one on top.
        lacking: What to do about a column that a table does not have.
        unlike: What to do about columns of one name whose types have no wider one, such as a text and a number.
        source: A new column of this name numbers the table that each row comes from: 1, 2, 3; empty for none.

    Returns:
        The rows of all tables.
    """
    heads = [dict(table.head.frame.schema) for table in tables]
    if not heads:
        raise ModuleError("no_table", "No table arrives here.", port="tables", remedy="Connect at least one table.")
    columns = _columns(heads, lacking)
    wanted = {column: _type(column, heads, unlike) for column in columns}
    if source in columns:
        raise ModuleError(
            "duplicate_column",
            f"The tables have a column '{source}' already.",
            column=source,
            param="source",
            remedy="Choose another name for the column that numbers the tables.",
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
                remedy="Fill such columns with missing values or leave them out, or give columns the same names with Edit Metadata.",
            )
        log(f"Table {number} does not have {listed(absent)}: {'left out' if lacking == 'common' else 'missing values there'}.", "warning")
    lost = {column for absent in gaps.values() for column in absent} if lacking == "common" else set()
    return [column for column in every if column not in lost]


def _type(column: str, heads: Sequence[Schema], unlike: str) -> pl.DataType:
    types = {number: head[column] for number, head in enumerate(heads, 1) if column in head}
    wanted = common_type(types.values())
    told = ", ".join(f"{kind} in table {number}" for number, kind in list(types.items())[:5])
    if wanted is None and (unlike == "refuse" or not all(has_texts(kind) for kind in types.values())):
        raise ModuleError(
            "types_differ",
            f"'{column}' holds {told}; no type holds both.",
            column=column,
            port="tables",
            param="unlike",
            remedy="Turn such columns into text where they can be, give them one type with Edit Metadata, or leave them out.",
        )
    if len(set(types.values())) > 1:
        log(f"'{column}' holds {told}; it becomes {wanted or pl.String()}.")
    return wanted or pl.String()


def _value(column: str, kind: pl.DataType, head: Schema) -> pl.Expr:
    return pl.col(column).cast(kind) if column in head else pl.lit(None, kind).alias(column)
