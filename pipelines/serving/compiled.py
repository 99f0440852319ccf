"""A scoring graph as functions of rows: converters of the signature, the functions of each module, getters of the outputs."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from math import isfinite
from typing import Any

import polars as pl

from pipelines.catalogue.ports import Table
from pipelines.catalogue.reporting import reporting_to
from pipelines.catalogue.row_functions import Columns, Row, RowFunctions, Warn, unchanged
from pipelines.serving.checking import ABSENT, Read, as_table, not_used
from pipelines.serving.converting import NOT_OF_THE_TYPE, converter
from pipelines.serving.engine import Engine, Link, Said, StepFailed
from pipelines.serving.signature import Column, Signature

Convert = Callable[[Any], Any]
CLASSES = {"number": float, "text": str, "boolean": bool}  # of values in JSON that need no conversion


class Strange(Exception):
    """A row does not follow the signature: the check of all rows says how."""


@dataclass(frozen=True)
class RowScores:
    """The scores of a row, in the order of the outputs; None for a row that a node leaves out, which `left_out` names."""

    values: Sequence[Any] | None
    left_out: str = ""


@dataclass(frozen=True)
class Scores:
    """The scores of many rows: the values of each output, None for a row that a node leaves out; these nodes by row; what modules said."""

    columns: Mapping[str, Sequence[Any]]
    left_out: Mapping[int, str] = field(default_factory=dict)
    warnings: Sequence[str] = ()


class Compiled:
    """The functions of rows. They are called by one thread at a time."""

    def __init__(self, signature: Signature, functions: Sequence[tuple[str, RowFunctions]]) -> None:
        self._names = frozenset(column.name for column in signature.inputs)
        self._converters = [(column.name, CLASSES.get(column.type), converter(column), column.nullable) for column in signature.inputs]
        self._functions = [(title, each.row) for title, each in functions if each is not unchanged]
        self._many = [(title, each.columns) for title, each in functions if each is not unchanged]
        self._outputs = [(column.name, _reader(column)) for column in signature.outputs]

    def score(self, row: Mapping[str, Any], tell: Warn, warn: Warn) -> RowScores:
        """Score a row.

        Args:
            row: Its values.
            tell: Receives what is to be said of the request.
            warn: Receives what is to be said of this row.

        Raises:
            Strange: When it does not follow the signature.
            Noted: When only the function of columns can tell something.
        """
        found: Row = {}
        for name, plain, convert, nullable in self._converters:
            value = row.get(name, ABSENT)
            if value.__class__ is plain:
                found[name] = value
                continue
            if value is None or value is ABSENT:
                if value is ABSENT and not nullable:
                    raise Strange
                found[name] = None
                continue
            try:
                found[name] = convert(value)
            except NOT_OF_THE_TYPE:
                raise Strange from None
        if len(row) > len(found) or not self._names.issuperset(row):
            _tell_unused(row.keys() - self._names, tell)
        for title, function in self._functions:
            if not function(found, warn):
                return RowScores(None, title)
        return RowScores([found[name] if read is None else read(found[name]) for name, read in self._outputs])

    def score_many(self, read: Read) -> Scores:
        """Score many rows column by column: each row gets the bits that it gets alone, and modules say of how many rows something is to be noted."""
        rows, left_out, said = Columns(read.columns, read.height), dict[int, str](), Said()
        there: Sequence[int] = range(read.height)
        with reporting_to(said):
            for title, function in self._many:
                function(rows)
                if len(there) > rows.height:
                    still = [] if rows.places is None else rows.places.tolist()
                    left_out |= dict.fromkeys(set(there).difference(still), title)
                    there = still
        columns = {name: _placed(rows[name], reader, there, read.height) for name, reader in self._outputs}
        return Scores(columns, dict(sorted(left_out.items())), tuple(said.lines))


def _placed(values: Sequence[Any], reader: Convert | None, places: Sequence[int], height: int) -> Sequence[Any]:
    """Return the values of an output in the order of the request."""
    read = list(values) if reader is None else [reader(value) for value in values]
    if len(read) == height:
        return read
    found: list[Any] = [None] * height
    for place, value in zip(places, read, strict=True):
        found[place] = value
    return found


def _tell_unused(names: Iterable[str], tell: Warn) -> None:
    for name in sorted(map(str, names)):
        tell(not_used(name))


def compile_rows(engine: Engine, signature: Signature) -> tuple[Compiled | None, str]:
    """Return a scoring graph as functions of rows; None where that cannot be, with the reason as a sentence."""
    links = engine.links()
    if links is None:
        return None, "Rows take more than one way through the graph, so its modules are executed on tables."
    try:
        heads = engine.heads(_no_rows(signature))
    except StepFailed as failed:
        return None, f"{failed.title} cannot be tried without rows, so the modules are executed on tables."
    functions: list[tuple[str, RowFunctions]] = []
    for link in links:
        found = _functions(link, heads[link.arriving])
        if found is None:
            return None, f"{link.title} is not compiled, so the modules are executed on tables."
        functions.append((link.title, found))
    return Compiled(signature, functions), ""


def _functions(link: Link, head: Table) -> RowFunctions | None:
    rule = link.module.by_row
    return rule(link.module.read_settings(link.node.params), head, link.values) if rule else None


def _no_rows(signature: Signature) -> Table:
    return as_table(signature, {column.name: [] for column in signature.inputs})


def _reader(column: Column) -> Convert | None:
    """Return what gives an output in JSON, and in the type that the run gave it, if that is needed: a label is a text where the request has none."""
    if column.type == "text":
        return None
    if column.type == "number":
        return _number
    if column.type == "boolean":
        return lambda value: value == "true" if value.__class__ is str else value
    if column.type == "integer":
        return lambda value: int(value) if value.__class__ is str else value
    return lambda value: None if value is None else pl.Series([value]).cast(column.polars)[0].isoformat()


def _number(value: Any) -> float | None:
    if value.__class__ is str:
        value = float(value)
    return value if value is not None and isfinite(value) else None
