"""How predictions are judged: the value of a metric, as a loss, with its standard error."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import polars as pl

from pipelines.catalogue.errors import ModuleError
from pipelines.catalogue.ports import Model
from pipelines.modelling.evaluation.intervals import standard_error
from pipelines.modelling.evaluation.scored import Scored
from pipelines.modelling.predictions import predicted
from pipelines.modelling.task import LabelTask, Metric

DEFAULTS = {"two_class": "auc", "multi_class": "log_loss", "regression": "root_mean_squared_error"}


@dataclass(frozen=True)
class Judge:
    """A metric of a task over rows.

    Args:
        task: The task.
        metric: The metric that counts.
        truth: 0 or 1 of two classes, the place of a class, or a number.
        weight: The weight of each row, if there are weights.
        classes: The names of the classes, the positive one last of two; empty for a number.
    """

    task: LabelTask
    metric: Metric
    truth: np.ndarray
    weight: np.ndarray | None
    classes: tuple[str, ...]

    def scored(self, rows: np.ndarray, predictions: np.ndarray) -> Scored:
        """Return truth and predictions of some rows."""
        weight = None if self.weight is None else self.weight[rows]
        truth, score = self.truth[rows], predictions.astype(float)
        if self.task.id == "two_class":
            return Scored("", truth, score, self.classes[1], self.classes[0], weight)
        return Scored("", truth, score, weight=weight, classes=self.classes)

    def figures(self, rows: np.ndarray, predictions: np.ndarray) -> Mapping[str, Any]:
        """Return every figure of the task."""
        return self.task.metric_values(self.scored(rows, predictions))

    def loss(self, value: float) -> float:
        """Return a value of the metric as a loss, of which less is better."""
        return -value if self.metric.better == "high" else value

    def value(self, loss: float) -> float:
        """Return the value of the metric for a loss."""
        return self.loss(loss)

    def loss_of(self, rows: np.ndarray, predictions: np.ndarray) -> float:
        """Return the loss of predictions.

        Raises:
            ModuleError: `no_score`, when the metric cannot be computed of them or is not finite.
        """
        found = quick(self.metric.key, self.task.id, self.truth[rows], predictions) if self.weight is None else None
        if found is None:
            found = self.figures(rows, predictions).get(self.metric.key)
        if found is None or not np.isfinite(found):
            raise ModuleError("no_score", f"{self.metric.title} cannot be computed of the predictions.", remedy="Select another metric.")
        return self.loss(float(found))

    def error(self, rows: np.ndarray, predictions: np.ndarray) -> float | None:
        """Return the standard error of the metric over the rows; None where it has none."""
        scored = self.scored(rows, predictions)
        influence = self.task.influences(scored).get(self.metric.key)
        return None if influence is None else standard_error(influence, scored.weights)


def quick(metric: str, task: str, truth: np.ndarray, predictions: np.ndarray) -> float | None:
    """Return the common metrics of unweighted rows without all the others, since a blend is judged hundreds of times; None for another one."""
    if task == "regression":
        off = truth - predictions
        if metric == "root_mean_squared_error":
            return float(np.sqrt(np.mean(off**2)))
        return float(np.mean(np.abs(off))) if metric == "mean_absolute_error" else None
    if metric == "log_loss":
        own = np.where(truth == 1, predictions, 1 - predictions) if task == "two_class" else predictions[np.arange(len(truth)), truth]
        return float(-np.mean(np.log(np.clip(own, np.finfo(float).eps, None))))
    if metric == "accuracy":
        return float(np.mean(predictions.argmax(axis=1) == truth))
    if metric == "auc" and 0 < truth.sum() < len(truth):
        from scipy.stats import rankdata

        positive = float(truth.sum())
        return float((rankdata(predictions)[truth == 1].sum() - positive * (positive + 1) / 2) / (positive * (len(truth) - positive)))
    return None


def predictions_of(task: LabelTask, model: Model, features: pl.DataFrame, label: pl.DataType | None, classes: Sequence[str]) -> np.ndarray:
    """Return the predictions of a model: numbers, the probability of the positive class, or a column for each of the classes.

    Raises:
        ModuleError: `cannot_score`.
    """
    scores = predicted(model, features, label)
    if task.id == "regression":
        return scores[0].values.to_numpy()
    if task.id == "two_class":
        return scores[1].values.to_numpy()
    known = {score.positive: score.values.to_numpy() for score in scores[1:]}
    none = np.zeros(features.height)
    return np.column_stack([known.get(name, none) for name in classes])
