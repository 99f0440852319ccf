"""Registry of fitted transformations by name, so that Apply Transformation can apply any of them."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from typing import Any

from pipelines.catalogue.ports import Table, Transform
from pipelines.catalogue.row_functions import RowFunctions

State = Mapping[str, Any]
Apply = Callable[[Table, State], Table]
Narrow = Callable[[State, Collection[str]], State | None]
Compile = Callable[[State, Table], RowFunctions | None]
_appliers: dict[str, Apply] = {}
_narrows: dict[str, Narrow] = {}
_compilers: dict[str, Compile] = {}


def by_column(*keys: str) -> Narrow:
    """Return the narrowing of a transformation that treats each column by itself: `keys` of its state hold the columns, by or with their names."""

    def narrow(state: State, columns: Collection[str]) -> State:
        return {**state, **{key: _kept(state[key], columns) for key in keys if key in state}}

    return narrow


def applies(name: str, narrow: Narrow | None = None, by_row: Compile | None = None) -> Callable[[Apply], Apply]:
    """Register the function that applies a fitted transformation: `(table, state) -> table`.

    Args:
        name: The name of the transformation.
        narrow: (state, columns) -> the state that does the same to tables with these columns alone, None where it needs others. A transformation
            without it needs all columns that it was fitted on.
        by_row: (state, table without rows) -> what it does with rows; None where it is not compiled.
    """

    def register(function: Apply) -> Apply:
        _appliers[name] = function
        if narrow:
            _narrows[name] = narrow
        if by_row:
            _compilers[name] = by_row
        return function

    return register


def apply(transform: Transform, table: Table) -> Table:
    """Apply a fitted transformation to a table."""
    return _appliers[transform.name](table, transform.state)


def narrowed(transform: Transform, columns: Collection[str]) -> Transform | None:
    """Return the transformation for tables with these columns alone; None where it needs others."""
    narrow = _narrows.get(transform.name)
    state = narrow(transform.state, columns) if narrow else None
    return None if state is None else Transform(transform.name, state)


def row_functions(transform: Transform, head: Table) -> RowFunctions | None:
    """Return what a fitted transformation does with rows of a table with these columns; None where it is not compiled."""
    compiler = _compilers.get(transform.name)
    return compiler(transform.state, head) if compiler else None


def _kept(entries: Any, columns: Collection[str]) -> Any:
    if isinstance(entries, Mapping):
        return {column: fitted for column, fitted in entries.items() if column in columns}
    return [entry for entry in entries if (entry["name"] if isinstance(entry, Mapping) else entry) in columns]
