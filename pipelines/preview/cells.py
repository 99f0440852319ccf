"""Cells as readable JSON values."""

from __future__ import annotations

import math
from collections.abc import Callable
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Any

import msgspec
import polars as pl

Cell = str | int | float | bool | None
LONGEST_TEXT = 1_000
SAFE_INTEGER = 2**53 - 1
SHOWN_ITEMS = 20


def cells(column: pl.Series) -> list[Cell]:
    """Return a column's values for JSON: no NaN, no integer that a browser would round, no overlong text."""
    dtype = column.dtype
    if dtype == pl.Boolean:
        return column.to_list()
    if dtype.is_float():
        return [_float(value) for value in column.to_list()]
    if dtype.is_integer():
        return [_integer(value) for value in column.to_list()]
    if dtype in (pl.String, pl.Categorical, pl.Enum):
        return [_cut(value) for value in column.cast(pl.String).to_list()]
    return [None if value is None else _other(value) for value in column.to_list()]


def cell(value: Any) -> Cell:
    """Return one value for JSON."""
    match value:
        case None | bool():
            return value
        case float():
            return _float(value)
        case int():
            return _integer(value)
        case str():
            return _cut(value)
    return _other(value)


def _float(value: float | None) -> Cell:
    if value is None or math.isnan(value):
        return None
    if math.isinf(value):
        return "Infinity" if value > 0 else "-Infinity"
    return value


def _integer(value: int | None) -> Cell:
    return value if value is None or -SAFE_INTEGER <= value <= SAFE_INTEGER else str(value)


def _cut(value: str | None) -> str | None:
    return value if value is None or len(value) <= LONGEST_TEXT else value[:LONGEST_TEXT] + "…"


def _other(value: Any) -> Cell:
    match value:
        case datetime() | date() | time():
            return value.isoformat()
        case timedelta():
            return str(value)
        case Decimal():
            return _float(float(value))
        case bytes():
            return f"{len(value):,} bytes"
        case pl.Series():
            return _listed(value.head(SHOWN_ITEMS).to_list(), len(value))
        case list() | tuple():
            return _listed(list(value[:SHOWN_ITEMS]), len(value))
    return _cut(_json(value))


def _listed(shown: list[Any], length: int) -> Cell:
    more = f" … {length:,} in total" if length > len(shown) else ""
    return (_cut(_json(shown)) or "") + more


_PLAIN: Callable[[Any], Any] = str


def _json(value: Any) -> str:
    return msgspec.json.encode(value, enc_hook=_PLAIN).decode()
