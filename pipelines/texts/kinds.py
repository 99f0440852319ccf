"""Candidate types of text columns: numbers, true or false, and ISO dates."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import polars as pl

LEADING_ZERO = "^[+-]?0[0-9]"
# Not numbers although Polars would parse them: codes such as 007, ids too long to be represented exactly, and nan or inf.
NO_FLOAT = "^[+-]?(0[0-9]|[0-9]{19}|[a-zA-Z])"
COMMA = r"^[+-]?([0-9]{1,3}(\.[0-9]{3})+|0|[1-9][0-9]*)(,[0-9]+)?$"
MOMENT, ZONE = "%Y-%m-%d %H:%M:%S%.f", r"(Z|[+-][0-9]{2}:?[0-9]{2})$"
LOOKS_LIKE_MOMENT = r"^[0-9]{4}-[0-9]{2}-[0-9]{2}([T ][0-9]{2}:[0-9]{2}(:[0-9]{2}(\.[0-9]{1,9})?)?)?$"
ZONED = LOOKS_LIKE_MOMENT.replace("?)?$", "?)" + ZONE)
INFINITE = tuple(sign + word for word in ("inf", "infinity") for sign in ("", "+", "-"))


@dataclass(frozen=True, slots=True)
class TextType:
    """A candidate type: a cheap hint that a value may have it, the exact test, and the parser."""

    title: str
    hint: Callable[[pl.Expr], pl.Expr]
    fits: Callable[[pl.Expr], pl.Expr]
    read: Callable[[pl.Expr], pl.Expr]
    also: tuple[str, ...] = ()
    """Texts in small letters that it reads too, where other values are of the type."""


def moment(text: pl.Expr) -> pl.Expr:
    """Parse an ISO date, with or without a time, as a datetime; null for anything else."""
    plain = text.str.replace("T", " ", literal=True)
    length = text.str.len_bytes()
    whole = pl.when(length == 10).then(plain + " 00:00:00").when(length == 16).then(plain + ":00").otherwise(plain)
    return whole.str.to_datetime(MOMENT, time_unit="us", strict=False)


def _instant(text: pl.Expr) -> pl.Expr:
    zone = text.str.extract(ZONE, 1).replace("Z", "+00:00").str.replace(":", "", literal=True)
    sign = pl.when(zone.str.starts_with("-")).then(-1).otherwise(1)
    minutes = sign * (zone.str.slice(1, 2).cast(pl.Int32, strict=False) * 60 + zone.str.slice(3, 2).cast(pl.Int32, strict=False))
    return (moment(text.str.replace(ZONE, "")) - pl.duration(minutes=minutes)).dt.replace_time_zone("UTC")


def _comma(text: pl.Expr) -> pl.Expr:
    return text.str.replace_all(".", "", literal=True).str.replace(",", ".", literal=True).cast(pl.Float64, strict=False)


def _wordy(text: pl.Expr) -> pl.Expr:
    return text.str.len_bytes().is_between(4, 5)


def _numeric(text: pl.Expr) -> pl.Expr:
    return text.str.slice(0, 1) <= "9"


def _dated(text: pl.Expr) -> pl.Expr:
    return text.str.slice(4, 1) == "-"


BOOLEAN = TextType(
    "true or false", _wordy, lambda text: text.str.to_lowercase().is_in(["true", "false"]), lambda text: text.str.to_lowercase() == "true"
)
INTEGER = TextType(
    "numbers",
    _numeric,
    lambda text: text.cast(pl.Int64, strict=False).is_not_null() & ~text.str.contains(LEADING_ZERO),
    lambda text: text.cast(pl.Int64, strict=False),
)
NUMBER = TextType(
    "numbers",
    _numeric,
    lambda text: text.cast(pl.Float64, strict=False).is_finite().fill_null(False) & ~text.str.contains(NO_FLOAT),
    lambda text: text.cast(pl.Float64, strict=False),
    INFINITE,
)
DECIMAL_COMMA = TextType("numbers", _numeric, lambda text: text.str.contains(COMMA) & _comma(text).is_not_null(), _comma, INFINITE)
DATE = TextType(
    "dates",
    _dated,
    lambda text: (text.str.len_bytes() == 10) & text.str.to_date("%Y-%m-%d", strict=False).is_not_null(),
    lambda text: text.str.to_date("%Y-%m-%d", strict=False),
)
DATETIME = TextType("dates", _dated, lambda text: text.str.contains(LOOKS_LIKE_MOMENT) & moment(text).is_not_null(), moment)
INSTANT = TextType("dates", _dated, lambda text: text.str.contains(ZONED) & _instant(text).is_not_null(), _instant)
