"""Formulas over the columns of a row, in the SQL of Apply SQL: DuckDB reads them, and computes all but the simplest."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from typing import TYPE_CHECKING

import polars as pl

from pipelines.catalogue.columns import require
from pipelines.catalogue.errors import ModuleError
from pipelines.catalogue.ports import Frame, Table
from pipelines.modules.transform._duckdb import engine, in_words, register, rows_of
from pipelines.modules.transform._native import translated
from pipelines.modules.transform._syntax import Node, Statement, Unreadable, changing, names, parse, with_floats

if TYPE_CHECKING:
    import duckdb

OF_MANY_ROWS = frozenset({"SUBQUERY", "WINDOW", "STAR"})
NOT_OF_A_ROW = "Use functions of a single row, such as round, coalesce, upper or case when. For totals, use Group and Summarise."


def read_formula(text: str, table: Table, param: str = "formula") -> pl.Expr:
    """The expression that a formula means.

    Args:
        text: The formula, such as `price * quantity` or `"fuel type" = 'gas' and price > 5000`.
        table: The columns it may use; no rows are needed.
        param: The setting it stands in.

    Raises:
        ModuleError: `bad_formula` or `unknown_column`.
    """
    tree, parts = _single(text, param)
    roots = _roots(parts, table, param)
    if (
        roots
        and (expression := translated(tree, {name: (column, table.frame.schema[column]) for name, column in roots.items()})) is not None
    ):
        return expression
    value = with_floats(_alone(text), parts).removeprefix("select ")
    shape = tuple((column, table.frame.schema[column]) for column in dict.fromkeys(roots.values()))
    found = _checked(value, shape)
    if isinstance(found, str):
        raise _bad(found, param)
    try:
        return _computed(value, [name for name, _ in shape], found)
    except pl.exceptions.ComputeError as wrong:  # of a formula without columns, which is computed here
        raise _bad(str(wrong).rstrip("."), param) from wrong


def read_condition(text: str, table: Table, param: str) -> pl.Expr:
    """The expression that a formula means which is true or false.

    Raises:
        ModuleError: `bad_formula` or `unknown_column`.
    """
    formula = read_formula(text, table, param)
    if (found := table.frame.lazy().select(formula.alias("holds")).collect_schema()["holds"]) not in (pl.Boolean, pl.Null):
        raise ModuleError(
            "bad_formula",
            f"The formula returns {found} values, not true or false.",
            param=param,
            remedy="Enter a comparison, such as price > 100.",
        )
    return formula


def _alone(text: str) -> str:
    return f"select (\n{text}\n)"


def _single(text: str, param: str) -> Statement:
    """The one expression that a formula is, over nothing but the row's columns."""
    try:
        statements = parse(_alone(text))
    except Unreadable as wrong:
        raise _bad(wrong.words, param) from wrong
    if len(statements) != 1 or not _is_bare(statements[0].tree):
        raise _bad("it is more than one formula", param)
    if any(node.get("class") in OF_MANY_ROWS for node in statements[0].parts):
        raise _bad("it uses more than one row", param, NOT_OF_A_ROW)
    return statements[0]._replace(tree=statements[0].tree["select_list"][0])


def _is_bare(statement: Node) -> bool:
    """Whether a statement selects a single value and does nothing else."""
    values = statement.get("select_list", ())
    if len(values) != 1 or values[0].get("function_name") == "row":
        return False
    return statement["from_table"]["type"] == "EMPTY" and not (statement["where_clause"] or statement["modifiers"])


def _roots(parts: Sequence[Node], table: Table, param: str) -> dict[str, str]:
    """The columns that a formula uses, by the names it has for them: as SQL does, it takes capital and small letters for the same."""
    columns = table.frame.columns
    if what := changing(parts, {column.lower() for column in columns}):
        raise _bad(f"{what} returns a different value each time", param, "Enter the value itself, such as date '2026-01-31'.")
    found = {}
    own = any(node.get("class") == "LAMBDA" for node in parts)  # its variables look like columns
    for name in dict.fromkeys(path[0] for path in names(parts)):
        alike = [column for column in columns if column.lower() == name.lower()]
        if len(alike) > 1:
            raise _bad(f"“{alike[0]}” and “{alike[1]}” are the same name in SQL", param, "Rename one of the columns with Edit Metadata.")
        if alike or not own:
            found[name] = alike[0] if alike else require(name, table, param=param)
    return found


@lru_cache(maxsize=512)
def _checked(value: str, shape: tuple[tuple[str, pl.DataType], ...]) -> pl.DataType | str:
    """The type that a formula gives, or what is wrong with it."""
    import duckdb

    frame = pl.DataFrame(schema=dict(shape) or {"_": pl.Int8})
    try:
        with engine().cursor() as connection:
            register(connection, "t1", frame)
            # where a condition stands, nothing but functions of a single row may
            connection.sql(f"select 1 from t1 where {value} is null")
            return rows_of(connection.sql(f"select {value} as value from t1")).dtypes[0]
    except duckdb.Error as wrong:
        words, _ = in_words(wrong)
        return words
    except pl.exceptions.PolarsError as wrong:
        return str(wrong).splitlines()[0]


def _computed(value: str, columns: Sequence[str], kind: pl.DataType) -> pl.Expr:
    """The formula as an expression that DuckDB computes, part of the rows by part."""
    worker = engine()  # here, where the step's allowance is known: parts are computed in threads of Polars

    def compute(values: pl.Series) -> pl.Series:
        return _values(worker, value, values.struct.unnest()).rename(values.name)

    if not columns:
        return pl.lit(_values(worker, value, pl.DataFrame({"_": [0]})).cast(kind)).first()
    return pl.struct(columns).map_batches(compute, return_dtype=kind, is_elementwise=True)


def _values(worker: duckdb.DuckDBPyConnection, value: str, frame: Frame) -> pl.Series:
    import duckdb

    try:
        with worker.cursor() as connection:
            register(connection, "t1", frame)
            return rows_of(connection.sql(f"select {value} as value from t1")).to_series()
    except duckdb.Error as wrong:
        words, remedy = in_words(wrong)
        raise pl.exceptions.ComputeError(
            f"{words}. {remedy.rstrip('.?')}" if remedy else words
        ) from wrong  # Polars lets no error of our own through


def _bad(what: str, param: str, remedy: str | None = None) -> ModuleError:
    return ModuleError(
        "bad_formula",
        f"The formula is invalid: {what}.",
        param=param,
        remedy=remedy
        or 'Enter a formula such as price * 1.2 or upper("fuel type"): column names plain or in double quotes, text in single quotes.',
    )
