"""Linear regressions of series on their own earlier values, of many series at the same time: sums of products, and one solution of many small systems."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view

WELL = 1e-6  # smallest over largest eigenvalue of the scaled products, from which on they give ten digits
Array = np.ndarray


def lagged(values: Array, back: Sequence[int]) -> tuple[Array, Array]:
    """Return the earlier values of each time (series x times x lags), and the values (series x times), from the first time on that has all."""
    most = max(back)
    windows = sliding_window_view(values, most + 1, axis=1)
    return windows[:, :, [most - lag for lag in back]], values[:, most:]


def fit(values: Array, back: Sequence[int]) -> tuple[Array, Array]:
    """Return the coefficients of each series, the constant first, and whether they are the only solution. A series has at least one complete time.

    Times with a missing value are left out. Where the columns depend on each other, the solution is the smallest, as of scikit-learn's LinearRegression.
    """
    earlier, target = lagged(values, back)
    whole = ~np.isnan(values).any(axis=1)
    coefficients, unique = np.zeros((len(values), len(back) + 1)), np.zeros(len(values), dtype=bool)
    if whole.any():
        coefficients[whole], unique[whole] = _solved(earlier[whole], target[whole])
    for place in np.flatnonzero(~whole):
        there = ~(np.isnan(earlier[place]).any(axis=1) | np.isnan(target[place]))
        found, only = _solved(earlier[None, place, there], target[None, place, there])
        coefficients[place], unique[place] = found[0], only[0]
    return coefficients, unique


def _solved(earlier: Array, target: Array) -> tuple[Array, Array]:
    mean, centre = earlier.mean(axis=1, keepdims=True), target.mean(axis=1, keepdims=True)
    columns, off = earlier - mean, target - centre
    products = columns.swapaxes(1, 2) @ columns
    right = columns.swapaxes(1, 2) @ off[:, :, None]
    scale = np.sqrt(np.einsum("gii->gi", products))
    scaled = products / np.where(scale > 0, scale, 1)[:, :, None] / np.where(scale > 0, scale, 1)[:, None, :]
    values = np.linalg.eigvalsh(scaled)
    well = values[:, 0] > WELL * values[:, -1]
    slopes = np.zeros((len(target), earlier.shape[2]))
    if well.any():
        slopes[well] = np.linalg.solve(products[well], right[well])[:, :, 0]
    for place in np.flatnonzero(~well):
        slopes[place], _, rank, _ = np.linalg.lstsq(columns[place], off[place], rcond=None)
        well[place] = rank == earlier.shape[2]
    constant = centre - np.einsum("gl,gl->g", mean[:, 0], slopes)[:, None]
    return np.hstack([constant, slopes]), well


def predict(coefficients: Array, back: Sequence[int], before: Array, values: Array) -> Array:
    """Return the prediction of each time of each series, from the values before it; a prediction stands in for a value that is missing.

    Args:
        coefficients: Of each series, the constant first.
        back: The lags.
        before: The last values before the first time (series x longest lag); missing where there are none.
        values: The values; missing where they are not known.
    """
    most, places = before.shape[1], np.array(back)
    filled = np.hstack([before, values])
    predicted = np.empty_like(values)
    for time in range(values.shape[1]):
        predicted[:, time] = coefficients[:, 0] + (coefficients[:, 1:] * filled[:, most + time - places]).sum(axis=1)
        unknown = np.isnan(filled[:, most + time])
        filled[unknown, most + time] = predicted[unknown, time]
    return predicted
