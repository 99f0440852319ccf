"""Tallies: what a column held, as counts that can be added up. No row is kept."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from math import isfinite, nan
from typing import Any

import msgspec
import numpy as np
from numpy.typing import NDArray

Numbers = NDArray[np.float64]


class Tally(msgspec.Struct):
    """Counts of one column.

    Args:
        missing: Rows without a value.
        invalid: Rows whose value has another type.
        outside: Numbers out of the range of the reference, or texts that it did not have. They stand in `bins` too.
        bins: Rows by bin.
        low, high: The smallest and largest number; None without one.
    """

    missing: int = 0
    invalid: int = 0
    outside: int = 0
    bins: list[int] = []
    low: float | None = None
    high: float | None = None

    @property
    def present(self) -> int:
        """Return the rows with a value of the right type."""
        return sum(self.bins)

    @property
    def rows(self) -> int:
        """Return all rows."""
        return self.missing + self.invalid + self.present


def added(tallies: Iterable[Tally]) -> Tally:
    """Return the sum of tallies of the same column; of none an empty one."""
    total = Tally()
    for each in tallies:
        bins = (
            [one + two for one, two in zip(total.bins, each.bins, strict=True)]
            if total.bins and each.bins
            else [*(total.bins or each.bins)]
        )
        total = Tally(
            total.missing + each.missing,
            total.invalid + each.invalid,
            total.outside + each.outside,
            bins,
            _extreme(min, total.low, each.low),
            _extreme(max, total.high, each.high),
        )
    return total


def _extreme(choose: Any, *values: float | None) -> float | None:
    known = [value for value in values if value is not None]
    return choose(known) if known else None


def tally_numbers(values: Sequence[Any], edges: Numbers, low: float, high: float) -> Tally:
    """Count numbers. Bin i has the values above edge i-1 and up to edge i.

    Args:
        values: Numbers, texts of numbers, or None.
        edges: Increasing; the bins are one more.
        low, high: The range of the reference.
    """
    found, invalid = numbers_of(values)
    there = found[~np.isnan(found)]
    bins = np.bincount(np.searchsorted(edges, there), minlength=len(edges) + 1)
    finite = there[np.isfinite(there)]
    return Tally(
        len(found) - len(there),
        invalid,
        int(np.count_nonzero((there < low) | (there > high))),
        bins.tolist(),
        float(finite.min()) if len(finite) else None,
        float(finite.max()) if len(finite) else None,
    )


def numbers_of(values: Sequence[Any]) -> tuple[Numbers, int]:
    """Return the numbers among values, NaN for a missing one, and how many values are no numbers."""
    try:
        numbers = np.array(values, dtype=np.float64)
        if numbers.ndim == 1:  # lists of equal lengths are a matrix
            return numbers, 0
    except (TypeError, ValueError, OverflowError):
        pass
    found = [_number(value) for value in values]
    return np.array([value for value in found if value is not None], dtype=np.float64), found.count(None)


def _number(value: Any) -> float | None:
    """A value as a number, NaN when it is missing, None when it is none."""
    try:
        return nan if value is None else float(value)
    except OverflowError:
        return float("inf")
    except (TypeError, ValueError):
        return None


def tally_texts(values: Sequence[Any], places: Mapping[str, int], bins: int) -> Tally:
    """Count texts, truth values, and numbers that name a category.

    Args:
        values: Texts, truth values, numbers, or None.
        places: The bin of each text of the reference.
        bins: How many there are; the last is of texts that the reference did not have.
    """
    tally = Tally(bins=[0] * bins)
    try:
        counts = Counter(values)
    except TypeError:  # a list or an object
        kept = [value for value in values if not isinstance(value, list | dict)]
        tally.invalid, counts = len(values) - len(kept), Counter(kept)
    for value, count in counts.items():
        if value is None or value != value:  # a number that is a category may arrive as NaN
            tally.missing += count
            continue
        place = places.get(text_of(value), bins - 1)
        tally.bins[place] += count
        tally.outside += count if place == bins - 1 else 0
    return tally


def tally_presence(values: Sequence[Any]) -> Tally:
    """Count which values are there, and nothing else."""
    missing = sum(value is None or value != value for value in values)
    return Tally(missing=missing, bins=[len(values) - missing])


def text_of(value: Any) -> str:
    """Return a value of a category as the text by which it is counted; a whole number in one form, since clients write 3 and 3.0."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value)


def finite_or_none(value: float) -> float | None:
    """Return a number that JSON can hold."""
    return float(value) if isfinite(value) else None
