"""Rows of a request against a signature: as a table, or the errors with row, column and remedy."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import islice
from operator import itemgetter
from typing import Any, NamedTuple

import msgspec
import polars as pl

from pipelines.catalogue.ports import ColumnRole, Table
from pipelines.serving.converting import NOT_OF_THE_TYPE, bounds, converter
from pipelines.serving.signature import Column, Signature, read_dtype

MOST_ERRORS = 100
ABSENT = object()
NOTHING = {type(None)}
PLAIN = {"number": {float, *NOTHING}, "text": {str, *NOTHING}, "boolean": {bool, *NOTHING}}  # the classes of values that need no conversion
WORDS = {
    "integer": "a whole number",
    "number": "a number",
    "text": "a text",
    "boolean": "true or false",
    "date": "a date such as 2026-01-31",
    "datetime": "a date and time such as 2026-01-31T12:00:00",
    "time": "a time such as 12:00:00",
}


class RowError(msgspec.Struct, frozen=True):
    """What is wrong with a row: its place from 0, the column, what is wrong in a sentence, and what to do. A row of -1 is the whole request."""

    row: int
    column: str | None
    words: str
    remedy: str


class BadRows(Exception):
    """Rows do not follow the signature; `errors` has at most 100 of them, in order."""

    def __init__(self, errors: Sequence[RowError]) -> None:
        super().__init__(errors[0].words)
        self.errors = tuple(errors)


@dataclass(frozen=True)
class Checked:
    """Rows that follow the signature, as a table with its column roles; the warnings are sentences for people."""

    table: Table
    warnings: Sequence[str] = field(default_factory=tuple)


class Read(NamedTuple):
    """Rows that follow the signature, column by column: the converted values, and the names of further columns, in order."""

    columns: Mapping[str, Sequence[Any]]
    height: int
    unused: Sequence[str]

    @property
    def warnings(self) -> tuple[str, ...]:
        """Return what is to be said of the further columns."""
        return tuple(map(not_used, self.unused))


def check(signature: Signature, rows: Sequence[Mapping[str, Any]]) -> Checked:
    """Check rows, and return them as a table.

    Raises:
        BadRows: As `read_rows`.
    """
    return _checked(signature, read_rows(signature, rows))


def check_columns(signature: Signature, columns: Mapping[str, Sequence[Any]]) -> Checked:
    """Check rows that are given column by column, and return them as a table.

    Raises:
        BadRows: As `read_columns`.
    """
    return _checked(signature, read_columns(signature, columns))


def read_rows(signature: Signature, rows: Sequence[Mapping[str, Any]]) -> Read:
    """Check rows, each an object of values by column, and convert them.

    A column that training had gaps in may be missing; any value may be null. Further columns are ignored, with a warning.

    Raises:
        BadRows: When a row is no object, a column is missing, or a value has another type.
    """
    names = [column.name for column in signature.inputs]
    try:
        given, complete = _by_column(names, rows)
        columns = {column.name: _column(column, values) for column, values in zip(signature.inputs, given, strict=True)}
    except (AttributeError, *NOT_OF_THE_TYPE):  # what is no object has no `get`
        raise BadRows([*islice(errors_of(signature, rows), MOST_ERRORS)]) from None
    plain = complete and {*map(len, rows)} <= {len(names)}
    return Read(columns, len(rows), () if plain else sorted(map(str, set[Any]().union(*rows) - {*names})))


def read_columns(signature: Signature, columns: Mapping[str, Sequence[Any]]) -> Read:
    """Check the same rows column by column; all columns have equally many values.

    Raises:
        BadRows: As `read_rows`; also when columns have different lengths.
    """
    lengths = {name: len(values) for name, values in columns.items()}
    if len(set(lengths.values())) > 1:
        short, long = min(lengths, key=lambda name: lengths[name]), max(lengths, key=lambda name: lengths[name])
        words = f"“{short}” has {lengths[short]} values, but “{long}” has {lengths[long]}."
        raise BadRows([RowError(-1, short, words, "Send equally many values for each column.")])
    height = next(iter(lengths.values()), 0)
    try:
        found = {column.name: _column(column, columns.get(column.name) or [ABSENT] * height) for column in signature.inputs}
    except NOT_OF_THE_TYPE:
        errors = sorted(_errors_by_column(signature, columns), key=lambda error: error.row)
        raise BadRows(errors[:MOST_ERRORS]) from None
    return Read(found, height, sorted(columns.keys() - found.keys()))


def errors_of(signature: Signature, rows: Sequence[Any]) -> Iterator[RowError]:
    """Yield what is wrong with rows, in order."""
    for place, row in enumerate(rows):
        if not isinstance(row, Mapping):
            yield RowError(place, None, f"Row {place} is no object.", 'Send each row as an object such as {"column": value}.')
            continue
        for column in signature.inputs:
            value = row.get(column.name)
            if value is None:
                if not column.nullable and column.name not in row:
                    yield _absent(place, column)
            elif error := _error(value, place, column):
                yield error


def _errors_by_column(signature: Signature, columns: Mapping[str, Sequence[Any]]) -> Iterator[RowError]:
    for column in signature.inputs:
        if column.name not in columns:
            if not column.nullable:
                yield _absent(-1, column)
            continue
        found = (_error(value, place, column) for place, value in enumerate(columns[column.name]) if value is not None)
        yield from (error for error in found if error)


def _by_column(names: Sequence[str], rows: Sequence[Mapping[str, Any]]) -> tuple[Sequence[Sequence[Any]], bool]:
    """Return the values of rows by column, ABSENT where a row does not have the column, and whether all rows have all columns."""
    if len(names) > 1 and rows:
        try:
            return list(zip(*map(itemgetter(*names), rows), strict=True)), True
        except (LookupError, TypeError):
            pass
    return [[row.get(name, ABSENT) for row in rows] for name in names], False


def _column(column: Column, values: Sequence[Any]) -> Sequence[Any]:
    """Return the converted values of a column. A look at their classes tells whether there is anything to convert.

    Raises:
        ValueError, TypeError, OverflowError: When one has another type, or is absent and must not be.
    """
    kinds = {*map(type, values)}
    if kinds <= PLAIN.get(column.type, NOTHING):
        return values
    if object in kinds:
        if not column.nullable:
            raise ValueError
        values = [None if value is ABSENT else value for value in values]
        kinds = kinds - {object} | NOTHING
    if column.type == "number" and kinds <= {int, float}:
        return [*map(float, values)]
    if column.type == "integer" and {int, float} & kinds and kinds <= {int, float, *NOTHING}:
        return _whole(values, kinds, *bounds(column.dtype))
    convert = converter(column)
    return [None if value is None else convert(value) for value in values]


def _whole(values: Sequence[Any], kinds: set[type], least: int, most: int) -> Sequence[Any]:
    """Return numbers and gaps as whole numbers; where a column has gaps, many clients send 111.0 for 111.

    Raises:
        ValueError, OverflowError: When one has a fraction, or is out of bounds.
    """
    found = values if float not in kinds else [None if value is None else int(value) for value in values]
    there = found if kinds.isdisjoint(NOTHING) else [value for value in found if value is not None]
    if not least <= min(there) <= max(there) <= most or (found is not values and found != [*values]):
        raise ValueError
    return found


def as_table(signature: Signature, columns: Mapping[str, Sequence[Any]]) -> Table:
    """Return converted values as a table with the types and roles of the signature."""
    frame = pl.DataFrame(
        [pl.Series(column.name, columns[column.name], dtype=read_dtype(column.dtype), strict=False) for column in signature.inputs]
    )
    return Table(frame, roles_of(signature))


def roles_of(signature: Signature) -> dict[str, ColumnRole]:
    """Return the roles of the columns of a request."""
    return {column.name: ColumnRole(column.role, column.categorical) for column in signature.inputs}


def wrong(place: int, column: Column, value: Any) -> RowError:
    """Return the error of a value of another type."""
    shown = msgspec.json.encode(value, enc_hook=str).decode()
    shown = shown if len(shown) <= 60 else shown[:57] + "…"
    whole = type(value) is int or (type(value) is float and value.is_integer())  # one of another type is out of its bounds
    wanted = _wanted(column, bounded=whole)
    words = f"Row {place}, column “{column.name}”: {shown} is not {wanted}."
    return RowError(place, column.name, words, f"Send {wanted}, or null where it is not known.")


def _absent(place: int, column: Column) -> RowError:
    where = "The request" if place < 0 else f"Row {place}"
    words = f"{where} has no column “{column.name}”, which the model needs."
    return RowError(place, column.name, words, f"Send {_wanted(column)}, or null where it is not known.")


def _wanted(column: Column, *, bounded: bool = False) -> str:
    if column.type == "integer" and (bounded or column.dtype != "Int64"):
        least, most = bounds(column.dtype)
        return f"a whole number from {least:,} to {most:,}"
    if column.type == "datetime" and read_dtype(column.dtype).time_zone:  # type: ignore[attr-defined]
        return "a date and time with its offset, such as 2026-01-31T12:00:00Z"
    return WORDS[column.type]


def _checked(signature: Signature, read: Read) -> Checked:
    return Checked(as_table(signature, read.columns), read.warnings)


def _error(value: Any, place: int, column: Column) -> RowError | None:
    try:
        converter(column)(value)
    except NOT_OF_THE_TYPE:
        return wrong(place, column, value)
    return None


def not_used(name: str) -> str:
    """Return what is to be said of a column that the signature does not have."""
    return f"The column “{name}” is not used by the model; it was ignored."
