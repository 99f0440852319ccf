"""Writing a table to a database in one transaction, marked with the step, so that a repeated step does not write twice."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal

import msgspec
import polars as pl
import sqlalchemy as sql
from sqlalchemy.dialects import postgresql, sqlite

from pipelines.catalogue.errors import ModuleError
from pipelines.catalogue.phrases import listed
from pipelines.catalogue.reporting import log, progress
from pipelines.outside.database import POSTGRESQL
from pipelines.outside.reach import reach
from pipelines.outside.rows import split_name

Mode = Literal["create", "append", "replace"]
BATCH = 20_000
LONGEST_NAME = 63  # of PostgreSQL, which cuts longer ones in silence
MARKS = "easel_exports"
TYPES: tuple[tuple[tuple[Any, ...], Any], ...] = (
    ((pl.Boolean,), sql.Boolean),
    ((pl.Int8, pl.Int16, pl.UInt8), sql.SmallInteger),
    ((pl.Int32, pl.UInt16), sql.Integer),
    ((pl.Int64, pl.UInt32), sql.BigInteger),
    ((pl.UInt64,), sql.Numeric(20, 0)),
    ((pl.Float32, pl.Float64), sql.Double),
    ((pl.Date,), sql.Date),
    ((pl.Time,), sql.Time),
    ((pl.Binary,), sql.LargeBinary),
)


@dataclass(frozen=True)
class Written:
    """What was written, or had been by an earlier attempt of the same step."""

    rows: int
    before: bool


def write_table(held: sql.Connection, table: str, frame: pl.DataFrame, mode: Mode) -> Written:
    """Write a table, in the transaction of the connection.

    Args:
        held: The database.
        table: The name of the table, and of its schema before a dot.
        frame: The rows.
        mode: Create it, append to it, or replace its rows.

    Raises:
        ModuleError: When the table is there and is to be created, lacks a column, or cannot hold the rows.
    """
    schema, name = split_name(held, table)
    _check_names([name, *frame.columns])
    if name == MARKS:
        raise ModuleError("bad_name", f"“{MARKS}” is the table of the marks.", param="name", remedy="Enter another name.")
    _check_texts(held, frame)
    if done := _mark(held, schema, name, frame.height):
        return done
    there = sql.inspect(held).has_table(name, schema)
    target = sql.Table(name, sql.MetaData(), *(sql.Column(each, _type(dtype)) for each, dtype in frame.schema.items()), schema=schema)
    if there and mode == "create":
        words = f"The table “{table}” is already there."
        raise ModuleError("table_exists", words, param="name", remedy="Enter another name, or set “If it exists” to Append or Replace.")
    if there:
        _make_room(held, target, mode)
    else:
        target.create(held)
    _insert(held, target, frame)
    return Written(frame.height, before=False)


def _mark(held: sql.Connection, schema: str | None, name: str, rows: int) -> Written | None:
    """Mark the write as this step's; returns what an earlier attempt wrote. A rival attempt waits here until the other one is over."""
    marks = sql.Table(
        MARKS,
        sql.MetaData(),
        sql.Column("step", sql.String(200), primary_key=True),
        sql.Column("table_name", sql.Text),
        sql.Column("rows", sql.BigInteger),
        sql.Column("written_at", sql.DateTime, server_default=sql.func.current_timestamp()),
        schema=schema,
    )
    held.execute(sql.schema.CreateTable(marks, if_not_exists=True))
    values = {"step": reach().step, "table_name": name, "rows": rows}
    dialect = postgresql if held.dialect.name == POSTGRESQL else sqlite
    marked = dialect.insert(marks).values(values).on_conflict_do_nothing().returning(marks.c.step)
    if held.execute(marked).first() is not None:
        return None
    done = held.execute(sql.select(marks.c.rows).where(marks.c.step == values["step"])).scalar_one()
    return Written(int(done), before=True)


