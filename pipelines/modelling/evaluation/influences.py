"""How much each row moves a figure: the figure's interval, and that of a difference between models, follow from it."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from pipelines.catalogue.ports import USUAL_THRESHOLD
from pipelines.modelling.evaluation import intervals
from pipelines.modelling.evaluation.confusion import Confusion
from pipelines.modelling.evaluation.number_scores import MEANS, NORMALIZED, ROOTS
from pipelines.modelling.evaluation.two_class_scores import Cells, cells, f1, log_losses, precision, recall


def influence_of_area(truth: np.ndarray, chance: np.ndarray, weight: np.ndarray) -> np.ndarray:
    """Return how much each row moves the area under the ROC curve: how many rows of the other class it is on the right side of, from the mean."""
    own = truth == 1
    above = np.empty(len(truth))
    above[own] = intervals.placements(chance[own], chance[~own], weight[~own])
    above[~own] = 1 - intervals.placements(chance[~own], chance[own], weight[own])
    total = max(weight.sum(), 1e-300)
    shares = np.where(own, weight[own].sum() / total, weight[~own].sum() / total)
    area = np.average(above[own], weights=weight[own]) if weight[own].sum() > 0 else 0.0
    found: np.ndarray = (above - area) / np.maximum(shares, 1e-300)
    return found


def influences_of_errors(truth: np.ndarray, guess: np.ndarray, weight: np.ndarray) -> Mapping[str, np.ndarray]:
    """Return how much each row moves the figures of predicted numbers (the delta method)."""
    off = truth - guess
    from_mean = truth - np.average(truth, weights=weight)
    squared, absolute = (float(np.average(values, weights=weight)) for values in (off**2, np.abs(off)))
    found = {"mean_absolute_error": np.abs(off), "root_mean_squared_error": off**2 / (2 * max(squared, 1e-300) ** 0.5)}
    spread, width = (float(np.average(values, weights=weight)) for values in (from_mean**2, np.abs(from_mean)))
    if spread > 0 and width > 0:
        relative, moved = squared / spread, np.abs(from_mean) - np.average(np.sign(from_mean), weights=weight) * from_mean
        found["relative_squared_error"] = (off**2 - relative * from_mean**2) / spread
        found["r2"] = -found["relative_squared_error"]
        found["relative_absolute_error"] = (np.abs(off) - absolute / width * moved) / width
    for key, of in NORMALIZED.items():
        if (width := float(np.ptp(truth[weight > 0]))) > 0:  # the range counts as given
            found[key] = found[of] / width
    for key, losses_of in {**MEANS, **ROOTS}.items():
        if key not in found and (losses := losses_of(truth, guess)) is not None:
            mean = float(np.average(losses, weights=weight))
            found[key] = losses if key in MEANS else losses / (2 * max(mean, 1e-300) ** 0.5)
    return found


def influences_of_probabilities(
    truth: np.ndarray, chance: np.ndarray, weight: np.ndarray, guess: np.ndarray | None = None
) -> Mapping[str, np.ndarray]:
    """Return how much each row moves the figures of probabilities of two classes; the average precision has no such number.

    `guess` says which rows are predicted positive: without it those from 0.5 on.
    """
    found = {"log_loss": log_losses(truth, chance), "brier": (truth - chance) ** 2}
    both = weight[truth == 1].sum() > 0 and weight[truth == 0].sum() > 0
    own = {"auc": influence_of_area(truth, chance, weight)} if both else {}
    guess = chance >= USUAL_THRESHOLD if guess is None else guess
    return {**found, **influences_at_threshold(truth, guess, weight), **own}


def influences_at_threshold(truth: np.ndarray, guess: np.ndarray, weight: np.ndarray) -> Mapping[str, np.ndarray]:
    """Return how much each row moves the figures of two classes at a threshold (the delta method).

    Args:
        truth: 0 or 1 of each row.
        guess: Whether each row is taken for positive.
        weight: The weight of each row.
    """
    of, total, own = cells(truth, guess, weight), max(weight.sum(), 1e-300), truth == 1
    positives, negatives, taken = ((each / total) or 1e-300 for each in (of.tp + of.fn, of.fp + of.tn, of.tp + of.fp))
    of_recall = own * (guess - float(recall(of))) / positives
    of_negatives = ~own * (~guess - float(recall(Cells(of.tn, of.fn, of.fp, of.tp)))) / negatives
    both = of.tp + of.fn > 0 and of.fp + of.tn > 0
    return {
        "accuracy": (guess == own).astype(float),
        "balanced_accuracy": (of_recall + of_negatives) / (2 if both else 1),
        "precision": guess * (own - float(precision(of))) / taken,
        "recall": of_recall,
        "f1": (2 * (own & guess) - float(f1(of)) * (own.astype(int) + guess)) / (positives + taken),
        "mcc": Confusion.of(truth.astype(int), guess.astype(int), weight, 2).influences(truth.astype(int), guess.astype(int))["mcc"],
    }
