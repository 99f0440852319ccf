"""The curves of two-class predictions, each at most 250 points a model."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np

from pipelines.modules.evaluation._charts import chart, curves, thinned
from pipelines.modules.evaluation._scored import Scored

MOST_POINTS = 250
BINS = 10
Points = Callable[[Scored], tuple[np.ndarray, np.ndarray]]


def roc(read: Sequence[Scored]) -> Mapping[str, Any]:
    """True positives against false positives."""
    spec = curves(_points(read, _roc), _diagonal(), x=("x", "False positive rate"), y=("y", "True positive rate"))
    return chart("ROC", "roc", "Share of positives found against share of negatives taken for positive, over all thresholds.", spec)


def precision_recall(read: Sequence[Scored]) -> Mapping[str, Any]:
    """Precision against recall."""
    spec = curves(_points(read, _precision_recall), [], x=("x", "Recall"), y=("y", "Precision"))
    return chart("Precision and recall", "precision_recall", "Share of the found that is right against share of positives found.", spec)


def lift(read: Sequence[Scored]) -> Mapping[str, Any]:
    """How much richer in positives the best-scored rows are."""
    spec = curves(_points(read, _lift), [{"x": 0, "y": 1}, {"x": 1, "y": 1}], x=("x", "Share of rows, best scored first"), y=("y", "Lift"))
    return chart("Lift", "lift", "How many times more positives are among the best-scored rows than among all.", spec)


def calibration(read: Sequence[Scored]) -> Mapping[str, Any]:
    """What share of rows with a predicted chance came true."""
    spec = curves(_points(read, _calibration), _diagonal(), x=("x", "Predicted probability"), y=("y", "Share of positives"), dots=True)
    return chart("Calibration", "calibration", "Share of positives among rows of about the same predicted probability.", spec)


def _points(read: Sequence[Scored], of: Points) -> list[dict[str, Any]]:
    points = []
    for one in read:
        xs, ys = of(one)
        points += [
            {"model": one.name, "at": place, "x": round(float(xs[place]), 6), "y": round(float(ys[place]), 6)}
            for place in thinned(len(xs), MOST_POINTS)
        ]
    return points


def _found(one: Scored) -> tuple[np.ndarray, np.ndarray]:
    """After each distinct score from the highest on: how many positives and how many rows were passed."""
    order = np.argsort(-one.score, kind="stable")
    score, truth = one.score[order], one.truth[order]
    last = np.append(np.flatnonzero(np.diff(score)), len(score) - 1)
    return np.cumsum(truth)[last].astype(float), last + 1.0


def _roc(one: Scored) -> tuple[np.ndarray, np.ndarray]:
    hits, rows = _found(one)
    positives, negatives = max(hits[-1], 1), max(rows[-1] - hits[-1], 1)
    return np.insert((rows - hits) / negatives, 0, 0), np.insert(hits / positives, 0, 0)


def _precision_recall(one: Scored) -> tuple[np.ndarray, np.ndarray]:
    hits, rows = _found(one)
    return hits / max(hits[-1], 1), hits / rows


def _lift(one: Scored) -> tuple[np.ndarray, np.ndarray]:
    hits, rows = _found(one)
    return rows / rows[-1], hits / rows / max(hits[-1] / rows[-1], 1e-300)


def _calibration(one: Scored) -> tuple[np.ndarray, np.ndarray]:
    bins = np.minimum((one.score * BINS).astype(int), BINS - 1)
    sizes = np.bincount(bins, minlength=BINS)
    some = sizes > 0
    return np.bincount(bins, one.score, BINS)[some] / sizes[some], np.bincount(bins, one.truth, BINS)[some] / sizes[some]


def _diagonal() -> list[dict[str, float]]:
    return [{"x": 0, "y": 0}, {"x": 1, "y": 1}]
