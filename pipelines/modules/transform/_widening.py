"""The type that values of several columns have when they become one column."""

from __future__ import annotations

from collections.abc import Iterable

import polars as pl

from pipelines.catalogue.columns import kind_of


def common_type(types: Iterable[pl.DataType]) -> pl.DataType | None:
    """The narrowest type that holds the values of all these types as what they are; None where there is none, such as for a text and a number."""
    different = list(dict.fromkeys(each for each in types if each != pl.Null))
    if len(different) <= 1:
        return different[0] if different else pl.Null()
    kinds = {kind_of(each) for each in different}
    if kinds == {"text"}:
        return pl.String()
    if kinds == {"number"}:
        return _number(different)
    if kinds == {"datetime"}:
        return _moment(different)
    return None


def has_texts(kind: pl.DataType) -> bool:
    """Whether values of a type can be written as texts."""
    return kind == pl.Null or (kind_of(kind) != "other" and not isinstance(kind, pl.Duration))


def _number(types: list[pl.DataType]) -> pl.DataType:
    if any(each.is_float() for each in types):
        return pl.Float32() if all(each == pl.Float32 or (each.is_integer() and _bits(each) <= 16) for each in types) else pl.Float64()
    if decimals := [each for each in types if isinstance(each, pl.Decimal)]:
        return pl.Decimal(38, max(each.scale for each in decimals))
    # as large as the largest, and signed; what 64 bits cannot hold is an error when it is met, rather than a rounded decimal number
    sizes = [_bits(each) * (2 if each.is_unsigned_integer() else 1) for each in types]
    if all(each.is_unsigned_integer() for each in types):
        return max(types, key=_bits)
    return {8: pl.Int8(), 16: pl.Int16(), 32: pl.Int32()}.get(max(sizes), pl.Int64())


def _bits(kind: pl.DataType) -> int:
    return int("".join(letter for letter in str(kind) if letter.isdecimal()))


def _moment(types: list[pl.DataType]) -> pl.DataType | None:
    zones = {each.time_zone for each in types if isinstance(each, pl.Datetime)}
    if any(not isinstance(each, pl.Datetime | pl.Date) for each in types) or len(zones) != 1:
        return None
    return pl.Datetime("ns" if any(isinstance(each, pl.Datetime) and each.time_unit == "ns" for each in types) else "us", zones.pop())
