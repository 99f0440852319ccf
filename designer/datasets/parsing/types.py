"""Types of text columns, told from all rows: a column is a number only when every value in it is one."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import polars as pl

SAMPLE_ROWS = 100
MOSTLY = 0.5
LEADING_ZERO = "^[+-]?0[0-9]"
# Not a number although Polars would read it as one: codes such as 007, ids longer than a number holds exactly, and nan or inf.
NO_FLOAT = "^[+-]?(0[0-9]|[0-9]{19}|[a-zA-Z])"
COMMA = r"^[+-]?([0-9]{1,3}(\.[0-9]{3})+|0|[1-9][0-9]*)(,[0-9]+)?$"
MOMENT, ZONE = "%Y-%m-%d %H:%M:%S%.f", r"(Z|[+-][0-9]{2}:?[0-9]{2})$"
LOOKS_LIKE_MOMENT = r"^[0-9]{4}-[0-9]{2}-[0-9]{2}([T ][0-9]{2}:[0-9]{2}(:[0-9]{2}(\.[0-9]{1,9})?)?)?$"
ZONED = LOOKS_LIKE_MOMENT.replace("?)?$", "?)" + ZONE)


@dataclass(frozen=True, slots=True)
class TextType:
    """A type that text may turn out to have: a cheap sign that it may, whether a value fits, and its reading."""

    hint: Callable[[pl.Expr], pl.Expr]
    fits: Callable[[pl.Expr], pl.Expr]
    read: Callable[[pl.Expr], pl.Expr]


def _moment(text: pl.Expr) -> pl.Expr:
    plain = text.str.replace("T", " ", literal=True)
    length = text.str.len_bytes()
    whole = pl.when(length == 10).then(plain + " 00:00:00").when(length == 16).then(plain + ":00").otherwise(plain)
    return whole.str.to_datetime(MOMENT, time_unit="us", strict=False)


def _instant(text: pl.Expr) -> pl.Expr:
    zone = text.str.extract(ZONE, 1).replace("Z", "+00:00").str.replace(":", "", literal=True)
    sign = pl.when(zone.str.starts_with("-")).then(-1).otherwise(1)
    minutes = sign * (zone.str.slice(1, 2).cast(pl.Int32, strict=False) * 60 + zone.str.slice(3, 2).cast(pl.Int32, strict=False))
    return (_moment(text.str.replace(ZONE, "")) - pl.duration(minutes=minutes)).dt.replace_time_zone("UTC")


def _comma(text: pl.Expr) -> pl.Expr:
    return text.str.replace_all(".", "", literal=True).str.replace(",", ".", literal=True).cast(pl.Float64, strict=False)


def _wordy(text: pl.Expr) -> pl.Expr:
    return text.str.len_bytes().is_between(4, 5)


def _numeric(text: pl.Expr) -> pl.Expr:
    return text.str.slice(0, 1) <= "9"


def _dated(text: pl.Expr) -> pl.Expr:
    return text.str.slice(4, 1) == "-"


BOOLEAN = TextType(_wordy, lambda text: text.str.to_lowercase().is_in(["true", "false"]), lambda text: text.str.to_lowercase() == "true")
INTEGER = TextType(
    _numeric,
    lambda text: text.cast(pl.Int64, strict=False).is_not_null() & ~text.str.contains(LEADING_ZERO),
    lambda text: text.cast(pl.Int64, strict=False),
)
NUMBER = TextType(
    _numeric,
    lambda text: text.cast(pl.Float64, strict=False).is_finite().fill_null(False) & ~text.str.contains(NO_FLOAT),
    lambda text: text.cast(pl.Float64, strict=False),
)
DECIMAL_COMMA = TextType(_numeric, lambda text: text.str.contains(COMMA) & _comma(text).is_not_null(), _comma)
DATE = TextType(
    _dated,
    lambda text: (text.str.len_bytes() == 10) & text.str.to_date("%Y-%m-%d", strict=False).is_not_null(),
    lambda text: text.str.to_date("%Y-%m-%d", strict=False),
)
DATETIME = TextType(_dated, lambda text: text.str.contains(LOOKS_LIKE_MOMENT) & _moment(text).is_not_null(), _moment)
INSTANT = TextType(_dated, lambda text: text.str.contains(ZONED) & _instant(text).is_not_null(), _instant)

MOMENTS = (DATE, DATETIME, INSTANT)
PLAIN = (BOOLEAN, INTEGER, NUMBER, *MOMENTS)
WITH_COMMA = (BOOLEAN, INTEGER, NUMBER, DECIMAL_COMMA, *MOMENTS)


def typed(frame: pl.LazyFrame, candidates: Sequence[TextType] = PLAIN) -> tuple[pl.LazyFrame, list[str]]:
    """The frame with its text columns read as what they are, and notes on columns that nearly were numbers.

    Empty text is missing; in a column of another type so are spaces alone.
    """
    texts = [name for name, dtype in frame.collect_schema().items() if dtype == pl.String]
    present = frame.select(_present(name).alias(name) for name in texts)
    sample = present.head(SAMPLE_ROWS).collect()
    signs = {hint: _hinted(sample, hint) for hint in {kind.hint for kind in candidates}}
    misfits = {kind: _misfits(sample.lazy(), dict.fromkeys(signs[kind.hint], kind)) for kind in candidates}
    fitting = {name: [kind for kind in candidates if misfits[kind].get(name) == 0] for name in texts}
    chosen = _choose(present if len(sample) == SAMPLE_ROWS else sample.lazy(), fitting)
    empty = _all_missing(present, [name for name in chosen if sample[name].null_count() == len(sample)])
    reading = [kind.read(_present(name)).alias(name) for name, kind in chosen.items() if name not in empty]
    blank = [pl.when(pl.col(name) != "").then(pl.col(name)).alias(name) for name in texts if name not in chosen or name in empty]
    notes = _nearly_numbers(present, [name for name in misfits.get(NUMBER, {}) if name not in chosen])
    return frame.with_columns(*reading, *blank), notes


def _hinted(sample: pl.DataFrame, hint: Callable[[pl.Expr], pl.Expr]) -> list[str]:
    """The columns of which any value shows the sign, or which have no value yet."""
    shown = sample.select(hint(pl.col(name)).any() | pl.col(name).is_null().all() for name in sample.columns)
    return [name for name, any_shown in zip(sample.columns, shown.row(0) if sample.width else (), strict=True) if any_shown]


def _choose(present: pl.LazyFrame, fitting: Mapping[str, Sequence[TextType]]) -> dict[str, TextType]:
    """The first type that fits every value of a column, for each column that has one; a pass over the rows for each try."""
    chosen: dict[str, TextType] = {}
    still = {name: list(kinds) for name, kinds in fitting.items() if kinds}
    while still:
        for name, misfits in _misfits(present, {name: kinds[0] for name, kinds in still.items()}).items():
            kind = still[name].pop(0)
            if misfits == 0:
                chosen[name] = kind
        still = {name: kinds for name, kinds in still.items() if kinds and name not in chosen}
    return chosen


def _present(name: str) -> pl.Expr:
    text = pl.col(name).str.strip_chars()
    return pl.when(text != "").then(text)


def _misfits(present: pl.LazyFrame, asked: Mapping[str, TextType]) -> dict[str, int]:
    """How many of each column's present values a type does not fit."""
    counts = [(pl.col(name).is_not_null() & ~kind.fits(pl.col(name))).sum().alias(name) for name, kind in asked.items()]
    return present.select(counts).collect(engine="streaming").row(0, named=True) if counts else {}


