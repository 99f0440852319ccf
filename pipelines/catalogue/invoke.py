"""Calling a module: inputs in the form it asked for, outputs by port, column roles carried over by name; tables computed or not yet."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import Any

import polars as pl

from pipelines.catalogue.module import LAZY, Module, Port
from pipelines.catalogue.ports import Kind, Query, Table, collect_all

Inputs = Mapping[str, Sequence[Any]]


def call(module: Module, function: Callable[..., Any], inputs: Inputs, settings: Mapping[str, Any]) -> dict[str, Any]:
    """Call a module's function, or its columns rule, and compute what it asks for.

    Args:
        module: Whose ports the arguments and results belong to.
        function: The function itself or its columns rule.
        inputs: For every input port the values that arrive, in order; tables as Table or Query.
        settings: Every setting as the function gets it.

    Returns:
        For every output port its value; tables as Table, None where a rule cannot tell.
    """
    return computed(compose(module, function, inputs, settings))


def compose(module: Module, function: Callable[..., Any], inputs: Inputs, settings: Mapping[str, Any]) -> dict[str, Any]:
    """As `call`, but a table that the function gives as a lazy frame is left a Query."""
    arguments: list[Any] = []
    for port in module.inputs:
        values = [_formed(port, value) for value in inputs.get(port.name, ())]
        arguments += values if port.multiple else [values[0] if values else None]
    result = function(*arguments, **settings)
    parts = result if isinstance(result, tuple) else (result,)
    tables = [value for values in inputs.values() for value in values if isinstance(value, Table | Query)]
    return {port.name: _rolled(part, tables) if port.kind is Kind.TABLE else part for port, part in zip(module.outputs, parts, strict=True)}


def computed(values: Mapping[str, Any]) -> dict[str, Any]:
    """The values with every Query turned into its Table, in memory."""
    queries = {port: value for port, value in values.items() if isinstance(value, Query)}
    return {**values, **dict(zip(queries, collect_all(list(queries.values()), "in-memory"), strict=True))} if queries else dict(values)


def _formed(port: Port, value: Any) -> Any:
    if not isinstance(value, Table | Query) or port.form == "value":
        return value
    if port.form in LAZY:
        query = value.query if isinstance(value, Table) else value
        return query if port.form == "query" else query.frame
    table = value.collect() if isinstance(value, Query) else value
    return table if port.form == "table" else table.frame


def _rolled(part: Any, tables: Sequence[Table | Query]) -> Table | Query | None:
    if part is None or isinstance(part, Table):
        return part
    if isinstance(part, Query):
        return next((table for table in tables if isinstance(table, Table) and table.query is part), part)  # handed on as it came
    roles = {name: role for table in reversed(tables) for name, role in table.roles.items()}
    if isinstance(part, pl.LazyFrame):
        return Query(part, roles).with_frame(part)
    kept = next((table.kept for table in tables if isinstance(table, Table) and table.frame is part), None)  # handed on as it came
    return replace(Table(part, roles).with_frame(part), kept=kept)
