"""How predictions are judged: the value of a metric, as a loss, with its standard error."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import polars as pl

from pipelines.catalogue.errors import ModuleError
from pipelines.catalogue.ports import USUAL_THRESHOLD, Model
from pipelines.modelling.evaluation.intervals import standard_error
from pipelines.modelling.evaluation.scored import Scored
from pipelines.modelling.evaluation.thresholds import TITLES, Aim, best_threshold
from pipelines.modelling.evaluation.undefined import why_undefined
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

    @property
    def aim(self) -> Aim | None:
        """Return what a threshold is to be best for; None where the metric does not depend on one that is chosen."""
        return Aim(self.metric.key) if self.task.id == "two_class" and self.metric.key in TITLES else None

    def threshold_of(self, rows: np.ndarray, predictions: np.ndarray) -> float | None:
        """Return the threshold at which the metric of predictions is best; None where it has none. Trials keep predictions in 32 bits, so they are taken as such."""
        if self.aim is None:
            return None
        weight = None if self.weight is None else self.weight[rows]
        return best_threshold(self.truth[rows], predictions.astype(np.float32).astype(float), weight, self.aim).threshold

    def scored(self, rows: np.ndarray, predictions: np.ndarray, threshold: float | None = None) -> Scored:
        """Return truth and predictions of some rows, at a threshold, or at that which is best for them where the metric depends on one."""
        threshold = self.threshold_of(rows, predictions) if threshold is None else threshold
        at = USUAL_THRESHOLD if threshold is None else threshold
        weight = None if self.weight is None else self.weight[rows]
        truth, score = self.truth[rows], predictions.astype(float)
        if self.task.id == "two_class":
            return Scored("", truth, score, self.classes[1], self.classes[0], weight, threshold=at)
        return Scored("", truth, score, weight=weight, classes=self.classes)

    def figures(self, rows: np.ndarray, predictions: np.ndarray, threshold: float | None = None) -> Mapping[str, Any]:
        """Return every figure of the task, at a threshold or that which is best for the metric."""
        return self.task.metric_values(self.scored(rows, predictions, threshold))

    def loss(self, value: float) -> float:
        """Return a value of the metric as a loss, of which less is better."""
        return -value if self.metric.better == "high" else value

    def value(self, loss: float) -> float:
        """Return the value of the metric for a loss."""
        return self.loss(loss)

    def value_of(self, rows: np.ndarray, predictions: np.ndarray, threshold: float | None = None) -> float | None:
        """Return the value of the metric, at a threshold or the best one; None where it has none for these predictions, or is not finite."""
        found = self.task.metric_value(self.scored(rows, predictions, threshold), self.metric.key)
        return None if found is None or not np.isfinite(found) else float(found)

    def loss_of(self, rows: np.ndarray, predictions: np.ndarray, threshold: float | None = None) -> float:
        """Return the loss of predictions, at a threshold or the best one.

        Raises:
            ModuleError: `no_score`, when the metric cannot be computed of them or is not finite.
        """
        found = self.value_of(rows, predictions, threshold)
        if found is None:
            words = f"{self.metric.title} cannot be computed of the predictions. {why_undefined(self.metric.key)}".rstrip()
            raise ModuleError("no_score", words, param="metric", remedy="Select another metric.")
        return self.loss(found)

    def error(self, rows: np.ndarray, predictions: np.ndarray, threshold: float | None = None) -> float | None:
        """Return the standard error of the metric over the rows; None where it has none."""
        scored = self.scored(rows, predictions, threshold)
        influence = self.task.influences(scored).get(self.metric.key)
        return None if influence is None else standard_error(influence, scored.weights)


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
