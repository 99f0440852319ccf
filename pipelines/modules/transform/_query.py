"""One query over tables in memory, by DuckDB without a copy and without a way out."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from functools import cache, lru_cache
from threading import Lock
from typing import TYPE_CHECKING

import polars as pl

from pipelines.catalogue.errors import ModuleError
from pipelines.catalogue.ports import Frame

if TYPE_CHECKING:
    import duckdb

# The query comes from a person: it sees the tables and nothing of the machine.
# One thread, so that equal queries give equal rows in equal order.
CLOSED: Mapping[str, str | bool | int | float | list[str]] = {
    "enable_external_access": "false",
    "autoinstall_known_extensions": "false",
    "autoload_known_extensions": "false",
    "python_enable_replacements": "false",
    "temp_directory": "",
    "threads": "1",
    "lock_configuration": "true",
}
MOST_OUTLINES = 1000
_outlines: dict[tuple[str, ...], Frame] = {}
_one_at_a_time = Lock()  # for what is kept here and serves all threads: a standing connection, and the outlines

Shapes = tuple[tuple[str, tuple[tuple[str, pl.DataType], ...]], ...]


@cache
def _engine() -> duckdb.DuckDBPyConnection:
    """The process's one engine: empty, locked, and 15 ms to make. Each query has a cursor of its own, with its own tables."""
    import duckdb

    return duckdb.connect(config=dict(CLOSED))


def answer(tables: Mapping[str, Frame | None], query: str) -> Frame:
    """What a query gives.

    Raises:
        ModuleError: When the query is none, or wrong; with the line where it is.
    """
    with _engine().cursor() as connection:
        for name, table in _given(tables).items():
            _register(connection, name, table)
        return _asked(connection, query, _frame)


def columns(tables: Mapping[str, Frame | None], query: str) -> Frame:
    """What a query gives, without rows and without carrying it out.

    Raises:
        ModuleError: When the query is none, or wrong; with the line where it is.
    """
    shapes = tuple((name, tuple(table.schema.items())) for name, table in _given(tables).items())
    kind = "view" if "rowid" in query.lower() else "table"  # only tables number their rows, and what arrives at a step is none
    with _one_at_a_time:
        return _asked(_standing(shapes, kind), query, _outline)


def _given(tables: Mapping[str, Frame | None]) -> dict[str, Frame]:
    given = {name: table for name, table in tables.items() if table is not None}
    if bare := next((name for name, table in given.items() if not table.width), None):
        raise ModuleError("no_columns", f"The table {bare} has no columns.", port=bare, remedy="Give it a table with columns.")
    return given


def _register(connection: duckdb.DuckDBPyConnection, name: str, table: Frame) -> None:
    connection.register(name, table.to_arrow(compat_level=pl.CompatLevel.newest()))  # older levels copy texts


@lru_cache(maxsize=64)
def _standing(shapes: Shapes, kind: str) -> duckdb.DuckDBPyConnection:
    """A connection that knows tables of these shapes, so that a graph of many queries is told of quickly; tables sooner than views of frames."""
    connection = _engine().cursor()
    for name, shape in shapes:
        _register(connection, f"{name}_shape", pl.DataFrame(schema=dict(shape)))
        connection.execute(f"create temp {kind} {name} as from {name}_shape")
    return connection


def _asked(connection: duckdb.DuckDBPyConnection, query: str, read: Callable[[duckdb.DuckDBPyRelation], Frame]) -> Frame:
    import duckdb

    try:
        answer = connection.sql(_single(connection, query))
        names = answer.columns
        if twice := next((name for name in names if names.count(name) > 1), None):
            raise ModuleError(
                "duplicate_column",
                f"Two columns of the result are called '{twice}'.",
                param="query",
                column=twice,
                remedy="Name one of them otherwise with 'as'.",
            )
        return read(answer)
    except duckdb.Error as wrong:
        raise _said(_placed(connection, query, str(wrong))) from wrong


def _single(connection: duckdb.DuckDBPyConnection, query: str) -> duckdb.Statement:
    """The one query that is there."""
    import duckdb

    statements = connection.extract_statements(query)
    if len(statements) != 1 or statements[0].type != duckdb.StatementType.SELECT:
        raise ModuleError(
            "not_a_query", "The text must be a single query that selects rows.", param="query", remedy="Write one select statement."
        )
    return statements[0]


def _outline(answer: duckdb.DuckDBPyRelation) -> Frame:
    """The columns alone; carried out for the first answer of its kind only."""
    kind = (*answer.columns, *map(str, answer.types))
    if kind not in _outlines:
        if len(_outlines) >= MOST_OUTLINES:
            _outlines.clear()
        _outlines[kind] = _frame(answer.limit(0))
    return _outlines[kind]


def _frame(answer: duckdb.DuckDBPyRelation) -> Frame:
    """The result as a frame; types that Polars has not become text."""
    strange = [
        name
        for name, kind in zip(answer.columns, answer.types, strict=True)
        if re.match("INTERVAL|UUID|BIT|TIME WITH|UNION|MAP", str(kind))
    ]
    if strange:
        quoted = {name: '"' + name.replace('"', '""') + '"' for name in answer.columns}
        answer = answer.project(", ".join(f"{text}::varchar as {text}" if name in strange else text for name, text in quoted.items()))
    frame = pl.from_arrow(answer.to_arrow_table())
    assert isinstance(frame, pl.DataFrame)
    return frame


def _placed(connection: duckdb.DuckDBPyConnection, query: str, message: str) -> str:
    """The message with the line, which a relation leaves out and an explanation names."""
    import duckdb

    try:
        connection.execute(f"explain {query}")
    except duckdb.Error as wrong:
        return str(wrong)
    return message


def _said(message: str) -> ModuleError:
    line = re.search(r"^LINE (\d+):", message, re.MULTILINE)
    words = re.sub(r"^[A-Za-z ]+ Error: ", "", message.splitlines()[0]).rstrip(".!")
    remedy = re.search(r"(Did you mean .*|Candidate bindings: .*)", message)
    return ModuleError(
        "wrong_query",
        f"Line {line.group(1)}: {words}." if line else f"{words}.",
        param="query",
        remedy=remedy.group(1) if remedy else "Correct the query; the tables are t1, t2 and t3.",
    )
