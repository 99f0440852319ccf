"""Calling a module: inputs in the form it asked for, outputs by port, column roles carried over by name."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import polars as pl

from pipelines.catalogue.module import Module, Port
from pipelines.catalogue.ports import Kind, Table

Inputs = Mapping[str, Sequence[Any]]


def call(module: Module, function: Callable[..., Any], inputs: Inputs, settings: Mapping[str, Any]) -> dict[str, Any]:
    """Call a module's function, or its columns rule.

    Args:
        module: Whose ports the arguments and results belong to.
        function: The function itself or its columns rule.
        inputs: For every input port the values that arrive, in order; tables as Table.
        settings: Every setting as the function gets it.

    Returns:
        For every output port its value; tables as Table, None where a rule cannot tell.
    """
    arguments: list[Any] = []
    for port in module.inputs:
        values = [_formed(port, value) for value in inputs.get(port.name, ())]
        arguments += values if port.multiple else [values[0] if values else None]
    result = function(*arguments, **settings)
    parts = result if isinstance(result, tuple) else (result,)
    tables = [value for values in inputs.values() for value in values if isinstance(value, Table)]
    return {port.name: _rolled(part, tables) if port.kind is Kind.TABLE else part for port, part in zip(module.outputs, parts, strict=True)}


def _formed(port: Port, value: Any) -> Any:
    if not isinstance(value, Table) or port.form in ("table", "value"):
        return value
    return value.frame.lazy() if port.form == "lazy" else value.frame


def _rolled(part: Any, tables: Sequence[Table]) -> Table | None:
    if part is None or isinstance(part, Table):
        return part
    frame = part.collect() if isinstance(part, pl.LazyFrame) else part
    roles = {name: role for table in reversed(tables) for name, role in table.roles.items()}
    return Table(frame, {name: role for name, role in roles.items() if name in frame.columns})
