"""Dates that are not ISO: 2012/01/31, 31.01.2012, 1/31/2012, each with or without a time."""

from __future__ import annotations

import polars as pl

from pipelines.texts.kinds import TextType

TIME = r"[T ]+(?<hour>[0-9]{1,2}):(?<minute>[0-9]{2})(?::(?<second>[0-9]{2}(?:\.[0-9]{1,9})?))?(?: ?(?<half>[AaPp][Mm]))?"
SEPARATED = "[0-9]{1,4}(?:/[0-9]{1,2}/|[.][0-9]{1,2}[.]|-[0-9]{1,2}-)[0-9]{1,4}"
YEAR, TWO = "(?<year>[0-9]{4})", "(?<{}>[0-9]{{1,2}})"
SPLIT = "[/.-]"
ORDERS = {
    "year_first": YEAR + SPLIT + TWO.format("month") + SPLIT + TWO.format("day"),
    "day_first": TWO.format("day") + SPLIT + TWO.format("month") + SPLIT + YEAR,
    "month_first": TWO.format("month") + SPLIT + TWO.format("day") + SPLIT + YEAR,
}


def _hint(text: pl.Expr) -> pl.Expr:
    return text.str.contains(f"^{SEPARATED}(?:{TIME})?$")


def _moment(text: pl.Expr, order: str) -> pl.Expr:
    parts = text.str.extract_groups(f"^{ORDERS[order]}(?:{TIME})?$").struct

    def part(name: str) -> pl.Expr:
        return parts.field(name)

    hour, half = part("hour").cast(pl.Int32, strict=False), part("half").str.to_lowercase()
    clock = pl.when(half.is_null()).then(hour).when(hour.is_between(1, 12)).then(hour % 12 + pl.when(half == "pm").then(12).otherwise(0))
    padded = clock.cast(pl.String).str.zfill(2)
    time = (
        pl.when(part("hour").is_null())
        .then(pl.lit("00:00:00"))
        .otherwise(padded + ":" + part("minute") + ":" + part("second").fill_null("00"))
    )
    day = part("year") + "-" + part("month").str.zfill(2) + "-" + part("day").str.zfill(2)
    read = (day + " " + time).str.to_datetime("%Y-%m-%d %H:%M:%S%.f", time_unit="us", strict=False)
    return pl.when(_hint(text)).then(read)  # the same separator twice, not two different ones


def _kinds(order: str) -> tuple[TextType, TextType]:
    """Return the types of columns with dates only, and with dates of which some have a time."""

    def is_day(text: pl.Expr) -> pl.Expr:
        return ~text.str.contains(":", literal=True) & _moment(text, order).is_not_null()

    return (
        TextType("dates", _hint, is_day, lambda text: _moment(text, order).dt.date()),
        TextType("dates", _hint, lambda text: _moment(text, order).is_not_null(), lambda text: _moment(text, order)),
    )


YEAR_FIRST, DAY_FIRST, MONTH_FIRST = _kinds("year_first"), _kinds("day_first"), _kinds("month_first")
# A date with dots always has its day first, so its order is unambiguous.
POINTED = r"^[0-9]{1,2}[.]"


def in_doubt(text: pl.Expr) -> pl.Expr:
    """Return whether a date that parses day first also parses month first."""
    return ~text.str.contains(POINTED) & _moment(text, "month_first").is_not_null()
