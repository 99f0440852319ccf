"""Score Model: what a trained model predicts for each row."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from typing import Annotated, Any

import polars as pl

from pipelines.catalogue.errors import ModuleError
from pipelines.catalogue.lineage import Lineage
from pipelines.catalogue.module import module
from pipelines.catalogue.params import Range, Title
from pipelines.catalogue.phrases import counted
from pipelines.catalogue.ports import DECISION_THRESHOLD, Model, Table
from pipelines.catalogue.reporting import log
from pipelines.catalogue.row_functions import Columns, Numbers, RowFunctions
from pipelines.modelling.families import libraries
from pipelines.modelling.features import LABELS, feature_frame
from pipelines.modelling.predictions import predicted, with_scores
from pipelines.modelling.row_predictor import row_predictor
from pipelines.modelling.task import Score
from pipelines.modelling.tasks import tasks
from pipelines.modules.scoring._strangers import tell_strangers


def _before(model: Model | None, table: Table, *, append: bool, threshold: float | None) -> Table | None:
    if model is None or model.task not in tasks():
        return None
    at = model if threshold is None else replace(model, settings={**model.settings, DECISION_THRESHOLD: threshold})
    columns = tasks()[model.task].score_columns(at, table.frame.schema.get(model.label))
    return None if columns is None else with_scores(model, table, columns, append)


def _by_row(settings: Mapping[str, Any], head: Table, values: Mapping[str, Any]) -> RowFunctions | None:
    model: Model = values["model"]

    def tell(rows: Columns, predicted: Numbers, noted: Collection[str]) -> None:
        some = [feature for feature in model.features if feature[0] in noted]
        if some:
            tell_strangers(model, feature_frame(rows.frame([column for column, _ in some], head), some))
        _tell_boundless([Score(LABELS, pl.Series(predicted))])

    return row_predictor(model, head, settings["threshold"], tell)


@module(
    "Score Model",
    icon="target-arrow",
    columns=_before,
    aliases=("predict", "inference", "scored labels", "Assign Data to Clusters"),
    libraries=libraries(),
    lineage=Lineage(rows="same", tests=True),
    by_row=_by_row,
)
def score_model(
    model: Model,
    table: Table,
    *,
    append: Annotated[bool, Title("Keep input columns")] = True,
    threshold: Annotated[float | None, Range(0, 1)] = None,
) -> Table:
    """Predict the label of each row with a trained model, assign rows to clusters, or find anomalies.

    Adds the column Scored Labels and, for two classes, Scored Probabilities: the probability of the positive class, which is set in Train Model.
    For several classes it adds a column such as Scored Probabilities (red) for each class, and the label is the most likely class, the first of
    equally likely ones. A model of quantiles adds a column such as Scored Quantiles (0.5) for each. Scores of an earlier model are replaced. A text value that was not in the training rows is missing for trees; for linear models it counts as a rare value of its column if rare values
    share a category, else as none of its categories. A missing number in a column without missing values in training becomes the mean of the
    column. A column without values is missing in every row. The log reports such columns, with the number of rows and the first values. Other
    columns with the role label become ignored, so that Evaluate Model uses the label of the model.

    A clustering model adds the column Assignments, the number of the cluster, which is missing for a row in no cluster; the distance to the
    center of each cluster in the scaled columns that the model compares (DistancesToClusterCenter no.0, …); and, for a Gaussian mixture, the probability of each
    cluster (ClusterProbability no.0, …). A model of anomalies adds Scored Labels, true for an anomaly, by the threshold that was found in training, and
    Anomaly Score, which is larger for more unusual rows.

    When to use:
        To predict for test rows, then evaluated, or for new rows.

    Args:
        model: The trained model.
        table: The rows to predict, with the feature columns of the training table.
        append: Keep the columns of the table before the scores. If off, the output has the scores and the label only.
        threshold: For two classes, the probability at or above which the positive class is predicted; if empty, the model's own, which Set Threshold
            and Train Best Model set, else 0.5.

    Returns:
        The rows with their scores.

    Example:
        table: transform.split_data.second
    """
    if model.estimator is None:
        words = "No model to score with: the script upstream returned none."
        raise ModuleError(
            "no_model", words, port="model", remedy='Return easel.model(estimator, table, label="...") from its main function.'
        )
    features = feature_frame(table.frame, model.features)
    tell_strangers(model, features)
    if model.label and (others := [column for column in table.columns_with("label") if column != model.label]):
        log(f"“{others[0]}” also has the role label; it is now ignored, because the model predicts “{model.label}”.", "warning")
    scores = predicted(model, features, table.frame.schema.get(model.label), threshold)
    _tell_boundless(scores)
    return with_scores(model, table, scores, append)


def _tell_boundless(scores: Sequence[Score]) -> None:
    """Note predictions that are no finite numbers, such as those of a curve far from the training rows."""
    for score in scores:
        if score.values.dtype.is_float() and (rows := int((~score.values.is_finite()).sum())):
            told = f"{counted(rows, 'row')} {'has' if rows == 1 else 'have'} a prediction that is not a finite number"
            log(f"“{score.name}”: {told}, because of features far from those in training.", "warning")
