"""The rows by which a search judges its winner, with the predictions of models that were trained without them."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import polars as pl

from pipelines.catalogue.ports import DECISION_THRESHOLD, Model, Table
from pipelines.catalogue.reporting import reporting_to
from pipelines.modelling.features import feature_frame
from pipelines.modelling.parallel import Lines
from pipelines.modelling.predictions import with_scores
from pipelines.modules.training._automl_final import Final, LeftOut
from pipelines.modules.training._automl_problem import Problem
from pipelines.modules.training._automl_trials import predicted_by, trained
from pipelines.modules.training._deadline import threads
from pipelines.modules.training._features import choose_features


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
    left_out, classes = final.left_out or _of_first_fold(problem, final), problem.judge.classes
    rows, known = left_out.rows, _Known(left_out.predictions.astype(float), classes)
    own = {} if final.winner.threshold is None else {DECISION_THRESHOLD: final.winner.threshold}
    model = Model(final.winner.name, problem.task.id, known, problem.label, (), classes or None, own)
    scores = problem.task.score(model, rows.frame, rows.frame.schema[problem.label], model.threshold)
    return with_scores(model, rows, scores, append=True)


def _of_first_fold(problem: Problem, final: Final) -> LeftOut:
    """Train the winner on the first fold, which no trial did on all of its rows."""
    fold = problem.folds[0]
    part, test = (problem.known.with_frame(problem.known.frame[places]) for places in (fold.train, fold.test))
    with reporting_to(Lines()), threads(1):
        chosen = choose_features(part, problem.label)
        model = trained(final.winner.untrained(), problem, part, chosen, feature_frame(part.frame, chosen.features))
        return LeftOut(test, predicted_by(model, problem, test.frame))
