"""A value of JSON as one of a column's type."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import UTC, date, datetime, time
from functools import cache
from typing import Any

import polars as pl

from pipelines.serving.signature import Column, read_dtype

# Whole numbers beyond 2^53 arrive as text, since many clients cannot hold them as numbers; where a column has gaps, files have 111.0 for 111.
INTEGER = re.compile(r"([+-]?[0-9]{1,19})(\.0*)?")
NOT_OF_THE_TYPE = (ValueError, TypeError, OverflowError)


def converter(column: Column) -> Callable[[Any], Any]:
    """Return the function that converts a value of JSON to one of the column's type.

    The function raises one of NOT_OF_THE_TYPE for a value of another type.
    """
    return _converter(column.type, column.dtype)


@cache
def _converter(type: str, dtype: str) -> Callable[[Any], Any]:
    if type == "integer":
        return _integer(*bounds(dtype))
    if type == "datetime":
        return _datetime(read_dtype(dtype).time_zone)  # type: ignore[attr-defined]
    return {"number": _number, "text": _text, "boolean": _boolean, "date": _date, "time": _time}[type]


@cache
def bounds(dtype: str) -> tuple[int, int]:
    """Return the smallest and the largest number of an integer type."""
    least, most = pl.select(low=read_dtype(dtype).min(), high=read_dtype(dtype).max()).row(0)  # type: ignore[attr-defined]
    return least, most


def _integer(least: int, most: int) -> Callable[[Any], int]:
    def convert(value: Any) -> int:
        if value.__class__ is not int:
            if isinstance(value, str) and (text := INTEGER.fullmatch(value)):
                value = int(text[1])
            elif isinstance(value, float) and value.is_integer():
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
