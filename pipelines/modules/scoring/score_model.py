"""Score Model: what a trained model predicts for each row."""

from __future__ import annotations

from typing import Annotated

import polars as pl

from pipelines.catalogue.errors import ModuleError
from pipelines.catalogue.module import module
from pipelines.catalogue.params import Range
from pipelines.catalogue.ports import ColumnRole, Model, Table
from pipelines.catalogue.reporting import log
from pipelines.modelling.features import LABELS, PROBABILITIES, class_text, feature_frame
from pipelines.modules.scoring._strangers import tell_strangers


def _before(model: Model | None, table: Table, *, append: bool, threshold: float) -> Table | None:
    if model is None:
        return None
    label = table.frame.schema.get(model.label, pl.Float64() if model.task == "regression" else pl.String())
    scores = {LABELS: pl.Series(dtype=pl.Float64 if model.task == "regression" else label)}
    if model.task == "two_class":
        scores[PROBABILITIES] = pl.Series(dtype=pl.Float64)
    return _scored(model, table, scores, append)


@module("Score Model", columns=_before, aliases=("predict", "inference", "scored labels"), libraries=("scikit-learn", "lightgbm"))
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
    if model.task == "regression":
        guesses = model.estimator.predict(features) if features.height else []
        return _scored(model, table, {LABELS: pl.Series(guesses, dtype=pl.Float64)}, append)
    chances = pl.Series(_chances(model, features) if features.height else [], dtype=pl.Float64)
    return _scored(model, table, {LABELS: _labels(model, table, chances, threshold), PROBABILITIES: chances}, append)


def _chances(model: Model, features: pl.DataFrame) -> pl.Series:
    """The probability of the positive class, which need not be the learner's second."""
    classes = class_text(pl.Series(model.estimator.classes_)).to_list()
    place = classes.index(model.classes[1]) if model.classes else 1
    return pl.Series(model.estimator.predict_proba(features)[:, place])


def _labels(model: Model, table: Table, chances: pl.Series, threshold: float) -> pl.Series:
    """The predicted class of each row, in the type of the label where the table has one."""
    negative, positive = model.classes or ("", "")
    wanted = table.frame.schema.get(model.label, pl.String())
    labels = chances.to_frame("p").select(pl.when(pl.col("p") >= threshold).then(pl.lit(positive)).otherwise(pl.lit(negative))).to_series()
    if wanted == pl.Boolean:
        return labels == "true"
    try:
        return labels.cast(wanted)
    except pl.exceptions.PolarsError:
        log(f"'{model.label}' is of another type than in training, so Scored Labels is text.", "warning")
        return labels


def _scored(model: Model, table: Table, scores: dict[str, pl.Series], append: bool) -> Table:
    own = [column for column in table.frame.columns if column not in (LABELS, PROBABILITIES) and (append or column == model.label)]
    positive = model.classes[1] if model.classes else None
    frame = pl.DataFrame([*(table.frame[column] for column in own), *(values.alias(name) for name, values in scores.items())])
    scored = Table(frame, table.roles).with_frame(frame)
    for column in scored.columns_with("label"):
        scored = scored.with_role(column, role="ignored")
    if model.label in own:
        scored = scored.with_role(model.label, role="label")
    for name in scores:
        scored = Table(frame, {**scored.roles, name: ColumnRole("score", positive=positive, model=model.name)})
    return scored
