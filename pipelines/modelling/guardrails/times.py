"""Columns that hold times: dates, dates as text, and numbers that count seconds or write a date as 20240131."""

from __future__ import annotations

from collections.abc import Iterable

import polars as pl

from pipelines.modelling.guardrails.names import words_of
from pipelines.modelling.guardrails.texts import disguised

FEWEST_TIMES = 10
NAMES = frozenset({"time", "timestamp", "date", "datetime", "epoch", "ts", "created", "updated", "at"})
SECONDS = (6e8, 2.2e9)  # since 1970, from 1989 to 2039
YEARS = (1900, 2100)


def times_of(frame: pl.DataFrame, features: Iterable[str]) -> dict[str, str]:
    """Return the columns that hold times, real dates first, with what they hold as the rest of a sentence."""
    found = {column: words for column in features if (words := _held(frame[column]))}
    return dict(sorted(found.items(), key=lambda pair: not frame[pair[0]].dtype.is_temporal()))


def _held(values: pl.Series) -> str:
    if values.dtype in (pl.Date, pl.Datetime):
        return "holds times" if values.n_unique() > FEWEST_TIMES else ""
    if values.dtype in (pl.String, pl.Categorical, pl.Enum):
        return "holds times as text" if " dates " in disguised(values) and values.n_unique() > FEWEST_TIMES else ""
    known = values.drop_nulls()
    if not values.dtype.is_integer() or known.n_unique() <= FEWEST_TIMES:
        return ""
    low, high = float(known.min()), float(known.max())  # type: ignore[arg-type]
    words = words_of(values.name)
    if NAMES & set(words) and any(SECONDS[0] * unit <= low and high <= SECONDS[1] * unit for unit in (1, 1e3, 1e6, 1e9)):
        return "counts seconds since 1970"
    if YEARS[0] <= low and high <= YEARS[1] and "year" in words and known.is_sorted():
        return "holds years in order"
    return "holds dates such as 20240131" if YEARS[0] * 10_000 < low and high < YEARS[1] * 10_000 and _are_dates(known) else ""


def _are_dates(values: pl.Series) -> bool:
    return values.cast(pl.String).str.to_date("%Y%m%d", strict=False).null_count() == 0
