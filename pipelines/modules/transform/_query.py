"""One query over tables in memory, by DuckDB without a copy and without a way out."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cache
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


@cache
def _engine() -> duckdb.DuckDBPyConnection:
    """The process's one engine: empty, locked, and 15 ms to make. Each query has a cursor of its own, with its own tables."""
    import duckdb

    return duckdb.connect(config=dict(CLOSED))


def answer(tables: Mapping[str, Frame | None], query: str, *, rows: bool) -> Frame:
    """What a query gives, or with `rows` off its columns only, without carrying it out.

    Raises:
        ModuleError: When the query is none, or wrong; with the line where it is.
    """
    import duckdb

    with _engine().cursor() as connection:
        for name, table in tables.items():
            if table is not None and not table.width:
                raise ModuleError("no_columns", f"The table {name} has no columns.", port=name, remedy="Give it a table with columns.")
            if table is not None:
                connection.register(name, table.to_arrow(compat_level=pl.CompatLevel.newest()))  # older levels copy texts
        try:
            select = _single(connection, query)
            answer = connection.sql(select if rows else f"select * from (\n{select}\n) limit 0")
            if twice := next((name for name in answer.columns if answer.columns.count(name) > 1), None):
                raise ModuleError(
                    "duplicate_column",
                    f"Two columns of the result are called '{twice}'.",
                    param="query",
                    column=twice,
                    remedy="Name one of them otherwise with 'as'.",
                )
            return _frame(answer)
        except duckdb.Error as wrong:
            raise _said(_placed(connection, query, str(wrong))) from wrong


def _single(connection: duckdb.DuckDBPyConnection, query: str) -> str:
    """The text of the one query that is there."""
    import duckdb

    statements = connection.extract_statements(query)
    if len(statements) != 1 or statements[0].type != duckdb.StatementType.SELECT:
        raise ModuleError(
            "not_a_query", "The text must be a single query that selects rows.", param="query", remedy="Write one select statement."
        )
    return str(statements[0].query).strip().rstrip(";")


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
