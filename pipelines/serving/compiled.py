"""A scoring graph as functions of one row: converters of the signature, a function of each module, getters of the outputs."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence, Set
from dataclasses import dataclass
from math import isfinite
from typing import Any

import polars as pl

from pipelines.catalogue.ports import Table
from pipelines.catalogue.row_functions import Row, RowFunction, Warn, unchanged
from pipelines.serving.checking import as_table, converter
from pipelines.serving.engine import Engine, Link, StepFailed
from pipelines.serving.signature import Column, Signature

ABSENT = object()
NONE = type(None)
Convert = Callable[[Any], Any]


PLAIN: Mapping[str, type] = {"number": float, "text": str, "boolean": bool}  # the class of values in JSON that need no conversion


class Strange(Exception):
    """A row does not follow the signature: the check of all rows says how."""


class Noted(Exception):
    """A module has a warning of a row: executed on a table it tells how many rows it is about."""


@dataclass(frozen=True)
class RowScores:
    """The scores of a row, in the order of the outputs; None for a row that a node leaves out, which `left_out` names."""

    values: Sequence[Any] | None
    left_out: str = ""


class Compiled:
    """The functions of one row. They are called by one thread at a time."""

    def __init__(self, signature: Signature, functions: Sequence[tuple[str, RowFunction]]) -> None:
        self._inputs = [column.name for column in signature.inputs]
        self._names = frozenset(self._inputs)
        self._converters = [(column.name, converter(column), column.nullable) for column in signature.inputs]
        self._plain = [{PLAIN.get(column.type), NONE} for column in signature.inputs]
        self._functions = [(title, function) for title, function in functions if function is not unchanged]
        self._outputs = [(column.name, _reader(column)) for column in signature.outputs]

    def score(self, row: Mapping[str, Any], warn: Warn) -> RowScores:
        """Score a row.

        Raises:
            Strange: When it does not follow the signature.
        """
        found: Row = {}
        for name, convert, nullable in self._converters:
            value = row.get(name, ABSENT)
            if value is None or value is ABSENT:
                if value is ABSENT and not nullable:
                    raise Strange
                found[name] = None
                continue
            try:
                found[name] = convert(value)
            except (ValueError, TypeError, OverflowError):
                raise Strange from None
        if len(row) > len(found) or not self._names.issuperset(row):
            self._tell_unused(row.keys(), warn)
        return self._scored(found, warn)

    def score_many(self, rows: Sequence[Mapping[str, Any]], warn: Warn) -> list[RowScores]:
        """Score many rows with the same functions; their values are checked and converted column by column.

        Raises:
            Strange: When a row does not follow the signature.
            Noted: When a module has a warning.
        """
        columns = [_column(rows, rule, plain) for rule, plain in zip(self._converters, self._plain, strict=True)]
        if not self._names.issuperset(given := set[str]().union(*rows)):
            self._tell_unused(given, warn)
        return [self._scored(dict(zip(self._inputs, row, strict=True)), _noted) for row in zip(*columns, strict=True)]

    def _tell_unused(self, given: Iterable[str], warn: Warn) -> None:
        for name in sorted(map(str, set(given) - self._names)):
            warn(f"The column “{name}” is not used by the model; it was ignored.")

    def _scored(self, found: Row, warn: Warn) -> RowScores:
        for title, function in self._functions:
            if not function(found, warn):
                return RowScores(None, title)
        return RowScores([read(found[name]) for name, read in self._outputs])


def _column(rows: Sequence[Mapping[str, Any]], rule: tuple[str, Convert, bool], plain: Set[type | None]) -> list[Any]:
    """Return the values of a column. A look at their classes tells whether there is anything to convert."""
    name, convert, nullable = rule
    values = [row.get(name, ABSENT) for row in rows]
    kinds = set(map(type, values))
    if kinds <= plain:
        return values
    if object in kinds:
        if not nullable:
            raise Strange
        values = [None if value is ABSENT else value for value in values]
    try:
        return [None if value is None else convert(value) for value in values]
    except (ValueError, TypeError, OverflowError):
        raise Strange from None


def _noted(line: str) -> None:
    raise Noted


def compile_rows(engine: Engine, signature: Signature) -> tuple[Compiled | None, str]:
    """Return a scoring graph as functions of one row; None where that cannot be, with the reason as a sentence."""
    links = engine.links()
    if links is None:
        return None, "Rows take more than one way through the graph, so its modules are executed on tables."
    try:
        heads = engine.heads(_no_rows(signature))
    except StepFailed as failed:
        return None, f"{failed.title} cannot be tried without rows, so the modules are executed on tables."
    functions: list[tuple[str, RowFunction]] = []
    for link in links:
        function = _function(link, heads[link.arriving])
        if function is None:
            return None, f"{link.title} is not compiled, so the modules are executed on tables."
        functions.append((link.title, function))
    return Compiled(signature, functions), ""


def _function(link: Link, head: Table) -> RowFunction | None:
    rule = link.module.by_row
    return rule(link.module.read_settings(link.node.params), head, link.values) if rule else None


def _no_rows(signature: Signature) -> Table:
    return as_table(signature, {column.name: [] for column in signature.inputs})


def _reader(column: Column) -> Convert:
    """Return what gives an output in JSON, and in the type that the run gave it: a label is a text where the request has no label."""
    if column.type == "number":
        return _number
    if column.type == "boolean":
        return lambda value: value == "true" if value.__class__ is str else value
    if column.type == "integer":
        return lambda value: int(value) if value.__class__ is str else value
    if column.type == "text":
        return lambda value: value
    return lambda value: None if value is None else pl.Series([value]).cast(column.polars)[0].isoformat()


def _number(value: Any) -> float | None:
    if value.__class__ is str:
        value = float(value)
    return value if value is not None and isfinite(value) else None
