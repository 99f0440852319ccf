"""Unpivot: turn columns into rows."""

from __future__ import annotations

from typing import Annotated, Literal

import polars as pl

from pipelines.catalogue.errors import ModuleError
from pipelines.catalogue.module import module
from pipelines.catalogue.params import Columns, Titles
from pipelines.catalogue.phrases import counted
from pipelines.catalogue.ports import ColumnRole, Query
from pipelines.catalogue.reporting import log
from pipelines.modules.transform._widening import common_type, has_texts

Unlike = Annotated[Literal["refuse", "text"], Titles(refuse="Stop and say which", text="Turn them into text")]
Schema = dict[str, pl.DataType]


@module("Unpivot", icon="table-row", aliases=("melt", "wide to long", "gather", "stack", "pivot longer", "reshape"))
def unpivot(
    table: Query,
    *,
    columns: Columns,
    name_column: str = "name",
    value_column: str = "value",
    unlike: Unlike = "refuse",
    leave_out_missing: bool = False,
) -> Query:
    """Turn columns into rows: each row becomes as many rows as columns are chosen, with the column's name and its value.

    The rows of a row stay together and follow the order of the columns. All other columns are repeated beside them. Values of different types
    are widened where no value changes its meaning, such as whole numbers to decimal ones. Pivot is the way back.

    Args:
        table: The wide table.
        columns: The columns to turn into rows.
        name_column: What the column with their names is called.
        value_column: What the column with their values is called.
        unlike: What to do about values whose types have no wider one, such as a text and a number.
        leave_out_missing: Leave out the rows whose value is missing.

    Returns:
        The long table.
    """
    schema = dict(table.head.frame.schema)
    chosen = columns.pick(table.head)
    if not chosen:
        raise ModuleError(
            "no_columns", "No column is chosen.", param="columns", port="table", remedy="Choose the columns to turn into rows."
        )
    turned = set(chosen)
    kept = [column for column in schema if column not in turned]
    _check_names(kept, name_column, value_column)
    kind = _type(chosen, schema, unlike)
    # one list for each row, so that the rows of a stream keep their order
    names = pl.concat_list([pl.lit(column) for column in chosen]).alias(name_column)
    values = pl.concat_list([pl.col(column).cast(kind) for column in chosen]).alias(value_column)
    long = table.frame.select(*kept, names, values).explode(name_column, value_column)
    if leave_out_missing:
        long = long.filter(pl.col(value_column).is_not_null())
    roles = {column: role for column, role in table.roles.items() if column not in turned} | {name_column: ColumnRole(categorical=True)}
    return Query(long, roles)


def _check_names(kept: list[str], name_column: str, value_column: str) -> None:
    for param, name in (("name_column", name_column), ("value_column", value_column)):
        if name in kept or not name:
            raise ModuleError(
                "duplicate_column" if name else "no_name",
                f"The table has another column '{name}'." if name else "The new column has no name.",
                column=name or None,
                param=param,
                remedy="Choose another name." if name else "Give it a name.",
            )
    if name_column == value_column:
        raise ModuleError(
            "duplicate_column",
            f"Both new columns would be called '{name_column}'.",
            column=name_column,
            param="value_column",
            remedy="Choose another name for one of them.",
        )


def _type(chosen: list[str], schema: Schema, unlike: str) -> pl.DataType:
    kind = common_type(schema[column] for column in chosen)
    if kind is not None:
        return kind
    first = next(column for column in chosen if schema[column] != pl.Null)
    other = next((column for column in chosen if common_type((schema[first], schema[column])) is None), chosen[-1])
    if unlike == "refuse" or not all(has_texts(schema[column]) for column in chosen):
        raise ModuleError(
            "types_differ",
            f"'{first}' holds {schema[first]} and '{other}' holds {schema[other]}; one column cannot hold both.",
            column=other,
            port="table",
            param="unlike",
            remedy="Choose columns of one type, or turn the values into text where they can be.",
        )
    log(f"The values of {counted(len(chosen), 'column')} become text.", "warning")
    return pl.String()
