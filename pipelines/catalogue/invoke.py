"""Module invocation: inputs in the requested form, outputs by port, column roles kept by name; tables computed or lazy."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any

import polars as pl

from pipelines.catalogue.errors import ModuleError
from pipelines.catalogue.module import LAZY, Module, Port
from pipelines.catalogue.ports import TABLE, Query, Table, collect_all, telling_of_values
from pipelines.catalogue.preprocessing import Preprocessing
from pipelines.catalogue.repeated import Repeated
from pipelines.catalogue.reporting import log

Inputs = Mapping[str, Sequence[Any]]
WIDE = (pl.Int128, pl.UInt128)  # Arrow, and so the store, has no whole numbers of 128 bits
MAY_BE_WIDE = {*WIDE, pl.List, pl.Array, pl.Struct}


def call(module: Module, function: Callable[..., Any], inputs: Inputs, settings: Mapping[str, Any]) -> dict[str, Any]:
    """Call a module's function, or its columns rule, and compute its lazy results.

    Args:
        module: The module whose ports describe arguments and results.
        function: The function itself or its columns rule.
        inputs: The values at every input port, in order; tables as Table or Query.
        settings: Every setting as the function receives it.

    Returns:
        The value of every output port; tables as Table, None where a rule cannot infer one.
    """
    return computed(compose(module, function, inputs, settings))


def compose(module: Module, function: Callable[..., Any], inputs: Inputs, settings: Mapping[str, Any]) -> dict[str, Any]:
    """Call the function as `call` does, but keep lazy frames as Query.

    Raises:
        ModuleError: `unusable_name` or `unusable_type`, beside those of the module.
    """
    arguments: list[Any] = []
    for port in module.inputs:
        values = [_formed(port, value) for value in inputs.get(port.name, ())]
        arguments += values if port.multiple else [values[0] if values else None]
    result = function(*arguments, **module.arguments(settings))
    parts = result if isinstance(result, tuple) else (result,)
    tables = [value for values in inputs.values() for value in values if isinstance(value, Table | Query)]
    outputs = {
        port.name: _storable(_rolled(part, tables)) if port.kind == TABLE else part
        for port, part in zip(module.outputs, parts, strict=True)
    }
    _check_names(table for port in module.outputs if port.kind == TABLE and (table := outputs[port.name]) is not None)
    return outputs


def computed(values: Mapping[str, Any]) -> dict[str, Any]:
    """Return the values with every Query computed to a Table, in memory."""
    queries = {port: value for port, value in values.items() if isinstance(value, Query)}
    return {**values, **dict(zip(queries, collect_all(list(queries.values()), "in-memory"), strict=True))} if queries else dict(values)


def _formed(port: Port, value: Any) -> Any:
    if not isinstance(value, Table | Query) or port.form == "value":
        return value
    if port.form in LAZY:
        query = value.query if isinstance(value, Table) else value
        return query if port.form == "query" else query.frame
    table = value.collect() if isinstance(value, Query) else value
    if port.form == "preprocessing":
        return Preprocessing(table)
    if port.form == "repeated":
        return Repeated(table)
    return table if port.form == "table" else table.frame


def _rolled(part: Any, tables: Sequence[Table | Query]) -> Table | Query | None:
    if part is None or isinstance(part, Table):
        return part
    if isinstance(part, Query):
        return next((table for table in tables if isinstance(table, Table) and table.query is part), part)  # an input returned unchanged
    roles = {name: role for table in reversed(tables) for name, role in table.roles.items()}
    if isinstance(part, pl.LazyFrame):
        return Query(part, roles).with_frame(part)
    kept = next((table.kept for table in tables if isinstance(table, Table) and table.frame is part), None)  # an input returned unchanged
    return replace(Table(part, roles).with_frame(part), kept=kept)


def _storable(table: Table | Query | None) -> Table | Query | None:
    """The table with whole numbers of 128 bits as decimals, which the log says; SQL gives decimals too. One that is stored has none."""
    if table is None or table.kept is not None:
        return table
    frame = (table.head if isinstance(table, Query) else table).frame
    if MAY_BE_WIDE.isdisjoint(dtype.base_type() for dtype in frame.dtypes):
        return table
    schema = frame.schema
    if nested := [column for column, dtype in schema.items() if dtype not in WIDE and dtype.is_nested() and _holds_wide(dtype)]:
        raise ModuleError(
            "unusable_type",
            f"“{nested[0]}” contains whole numbers of 128 bits in lists or structs, which cannot be stored.",
            column=nested[0],
            remedy="Convert them to 64 bits or to text where the column is made.",
        )
    wide = [column for column, dtype in schema.items() if dtype in WIDE]
    if not wide:
        return table
    log(f"Whole numbers of 128 bits are stored as decimals: {', '.join(f'“{column}”' for column in wide)}.", "warning")
    with telling_of_values():
        return table.with_frame(table.frame.with_columns(pl.col(wide).cast(pl.Decimal(38, 0))))  # type: ignore[arg-type]


def _holds_wide(dtype: Any) -> bool:
    inner = [field.dtype for field in getattr(dtype, "fields", ())] or [getattr(dtype, "inner", None)]
    return any(each in WIDE or (each is not None and each.is_nested() and _holds_wide(each)) for each in inner)


def _check_names(tables: Iterable[Table | Query]) -> None:
    """Check that each column can be named: polars takes `*` and `^…$` for patterns of names, and Arrow ends a name at a null character."""
    for table in tables:
        for name in (table.head if isinstance(table, Query) else table).frame.columns:
            if name == "*" or "\0" in name or (name[:1] == "^" and name[-1:] == "$"):
                why = "with a null character" if "\0" in name else "which is read as a pattern of names"
                raise ModuleError(
                    "unusable_name",
                    f"A column is named {name[:60]!r}, {why}.",
                    column=name,
                    remedy="Name the column otherwise where it is made: in the file, the query, the script or the setting.",
                )
