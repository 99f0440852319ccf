"""Rows of a database as a table: batch by batch, with one type a column."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from typing import Any

import msgspec
import polars as pl
import sqlalchemy as sql

from pipelines.catalogue.errors import ModuleError
from pipelines.catalogue.phrases import listed
from pipelines.catalogue.reporting import log, progress

BATCH = 50_000
MOST_COLUMNS = 10_000
# PostgreSQL's numbers of types, for columns without values: their type is the same whatever the rows.
DECLARED: dict[int, pl.DataType] = {
    16: pl.Boolean(),
    20: pl.Int64(),
    21: pl.Int64(),
    23: pl.Int64(),
    26: pl.Int64(),
    700: pl.Float64(),
    701: pl.Float64(),
    1700: pl.Float64(),
    1082: pl.Date(),
    1083: pl.Time(),
    1114: pl.Datetime("us"),
    1184: pl.Datetime("us"),
    1186: pl.Duration("us"),
}
LARGEST = 2**63


def table_query(held: sql.Connection, table: str) -> str:
    """Return the query of a whole table, whose name may contain its schema; a view counts as a table.

    Raises:
        ModuleError: `unknown_table`.
    """
    inspector = sql.inspect(held)
    schema, name = split_name(held, table)
    if not (inspector.has_table(name, schema) or name in inspector.get_view_names(schema)):
        near = listed(sorted(inspector.get_table_names(schema))[:5]) or "none"
        raise ModuleError(
            "unknown_table", f"The database has no table “{table}”.", param="table", remedy=f"Select one of its tables: {near}."
        )
    quoted = held.dialect.identifier_preparer
    return f"SELECT * FROM {quoted.quote_schema(schema) + '.' if schema else ''}{quoted.quote(name)}"


def split_name(held: sql.Connection, table: str) -> tuple[str | None, str]:
    """Return the schema and the name of a table. A dot separates them, unless a table has the whole name."""
    if "." not in table or sql.inspect(held).has_table(table):
        return None, table
    schema, _, name = table.partition(".")
    return schema, name


def read_rows(held: sql.Connection, query: str, most: int | None = None) -> pl.DataFrame:
    """Execute a query and return its rows.

    Args:
        held: The database.
        query: One statement that returns rows.
        most: The maximum number of rows; the rest is not fetched.

    Raises:
        ModuleError: When the statement returns no table.
    """
    size = min(BATCH, most or BATCH)
    options: dict[str, Any] = {"stream_results": True, "yield_per": size, "no_parameters": True}
    result = held.execution_options(**options).exec_driver_sql(query)
    if not result.returns_rows:
        raise ModuleError("no_rows_returned", "The statement returns no rows.", param="query", remedy="Enter a SELECT.")
    names = list(result.keys())
    _check_names(names)
    described = result.cursor.description if result.cursor else ()
    declared = [DECLARED.get(entry[1]) if isinstance(entry[1], int) else None for entry in described or ()]
    columns = [_Column(name, empty) for name, empty in zip(names, declared or [None] * len(names), strict=True)]
    rows = 0
    for batch in _batches(result, size, most):
        rows += len(batch)
        for column, values in zip(columns, zip(*batch, strict=True), strict=True):
            column.add(values)
        progress(rows, most or rows, "Reading rows")
    if most is not None and rows == most:
        log(f"Reading stopped after {rows:,} rows, as the setting says.")
    frame = pl.DataFrame([column.whole() for column in columns])
    for words in _notes(columns):
        log(words)
    return frame


def _batches(result: sql.CursorResult[Any], size: int, most: int | None) -> Iterator[Sequence[Any]]:
    left = most
    for batch in result.partitions(size):  # without the size, all rows are fetched at once
        if left is not None and len(batch) >= left:
            yield batch[:left]
            result.close()
            return
        left = None if left is None else left - len(batch)
        yield batch


def _check_names(names: Sequence[str]) -> None:
    if not names or len(names) > MOST_COLUMNS:
        words = f"The result has {len(names):,} columns."
        raise ModuleError("too_many_columns", words, param="query", remedy=f"Select 1 to {MOST_COLUMNS:,} columns.")
    if twice := next((name for place, name in enumerate(names) if name in names[:place]), None):
        words = f"Two columns of the result are named “{twice}”."
        raise ModuleError("duplicate_column", words, param="query", column=twice, remedy="Give one of them another name with AS.")


class _Column:
    """A column that grows batch by batch."""

    def __init__(self, name: str, empty: pl.DataType | None) -> None:
        self.name, self._empty = name, empty
        self._parts: list[pl.Series] = []
        self.notes: set[str] = set()

    def add(self, values: Sequence[Any]) -> None:
        """Add the values of a batch."""
        kinds = {type(value) for value in values} - {type(None)}
        if not kinds:
            self._parts.append(pl.Series(self.name, [None] * len(values), pl.Null))
            return
        self._parts.append(self._typed(values, kinds))

    def _typed(self, values: Sequence[Any], kinds: set[type]) -> pl.Series:
        """The values as one type: what a driver gives more exactly than a table can is converted, and noted."""
        if kinds == {int} and all(value is None or -LARGEST <= value < LARGEST for value in values):
            return pl.Series(self.name, values, pl.Int64)
        if kinds <= {int, float, Decimal}:
            self.notes |= ({"decimal"} if Decimal in kinds else set()) | ({"large"} if kinds == {int} else set())
            return pl.Series(self.name, [None if value is None else float(value) for value in values], pl.Float64)
        if kinds == {datetime}:
            return pl.Series(self.name, [self._moment(value) for value in values], pl.Datetime("us"))
        for kind, dtype in ((bool, pl.Boolean), (str, pl.String), (date, pl.Date), (time, pl.Time), (timedelta, pl.Duration("us"))):
            if kinds == {kind}:
                return pl.Series(self.name, self._naive(values) if kind is time else values, dtype)
        if len(kinds) > 1:
            self.notes.add("mixed")
        return pl.Series(self.name, [None if value is None else _text(value) for value in values], pl.String)

    def _moment(self, value: datetime | None) -> datetime | None:
        if value is None or value.tzinfo is None:
            return value
        self.notes.add("zone")
        return value.astimezone(UTC).replace(tzinfo=None)

    def _naive(self, values: Sequence[time | None]) -> list[time | None]:
        return [value and value.replace(tzinfo=None) for value in values]

    def whole(self) -> pl.Series:
        """Return the column."""
        kinds = {part.dtype for part in self._parts} - {pl.Null()}
        if not kinds:
            return pl.Series(self.name, [None] * sum(map(len, self._parts)), self._empty or pl.String())
        if len(kinds) == 1:
            dtype = kinds.pop()
        elif kinds == {pl.Int64(), pl.Float64()}:
            dtype = pl.Float64()
        else:
            self.notes.add("mixed")
            dtype = pl.String()
        return pl.concat([part.cast(dtype) for part in self._parts]).alias(self.name)


def _text(value: Any) -> str:
    """A value of a type that tables do not have, as text: JSON for lists and objects, hexadecimal for bytes."""
    if isinstance(value, str):
        return value
    if isinstance(value, bytes | memoryview):
        return bytes(value).hex()
    if isinstance(value, dict | list):
        return msgspec.json.encode(value, enc_hook=str).decode()
    return str(value)


NOTES: dict[str, Callable[[str], str]] = {
    "decimal": lambda names: f"Exact decimals were read as numbers of 15 digits: {names}.",
    "large": lambda names: f"Integers beyond 64 bits were read as numbers of 15 digits: {names}.",
    "zone": lambda names: f"Times with a time zone were converted to UTC: {names}.",
    "mixed": lambda names: f"Columns with values of several types were read as text: {names}.",
}


def _notes(columns: Sequence[_Column]) -> Iterator[str]:
    for note, words in NOTES.items():
        if names := [column.name for column in columns if note in column.notes]:
            yield words(listed(names))
