"""Differences between models, with intervals: on the same rows by how each row moves both figures, else as of independent samples."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from pipelines.modelling.evaluation import intervals
from pipelines.modelling.evaluation.charts import Block, table
from pipelines.modelling.evaluation.scored import Scored
from pipelines.modelling.task import Task

COLUMNS = ("Model", "Compared with", "Metric", "Difference", "From", "To", "Better")


def differences(task: Task, read: Sequence[Scored]) -> list[Block]:
    """Return how the figures of each model differ from those of the first one. Empty for a single model."""
    if len(read) < 2:
        return []
    first, *others = read
    own, moved = task.metric_values(first), task.influences(first)
    rows = []
    for other in others:
        found, others_moved, paired = task.metric_values(other), task.influences(other), same_rows(first, other)
        for key, title, better in task.metrics:
            one, two = own[key], found[key]
            if one is None or two is None or key not in moved or key not in others_moved:
                continue
            off = _error(first, other, moved[key], others_moved[key], paired)
            difference = two - one
            low, high = (None, None) if off is None else (difference - intervals.Z * off, difference + intervals.Z * off)
            sure = None if low is None or high is None or low <= 0 <= high else (difference > 0) == (better == "high")
            rows.append([other.name, first.name, title, difference, low, high, "not certain" if sure is None else "yes" if sure else "no"])
    how = "on the same rows" if all(same_rows(first, other) for other in others) else "some on other rows"
    return [table(f"Differences between models, {how} (95\u00a0% confidence intervals)", COLUMNS, rows)]


def same_rows(one: Scored, other: Scored) -> bool:
    """Return whether two models were judged on the same rows in the same order, as far as their labels and weights say."""
    if len(one.truth) != len(other.truth) or (one.classes, one.positive) != (other.classes, other.positive):
        return False
    return bool(np.array_equal(one.truth, other.truth) and np.array_equal(one.weights, other.weights))


def _error(one: Scored, other: Scored, first: np.ndarray, second: np.ndarray, paired: bool) -> float | None:
    if paired:
        return intervals.standard_error(second - first, one.weights)
    errors = [intervals.standard_error(moved, each.weights) for moved, each in ((first, one), (second, other))]
    return None if None in errors else float(np.hypot(*errors))  # type: ignore[arg-type]
