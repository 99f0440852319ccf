"""What texts are: numbers or dates, or marks of missing values."""

from __future__ import annotations

import polars as pl

from pipelines.modelling.prose import AS_DATES, FEWEST_ROWS

_UNIT = r"(?:[€$£¥%]|EUR|USD|GBP|CHF|JPY|kg|g|lbs?|km|m|cm|mm|mi|ml|l|h|hrs?|min|s|ms|k|K|M)"
AS_NUMBERS = rf"^\s*[-+(]?\s*{_UNIT}?\s*[-+]?\s*\d[\d\s.,']*(?:[eE][-+]?\d+)?\s*{_UNIT}?\s*\)?\s*$"
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
    return ""


def marks(values: pl.Series, known: tuple[str, ...] = MARKS) -> dict[str, int]:
    """Return texts that usually stand for a missing value, such as “?”, and how many rows have each; of rows where not all are such."""
    if values.dtype not in (pl.String, pl.Categorical, pl.Enum):
        return {}
    counts = values.drop_nulls().cast(pl.String).value_counts(name="rows")
    found = counts.filter(pl.col(values.name).str.strip_chars().str.to_lowercase().is_in(known)).sort("rows", descending=True)
    return {str(text): int(rows) for text, rows in found.rows()} if found.height < counts.height else {}
