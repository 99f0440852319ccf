"""What texts are: prose, numbers or dates as text, or marks of missing values."""

from __future__ import annotations

import polars as pl

FEWEST_ROWS = 20
WORDS = 3  # on average, from which on a text is prose
MOST_ALIKE = 0.9  # the share of rows whose text occurs elsewhere, up to which texts are prose
_UNIT = r"(?:[€$£¥%]|EUR|USD|GBP|CHF|JPY|kg|g|lbs?|km|m|cm|mm|mi|ml|l|h|hrs?|min|s|ms|k|K|M)"
_MONTH = r"(?:jan|feb|m[aä]r|apr|ma[iy]|jun|jul|aug|sep|o[ck]t|nov|de[cz])[a-z]{0,7}"  # of English and German names
AS_NUMBERS = rf"^\s*[-+(]?\s*{_UNIT}?\s*[-+]?\s*\d[\d\s.,']*(?:[eE][-+]?\d+)?\s*{_UNIT}?\s*\)?\s*$"
AS_CODES = r"^\s*0\d+\s*$"  # such as postal codes, which are no numbers
AS_DATES = rf"(?i)^\s*(?:\d{{1,4}}[-/.]\d{{1,2}}[-/.]\d{{1,4}}(?:\b|T)|\d{{1,2}}\.?[\s\-]{_MONTH}[\s\-.,]+\d{{2,4}}|(?:\w{{2,9}},\s)?{_MONTH}\.?\s\d{{1,2}},?\s\d{{4}})"
MARKS = ("", "?", "na", "n/a", "#n/a", "<na>", "nan", "null", "none", "nil", "missing")
LABEL_MARKS = tuple(mark for mark in MARKS if mark not in ("none", "missing"))  # these two can be classes


def prose(values: pl.Series) -> str:
    """Return how long the texts are where they are prose, as the rest of a sentence; empty where they are not."""
    known = values.cast(pl.String).drop_nulls()
    different = known.n_unique()
    if len(known) < FEWEST_ROWS or different < max(FEWEST_ROWS, (1 - MOST_ALIKE) * len(known)):
        return ""
    words = float(known.str.count_matches(r"\S+").mean() or 0)  # type: ignore[arg-type]
    return f"holds texts of {words:.2g} words" if words > WORDS and not known.str.contains(AS_DATES).mean() > 0.5 else ""  # type: ignore[operator]


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
