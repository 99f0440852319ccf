"""Tests of normality of one column, and its normal quantiles."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from math import exp
from typing import Any

import numpy as np
import polars as pl

from pipelines.modelling.evaluation.charts import Block, chart, guide, layer, thinned

RESULT = {
    "Column": pl.String(),
    "Test": pl.String(),
    "Rows": pl.Int64(),
    "Statistic": pl.Float64(),
    "P Value": pl.Float64(),
    "Normal": pl.Boolean(),
    "Note": pl.String(),
}
MOST_SHAPIRO = 5000
MOST_DOTS = 300


def rows_of(values: pl.Series, level: float) -> list[Sequence[Any]]:
    """The rows of the result for a column's sorted values."""
    x = values.to_numpy()
    spread = len(x) > 0 and x[0] != x[-1]
    if spread:  # the tests do not depend on unit and origin; so no square is too large
        x = x / max(-x[0], x[-1])
        x = x - x.mean()
        x = x / max(-x[0], x[-1])
    found: list[Sequence[Any]] = []
    for name, fewest, most, test in TESTS:
        note = _why_not(len(x), fewest, most, spread)
        statistic, p = (None, None) if note else test(x)
        found.append((values.name, name, len(x), statistic, p, None if p is None else p >= level, note))
    return found


def _why_not(rows: int, fewest: int, most: int | None, spread: bool) -> str | None:
    if rows < fewest:
        return f"It needs at least {fewest} values."
    if most and rows > most:
        return f"Its p-value is not accurate for more than {most:,} values."
    return None if spread else "All values are the same."


def _shapiro(x: np.ndarray) -> tuple[float, float]:
    from scipy.stats import shapiro

    statistic, p = shapiro(x)
    return float(statistic), float(p)


def _dagostino(x: np.ndarray) -> tuple[float, float]:
    from scipy.stats import normaltest

    statistic, p = normaltest(x)
    return float(statistic), float(p)


def _anderson(x: np.ndarray) -> tuple[float, float]:
    from scipy.special import log_ndtr

    n, z = len(x), (x - x.mean()) / x.std(ddof=1)
    squared = -n - float(((2 * np.arange(1, n + 1) - 1) * (log_ndtr(z) + log_ndtr(-z[::-1]))).mean())
    a = squared * (1 + 0.75 / n + 2.25 / n**2)
    if a < 0.2:
        p = 1 - exp(-13.436 + 101.14 * a - 223.73 * a**2)
    elif a < 0.34:
        p = 1 - exp(-8.318 + 42.796 * a - 59.938 * a**2)
    elif a < 0.6:
        p = exp(0.9177 - 4.279 * a - 1.38 * a**2)
    else:
        p = exp(1.2937 - 5.709 * min(a, 10) + 0.0186 * min(a, 10) ** 2)  # beyond 10 the polynomial would rise again
    return squared, p


TESTS: Sequence[tuple[str, int, int | None, Callable[[np.ndarray], tuple[float, float]]]] = (
    ("Shapiro-Wilk", 3, MOST_SHAPIRO, _shapiro),
    ("D'Agostino-Pearson", 20, None, _dagostino),
    ("Anderson-Darling", 8, None, _anderson),
)


def quantile_chart(values: pl.Series) -> Block:
    """The sorted values of a column against the quantiles of the normal distribution, and the line through its quartiles."""
    from scipy.special import ndtri

    x = values.to_numpy()
    places = thinned(len(x), MOST_DOTS)
    normal = ndtri((np.array(places) + 0.5) / len(x))
    low, high = (float(values.quantile(share, "linear") or 0.0) for share in (0.25, 0.75))
    slope = high / (ndtri(0.75) - ndtri(0.25)) - low / (ndtri(0.75) - ndtri(0.25))  # the difference itself may be too large
    with np.errstate(over="ignore"):
        line = [{"normal": float(end), "value": float(np.nan_to_num(low / 2 + high / 2 + slope * end))} for end in (normal[0], normal[-1])]
    dots = [{"normal": float(at), "value": float(x[place])} for at, place in zip(normal, places, strict=True)]
    points = {"mark": {"type": "point", "tooltip": True}, "data": {"values": dots}, "encoding": {}}
    spec = layer(
        *guide("normal", line, line[1], above=True), points, x=("normal", "Normal quantile"), y=("value", str(values.name)), zero=False
    )
    words = f"Values of “{values.name}” by the quantile of a normal distribution; on the dashed line they are normal."
    return chart(f"Normal quantiles of “{values.name}”", "normal_quantiles", words, spec)
