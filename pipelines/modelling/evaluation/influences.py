"""How much each row moves a figure: the figure's interval, and that of a difference between models, follow from it."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from pipelines.modelling.evaluation import intervals
from pipelines.modelling.evaluation.confusion import Confusion


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
    return found


def influences_of_probabilities(truth: np.ndarray, chance: np.ndarray, weight: np.ndarray, guess: np.ndarray) -> Mapping[str, np.ndarray]:
    """Return how much each row moves the figures of probabilities of two classes; `guess` says which rows are predicted positive."""
    of_truth = np.clip(np.where(truth == 1, chance, 1 - chance), np.finfo(float).eps, None)
    places = guess.astype(int)
    mcc = Confusion.of(truth.astype(int), places, weight, 2).influences(truth, places)["mcc"]
    found = {"log_loss": -np.log(of_truth), "brier": (truth - chance) ** 2, "mcc": mcc}
    both = weight[truth == 1].sum() > 0 and weight[truth == 0].sum() > 0
    return {**found, "auc": influence_of_area(truth, chance, weight)} if both else found
