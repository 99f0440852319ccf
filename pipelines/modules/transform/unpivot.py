"""Unpivot: reshape a wide table into a long one."""

from __future__ import annotations

from typing import Annotated, Literal

import polars as pl

from pipelines.catalogue.errors import ModuleError
from pipelines.catalogue.lineage import Lineage
from pipelines.catalogue.module import module
from pipelines.catalogue.params import Columns, Title, Titles
from pipelines.catalogue.phrases import counted
from pipelines.catalogue.ports import ColumnRole, Query
from pipelines.catalogue.reporting import log
from pipelines.modules.transform._widening import common_type, has_texts

Unlike = Annotated[Literal["refuse", "text"], Title("If types differ"), Titles(refuse="Error", text="Convert to text")]
Schema = dict[str, pl.DataType]


@module(
    "Unpivot",
    icon="table-row",
    aliases=("melt", "wide to long", "gather", "stack", "pivot longer", "reshape"),
    lineage=Lineage(rows="some", derives=lambda settings, table: {}, serves="never"),
)
def unpivot(
    table: Query,
    *,
    columns: Columns,
    name_column: str = "name",
    value_column: str = "value",
    unlike: Unlike = "refuse",
    leave_out_missing: Annotated[bool, Title("Remove missing values")] = False,
) -> Query:
    """Reshape a wide table into a long one: each row becomes one row per selected column, with the name and the value of that column.

    The output has the rows of the first column, then those of the second, and so on; the values of all other columns are repeated. Different types are
    widened where values keep their meaning, such as whole numbers to decimals. Pivot does the reverse.

    When to use:
        To turn columns that hold the same kind of value, such as one for each year, into rows.

    Args:
        table: The wide table.
        columns: The columns to unpivot.
        name_column: The name of the column with the column names.
        value_column: The name of the column with the values.
        unlike: What to do with values whose types have no common type, such as text and number.
        leave_out_missing: Remove rows with a missing value.

    Returns:
        The long table.

    Example:
        columns: ["city-mpg", "highway-mpg"]
    """
    schema = dict(table.head.frame.schema)
    chosen = columns.pick(table.head)
    if not chosen:
        raise ModuleError("no_columns", "No column is selected.", param="columns", port="table", remedy="Select the columns to unpivot.")
    turned = set(chosen)
    kept = [column for column in schema if column not in turned]
    _check_names(kept, name_column, value_column)
    kind = _type(chosen, schema, unlike)
    # one part for each column, so that the rows of a stream keep their order, which they do not with unpivot
    parts = [
        table.frame.select(*kept, pl.lit(column).alias(name_column), pl.col(column).cast(kind).alias(value_column)) for column in chosen
    ]
    long = pl.concat(parts)
    if leave_out_missing:
        long = long.filter(pl.col(value_column).is_not_null())
    roles = {column: role for column, role in table.roles.items() if column not in turned} | {name_column: ColumnRole(categorical=True)}
    return Query(long, roles)


def _check_names(kept: list[str], name_column: str, value_column: str) -> None:
    for param, name in (("name_column", name_column), ("value_column", value_column)):
        if not name:
            raise ModuleError("no_name", "The new column has no name.", param=param, remedy="Enter a name.")
        if name in kept:
            raise ModuleError(
                "duplicate_column", f"The table already has a column “{name}”.", column=name, param=param, remedy="Enter another name."
            )
    if name_column == value_column:
        raise ModuleError(
            "duplicate_column",
            f"Both new columns would be named “{name_column}”.",
            column=name_column,
            param="value_column",
            remedy="Enter another name for one of them.",
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
            f"“{first}” has type {schema[first]} and “{other}” has type {schema[other]}, which have no common type.",
            column=other,
            port="table",
            param="unlike",
            remedy="Select columns of one type, or convert different types to text.",
        )
    log(f"The values of {counted(len(chosen), 'column')} are converted to text.", "warning")
    return pl.String()
