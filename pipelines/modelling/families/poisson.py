"""Learners of counts: those of scikit-learn that need labels from 0 on."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from pipelines.catalogue.errors import ModuleError
from pipelines.catalogue.phrases import counted
from pipelines.modelling.families import scikit_learn
from pipelines.modelling.family import TrainingData
from pipelines.modelling.solvers import MOST_NEWTON


def _fit(learner: Any, data: TrainingData) -> Any:
    below = data.y < 0
    if below.any():
        raise ModuleError(
            "negative_label",
            f"{f'“{data.label}”' if data.label else 'The label'} has values below 0 in {counted(int(below.sum()), 'row')}, the lowest {data.y.min():g}, but a count is 0 or more.",
            param="label",
            remedy="Remove these rows with Filter Rows, or use another regression model.",
        )
    if not (data.y > 0).any():
        raise ModuleError("all_zero_label", "All labels are 0.", param="label", remedy="Add rows with a label above 0.")
    if data.matrix.shape[1] > MOST_NEWTON:
        learner.set_params(solver="lbfgs", max_iter=10 * learner.max_iter)
    return scikit_learn.FAMILY.fit(learner, data)


FAMILY = replace(scikit_learn.FAMILY, name="poisson", fit=_fit, trusted=("sklearn._loss.loss.HalfPoissonLoss",))
