"""Score Vowpal Wabbit Model: what a model of Vowpal Wabbit predicts for each row."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated

import numpy as np
import polars as pl

from pipelines.catalogue.lineage import Lineage
from pipelines.catalogue.module import module
from pipelines.catalogue.params import Range, Title
from pipelines.catalogue.ports import Model, Table
from pipelines.kinds.vowpal_wabbit_model import VowpalWabbitModel
from pipelines.modelling.features import feature_frame
from pipelines.modelling.predictions import with_scores
from pipelines.modelling.tasks import tasks
from pipelines.modules.text._vowpal import examples, predict

NAME = "Vowpal Wabbit"


@dataclass(frozen=True)
class _Predictor:
    """The model as tasks ask it: by a frame of features."""

    model: VowpalWabbitModel

    @property
    def classes_(self) -> list[str]:
        return list(self.model.classes or ())

    def predict(self, features: pl.DataFrame) -> np.ndarray:
        return predict(examples(features, words=self.model.words).to_list(), self.model.arguments, self.model.data)

    def predict_proba(self, features: pl.DataFrame) -> np.ndarray:
        found = self.predict(features)
        return np.column_stack([1 - found, found]) if self.model.task == "two_class" else found


def _columns(model: VowpalWabbitModel | None, table: Table, *, append: bool, **_: object) -> Table | None:
    if model is None:
        return None
    scores = tasks()[model.task].score_columns(_as_model(model), table.frame.schema.get(model.label))
    return None if scores is None else with_scores(_as_model(model), table, scores, append)


@module(
    "Score Vowpal Wabbit Model",
    icon="campfire",
    columns=_columns,
    aliases=("vw", "predict", "Score Vowpal Wabbit Version 8 Model"),
    libraries=("vowpalwabbit",),
    extra="vw",
    lineage=Lineage(rows="same", tests=True),
)
def score_vowpal_wabbit_model(
    model: VowpalWabbitModel,
    table: Table,
    *,
    append: Annotated[bool, Title("Keep input columns")] = True,
    threshold: Annotated[float, Range(0, 1)] = 0.5,
) -> Table:
    """Predict the label of each row with a model of Vowpal Wabbit.

    Adds the same columns as Score Model, so Evaluate Model follows without renaming: Scored Labels, and the probability of the positive class or of
    each of several classes. Values that were not in the training rows are features without a weight. The model does not change.

    When to use:
        To predict for new rows, then evaluated like those of other models.

    Args:
        model: The trained model.
        table: The rows to predict, with the columns that the model was trained on.
        append: Keep the columns of the table before the scores. If off, the output has the scores and the label only.
        threshold: For two classes, the probability at or above which the positive class is predicted.

    Returns:
        The rows with their scores.

    Example:
        data.dataset: {"dataset": "credit_risk"}
        table: transform.split_data.second
    """
    features = feature_frame(table.frame, model.features)
    scores = tasks()[model.task].score(_as_model(model), features, table.frame.schema.get(model.label), threshold)
    return with_scores(_as_model(model), table, scores, append)


def _as_model(model: VowpalWabbitModel) -> Model:
    return Model(NAME, model.task, _Predictor(model), model.label, model.features, model.classes)
