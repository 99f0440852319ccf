"""Pivot: turn rows into columns."""

from __future__ import annotations

from typing import Annotated, Literal

import polars as pl

from pipelines.catalogue.columns import require
from pipelines.catalogue.errors import ModuleError
from pipelines.catalogue.module import module
from pipelines.catalogue.params import Column, Columns, Range, Titles
from pipelines.catalogue.ports import Table
from pipelines.modules.transform._figures import check_figures
from pipelines.modules.transform._pivoting import found_headers, names_of, tell_left_out, texts_of, typed_headers, wide
from pipelines.modules.transform._widening import has_texts

Aggregate = Annotated[
    Literal["only", "first", "last", "sum", "mean", "median", "deviation", "minimum", "maximum", "present", "distinct"],
    Titles(
        only="There is only one; several are an error", first="The first", last="The last", sum="Their sum", mean="Their mean",
        median="Their median", deviation="Their standard deviation", minimum="The smallest", maximum="The largest",
        present="How many there are", distinct="How many different ones there are",
    ),
]  # fmt: skip


def _columns(table: Table, *, rows: Columns, header: str, values: Columns, headers: str, aggregate: str, **_: object) -> Table | None:
    by, header, taken = _checked(table, rows, header, values, aggregate)
    return pivoted(table, by, header, taken, typed_headers(headers), aggregate, "missing") if typed_headers(headers) else None


@module(
    "Pivot", icon="table-column", columns=_columns, aliases=("long to wide", "cross table", "crosstab", "spread", "pivot wider", "reshape")
)
def pivot(
    table: Table,
    *,
    rows: Columns,
    header: Column,
    values: Columns,
    aggregate: Aggregate = "only",
    headers: str = "",
    empty: Annotated[Literal["missing", "zero"], Titles(missing="Missing", zero="0")] = "missing",
    most_columns: Annotated[int, Range(1, 10_000)] = 200,
) -> Table:
    """Turn rows into columns: one row for each combination of the row columns, and a column for each value of the header column.

    New columns are called after the value; of several value columns COLUMN_VALUE. They come in the order of the values; rows come in the order in which they
    are met first, and missing values of row columns make a row. Where the header is missing, the column is called missing. What is missing or not a number is
    no value to aggregate. Unpivot is the way back.

    Args:
        table: The long table.
        rows: The columns whose values make a row.
        header: The column whose values become columns.
        values: The columns that give the cells their values.
        aggregate: What is made of several values of one cell.
        headers: The values that become columns, separated by commas, in this order; empty for all that are there. With them the columns are known
            before running, and are the same for every table.
        empty: What stands in a numeric cell without a value.
        most_columns: A header column with more values than this is refused.

    Returns:
        The wide table.
    """
    by, header, taken = _checked(table, rows, header, values, aggregate)
    wanted = typed_headers(headers)
    if wanted:
        tell_left_out(texts_of(table.frame[header]), wanted)
    return pivoted(table, by, header, taken, wanted or found_headers(table.frame[header], most_columns), aggregate, empty)


def pivoted(table: Table, by: list[str], header: str, values: list[str], headers: list[str], aggregate: str, empty: str) -> Table:
    """The wide table with these headers."""
    names = names_of(by, values, headers)
    texts = table.frame.select(*by, *values, texts_of(table.frame[header]).alias(header))
    spread = wide(texts, by, header, names, aggregate)
    if empty == "zero":
        spread = spread.with_columns(pl.col(name).fill_null(0) for name in names.values() if spread[name].dtype.is_numeric())
    return table.with_frame(spread.select(*by, *names.values()))


def _checked(table: Table, rows: Columns, header: str, values: Columns, aggregate: str) -> tuple[list[str], str, list[str]]:
    header = require(header, table, param="header")
    if not has_texts(kind := table.frame[header].dtype):
        raise ModuleError(
            "wrong_type",
            f"'{header}' holds {kind} values, which cannot be names of columns.",
            column=header,
            param="header",
            port="table",
            remedy="Choose a column of texts, numbers, booleans or dates.",
        )
    by = [column for column in rows.pick(table) if column != header]
    taken = [column for column in values.pick(table) if column not in {*by, header}]
    for param, chosen in (("rows", by), ("values", taken)):
        if not chosen:
            raise ModuleError(
                "no_columns",
                f"No column is chosen for the {param}.",
                param=param,
                port="table",
                remedy="Choose a column that is not chosen for anything else.",
            )
    check_figures(
        dict(table.frame.schema), [(column, aggregate) for column in taken if aggregate not in ("only", "first", "last")], "values"
    )
    return by, header, taken
