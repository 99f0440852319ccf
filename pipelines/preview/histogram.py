"""Histogram bins with readable edges: round steps for numbers, calendar steps for dates."""

from __future__ import annotations

import math
from dataclasses import dataclass
from datetime import datetime
from itertools import pairwise

import polars as pl

MOST_BINS = 30
SMALLEST_WIDTH = 1e-290
ROUND = (1.0, 2.0, 2.5, 5.0, 10.0)
SPANS = tuple(
    {
        "1us": 1e-6,
        "10us": 1e-5,
        "100us": 1e-4,
        "1ms": 1e-3,
        "10ms": 1e-2,
        "100ms": 0.1,
        "1s": 1,
        "5s": 5,
        "15s": 15,
        "1m": 60,
        "5m": 300,
        "15m": 900,
        "1h": 3_600,
        "3h": 10_800,
        "6h": 21_600,
        "12h": 43_200,
        "1d": 86_400,
        "1w": 604_800,
        "1mo": 2_629_800,
        "1q": 7_889_400,
        "1y": 31_557_600,
        "2y": 63_115_200,
        "5y": 157_788_000,
        "10y": 315_576_000,
        "25y": 788_940_000,
        "100y": 3_155_760_000,
        "500y": 15_778_800_000,
    }.items()
)


@dataclass(frozen=True, slots=True)
class Histogram:
    """Bins of equal width from `start`; the last includes its right edge."""

    start: float
    step: float
    count: int

    def edges(self) -> list[float]:
        """Return the count + 1 edges, without rounding errors."""
        edges = [self.start + place * self.step for place in range(self.count + 1)]
        return [round(edge, 12) for edge in edges] if self.step > 1e-9 else edges

    def place(self, value: pl.Expr) -> pl.Expr:
        """Return the index of a value's bin."""
        return ((value.cast(pl.Float64) - self.start) / self.step).floor().clip(0, self.count - 1).cast(pl.UInt32)


def number_bins(least: float, most: float, whole: bool) -> Histogram | None:
    """Return bins for a range of numbers; whole numbers of a short range have one bin each, centred on them."""
    width = most - least
    if not math.isfinite(width):
        return None
    if whole and width < MOST_BINS:
        return Histogram(least - 0.5, 1.0, int(width) + 1)
    if width < SMALLEST_WIDTH:
        margin = abs(least) / 2 or 0.5
        return Histogram(least - margin, width + 2 * margin, 1)
    step = _round_step(width / (MOST_BINS - 2))
    if whole:
        step = float(max(1, math.ceil(step)))
    start = math.floor(least / step) * step
    count = max(1, math.ceil((most - start) / step))
    return Histogram(start, step, count) if start + step > start else None


def _round_step(least: float) -> float:
    power = 10.0 ** math.floor(math.log10(least))
    return next(factor * power for factor in ROUND if factor * power >= least * (1 - 1e-9))


def moment_span(least: datetime, most: datetime) -> str:
    """Return the calendar step, as Polars writes it, that divides a time range into at most 30 bins."""
    seconds = (most - least).total_seconds()
    return next((name for name, length in SPANS if seconds / length <= MOST_BINS - 2), "1000y")


def moment_edges(least: datetime, most: datetime, span: str) -> list[datetime]:
    """Return the edges of calendar bins, from the bin that contains `least` to the end of the one that contains `most`."""
    ends = pl.Series([least, most]).dt.truncate(span)
    edges: list[datetime] = pl.datetime_range(ends[0], pl.select(pl.lit(ends[1]).dt.offset_by(span)).item(), span, eager=True).to_list()
    assert all(before < after for before, after in pairwise(edges))
    return edges
