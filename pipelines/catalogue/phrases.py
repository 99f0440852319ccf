"""Numbers, values and names in sentences for users."""

from __future__ import annotations

from collections.abc import Sequence

import polars as pl

from pipelines.catalogue.errors import ModuleError

LONGEST_SHOWN = 60  # characters of a value in a sentence


def class_text(values: pl.Series) -> pl.Series:
    """Return label values as class names; whole numbers lose their decimals, so 1.0 and 1 are one class.

    Raises:
        ModuleError: `not_classes`, for lists and the like.
    """
    if values.dtype.is_nested() or values.dtype in (pl.Binary, pl.Object):
        raise ModuleError(
            "not_classes",
            f"“{values.name}” holds {str(values.dtype).partition('(')[0].lower()} values, which cannot be classes.",
            column=values.name or None,
            remedy="Select a column of texts, numbers, dates or yes/no.",
        )
    if values.dtype == pl.Duration:
        return values.dt.to_string()
    if values.dtype.is_float() and bool(((values % 1 == 0) & (values.abs() < 2**53)).all()):
        values = values.cast(pl.Int64)
    return values.cast(pl.String)


def counted(number: int, one: str, many: str | None = None) -> str:
    """Return a number with its noun, such as "1 row" or "3 rows"."""
    return f"{number:,} {one if number == 1 else many or one + 's'}"


def percent(share: float, decimals: int = 1) -> str:
    """Return a share as people write it, such as "26.4\u00a0%", with a no-break space."""
    return f"{100 * share:.{decimals}f}\u00a0%"


def some_values(values: pl.Series, most: int = 3) -> str:
    """Return the first distinct values, long ones by their beginning, and how many more there are."""
    return some_of(values.drop_nulls().unique(maintain_order=True), most)


def some_of(different: pl.Series, most: int = 3) -> str:
    """Return the first of distinct values, long ones by their beginning, and how many more there are."""
    some = ", ".join(
        f"“{value if len(value) <= LONGEST_SHOWN else value[: LONGEST_SHOWN - 1] + '…'}”" for value in class_text(different.head(most))
    )
    return some + (f" and {len(different) - most:,} more" if len(different) > most else "")


def listed(columns: Sequence[str]) -> str:
    """Return the first columns by name, and how many more there are."""
    some = ", ".join(f"“{column}”" for column in columns[:5])
    return some + (f" and {len(columns) - 5} more" if len(columns) > 5 else "")
