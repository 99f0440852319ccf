"""One query over tables in memory, by DuckDB."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from functools import lru_cache
from threading import Lock
from typing import TYPE_CHECKING

import polars as pl

from pipelines.catalogue.errors import ModuleError
from pipelines.catalogue.ports import Frame
from pipelines.catalogue.reporting import log
from pipelines.modules.transform._duckdb import engine, in_words, out_of_memory, register, rows_of
from pipelines.modules.transform._syntax import Node, Unreadable, changing, foreign, is_plain, parse, with_floats

if TYPE_CHECKING:
    import duckdb

MOST_OUTLINES = 1000
_outlines: dict[tuple[str, ...], Frame] = {}
_one_at_a_time = Lock()  # for what is kept here and serves all threads: a standing connection, and the outlines

Shapes = tuple[tuple[str, tuple[tuple[str, pl.DataType], ...]], ...]


def answer(tables: Mapping[str, Frame | None], query: str) -> Frame:
    """What a query gives.

    Raises:
        ModuleError: When the query is none, or wrong; with the line where it is.
    """
    given = _given(tables)
    for name, table in given.items():
        if alike := _alike(table.columns):
            told = f"{name} has columns with the same name in SQL: “{alike[0]}” and “{alike[1]}”; the second is named “{alike[1]}_1” here."
            log(told, "warning")
    with engine().cursor() as connection:
        for name, table in given.items():
            register(connection, name, table)
        return _asked(connection, query, given, rows_of)


def columns(tables: Mapping[str, Frame | None], query: str) -> Frame:
    """What a query gives, without rows and without executing it.

    Raises:
        ModuleError: When the query is none, or wrong; with the line where it is.
    """
    given = _given(tables)
    shapes = tuple((name, tuple(table.schema.items())) for name, table in given.items())
    kind = "view" if "rowid" in query.lower() else "table"  # only tables number their rows, and what arrives at a step is none
    with _one_at_a_time:
        return _asked(_standing(shapes, kind), query, given, _outline)


def _given(tables: Mapping[str, Frame | None]) -> dict[str, Frame]:
    given = {name: table for name, table in tables.items() if table is not None}
    if bare := next((name for name, table in given.items() if not table.width), None):
        raise ModuleError("no_columns", f"The table {bare} has no columns.", port=bare, remedy="Connect a table with columns.")
    return given


def _alike(columns: list[str]) -> tuple[str, str] | None:
    """The first two names that differ in capital letters only."""
    met: dict[str, str] = {}
    for column in columns:
        if (earlier := met.setdefault(column.lower(), column)) != column:
            return earlier, column
    return None


@lru_cache(maxsize=64)
def _standing(shapes: Shapes, kind: str) -> duckdb.DuckDBPyConnection:
    """A connection that knows tables of these shapes, so that the queries of a graph are checked quickly; tables sooner than views of frames."""
    connection = engine().cursor()
    for name, shape in shapes:
        register(connection, f"{name}_shape", pl.DataFrame(schema=dict(shape)))
        connection.execute(f"create temp {kind} {name} as from {name}_shape")
    return connection


def _asked(
    connection: duckdb.DuckDBPyConnection, query: str, given: Mapping[str, Frame], read: Callable[[duckdb.DuckDBPyRelation], Frame]
) -> Frame:
    import duckdb

    text = query if is_plain(query, connection, given) else with_floats(query, _parts(query, given))
    try:
        answer = connection.sql(text)
        names = answer.columns
        if twice := next((name for name in names if names.count(name) > 1), None):
            raise ModuleError(
                "duplicate_column",
                f"Two columns of the result are named “{twice}”.",
                param="query",
                column=twice,
                remedy="Rename one of them with “as”.",
            )
        return read(answer)
    except duckdb.OutOfMemoryException as wrong:
        raise out_of_memory("It sorts, groups or joins too many rows.") from wrong
    except duckdb.Error as wrong:
        raise _said(_placed(connection, text, wrong)) from wrong


def _parts(query: str, given: Mapping[str, Frame]) -> tuple[Node, ...]:
    """What the one query that is there consists of: it reads nothing but its tables and gives the same answer each time."""
    try:
        found = parse(query)
    except Unreadable as wrong:
        if "SELECT statements" in wrong.words:
            raise _no_query() from wrong
        raise _wrong(wrong.words, wrong.line) from wrong
    if len(found) != 1:
        raise _no_query()
    if strange := foreign(found[0].parts, given):
        here = " and ".join(given)
        raise _wrong(f"the query reads {strange}, which is not one of its tables", remedy=f"Use one of the connected tables: {here}.")
    if what := changing(found[0].parts, {column.lower() for table in given.values() for column in table.columns}):
        raise ModuleError(
            "not_repeatable",
            f"The query uses {what}, which returns a different value each time; results are cached and reused, so they must not change.",
            param="query",
            remedy="Write a date as date '2026-01-31'. Draw rows with Split Data, or with using sample 10% (bernoulli, 42).",
        )
    return found[0].parts


def _outline(answer: duckdb.DuckDBPyRelation) -> Frame:
    """The columns alone; executed for the first answer of its kind only."""
    kind = (*answer.columns, *map(str, answer.types))
    if kind not in _outlines:
        if len(_outlines) >= MOST_OUTLINES:
            _outlines.clear()
        _outlines[kind] = rows_of(answer.limit(0))
    return _outlines[kind]


def _placed(connection: duckdb.DuckDBPyConnection, query: str, wrong: duckdb.Error) -> duckdb.Error:
    """The error with the line, which a relation leaves out and an explanation names."""
    import duckdb

    try:
        connection.execute(f"explain {query}").fetchall()
    except duckdb.Error as placed:
        return placed
    return wrong


def _said(wrong: duckdb.Error) -> ModuleError:
    line = re.search(r"^LINE (\d+):", str(wrong), re.MULTILINE)
    words, remedy = in_words(wrong)
    return _wrong(words, int(line.group(1)) if line else None, remedy)


def _wrong(words: str, line: int | None = None, remedy: str | None = None) -> ModuleError:
    return ModuleError(
        "wrong_query",
        f"Line {line}: {words}." if line else f"{words[:1].upper()}{words[1:]}.",
        param="query",
        remedy=remedy or "Fix the query. The tables are t1, t2 and t3.",
    )


def _no_query() -> ModuleError:
    return ModuleError("not_a_query", "Enter a single query that selects rows.", param="query", remedy="Use one select statement.")