def _make_room(held: sql.Connection, target: sql.Table, mode: Mode) -> None:
    """Make an existing table ready: its rights, indexes and views stay where its columns suffice."""
    found = {column["name"] for column in sql.inspect(held).get_columns(target.name, target.schema)}
    missing = [column.name for column in target.columns if column.name not in found]
    if mode == "replace" and (missing or found - {column.name for column in target.columns}):
        log("The existing table has other columns, so it is created again. Its indexes and rights are those of a new table.", "warning")
        target.drop(held)
        target.create(held)
    elif mode == "replace":
        held.execute(sql.delete(target))
    elif missing:
        words = f"The table “{target.name}” does not have {'this column' if len(missing) == 1 else 'these columns'}: {listed(missing)}."
        remedy = "Remove or rename the columns before, or set “If it exists” to Replace."
        raise ModuleError("column_missing", words, port="table", column=missing[0], remedy=remedy)


def _insert(held: sql.Connection, target: sql.Table, frame: pl.DataFrame) -> None:
    written = _insertable(frame)
    copies = held.dialect.name == POSTGRESQL
    for start in range(0, written.height, BATCH):
        rows = written.slice(start, BATCH).rows()
        if copies:
            _copy(held, target, rows)
        else:
            held.execute(sql.insert(target), [dict(zip(written.columns, row, strict=True)) for row in rows])
        progress(start + len(rows), written.height, "Writing rows")


def _copy(held: sql.Connection, target: sql.Table, rows: Sequence[tuple[Any, ...]]) -> None:
    quoted = held.dialect.identifier_preparer
    columns = ", ".join(quoted.quote(column.name) for column in target.columns)
    driver: Any = held.connection.driver_connection  # psycopg's own, which has COPY
    with driver.cursor() as cursor, cursor.copy(f"COPY {quoted.format_table(target)} ({columns}) FROM STDIN") as copy:
        for row in rows:
            copy.write_row(row)


def _insertable(frame: pl.DataFrame) -> pl.DataFrame:
    """Return the table with values that drivers know: lists and structures as JSON, durations as seconds, categories as text."""
    changed = []
    for name, dtype in frame.schema.items():
        if dtype.is_nested() or dtype == pl.Object:
            log(f"“{name}” is written as JSON text.")
            changed.append(pl.Series(name, list(map(_json, frame[name].to_list())), pl.String))
        elif dtype == pl.Duration:
            log(f"“{name}” is written as seconds.")
            changed.append((frame[name].dt.total_microseconds() / 1_000_000).alias(name))
        elif dtype in (pl.Categorical, pl.Enum, pl.Null):
            changed.append(frame[name].cast(pl.String))
    return frame.with_columns(changed)


def _json(value: Any) -> str | None:
    return None if value is None else msgspec.json.encode(value, enc_hook=str).decode()


def _type(dtype: pl.DataType) -> Any:
    if dtype == pl.Duration:
        return sql.Double
    if isinstance(dtype, pl.Datetime):
        return sql.DateTime(timezone=dtype.time_zone is not None)
    if isinstance(dtype, pl.Decimal):
        return sql.Numeric(dtype.precision, dtype.scale)
    return next((kind for polars, kind in TYPES if dtype in polars), sql.Text)


def _check_names(names: Sequence[str]) -> None:
    if long := next((name for name in names if not 0 < len(name.encode()) <= LONGEST_NAME or "\x00" in name), None):
        words = f"“{long[:80]}” is not a name that a database accepts: it needs 1 to {LONGEST_NAME} bytes."
        raise ModuleError("bad_name", words, column=long, port="table", remedy="Rename the column or the table.")
    folded = [name.lower() for name in names[1:]]
    if twice := next((name for place, name in enumerate(names[1:]) if name.lower() in folded[:place]), None):
        words = f"Two columns are named “{twice}” if upper and lower case are the same, as in some databases."
        raise ModuleError("duplicate_column", words, column=twice, port="table", remedy="Rename one of them.")


def _check_texts(held: sql.Connection, frame: pl.DataFrame) -> None:
    """PostgreSQL's texts hold every character but one."""
    if held.dialect.name != POSTGRESQL:
        return
    for name, dtype in frame.schema.items():
        if dtype == pl.String and frame[name].str.contains("\x00", literal=True).any():
            words = f"The column “{name}” contains the character NUL, which PostgreSQL does not store."
            raise ModuleError("unwritable_text", words, column=name, port="table", remedy="Remove it with Text Operations.")
