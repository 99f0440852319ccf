"""The curves of two-class predictions, each at most 250 points a model."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np

from pipelines.modelling.evaluation.charts import chart, curves, thinned
from pipelines.modelling.evaluation.scored import Scored

MOST_POINTS = 250
BINS = 10
Points = Callable[[Scored], tuple[np.ndarray, np.ndarray]]


def roc(read: Sequence[Scored]) -> Mapping[str, Any]:
    """True positives against false positives."""
    spec = curves(_points(read, _roc), _diagonal(), x=("x", "False positive rate"), y=("y", "True positive rate"))
    return chart(
        "ROC", "roc", f"Share of positives found against share of negatives taken for positive, over all thresholds.{_of(read)}", spec
    )


def precision_recall(read: Sequence[Scored]) -> Mapping[str, Any]:
    """Precision against recall."""
    spec = curves(_points(read, _precision_recall), [], x=("x", "Recall"), y=("y", "Precision"))
    return chart(
        "Precision and recall", "precision_recall", f"Share of the found that is right against share of positives found.{_of(read)}", spec
    )


def lift(read: Sequence[Scored]) -> Mapping[str, Any]:
    """How much richer in positives the best-scored rows are."""
    spec = curves(_points(read, _lift), [{"x": 0, "y": 1}, {"x": 1, "y": 1}], x=("x", "Share of rows, best scored first"), y=("y", "Lift"))
    return chart("Lift", "lift", f"How many times more positives are among the best-scored rows than among all.{_of(read)}", spec)


def calibration(read: Sequence[Scored]) -> Mapping[str, Any]:
    """What share of rows with a predicted chance came true."""
    spec = curves(_points(read, _calibration), _diagonal(), x=("x", "Predicted probability"), y=("y", "Share of positives"), dots=True)
    words = f"Share of positives among rows of about the same predicted probability: ten bins, each with its lower edge.{_of(read)}"
    return chart("Calibration", "calibration", words, spec)


def calibration_bins(read: Sequence[Scored]) -> Mapping[str, Any]:
    """The bins behind the calibration curve, and how many rows are in each."""
    rows = []
    for one in read:
        bins, weight = _bins(one), one.weights
        for place in np.unique(bins).tolist():
            here = bins == place
            means = [
                float(np.average(values[here], weights=weight[here])) if weight[here].sum() else None for values in (one.score, one.truth)
            ]
            rows.append([one.name, place / BINS, (place + 1) / BINS, int(here.sum()), *means])
    columns = ["Model", "From", "To", "Rows", "Mean predicted probability", "Share of positives"]
    return {"type": "table", "title": "Calibration bins (each with its lower edge, the last with 1 too)", "columns": columns, "rows": rows}


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
    """After each distinct score from the highest on: how many positives and how many rows were passed, or their weight."""
    order = np.argsort(-one.score, kind="stable")
    score, truth, weight = one.score[order], one.truth[order], one.weights[order]
    last = np.append(np.flatnonzero(np.diff(score)), len(score) - 1)
    return np.cumsum(truth * weight)[last], np.cumsum(weight)[last]


def _roc(one: Scored) -> tuple[np.ndarray, np.ndarray]:
    hits, rows = _found(one)
    positives, negatives = (hits[-1] or 1), (rows[-1] - hits[-1] or 1)
    return np.insert((rows - hits) / negatives, 0, 0), np.insert(hits / positives, 0, 0)


def _precision_recall(one: Scored) -> tuple[np.ndarray, np.ndarray]:
    hits, rows = _found(one)
    return hits / (hits[-1] or 1), hits / np.maximum(rows, 1e-300)


def _lift(one: Scored) -> tuple[np.ndarray, np.ndarray]:
    hits, rows = _found(one)
    return rows / rows[-1], hits / np.maximum(rows, 1e-300) / max(hits[-1] / rows[-1], 1e-300)


def _calibration(one: Scored) -> tuple[np.ndarray, np.ndarray]:
    bins, weight = _bins(one), one.weights
    sizes = np.bincount(bins, weight, BINS)
    some = sizes > 0
    return np.bincount(bins, weight * one.score, BINS)[some] / sizes[some], np.bincount(bins, weight * one.truth, BINS)[some] / sizes[some]


def _bins(one: Scored) -> np.ndarray:
    bins: np.ndarray = np.minimum((one.score * BINS).astype(int), BINS - 1)
    return bins


def _of(read: Sequence[Scored]) -> str:
    classes = " or ".join(dict.fromkeys(f"'{one.positive}'" for one in read))
    return f" Positive is {classes}."


def _diagonal() -> list[dict[str, float]]:
    return [{"x": 0, "y": 0}, {"x": 1, "y": 1}]
