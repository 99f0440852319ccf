"""Score Model: what a trained model predicts for each row."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated

import polars as pl

from pipelines.catalogue.errors import ModuleError
from pipelines.catalogue.module import module
from pipelines.catalogue.params import Range
from pipelines.catalogue.ports import ColumnRole, Model, Table
from pipelines.catalogue.reporting import log
from pipelines.modelling.families import libraries
from pipelines.modelling.family import ESTIMATOR_ERRORS, in_words
from pipelines.modelling.features import LABELS, PROBABILITIES, feature_frame
from pipelines.modelling.task import Score
from pipelines.modelling.tasks import tasks
from pipelines.modules.scoring._strangers import tell_strangers


def _before(model: Model | None, table: Table, *, append: bool, threshold: float) -> Table | None:
    if model is None or model.task not in tasks():
        return None
    return _scored(model, table, tasks()[model.task].score_columns(model, table.frame.schema.get(model.label)), append)


@module("Score Model", icon="target-arrow", columns=_before, aliases=("predict", "inference", "scored labels"), libraries=libraries())
def score_model(model: Model, table: Table, *, append: bool = True, threshold: Annotated[float, Range(0, 1)] = 0.5) -> Table:
    """Predict the label of each row with a trained model.

    Adds the column Scored Labels, and for two classes Scored Probabilities: the probability of the positive class, which Train Model names.
    A text that the model has not seen is missing for trees; for linear learners it is one of the rare texts of its column, where those share
    a category, or else none. A number that is missing in a column that had no gap in training is the column's mean. A column without any
    value is missing in every row. The log says where that is so, with the number of rows and the first such values. Other columns that are marked as label become ignored, so
    that Evaluate Model judges the one that the model predicts.

    Args:
        model: The trained model.
        table: The rows to predict, with the feature columns the model was trained on.
        append: Keep the table's own columns before the scores; off gives the scores and the label only.
        threshold: Of two classes the positive one is predicted from this probability on.

    Returns:
        The rows with their scores.
    """
    if model.estimator is None:
        words = "No model arrives: the script before returned none."
        raise ModuleError("no_model", words, port="model", remedy='Let its main return easel.model(estimator, table, label="...").')
    features = feature_frame(table.frame, model.features)
    tell_strangers(model, features)
    if others := [column for column in table.columns_with("label") if column != model.label]:
        log(f"'{others[0]}' is marked as a label too; it is ignored now, for the model predicts '{model.label}'.", "warning")
    try:
        scores = tasks()[model.task].score(model, features, table.frame.schema.get(model.label), threshold)
    except ESTIMATOR_ERRORS as wrong:
        raise ModuleError(
            "cannot_score",
            f"{model.name} cannot predict these rows: {in_words(wrong)}.",
            port="table",
            remedy="Look at the rows for values that are far from those of training, or change the settings of the learner.",
        ) from wrong
    return _scored(model, table, scores, append)


def _scored(model: Model, table: Table, scores: Sequence[Score], append: bool) -> Table:
    names = {score.name for score in scores}
    own = [column for column in table.frame.columns if column not in names | {LABELS, PROBABILITIES} and (append or column == model.label)]
    frame = pl.DataFrame([*(table.frame[column] for column in own), *(score.values.alias(score.name) for score in scores)])
    scored = Table(frame, table.roles).with_frame(frame)
    for column in scored.columns_with("label"):
        scored = scored.with_role(column, role="ignored")
    if model.label in own:
        scored = scored.with_role(model.label, role="label")
    roles = {score.name: ColumnRole("score", positive=score.positive, model=model.name, task=model.task) for score in scores}
    return Table(frame, {**scored.roles, **roles})
