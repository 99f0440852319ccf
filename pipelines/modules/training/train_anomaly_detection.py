"""Train Anomaly Detection Model: a detector and a table in, a trained model out."""

from __future__ import annotations

from dataclasses import replace
from typing import Annotated

import polars as pl

from pipelines.catalogue.columns import require
from pipelines.catalogue.module import module
from pipelines.catalogue.params import Column, Columns, Range, Title
from pipelines.catalogue.phrases import class_text, counted
from pipelines.catalogue.ports import Model, Table, UntrainedModel
from pipelines.catalogue.reporting import log
from pipelines.modelling.anomalies import ANOMALY, THRESHOLD, threshold_of, training_scores
from pipelines.modelling.evaluation.anomaly_charts import histogram
from pipelines.modelling.families import libraries
from pipelines.modelling.tasks import check_trainer
from pipelines.modelling.tasks.anomaly import TASK
from pipelines.modules.training._report import training_report
from pipelines.modules.training._unlabelled import FEATURES, before, prepare, tell_trained, train


def _before(untrained: UntrainedModel | None, table: Table, *, label: str | None, anomaly: str, **_: object) -> Model | None:
    if untrained is None:
        return None
    check_trainer(untrained, TASK.trainer)
    model = before(untrained, label or "")
    return replace(model, settings={**model.settings, ANOMALY: anomaly})


@module(
    "Train Anomaly Detection Model",
    icon="alert-triangle",
    columns=_before,
    aliases=("outlier detection", "novelty detection", "fraud", "unsupervised"),
    libraries=libraries(),
)
def train_anomaly_detection(
    untrained: UntrainedModel,
    table: Table,
    *,
    columns: Columns = FEATURES,
    share: Annotated[float, Range(0, 0.5, exclusive_min=True), Title("Share of anomalies")] = 0.05,
    label: Column | None = None,
    anomaly: str = "",
) -> Model:
    """Learn what rows usually look like, to find those that do not.

    Columns are prepared as by Train Clustering Model. Each row has a score, which is larger for more unusual rows. The threshold is the score that
    the given share of the training rows exceed: Score Model calls a row an anomaly if its score is above it. Without knowledge of the share,
    look at the distribution of the scores in the report.

    A label is never trained on. If one is named, Score Model gives it the role label, so that Evaluate Model compares it with the scores.

    When to use:
        For every learner of anomalies. Score Model then marks the unusual rows of any table.

    Args:
        untrained: The untrained model of anomalies.
        table: The training rows, best mostly normal ones.
        columns: The columns to learn from, the label not among them; a selected column is used whatever its role is.
        share: The fraction of the training rows that count as anomalies.
        label: A column that says which rows are anomalies, if there is one.
        anomaly: The value of the label for an anomaly. If empty, the rarer of two values.

    Returns:
        The trained model.

    Example:
        untrained: anomaly.isolation_forest
    """
    check_trainer(untrained, TASK.trainer)
    if label is not None:
        require(label, table, param="label")
    prepared = prepare(table, columns, label)
    trained = train(untrained, prepared, label)
    tell_trained(prepared)
    scores = training_scores(trained.model.estimator[-1], trained.matrix, trained.model.settings)
    threshold = threshold_of(scores, share)
    above = int((scores > threshold).sum())
    log(f"{counted(above, 'training row')} of {len(scores):,} {'is' if above == 1 else 'are'} above the threshold, {threshold:.6g}.")
    found = {ANOMALY: anomaly or _rarer(table.frame[label])} if label is not None else {}
    model = replace(trained.model, settings={**trained.model.settings, "share": share, THRESHOLD: threshold, **found})
    report = training_report(model, prepared.frame, prepared.chosen, [histogram(model.name, scores, threshold)])
    return replace(model, report=report)


def _rarer(label: pl.Series) -> str:
    """The rarer of two values; without two of them, or where they are equally frequent, none."""
    counts = class_text(label.drop_nulls()).alias("class").value_counts(name="rows").sort("rows")
    return str(counts["class"][0]) if counts.height == 2 and counts["rows"][0] < counts["rows"][1] else ""
