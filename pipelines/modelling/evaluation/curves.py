"""The curves of two-class predictions, each at most 250 points a model."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np

from pipelines.modelling.evaluation.charts import chart, curves, guide, thinned
from pipelines.modelling.evaluation.scored import Scored

MOST_POINTS = 250
BINS = 10
Points = Callable[[Scored], tuple[np.ndarray, np.ndarray]]


def roc(read: Sequence[Scored]) -> Mapping[str, Any]:
    """True positives against false positives."""
    spec = curves(_points(read, _roc), _diagonal("chance"), x=("x", "False positive rate"), y=("y", "True positive rate"), shares="xy")
    return chart("ROC", "roc", f"True positive rate against false positive rate, at all thresholds.{_of(read)}", spec)


def precision_recall(read: Sequence[Scored]) -> Mapping[str, Any]:
    """Precision against recall."""
    spec = curves(_points(read, _precision_recall), _base_rates(read), x=("x", "Recall"), y=("y", "Precision"), shares="xy")
    return chart("Precision and recall", "precision_recall", f"Precision against recall, at all thresholds.{_of(read)}", spec)


def lift(read: Sequence[Scored]) -> Mapping[str, Any]:
    """How much richer in positives the best-scored rows are."""
    none = _level("no lift, 1", 1)
    spec = curves(_points(read, _lift), none, x=("x", "Fraction of rows, highest score first"), y=("y", "Lift"), shares="x")
    return chart(
        "Lift", "lift", f"How many times more positives are among the rows with the highest scores than among all rows.{_of(read)}", spec
    )


def calibration(read: Sequence[Scored]) -> Mapping[str, Any]:
    """What share of rows with a predicted chance came true."""
    exact = _diagonal("exact")
    spec = curves(
        _points(read, _calibration), exact, x=("x", "Predicted probability"), y=("y", "Fraction of positives"), shares="xy", dots=True
    )
    words = f"Fraction of positives among rows of similar predicted probability, in ten bins.{_of(read)}"
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
    columns = ["Model", "From", "To", "Rows", "Mean predicted probability", "Fraction of positives"]
    return {"type": "table", "title": "Calibration bins (lower edge included; the last bin includes 1)", "columns": columns, "rows": rows}


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
    classes = " or ".join(dict.fromkeys(f"“{one.positive}”" for one in read))
    return f" The positive class is {classes}."


def _diagonal(name: str) -> Sequence[Mapping[str, Any]]:
    return guide(name, [{"x": 0, "y": 0}, {"x": 1, "y": 1}], {"x": 0.6, "y": 0.6})


def _level(name: str, height: float) -> Sequence[Mapping[str, Any]]:
    return guide(name, [{"x": 0, "y": height}, {"x": 1, "y": height}], {"x": 0, "y": height})


def _base_rates(read: Sequence[Scored]) -> Sequence[Mapping[str, Any]]:
    """The precision of calling every row positive, once for models that share it."""
    rates = dict.fromkeys((one.positive, round(float(np.average(one.truth, weights=one.weights)), 4)) for one in read if one.weights.sum())
    return [part for positive, rate in rates for part in _level(f"share of “{positive}”, {rate:.2f}", rate)]