def _all_missing(present: pl.LazyFrame, names: Sequence[str]) -> set[str]:
    if not names:
        return set()
    found = present.select(pl.col(name).is_not_null().any() for name in names).collect(engine="streaming").row(0, named=True)
    return {name for name, any_present in found.items() if not any_present}


def _nearly_numbers(present: pl.LazyFrame, names: Sequence[str]) -> list[str]:
    """Notes on columns that are text for the sake of a few values."""
    if not names:
        return []
    odd = {name: pl.col(name).is_not_null() & ~NUMBER.fits(pl.col(name)) for name in names}
    found = (
        present.select(
            *(test.sum().alias(f"odd {name}") for name, test in odd.items()),
            *(pl.col(name).count().alias(f"all {name}") for name in names),
            *(pl.col(name).filter(test).first().alias(f"one {name}") for name, test in odd.items()),
        )
        .collect(engine="streaming")
        .row(0, named=True)
    )
    return [
        _why_text(name, found[f"odd {name}"], found[f"one {name}"])
        for name in names
        if 0 < found[f"odd {name}"] <= found[f"all {name}"] * (1 - MOSTLY) and not found[f"one {name}"].isdecimal()
    ]


def _why_text(name: str, odd: int, example: str) -> str:
    count = "a value is not a number" if odd == 1 else f"{odd:,} values are not numbers"
    return f"Column '{name}' is text because {count}: '{example[:40]}'."
