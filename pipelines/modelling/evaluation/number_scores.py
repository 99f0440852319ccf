"""Figures of predicted numbers, one definition each, so that one of them can be computed without the others.

A figure is None where it has no value: nothing is clipped. Weights are those of rows; a weight of 2 counts as the row twice, and one of 0 as no row.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

import numpy as np

Weight = np.ndarray | None
ROUNDING = 1e-12  # the share of a sum of weights below which it counts as equal
POWER = 1.5  # of Tweedie's deviance: between Poisson (1) and gamma (2), for amounts that are often 0


def absolute(truth: np.ndarray, guess: np.ndarray) -> np.ndarray:
    """The absolute error of each row."""
    found: np.ndarray = np.abs(truth - guess)
    return found


def squared(truth: np.ndarray, guess: np.ndarray) -> np.ndarray:
    """The squared error of each row."""
    found: np.ndarray = (truth - guess) ** 2
    return found


def squared_logs(truth: np.ndarray, guess: np.ndarray) -> np.ndarray | None:
    """The squared difference of log(1 + value) of each row; None where a value is -1 or less."""
    return None if min(truth.min(), guess.min()) <= -1 else squared(np.log1p(truth), np.log1p(guess))


def percentages(truth: np.ndarray, guess: np.ndarray) -> np.ndarray | None:
    """The absolute error of each row as a share of the true value; None where a true value is 0."""
    return None if (truth == 0).any() else absolute(truth, guess) / np.abs(truth)


def poisson(truth: np.ndarray, guess: np.ndarray) -> np.ndarray | None:
    """The Poisson deviance of each row; None where a true value is negative or a predicted one is not positive."""
    if truth.min() < 0 or guess.min() <= 0:
        return None
    from scipy.special import xlogy

    found: np.ndarray = 2 * (xlogy(truth, truth / guess) - truth + guess)
    return found


def tweedie(truth: np.ndarray, guess: np.ndarray) -> np.ndarray | None:
    """Tweedie's deviance of each row, of power 1.5; None where a true value is negative or a predicted one is not positive."""
    if truth.min() < 0 or guess.min() <= 0:
        return None
    one, two = 1 - POWER, 2 - POWER
    found: np.ndarray = 2 * (truth**two / (one * two) - truth * guess**one / one + guess**two / two)
    return found


# Means of the losses of rows, and roots of such means.
MEANS: Mapping[str, Callable[[np.ndarray, np.ndarray], np.ndarray | None]] = {
    "mean_absolute_error": absolute,
    "mean_absolute_percentage_error": percentages,
    "poisson_deviance": poisson,
    "tweedie_deviance": tweedie,
}
ROOTS: Mapping[str, Callable[[np.ndarray, np.ndarray], np.ndarray | None]] = {
    "root_mean_squared_error": squared,
    "root_mean_squared_log_error": squared_logs,
}
NORMALIZED = {
    "normalized_root_mean_squared_error": "root_mean_squared_error",
    "normalized_mean_absolute_error": "mean_absolute_error",
}


def median_absolute_error(truth: np.ndarray, guess: np.ndarray, weight: Weight) -> float:
    """The median of the absolute errors: half of the weight is at or below it, and half at or above."""
    off = absolute(truth, guess)
    if weight is None:
        return float(np.median(off))
    order = np.argsort(off, kind="stable")
    sums = np.cumsum(weight[order])
    half = sums[-1] / 2
    at = int(np.searchsorted(sums, half * (1 - ROUNDING)))
    is_between = sums[at] <= half * (1 + ROUNDING)
    return float(off[order[at : at + 2]].mean() if is_between else off[order[at]])


def relative_squared_error(truth: np.ndarray, guess: np.ndarray, weight: Weight) -> float | None:
    """The mean squared error as a share of the variance of the truth; None where the truth does not vary."""
    spread = _mean((truth - _mean(truth, weight)) ** 2, weight)
    return _mean(squared(truth, guess), weight) / spread if spread > 0 and _varies(truth) else None


def relative_absolute_error(truth: np.ndarray, guess: np.ndarray, weight: Weight) -> float | None:
    """The mean absolute error as a share of that of the mean; None where the truth does not vary."""
    from_mean = truth - _mean(truth, weight)
    varies = _varies(truth) and _mean(from_mean**2, weight) > 0
    return _mean(absolute(truth, guess), weight) / _mean(np.abs(from_mean), weight) if varies else None


def r2(truth: np.ndarray, guess: np.ndarray, weight: Weight) -> float | None:
    """The share of the variance of the truth that is explained; None where the truth does not vary."""
    relative = relative_squared_error(truth, guess, weight)
    return None if relative is None else 1 - relative


def spearman(truth: np.ndarray, guess: np.ndarray, weight: Weight) -> float | None:
    """Spearman's correlation of the ranks, equal values at the middle of theirs; None where truth or predictions do not vary."""
    one, two = (each - _mean(each, weight) for each in (ranks(truth, weight), ranks(guess, weight)))
    spread = (_mean(one**2, weight) * _mean(two**2, weight)) ** 0.5
    return _mean(one * two, weight) / spread if spread > 0 and _varies(truth) and _varies(guess) else None


def ranks(values: np.ndarray, weight: Weight) -> np.ndarray:
    """Return how much weight is below each value, and half of what is equal to it."""
    order = np.argsort(values)
    starts = np.flatnonzero(np.append(True, np.diff(values[order]) > 0))
    sizes = np.diff(np.append(starts, len(values))) if weight is None else np.add.reduceat(weight[order], starts)
    found = np.empty(len(values))
    found[order] = np.repeat(np.cumsum(sizes) - sizes / 2, np.diff(np.append(starts, len(values))))
    return found


OTHERS: Mapping[str, Callable[[np.ndarray, np.ndarray, Weight], float | None]] = {
    each.__name__: each for each in (median_absolute_error, relative_absolute_error, relative_squared_error, r2, spearman)
}
KEYS = (*MEANS, *ROOTS, *NORMALIZED, *OTHERS)


def figure(key: str, truth: np.ndarray, guess: np.ndarray, weight: Weight) -> float | None:
    """Return one figure of predicted numbers; None where it has no value.

    Args:
        key: One of `KEYS`.
        truth: The true numbers.
        guess: The predicted numbers.
        weight: The weight of each row, if there are weights.
    """
    if weight is not None and not weight.all():
        some = weight > 0
        truth, guess, weight = truth[some], guess[some], weight[some]
    with np.errstate(over="ignore"):
        found = _figure(key, truth, guess, weight)
    return found if found is not None and np.isfinite(found) else None


def _figure(key: str, truth: np.ndarray, guess: np.ndarray, weight: Weight) -> float | None:
    if key in OTHERS:
        return OTHERS[key](truth, guess, weight)
    if key in NORMALIZED:
        width = float(np.ptp(truth))
        found = _figure(NORMALIZED[key], truth, guess, weight)
        return found / width if found is not None and width > 0 else None
    losses = (MEANS.get(key) or ROOTS[key])(truth, guess)
    mean = None if losses is None else _mean(losses, weight)
    return mean if mean is None or key in MEANS else mean**0.5


def _mean(values: np.ndarray, weight: Weight) -> float:
    return float(np.average(values, weights=weight))


def _varies(values: np.ndarray) -> bool:
    return bool((values != values[0]).any())
