"""Rows of a request against a signature: as a table, or the errors with row, column and remedy."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time
from functools import cache
from typing import Any

import msgspec
import polars as pl

from pipelines.catalogue.ports import ColumnRole, Table
from pipelines.serving.signature import Column, Signature, read_dtype

MOST_ERRORS = 100
INTEGER = re.compile(r"[+-]?\d{1,19}")  # those beyond 2^53 arrive as text, since many clients cannot hold them as numbers
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


def check(signature: Signature, rows: Sequence[Mapping[str, Any]]) -> Checked:
    """Check rows, each an object of values by column, and convert them.

    A column that training had gaps in may be missing; any value may be null. Further columns are ignored, with a warning.

    Raises:
        BadRows: When a row is no object, a column is missing, or a value has another type.
    """
    errors: list[RowError] = []
    columns: dict[str, list[Any]] = {column.name: [] for column in signature.inputs}
    strange: dict[str, int] = {}
    for place, row in enumerate(rows):
        if not isinstance(row, Mapping):
            errors.append(RowError(place, None, f"Row {place} is no object.", 'Send each row as an object such as {"column": value}.'))
            continue
        for column in signature.inputs:
            value = row.get(column.name)
            if value is None:
                if not column.nullable and column.name not in row:
                    errors.append(_absent(place, column))
                columns[column.name].append(None)
                continue
            columns[column.name].append(_converted(value, place, column, errors))
        if len(row) > len(signature.inputs) or any(name not in columns for name in row):
            for name in row.keys() - columns.keys():
                strange[str(name)] = strange.get(str(name), 0) + 1
        if len(errors) >= MOST_ERRORS:
            break
    if errors:
        raise BadRows(errors[:MOST_ERRORS])
    return Checked(as_table(signature, columns), _told(strange))


def check_columns(signature: Signature, columns: Mapping[str, Sequence[Any]]) -> Checked:
    """Check the same rows column by column; all columns have equally many values.

    Raises:
        BadRows: As `check`; also when columns have different lengths.
    """
    lengths = {name: len(values) for name, values in columns.items()}
    if len(set(lengths.values())) > 1:
        short, long = min(lengths, key=lambda name: lengths[name]), max(lengths, key=lambda name: lengths[name])
        words = f"“{short}” has {lengths[short]} values, but “{long}” has {lengths[long]}."
        raise BadRows([RowError(-1, short, words, "Send equally many values for each column.")])
    height, errors = next(iter(lengths.values()), 0), list[RowError]()
    converted: dict[str, list[Any]] = {}
    for column in signature.inputs:
        if column.name not in columns:
            if not column.nullable:
                errors.append(_absent(-1, column))
            converted[column.name] = [None] * height
            continue
        values = columns[column.name]
        converted[column.name] = [None if value is None else _converted(value, at, column, errors) for at, value in enumerate(values)]
    if errors:
        raise BadRows(sorted(errors, key=lambda error: error.row)[:MOST_ERRORS])
    return Checked(as_table(signature, converted), _told(dict.fromkeys(columns.keys() - converted.keys(), height)))


def as_table(signature: Signature, columns: Mapping[str, Sequence[Any]]) -> Table:
    """Return converted values as a table with the types and roles of the signature."""
    frame = pl.DataFrame(
        [pl.Series(column.name, columns[column.name], dtype=read_dtype(column.dtype), strict=False) for column in signature.inputs]
    )
    return Table(frame, roles_of(signature))


def roles_of(signature: Signature) -> dict[str, ColumnRole]:
    """Return the roles of the columns of a request."""
    return {column.name: ColumnRole(column.role, column.categorical) for column in signature.inputs}


def converter(column: Column) -> Callable[[Any], Any]:
    """Return the function that converts a value of JSON to one of the column's type.

    The function raises a ValueError or TypeError for a value of another type.
    """
    return _converter(column.type, column.dtype)


def wrong(place: int, column: Column, value: Any) -> RowError:
    """Return the error of a value of another type."""
    shown = msgspec.json.encode(value, enc_hook=str).decode()
    shown = shown if len(shown) <= 60 else shown[:57] + "…"
    words = f"Row {place}, column “{column.name}”: {shown} is not {_wanted(column)}."
    return RowError(place, column.name, words, f"Send {_wanted(column)}, or null where it is not known.")


def _absent(place: int, column: Column) -> RowError:
    where = "The request" if place < 0 else f"Row {place}"
    words = f"{where} has no column “{column.name}”, which the model needs."
    return RowError(place, column.name, words, f"Send {_wanted(column)}, or null where it is not known.")


def _wanted(column: Column) -> str:
    if column.type == "integer" and column.dtype != "Int64":
        least, most = _bounds(column.dtype)
        return f"a whole number from {least:,} to {most:,}"
    if column.type == "datetime" and read_dtype(column.dtype).time_zone:  # type: ignore[attr-defined]
        return "a date and time with its offset, such as 2026-01-31T12:00:00Z"
    return WORDS[column.type]


def _converted(value: Any, place: int, column: Column, errors: list[RowError]) -> Any:
    try:
        return converter(column)(value)
    except (ValueError, TypeError, OverflowError):
        errors.append(wrong(place, column, value))
        return None


def _told(strange: Mapping[str, int]) -> tuple[str, ...]:
    return tuple(f"The column “{name}” is not used by the model; it was ignored." for name in sorted(strange))


@cache
def _converter(type: str, dtype: str) -> Callable[[Any], Any]:
    if type == "integer":
        return _integer(*_bounds(dtype))
    if type == "datetime":
        return _datetime(read_dtype(dtype).time_zone)  # type: ignore[attr-defined]
    return {"number": _number, "text": _text, "boolean": _boolean, "date": _date, "time": _time}[type]


@cache
def _bounds(dtype: str) -> tuple[int, int]:
    least, most = pl.select(low=read_dtype(dtype).min(), high=read_dtype(dtype).max()).row(0)  # type: ignore[attr-defined]
    return least, most


def _integer(least: int, most: int) -> Callable[[Any], int]:
    def convert(value: Any) -> int:
        if value.__class__ is not int:
            if (isinstance(value, str) and INTEGER.fullmatch(value)) or (isinstance(value, float) and value.is_integer()):
                value = int(value)
            else:
                raise TypeError
        if not least <= value <= most:
            raise ValueError
        return int(value)

    return convert


def _number(value: Any) -> float:
    if value.__class__ is float:
        return value
    if value.__class__ is int:
        return float(value)
    raise TypeError


def _text(value: Any) -> str:
    if value.__class__ is str:
        return value
    raise TypeError


def _boolean(value: Any) -> bool:
    if value.__class__ is bool:
        return value
    raise TypeError


def _date(value: Any) -> date:
    return value if value.__class__ is date else date.fromisoformat(value)


def _time(value: Any) -> time:
    return value if isinstance(value, time) else time.fromisoformat(value)


def _datetime(zone: str | None) -> Callable[[Any], datetime]:
    def convert(value: Any) -> datetime:
        read = value if isinstance(value, datetime) else datetime.fromisoformat(value)
        if (read.tzinfo is None) is (zone is not None):
            raise ValueError
        return read.astimezone(UTC) if zone else read

    return convert
