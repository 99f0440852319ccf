"""Figures of probabilities of two classes, one definition each, so that one of them can be computed without the others.

Those at a threshold follow from how much is of each class and taken for it: tp and fp are the right and wrong positives, fn and tn the wrong and
right negatives. They may be arrays of one shape, such as a place for each of several thresholds. A share of nothing is 0, as in scikit-learn.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, NamedTuple

import numpy as np

from pipelines.catalogue.ports import USUAL_THRESHOLD
from pipelines.modelling.evaluation import intervals


class Cells(NamedTuple):
    """How many rows, or how much weight, is of each class and taken for it: numbers, or arrays of one shape."""

    tp: Any
    fp: Any
    fn: Any
    tn: Any


def cells(truth: np.ndarray, guess: np.ndarray, weight: np.ndarray | None) -> Cells:
    """Count rows by their class and whether they are taken for positive.

    Args:
        truth: 0 or 1 of each row.
        guess: Whether each row is taken for positive.
        weight: The weight of each row, if there are weights.
    """
    own = truth == 1
    if weight is None:
        tp, positives, predicted = (int(np.count_nonzero(each)) for each in (own & guess, own, guess))
        return Cells(tp, predicted - tp, positives - tp, len(own) - positives - predicted + tp)
    return Cells(*(weight[some].sum().item() for some in (own & guess, ~own & guess, own & ~guess, ~(own | guess))))


def accuracy(of: Cells) -> Any:
    """The share of rows that are right."""
    return _share(of.tp + of.tn, of.tp + of.fp + of.fn + of.tn)


def balanced_accuracy(of: Cells) -> Any:
    """The mean of the shares of each class that are right; of one class that occurs alone its share."""
    positives, negatives = of.tp + of.fn, of.tn + of.fp
    classes = np.add(np.greater(positives, 0), np.greater(negatives, 0), dtype=float)
    return _share(np.add(_share(of.tp, positives), _share(of.tn, negatives)), classes)


def precision(of: Cells) -> Any:
    """The share of what is taken for positive that is positive."""
    return _share(of.tp, of.tp + of.fp)


def recall(of: Cells) -> Any:
    """The share of the positives that are taken for positive."""
    return _share(of.tp, of.tp + of.fn)


def f1(of: Cells) -> Any:
    """The harmonic mean of precision and recall."""
    return _share(2 * of.tp, 2 * of.tp + of.fp + of.fn)


def mcc(of: Cells) -> Any:
    """Matthews' correlation (1975) of actual and predicted classes; 0 where one of them does not vary."""
    spread = np.sqrt(np.multiply(of.tp + of.fp, of.tp + of.fn, dtype=float)) * np.sqrt(
        np.multiply(of.tn + of.fp, of.tn + of.fn, dtype=float)
    )
    return _share(np.subtract(np.multiply(of.tp, of.tn, dtype=float), np.multiply(of.fp, of.fn, dtype=float)), spread)


AT_THRESHOLD: Mapping[str, Callable[[Cells], Any]] = {
    each.__name__: each for each in (accuracy, balanced_accuracy, precision, recall, f1, mcc)
}


def auc(truth: np.ndarray, chance: np.ndarray, weight: np.ndarray | None) -> float | None:
    """The area under the ROC curve: how often a positive row is likelier than a negative one, equal ones half; None where only one class occurs."""
    own = truth == 1
    positives, negatives = chance[own], chance[~own]
    if weight is not None:
        mine, others = weight[own], weight[~own]
        if not (mine.sum() > 0 and others.sum() > 0):
            return None
        return float(np.average(intervals.placements(positives, negatives, others), weights=mine))
    if not len(positives) or not len(negatives):
        return None
    positives, negatives = np.sort(positives), np.sort(negatives)  # sorted values are found in sorted ones several times as fast
    below = sum(int(np.searchsorted(negatives, positives, side).sum()) for side in ("left", "right"))
    return float(below / 2 / (len(positives) * len(negatives)))


def average_precision(truth: np.ndarray, chance: np.ndarray, weight: np.ndarray | None) -> float | None:
    """The mean over the positive rows of the precision at the threshold that just includes the row; None where only one class occurs.

    This is the sum of the precisions at all thresholds, each weighted by the recall that it adds.
    """
    if weight is not None:
        some = weight > 0
        truth, chance, weight = truth[some], chance[some], weight[some]
    own = truth == 1
    if own.all() or not own.any():
        return None
    places, mine, others = (chance[own], weight[own], weight[~own]) if weight is not None else (np.sort(chance[own]), None, None)
    right, wrong = _at_or_above(places, chance[own], mine), _at_or_above(places, chance[~own], others)
    return float(np.average(right / (right + wrong), weights=mine))


def log_losses(truth: np.ndarray, chance: np.ndarray) -> np.ndarray:
    """The negative logarithm of the probability of the true class of each row, which counts as the smallest number that makes 1 larger where it is less."""
    found: np.ndarray = -np.log(np.clip(np.where(truth == 1, chance, 1 - chance), np.finfo(float).eps, None))
    return found


def log_loss(truth: np.ndarray, chance: np.ndarray, weight: np.ndarray | None) -> float:
    """The mean log loss."""
    return float(np.average(log_losses(truth, chance), weights=weight))


def brier(truth: np.ndarray, chance: np.ndarray, weight: np.ndarray | None) -> float:
    """The mean squared difference of the probability from 0 or 1 (Brier 1950)."""
    return float(np.average((truth - chance) ** 2, weights=weight))


OF_PROBABILITIES: Mapping[str, Callable[[np.ndarray, np.ndarray, np.ndarray | None], float | None]] = {
    each.__name__: each for each in (auc, average_precision, log_loss, brier)
}


def figure(key: str, truth: np.ndarray, chance: np.ndarray, weight: np.ndarray | None, guess: np.ndarray | None = None) -> float | None:
    """Return one figure.

    Args:
        key: One of `AT_THRESHOLD` or `OF_PROBABILITIES`.
        truth: 0 or 1 of each row.
        chance: The probability of the positive class of each row.
        weight: The weight of each row, if there are weights.
        guess: Whether each row is taken for positive; without it from 0.5 on.
    """
    if key in AT_THRESHOLD:
        return float(AT_THRESHOLD[key](cells(truth, chance >= USUAL_THRESHOLD if guess is None else guess, weight)))
    return OF_PROBABILITIES[key](truth, chance, weight)


def figures(
    truth: np.ndarray, chance: np.ndarray, weight: np.ndarray | None, guess: np.ndarray | None = None
) -> dict[str, float | int | None]:
    """Return all figures by key, and how much is right and wrong of each class."""
    found = cells(truth, chance >= USUAL_THRESHOLD if guess is None else guess, weight)
    return {
        **{key: float(of(found)) for key, of in AT_THRESHOLD.items()},
        **{key: of(truth, chance, weight) for key, of in OF_PROBABILITIES.items()},
        "true_positive": found.tp,
        "false_positive": found.fp,
        "true_negative": found.tn,
        "false_negative": found.fn,
    }


def _at_or_above(places: np.ndarray, chance: np.ndarray, weight: np.ndarray | None) -> np.ndarray:
    """How many of the rows, or how much weight, is at or above each place."""
    if weight is None:
        return len(chance) - np.searchsorted(np.sort(chance), places)
    order = np.argsort(-chance, kind="stable")
    sums = np.concatenate([[0.0], np.cumsum(weight[order])])
    return sums[np.searchsorted(-chance[order], -places, "right")]


def _share(some: Any, whole: Any) -> Any:
    return np.divide(some, whole, out=np.zeros(np.shape(whole)), where=np.greater(whole, 0))
