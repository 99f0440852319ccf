"""The figures of one column."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import polars as pl

from pipelines.modelling.numbers import is_number, numbers_of

PERCENTILES = {"P0.5": 0.005, "P1": 0.01, "P5": 0.05, "P95": 0.95, "P99.5": 0.995}
QUARTILES = {"1st Quartile": 0.25, "Median": 0.5, "3rd Quartile": 0.75}
MOMENTS = ("Mean", "Mean Deviation", "Sample Variance", "Sample Standard Deviation", "Sample Skewness", "Sample Kurtosis")
COUNTS = ("Count", "Unique Value Count", "Missing Value Count")
NUMBERS = (
    *("Min", "Max", "Mean", "Mean Deviation", *QUARTILES, "Mode", "Range"),
    *("Sample Variance", "Sample Standard Deviation", "Sample Skewness", "Sample Kurtosis", *PERCENTILES),
)
OF_EVERY_TYPE = {
    "Type": pl.String(),
    "Smallest Value": pl.String(),
    "Largest Value": pl.String(),
    "Most Frequent Value": pl.String(),
    "Most Frequent Count": pl.Int64(),
}
SCHEMA: Mapping[str, pl.DataType] = {
    "Feature": pl.String(),
    **dict.fromkeys(COUNTS, pl.Int64()),
    **dict.fromkeys(NUMBERS, pl.Float64()),
    **OF_EVERY_TYPE,
}


def summary_of(values: pl.Series) -> dict[str, Any]:
    """The figures of a column by their names; those that it has not are None."""
    row: dict[str, Any] = dict.fromkeys(SCHEMA)
    row |= {"Feature": values.name, "Type": str(values.dtype), "Count": len(values), "Missing Value Count": values.null_count()}
    if is_number(values.dtype):
        return row | _of_numbers(values)
    if values.dtype.is_nested() or values.dtype in (pl.Binary, pl.Object, pl.Null):
        return row | ({"Unique Value Count": 0} if values.null_count() == len(values) else {})
    known = _comparable(values.drop_nulls())
    counts = known.alias("value").value_counts(name="rows")
    return row | {"Unique Value Count": counts.height} | (_ends(known.min(), known.max(), *_most_frequent(counts)) if len(known) else {})


def _of_numbers(values: pl.Series) -> dict[str, Any]:
    missing = values.is_null() | ~values.is_finite() if values.dtype.is_float() else values.is_null()
    known = values.filter(~missing).rechunk().sort()  # every figure but the moments is one look-up in sorted values
    found: dict[str, Any] = {"Unique Value Count": 0, "Missing Value Count": int(missing.sum())}
    if not len(known):
        return found
    runs = known.rle().struct.unnest()
    longest = int(runs["len"].arg_max() or 0)  # the first of several, so the smallest value
    x = numbers_of(known).set_sorted()
    low, high = float(x[0]), float(x[-1])
    figures: dict[str, float | None] = {"Min": low, "Max": high, "Range": high - low, "Mode": float(runs["value"][longest])}
    figures |= {name: x.quantile(share, "linear") for name, share in (QUARTILES | PERCENTILES).items()}
    figures |= _moments(x.to_numpy())
    ends = _ends(known[0], known[-1], runs["value"][longest], int(runs["len"][longest]))
    finite = {name: value if value is not None and np.isfinite(value) else None for name, value in figures.items()}
    return found | {"Unique Value Count": runs.height} | finite | ends


@np.errstate(over="ignore", invalid="ignore")
def _moments(x: np.ndarray) -> dict[str, float | None]:
    """Centred twice: the second time takes away what rounding left in the mean."""
    n, mean = len(x), float(x.mean())
    off = x - mean
    left = float(off.mean())
    mean, off = (float(x[0]), np.zeros(n)) if x[0] == x[-1] else (mean + left, off - left)
    squares = off**2
    second = float(squares.mean())
    found: dict[str, float | None] = dict.fromkeys(MOMENTS)
    found |= {"Mean": mean, "Mean Deviation": float(np.abs(off).mean())}
    if n > 1:
        variance = second * n / (n - 1)
        found |= {"Sample Variance": variance, "Sample Standard Deviation": variance**0.5}
    if n > 2 and second > 0:
        found["Sample Skewness"] = float((squares * off).mean()) / second**1.5 * (n * (n - 1)) ** 0.5 / (n - 2)
    if n > 3 and second > 0:
        excess = float((squares * squares).mean()) / second**2 - 3
        found["Sample Kurtosis"] = ((n + 1) * excess + 6) * (n - 1) / ((n - 2) * (n - 3))
    return found


def _comparable(values: pl.Series) -> pl.Series:
    """Categories in order of their texts."""
    return values.cast(pl.String) if values.dtype in (pl.Categorical, pl.Enum) else values


def _most_frequent(counts: pl.DataFrame) -> tuple[Any, int]:
    most = counts["rows"].max()
    return counts.filter(pl.col("rows") == most).to_series(0).min(), int(most)  # type: ignore[arg-type]


def _ends(smallest: Any, largest: Any, frequent: Any, times: int) -> dict[str, Any]:
    texts = [_text(value) for value in (smallest, largest, frequent)]
    return dict(zip(("Smallest Value", "Largest Value", "Most Frequent Value"), texts, strict=True)) | {"Most Frequent Count": times}


def _text(value: Any) -> str:
    if isinstance(value, bool):
        return str(value).lower()
    return value.isoformat(" ") if hasattr(value, "hour") and hasattr(value, "year") else str(value)
