"""How unusual rows are to a fitted detector, and from which score on a row counts as an anomaly."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from pipelines.modelling.clusters import dense

SCORE = "Anomaly Score"
THRESHOLD, ANOMALY = (
    "threshold",
    "anomaly",
)  # settings of a trained model: the score above which a row is one, and the label's value for one
RELATIVE, ABSOLUTE = "Relative to the distance from the mean", "Absolute"  # choices of PCA-Based Anomaly Detection
CHUNK = 65_536  # rows


def anomaly_scores(learner: Any, matrix: Any, settings: Mapping[str, Any]) -> np.ndarray:
    """Return how unusual each row is: larger is more unusual."""
    if not matrix.shape[0]:
        return np.zeros(0)
    if hasattr(learner, "components_"):
        parts = (dense(matrix[start : start + CHUNK]) for start in range(0, matrix.shape[0], CHUNK))
        return np.concatenate([_reconstruction_errors(learner, part, settings.get("error") != ABSOLUTE) for part in parts])
    score = learner.score_samples if hasattr(learner, "score_samples") else learner.decision_function
    return -np.asarray(score(matrix), dtype=float)


def training_scores(learner: Any, matrix: Any, settings: Mapping[str, Any]) -> np.ndarray:
    """Return how unusual the training rows are; a row is no neighbor of its own."""
    found = getattr(learner, "negative_outlier_factor_", None)
    return anomaly_scores(learner, matrix, settings) if found is None else -found


def threshold_of(scores: np.ndarray, share: float) -> float:
    """Return the score that a share of the rows exceed, interpolated as scikit-learn does for `contamination`."""
    return -float(np.percentile(-scores, 100 * share))


def threshold_in(learner: Any, settings: Mapping[str, Any]) -> float:
    """Return a model's threshold: that of training, else the estimator's own."""
    found = settings.get(THRESHOLD)
    return -float(np.ravel(getattr(learner, "offset_", 0.0))[0]) if found is None else float(found)


def _reconstruction_errors(learner: Any, rows: np.ndarray, relative: bool) -> np.ndarray:
    """The distance of rows from the plane of the components; relative, divided by their distance from the mean."""
    mean = getattr(learner, "mean_", None)
    centred = rows if mean is None else rows - mean
    whole = (centred**2).sum(axis=1)
    off: np.ndarray = np.sqrt(np.maximum(whole - ((centred @ learner.components_.T) ** 2).sum(axis=1), 0.0))
    if not relative:
        return off
    share: np.ndarray = np.divide(off, np.sqrt(whole), out=np.zeros_like(off), where=whole > 0)
    return share
