"""Rows of a stored table: a window of those that pass filters and a search, in an order."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Unpack

import msgspec
import polars as pl

from pipelines.catalogue.columns import kind_of
from pipelines.catalogue.ports import ColumnRole
from pipelines.preview.cache import PreviewCache
from pipelines.preview.cells import Cell, cells
from pipelines.preview.columns import Column, describe
from pipelines.preview.conditions import column_type, condition, is_missing, matches_search
from pipelines.preview.query import MOST_ROWS, USUAL_ROWS, Filter, TableQuery

MOST_KEPT_POSITIONS = 25_000_000  # of four bytes each
_orders: PreviewCache[pl.Series] = PreviewCache(MOST_KEPT_POSITIONS, len)


class Rows(msgspec.Struct):
    """A window of rows."""

    total: int
    offset: int
    columns: list[Column]
    rows: list[list[Cell]]


def rows(
    frame: pl.DataFrame | pl.LazyFrame,
    roles: Mapping[str, ColumnRole] | None = None,
    *,
    key: str | None = None,
    **question: Unpack[TableQuery],
) -> Rows:
    """Return a window of rows, and the number of all rows that pass.

    Args:
        frame: The table, preferably memory-mapped.
        roles: The roles of its columns.
        key: The table's digest; the order of a sorted or filtered table is then cached for the next window.
        question: offset, limit (at most 500), sort, filters, search.

    Raises:
        ModuleError: When a column is unknown or a value does not match its column's type.
    """
    lazy, schema = frame.lazy(), frame.collect_schema()
    offset, limit = max(question.get("offset", 0), 0), min(question.get("limit", USUAL_ROWS), MOST_ROWS)
    sort, filters, search = question.get("sort", ()), question.get("filters", ()), question.get("search", "")
    if sort or filters or search:
        place = None if key is None else (key, msgspec.json.encode((sort, filters, search)))
        positions = _orders.get(place, lambda: _positions(lazy, schema, sort, filters, search))
        total = len(positions)
        window = lazy.select(pl.all().gather(positions.slice(offset, limit))).collect()
    else:
        total = int(lazy.select(pl.len()).collect().item())
        window = lazy.slice(offset, limit).collect()
    described = [describe(name, dtype, roles) for name, dtype in schema.items()]
    return Rows(total, offset, described, _by_row(window))


def _by_row(window: pl.DataFrame) -> list[list[Cell]]:
    return [list(row) for row in zip(*(cells(column) for column in window.get_columns()), strict=True)]


def _positions(frame: pl.LazyFrame, schema: pl.Schema, sort: Sequence[str], filters: Sequence[Filter], search: str) -> pl.Series:
    """Return the positions of the rows that pass, in the requested order. Reads only the columns it needs."""
    tests = [condition(schema, asked) for asked in filters]
    if search:
        tests.append(matches_search(schema, search))
    keys = [_sort_key(schema, text) for text in sort]
    passing = frame.select(pl.all_horizontal(tests).arg_true()).collect().to_series() if tests else None
    if not keys:
        assert passing is not None
        return passing
    by = frame.select(*(expr.alias(str(place)) for place, (expr, _) in enumerate(keys))).collect()
    if passing is not None:
        by = by[passing]
    order = by.select(pl.arg_sort_by(*by.columns, descending=[down for _, down in keys], nulls_last=True, maintain_order=True)).to_series()
    return order if passing is None else passing.gather(order)


def _sort_key(schema: pl.Schema, text: str) -> tuple[pl.Expr, bool]:
    down = text not in schema and text.startswith("-")
    name = text.removeprefix("-") if down else text
    dtype = column_type(schema, name)
    cell = pl.col(name)
    if dtype.is_float():
        cell = pl.when(is_missing(cell, dtype).not_()).then(cell)
    elif dtype in (pl.Categorical, pl.Enum):
        cell = cell.cast(pl.String)
    elif kind_of(dtype) == "other":
        cell = pl.lit(None, pl.Int8)
    return cell, down
