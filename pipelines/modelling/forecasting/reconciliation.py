"""Reconciliation: forecasts of series and of their sums are changed as little as needed, so that they add up."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

import numpy as np

Reconciling = Literal["bottom_up", "top_down", "ols", "structural", "variance", "shrinkage"]


def summing(keys: Sequence[Sequence[str]], total: str) -> tuple[np.ndarray, np.ndarray]:
    """Return the summing matrix (a row for each series, a column for each one that is no sum), and the places of those.

    Args:
        keys: The keys of each series; a sum has `total` in place of what it sums over.
        total: The key of sums.
    """
    bottom = np.array([place for place, key in enumerate(keys) if total not in key], dtype=int)
    table, own = np.array([list(key) for key in keys], dtype=object), np.array([list(keys[place]) for place in bottom], dtype=object)
    if not len(bottom):
        return np.zeros((len(keys), 0)), bottom
    fits = np.ones((len(keys), len(bottom)), dtype=bool)
    for level in range(table.shape[1]):
        fits &= (table[:, level, None] == own[None, :, level]) | (table[:, level, None] == total)
    return fits.astype(np.float64), bottom


def reconciled(base: np.ndarray, sums: np.ndarray, bottom: np.ndarray, how: Reconciling, residuals: np.ndarray | None) -> np.ndarray:
    """Return coherent forecasts.

    Args:
        base: A row for each series, a column for each period.
        sums: The summing matrix.
        bottom: The places of the series that are no sums.
        how: The method.
        residuals: Errors of earlier forecasts, a row for each series; for variance and shrinkage.
    """
    found: np.ndarray
    if how == "bottom_up":
        found = sums @ base[bottom]
    elif how == "top_down":
        found = sums @ _top_down(base, sums, bottom)
    else:
        found = sums @ _least_change(base, sums, _weights(sums, how, residuals))
    return found


def _top_down(base: np.ndarray, sums: np.ndarray, bottom: np.ndarray) -> np.ndarray:
    """The forecast of the whole, divided as the forecasts of the lowest series are."""
    whole = base[int(sums.sum(axis=1).argmax())]
    own = base[bottom]
    total = own.sum(axis=0)
    share = np.where(total != 0, own / np.where(total != 0, total, 1.0), 1 / len(bottom))
    found: np.ndarray = share * whole
    return found


def _weights(sums: np.ndarray, how: Reconciling, residuals: np.ndarray | None) -> np.ndarray:
    """The assumed covariance of the errors of the forecasts."""
    if how == "ols" or (residuals is None and how != "structural"):
        return np.eye(len(sums))
    if how == "structural" or residuals is None:
        return np.diag(sums.sum(axis=1))
    variance = np.maximum((residuals**2).mean(axis=1), 1e-12 * max(1.0, float((residuals**2).mean())))
    if how == "variance":
        return np.diag(variance)
    return _shrunk(residuals, variance)


def _shrunk(residuals: np.ndarray, variance: np.ndarray) -> np.ndarray:
    """The covariance of errors, correlations shrunk towards none (Schäfer and Strimmer, 2005)."""
    scaled = residuals / np.sqrt(variance)[:, None]
    count = scaled.shape[1]
    correlation = scaled @ scaled.T / count
    spread = ((scaled**2) @ (scaled**2).T - count * correlation**2) / (count * max(1, count - 1))
    off = ~np.eye(len(scaled), dtype=bool)
    size = float((correlation[off] ** 2).sum())
    share = 1.0 if size == 0 else float(np.clip(spread[off].sum() / size, 0, 1))
    shrunk = np.where(off, (1 - share) * correlation, 1.0)
    deviation = np.sqrt(variance)
    covariance: np.ndarray = shrunk * deviation[:, None] * deviation[None, :]
    return covariance


def _least_change(base: np.ndarray, sums: np.ndarray, weights: np.ndarray) -> np.ndarray:
    """Generalized least squares of the forecasts on the summing matrix (minimum trace)."""
    inverse = np.linalg.pinv(weights) @ sums
    found: np.ndarray = np.linalg.lstsq(sums.T @ inverse, inverse.T @ base, rcond=None)[0]
    return found
