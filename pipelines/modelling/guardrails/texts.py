"""What texts are: numbers or dates, or marks of missing values."""

from __future__ import annotations

import polars as pl

from pipelines.modelling.prose import AS_DATES, FEWEST_ROWS

_UNIT = r"(?:[€$£¥%]|EUR|USD|GBP|CHF|JPY|kg|g|lbs?|km|m|cm|mm|mi|ml|l|h|hrs?|min|s|ms|k|K|M)"
AS_NUMBERS = rf"^\s*[-+(]?\s*{_UNIT}?\s*[-+]?\s*\d[\d\s.,']*(?:[eE][-+]?\d+)?\s*{_UNIT}?\s*\)?\s*$"
WITH_WORD = r"^\s*[-+]?\d[\d\s.,]*\s*([^\W\d_][\w°µ/²³.]{0,11})\s*$"  # such as 82 bhp: the word is the same in nearly all rows
SAME_WORD = 0.9
DECIMAL_COMMA = r"^[^.,]*\d,(\d{1,2}|\d{4,})\D*$"  # three digits after a comma may be thousands
POINTS_BEFORE = r"^[^.,]*\d(\.\d{3})+,\d+\D*$"  # such as 1.234,50: its points separate thousands
AS_CODES = r"^\s*0\d+\s*$"  # such as postal codes, which are no numbers
MARKS = ("", "?", "na", "n/a", "#n/a", "<na>", "nan", "null", "none", "nil", "missing")
LABEL_MARKS = tuple(mark for mark in MARKS if mark not in ("none", "missing"))  # these two can be classes


def disguised(values: pl.Series) -> str:
    """Return how many texts are numbers or dates where most are, as the rest of a sentence; empty where they are not."""
    known = values.cast(pl.String).drop_nulls()
    if known.n_unique() < FEWEST_ROWS / 5 or known.str.contains(AS_CODES).any():
        return ""
    for kind, pattern in (("dates", AS_DATES), ("numbers", AS_NUMBERS)):
        found = int(known.str.contains(pattern).sum())
        if found > len(known) / 2:
            return f"holds {found:,} {kind} as text" + (f", beside {len(known) - found:,} other values" if found < len(known) else "")
    units = known.str.extract(WITH_WORD).drop_nulls()
    if len(units) > SAME_WORD * len(known):
        unit, rows = units.alias("unit").value_counts(name="rows").sort("rows").row(-1)
        return f"holds numbers with the unit “{unit}” as text" if rows > SAME_WORD * len(known) else ""
    return ""


def decimal_commas(values: pl.Series) -> tuple[int, int]:
    """Return how many texts are numbers whose comma cannot separate thousands, and how many of these have points that do."""
    texts = values.cast(pl.String)
    texts = texts.filter(~texts.str.contains(AS_DATES))
    pointed = int(texts.str.contains(POINTS_BEFORE).sum())
    return int(texts.str.contains(DECIMAL_COMMA).sum()) + pointed, pointed


def others_than_numbers(values: pl.Series) -> pl.Series | None:
    """Return which rows of a column of numbers or dates as text hold something else; None where none does."""
    texts = values.cast(pl.String)
    for pattern in (AS_DATES, AS_NUMBERS, WITH_WORD):
        fits = texts.str.contains(pattern)
        if float(fits.mean() or 0) > 1 / 2:  # type: ignore[arg-type]
            return ~fits if not fits.all() else None
    return None


def marks(values: pl.Series, known: tuple[str, ...] = MARKS) -> dict[str, int]:
    """Return texts that usually stand for a missing value, such as “?”, and how many rows have each; of rows where not all are such."""
    if values.dtype not in (pl.String, pl.Categorical, pl.Enum):
        return {}
    counts = values.drop_nulls().cast(pl.String).alias("text").value_counts(name="rows")
    found = counts.filter(pl.col("text").str.strip_chars().str.to_lowercase().is_in(known)).sort("rows", descending=True)
    return {str(text): int(rows) for text, rows in found.rows()} if found.height < counts.height else {}
