"""Repetition: rows, and the modules of a sub-pipeline that are executed on any part of them."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import polars as pl

from pipelines.catalogue.ports import Model, Table

FORM = "repeated"  # of an input port whose module repeats the sub-pipeline that it is in
ROWS = "rows"  # the output at which the rows of an item leave to the modules that are repeated
ROW = "row"  # the column of the row numbers, where each row is an item
GIVEN = "given"  # the input at which values arrive that each item gets as they are


@dataclass(frozen=True)
class Repeated:
    """The type of an input port of tables: the module executes the modules of its sub-pipeline on parts of the rows.

    Args:
        rows: The rows.
        outputs: The name of each output of the sub-pipeline, for people; none where the module is called directly.
        compute: Returns the table or model at each of these outputs, for a part of the rows. It raises ModuleError.
        heads: Returns these tables without rows, for rows without rows; None where the columns are known only when it runs.
        kinds: The kind of each output when the values of all items are put together; none where all are tables.
    """

    rows: Table
    outputs: Sequence[str] = ()
    compute: Callable[[Table], Sequence[Table | Model]] = field(default=lambda _: (), repr=False)
    heads: Callable[[Table], Sequence[Table | None]] = field(default=lambda _: (), repr=False)
    kinds: Sequence[str] = ()


def keys_of(table: Table, settings: Mapping[str, Any]) -> Table:
    """Return the columns that say which item a row belongs to, without rows.

    Args:
        table: The rows, or the table without rows.
        settings: The settings of the module: `each` is `group` or `row`, and `groups` selects the columns of groups.

    Raises:
        ModuleError: `unknown_column`.
    """
    if settings["each"] == "row":
        return Table(pl.DataFrame(schema={ROW: pl.Int64}))
    columns = settings["groups"].pick(table) if settings["groups"] else []
    return table.with_frame(table.frame.select(columns).clear())


def with_keys(table: Table, keys: Table) -> Table:
    """Return a table with the columns of its items before its own; they replace columns of the same names.

    Args:
        table: A table.
        keys: The values of these columns, in as many rows.
    """
    own = table.frame.drop([column for column in keys.frame.columns if column in table.frame.columns])
    roles = {column: role for column, role in table.roles.items() if column in own.columns}
    return Table(keys.frame.hstack(own), {**roles, **keys.roles})
