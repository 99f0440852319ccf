"""Further figures of the best candidates, beside the one that counts, where the time suffices."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping, Sequence
from math import isfinite
from statistics import fmean
from typing import Any

from pipelines.catalogue.items import Trial
from pipelines.modelling.automl.history import ALL, History
from pipelines.modules.training._automl_problem import Problem
from pipelines.modules.training._automl_trials import predictions_in

MOST, SHARE = 25, 0.3  # candidates, and the share of the time left that their figures may take


def other_figures(problem: Problem, history: History, trials: Sequence[Trial], left: Callable[[], float]) -> dict[int, dict[str, float]]:
    """Return the figures of the best candidates by their number: means over the folds, as Cross Validate Model gives them, of those that all folds have.

    Args:
        problem: What was searched for.
        history: What was tried.
        trials: The trials, which hold the predictions for the rows of each fold.
        left: Returns the seconds that are left.
    """
    results = {trial.item.content["candidate"]: trial.result for trial in trials if trial.result and trial.item.content["share"] == ALL}
    found: dict[int, dict[str, float]] = {}
    started, most = time.monotonic(), SHARE * left()
    for candidate in history.done[:MOST]:
        spent = time.monotonic() - started
        if spent + spent / max(len(found), 1) >= most:
            break
        predictions, threshold = (
            predictions_in(results[candidate.number].blob()),
            (results[candidate.number].figures or {}).get("threshold"),
        )
        folds = [
            problem.judge.figures(fold.test, predictions[part], threshold) for fold, part in zip(problem.folds, problem.parts, strict=True)
        ]
        found[candidate.number] = _means(problem, folds)
    return found


def _means(problem: Problem, folds: Sequence[Mapping[str, Any]]) -> dict[str, float]:
    means = {}
    for metric in problem.task.metrics:
        values = [fold.get(metric.key) for fold in folds]
        known = [float(value) for value in values if isinstance(value, int | float) and isfinite(value)]
        if metric.key != problem.judge.metric.key and len(known) == len(folds):
            means[metric.key] = fmean(known)
    return means
