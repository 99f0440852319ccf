"""Cut points by entropy and minimum description length."""

from __future__ import annotations

from math import log2

import numpy as np


def cut_points(values: np.ndarray, classes: np.ndarray) -> list[float]:
    """Return where to cut numbers so that their classes are told apart, in ascending order.

    Each cut lies halfway between two neighbouring values, where the mean entropy of both sides is smallest (the first of equal ones), and
    stays when its information gain is worth its description. Both sides are then cut in the same way.

    Source: U. Fayyad, K. Irani, "Multi-interval discretization of continuous-valued attributes for classification learning", IJCAI 1993.

    Args:
        values: Finite numbers.
        classes: The class of each, numbered from 0.
    """
    distinct, below = _counted(values, classes)
    bits = np.arange(len(values) + 1, dtype=np.float64)
    bits[1:] *= np.log2(bits[1:])
    cuts, waiting = [], [(0, len(distinct))]
    while waiting:
        first, last = waiting.pop()
        if (place := _cut(below[:, first : last + 1] - below[:, first : first + 1], bits)) is not None:
            cuts.append(first + place)
            waiting += [(first, first + place), (first + place, last)]
    return [_between(float(distinct[cut - 1]), float(distinct[cut])) for cut in sorted(cuts)]


def _between(low: float, high: float) -> float:
    middle = low / 2 + high / 2
    return middle if middle < high else low  # no number lies between two neighbours


def _counted(values: np.ndarray, classes: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """The distinct values in ascending order, and for each class how many of its rows lie below each of them, and below the end."""
    distinct, place = np.unique(values, return_inverse=True)
    width = int(classes.max()) + 1 if len(classes) else 1
    counts = np.bincount(classes * len(distinct) + place, minlength=len(distinct) * width).reshape(width, len(distinct))
    return distinct, np.hstack([np.zeros((width, 1), dtype=np.int64), counts.cumsum(axis=1)])


def _cut(left: np.ndarray, bits: np.ndarray) -> int | None:
    """The place of the best cut of a segment, if it is accepted; `left` counts each class before each place."""
    whole = left[:, -1:]
    inside = left[:, 1:-1]
    if not inside.shape[1] or np.count_nonzero(whole) < 2:
        return None
    rows = int(whole.sum())
    means = _bits(inside, bits) + _bits(whole - inside, bits)
    best = int(means.argmin())
    parts = np.hstack([whole, inside[:, best : best + 1], whole - inside[:, best : best + 1]])
    kinds, bits_of = np.count_nonzero(parts, axis=0), _bits(parts, bits)
    k_entropy = kinds * bits_of / parts.sum(axis=0)
    # the bits that name the classes and entropies of both sides, in place of those of the whole
    described = log2(3 ** int(kinds[0]) - 2) - float(k_entropy[0] - k_entropy[1] - k_entropy[2])
    return best + 1 if float(bits_of[0] - means[best]) > log2(rows - 1) + described else None


def _bits(counts: np.ndarray, bits: np.ndarray) -> np.ndarray:
    """The entropy of each column of class counts, times its rows; `bits` is n log₂ n, as reading it is faster than the logarithm."""
    return np.asarray(bits[counts.sum(axis=0)] - bits[counts].sum(axis=0))
