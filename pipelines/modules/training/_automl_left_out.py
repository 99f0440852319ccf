"""The rows by which a search judges its winner, with the predictions of models that were trained without them."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import polars as pl

from pipelines.catalogue.ports import Model, Table
from pipelines.modelling.predictions import with_scores
from pipelines.modules.training._automl_final import Final
from pipelines.modules.training._automl_problem import Problem


@dataclass(frozen=True)
class _Known:
    """An estimator whose predictions are known: numbers, or a column of probabilities for each of its classes."""

    predictions: np.ndarray
    classes_: tuple[str, ...]

    def predict(self, features: pl.DataFrame) -> np.ndarray:
        """Return the numbers."""
        return self.predictions

    def predict_proba(self, features: pl.DataFrame) -> np.ndarray:
        """Return the probabilities."""
        return self.predictions if self.predictions.ndim > 1 else np.column_stack([1 - self.predictions, self.predictions])


def left_out_table(problem: Problem, final: Final) -> Table:
    """Return rows with predictions, in the columns and roles that Score Model gives them, so that Evaluate Model reads them."""
    rows, classes = final.left_out.rows, problem.judge.classes
    known = _Known(final.left_out.predictions.astype(float), classes)
    model = Model(final.winner.name, problem.task.id, known, problem.label, (), classes or None)
    scores = problem.task.score(model, rows.frame, rows.frame.schema[problem.label], 0.5)
    return with_scores(model, rows, scores, append=True)
