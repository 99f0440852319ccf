"""Which fold each row is in."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from pipelines.catalogue.errors import ModuleError
from pipelines.modelling.drawing import share_of


def shares_of(text: str) -> list[float]:
    """The shares of the folds that a text names; what is left of 1 makes a last fold.

    Raises:
        ModuleError: `wrong_value`.
    """
    parts = [part.strip() for part in text.split(",") if part.strip()]
    try:
        shares = [float(part) for part in parts]
        good = bool(shares) and all(0 < share <= 1 for share in shares) and sum(shares) <= 1 + 1e-9
    except ValueError:
        good = False
    if not good:
        raise ModuleError(
            "wrong_value",
            f"The fractions “{text[:60]}” are not numbers above 0 that add up to at most 1.",
            param="shares",
            remedy="Write fractions with a decimal point, separated by commas: 0.7, 0.2, 0.1.",
        )
    left = round(1 - sum(shares), 9)
    return [*shares, left] if left > 0 else shares


def even(order: np.ndarray, count: int) -> np.ndarray:
    """Folds of the same size, one after the other in the order of the rows; the first ones have one row more where it does not come out even."""
    sizes = np.full(count, len(order) // count)
    sizes[: len(order) % count] += 1
    return _in_blocks(order, sizes)


def by_shares(order: np.ndarray, shares: Sequence[float]) -> np.ndarray:
    """Folds of given shares, one after the other in the order of the rows."""
    ends = np.array([share_of(total, len(order)) for total in np.cumsum(shares)], dtype=int)
    ends[-1:] = len(order)
    return _in_blocks(order, np.diff(ends, prepend=0))


def stratified_even(order: np.ndarray, strata: np.ndarray, count: int) -> np.ndarray:
    """Folds of the same size that share every stratum alike: its rows are dealt like cards, stratum after stratum."""
    folds = np.empty(len(order), dtype=np.int64)
    folds[order[np.argsort(strata[order], kind="stable")]] = np.arange(len(order)) % count + 1
    return folds


def stratified_folds(order: np.ndarray, strata: np.ndarray, shares: Sequence[float]) -> np.ndarray:
    """Folds that hold their share of every stratum.

    Stratum after stratum, rows are dealt to the first fold in even steps, then what is left to the second, and so on: so each fold gets its share of any
    stretch of rows to within a few.
    """
    rows = order[np.argsort(strata[order], kind="stable")]
    folds = np.zeros(len(order), dtype=np.int64)
    left = 1.0
    for number, share in enumerate(shares[:-1], 1):
        dealt = np.floor(np.round(np.arange(1, len(rows) + 1) * (share / left) + 0.5, 9))
        taken = np.diff(dealt, prepend=0) > 0
        folds[rows[taken]] = number
        rows, left = rows[~taken], left - share
    folds[rows] = len(shares)
    return folds


def _in_blocks(order: np.ndarray, sizes: np.ndarray) -> np.ndarray:
    folds = np.empty(len(order), dtype=np.int64)
    folds[order] = np.repeat(np.arange(1, len(sizes) + 1), sizes)
    return folds
