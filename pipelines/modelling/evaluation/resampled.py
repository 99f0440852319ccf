"""Figures of the folds of a cross-validation: how sure their mean is, and whether one model is better than another over them.

The folds share most of the rows they train on, so their figures are not independent: the variance of their mean is that of the figures times
1/k + rows predicted / rows trained on (C. Nadeau and Y. Bengio, “Inference for the Generalization Error”, Machine Learning 52, 2003).
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import polars as pl

from pipelines.catalogue.reporting import log
from pipelines.modelling.evaluation.charts import Block, table
from pipelines.modelling.evaluation.differences import same_rows
from pipelines.modelling.evaluation.scored import Scored
from pipelines.modelling.task import Task

COLUMNS = ("Model", "Compared with", "Metric", "Mean difference", "Standard error", "t", "p", "Better")
LEVEL = 0.05


def standard_error(values: Sequence[float], predicted: Sequence[int], trained: Sequence[int]) -> float | None:
    """Return the standard error of the mean of the figures of folds, by their numbers of rows; None for fewer than two."""
    if len(values) < 2:
        return None
    ratio = float(np.mean(np.array(predicted) / np.array(trained)))
    return float(np.std(values, ddof=1) * np.sqrt(1 / len(values) + ratio))


def over_folds(task: Task, read: Sequence[Scored], folds: Sequence[pl.Series | None]) -> list[Block]:
    """Return whether each model is better than the first one, by the figures of the folds that both were validated on (corrected resampled t-test).

    Args:
        task: The task of all models.
        read: Truth and scores of each model.
        folds: The fold of each row of each model; None for a table of no cross-validation.
    """
    if len(read) < 2 or any(each is None for each in folds):
        return []
    (first, own), *others = zip(read, folds, strict=True)
    assert own is not None
    rows: list[list[Any]] = []
    for other, theirs in others:
        if not same_rows(first, other) or not own.equals(theirs if theirs is not None else own.clear()):
            log(f"{other.name} and {first.name} were validated on different folds, so their folds are not compared.", "warning")
            continue
        rows += _compared(task, first, other, own)
    title = f"Differences over {own.n_unique()} folds (corrected resampled t-test)"
    return [table(title, COLUMNS, rows)] if rows else []


def _compared(task: Task, first: Scored, other: Scored, folds: pl.Series) -> list[list[Any]]:
    from scipy.stats import t as student

    places = [(folds == name).to_numpy() for name in folds.unique(maintain_order=True)]
    one, two = ([task.metric_values(each.part(some)) for some in places] for each in (first, other))
    sizes = [int(some.sum()) for some in places]
    rows: list[list[Any]] = []
    for key, title, better in task.metrics:
        pairs = [(a[key], b[key], size) for a, b, size in zip(one, two, sizes, strict=True)]
        known = [(float(b) - float(a), size) for a, b, size in pairs if a is not None and b is not None]
        off = [each for each, _ in known]
        error = standard_error(off, [size for _, size in known], [len(folds) - size for _, size in known])
        if error is None:
            continue
        mean = float(np.mean(off))
        score = mean / error if error else None
        chance = 2 * float(student.sf(abs(score), len(off) - 1)) if score is not None else None
        sure = chance is not None and chance < LEVEL
        word = ("yes" if (mean > 0) == (better == "high") else "no") if sure else "not certain"
        rows.append([other.name, first.name, title, mean, error, score, chance, word])
    return rows
