"""Pivot: reshape a long table into a wide one."""

from __future__ import annotations

from typing import Annotated, Literal

import polars as pl

from pipelines.catalogue.columns import require
from pipelines.catalogue.errors import ModuleError
from pipelines.catalogue.lineage import Lineage
from pipelines.catalogue.module import module
from pipelines.catalogue.params import Column, Columns, Range, Title, Titles
from pipelines.catalogue.ports import Table
from pipelines.modules.transform._figures import check_figures
from pipelines.modules.transform._pivoting import found_headers, names_of, tell_left_out, texts_of, typed_headers, wide
from pipelines.modules.transform._widening import has_texts

Aggregate = Annotated[
    Literal["only", "first", "last", "sum", "mean", "median", "deviation", "minimum", "maximum", "present", "distinct"],
    Titles(only="Single value, else an error", deviation="Standard deviation", present="Non-missing count", distinct="Distinct count"),
]  # fmt: skip


def _columns(table: Table, *, rows: Columns, header: Column, values: Columns, headers: str, aggregate: str, **_: object) -> Table | None:
    by, title, taken = _checked(table, rows, header, values, aggregate)
    return pivoted(table, by, title, taken, typed_headers(headers), aggregate, "missing") if typed_headers(headers) else None


@module(
    "Pivot",
    icon="table-column",
    columns=_columns,
    aliases=("long to wide", "cross table", "crosstab", "spread", "pivot wider", "reshape"),
    lineage=Lineage(rows="new"),
)
def pivot(
    table: Table,
    *,
    rows: Columns,
    header: Column,
    values: Columns,
    aggregate: Aggregate = "only",
    headers: Annotated[str, Title("Header values")] = "",
    empty: Annotated[Literal["missing", "zero"], Title("Empty cells"), Titles(missing="Missing", zero="0")] = "missing",
    most_columns: Annotated[int, Title("Maximum columns"), Range(1, 10_000)] = 200,
) -> Table:
    """Reshape a long table into a wide one: one row for each combination of the row columns, one column for each value of the header column.

    New columns are named after the header value; with several value columns, COLUMN_VALUE. Columns are sorted by header value, and rows are in the
    order of their first occurrence. Missing values in row columns form a row; the column of missing headers is named missing. Missing values and values that
    are not numbers are not aggregated. Unpivot does the reverse.

    When to use:
        For a table that people read: one row for each group, one column for each value of another column.

    Args:
        table: The long table.
        rows: The columns that identify a row of the output.
        header: The column whose values become columns.
        values: The columns with the values of the cells.
        aggregate: How several values of a cell are aggregated.
        headers: The header values that become columns, separated by commas, in this order. Empty uses all values. If set, the output columns are known
            before running, and are the same for every table.
        empty: What a numeric cell without a value contains.
        most_columns: The maximum number of header values; more are an error.

    Returns:
        The wide table.

    Example:
        rows: ["make"]
        header: "fuel-type"
        values: ["price"]
        aggregate: "mean"
    """
    by, title, taken = _checked(table, rows, header, values, aggregate)
    wanted = typed_headers(headers)
    if wanted:
        tell_left_out(texts_of(table.frame[title]), wanted)
    return pivoted(table, by, title, taken, wanted or found_headers(table.frame[title], most_columns), aggregate, empty)


def pivoted(table: Table, by: list[str], header: str, values: list[str], headers: list[str], aggregate: str, empty: str) -> Table:
    """The wide table with these headers."""
    names = names_of(by, values, headers)
    heads = table.frame[header]  # whole numbers differ where their texts do
    frame = table.frame.select(*by, *values, heads if heads.dtype.is_integer() else texts_of(heads).alias(header))
    spread = wide(frame, by, header, names, aggregate)
    if empty == "zero":
        spread = spread.with_columns(pl.col(name).fill_null(0) for name in names.values() if spread[name].dtype.is_numeric())
    return table.with_frame(spread.select(*by, *names.values()))


def _checked(table: Table, rows: Columns, header: str, values: Columns, aggregate: str) -> tuple[list[str], str, list[str]]:
    header = require(header, table, param="header")
    if not has_texts(kind := table.frame[header].dtype):
        raise ModuleError(
            "wrong_type",
            f"“{header}” has type {kind}, whose values cannot be column names.",
            column=header,
            param="header",
            port="table",
            remedy="Select a column of texts, numbers, booleans or dates.",
        )
    by = [column for column in rows.pick(table) if column != header]
    taken = [column for column in values.pick(table) if column not in {*by, header}]
    for param, chosen in (("rows", by), ("values", taken)):
        if not chosen:
            raise ModuleError(
                "no_columns",
                f"No column is selected for {param}.",
                param=param,
                port="table",
                remedy="Select a column that is not used for another setting.",
            )
    check_figures(
        dict(table.frame.schema), [(column, aggregate) for column in taken if aggregate not in ("only", "first", "last")], "values"
    )
    return by, header, taken
