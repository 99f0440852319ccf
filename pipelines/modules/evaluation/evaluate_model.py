"""Evaluate Model: how good the predictions of one or more models are."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace

import polars as pl

from pipelines.catalogue.columns import require
from pipelines.catalogue.errors import ModuleError
from pipelines.catalogue.module import module
from pipelines.catalogue.ports import Report, Table
from pipelines.modelling.evaluation.costs import Costs, cost_blocks
from pipelines.modelling.evaluation.differences import differences
from pipelines.modelling.evaluation.groups import Groups, group_blocks
from pipelines.modelling.evaluation.resampled import over_folds
from pipelines.modelling.evaluation.scored import Scored, ScoredRows, read_scored
from pipelines.modelling.features import FOLD
from pipelines.modelling.task import Task
from pipelines.modelling.tasks import needs_label, task_of

NO_COSTS, NO_GROUPS = Costs(), Groups()


@module(
    "Evaluate Model",
    icon="report-analytics",
    aliases=("metrics", "roc", "auc", "accuracy", "compare models", "confusion matrix", "fairness", "bias", "cost", "threshold"),
    libraries=("scikit-learn", "numpy"),
)
def evaluate_model(*scored: Table, costs: Costs = NO_COSTS, groups: Groups = NO_GROUPS) -> Report:
    """Compare predictions with actual values, for one model or several side by side.

    For numbers: mean absolute and root mean squared error, relative absolute and relative squared error (1 = no better than always predicting the
    mean) and R². For two classes: area under the ROC curve, average precision, log loss and Brier score; accuracy, precision, recall and F1 at an
    adjustable threshold; and ROC, precision-recall, lift and calibration curves. A calibration bin includes its lower edge, and the last one also
    1. For several classes: accuracy, also among the two and three most likely classes; precision, recall and F1, averaged over the classes (macro),
    over the rows (micro) or weighted by the rows of each class; the mean area under the ROC curve of each class against the rest; log loss, Cohen's
    kappa and Matthews' correlation (MCC); the confusion matrix, and the metrics of each class. For quantiles: the quantile loss of each and their
    average, R¹ (1 − that average / the average of the quantiles of the actual values), and the share of rows below each and between two. Metrics have 95 % confidence intervals: DeLong's for the area, Wilson's for proportions, the normal approximation for the others. Rows
    without label or score are left out.

    For clusters no label is needed: the mean distance of the rows to the center of their own cluster and to the centers of the others, the number of rows
    and the largest distance, of each cluster and of all together, as the model computed them; and how well the clusters are separated: the silhouette (of
    at most 2,000 rows) and the indices of Davies-Bouldin and Calinski-Harabasz (of at most 20,000 rows, evenly spread). To compare models that scale
    columns differently, these three are computed from the feature columns of the scored table: numbers with mean 0 and standard deviation 1, and
    0/1 columns of texts with at most 100 values. If a model was trained on some columns only, select these before. Charts show the rows on the plane of their
    first two principal components, the sizes, and which columns differ most in each cluster. Rows in no cluster are counted only.

    For anomalies a label is optional: without one, the share of anomalies and the distribution of the scores; with one, AUC and average precision of the scores, and
    precision, recall and F1 at the model's threshold. The label's value for an anomaly is the one that was named in training, else the rarer of two.

    A column with the role weight weights the rows in every metric. To evaluate scores of a script or another tool, give their column the role score
    and the actual values the role label (Edit Metadata). Scores are probabilities if a positive class is set there, or if there are two classes and
    all scores are between 0 and 1 (then of the last class in order); else they are numbers. More than two score columns with a positive class each
    are the probabilities of several classes.

    With several models, a table compares each with the first one: the difference of each metric with its interval, which takes into account that the
    models were judged on the same rows. If all are tables of Cross Validate Model with the same folds, a second table tests the differences over the folds
    by the corrected resampled t-test, for folds that are predicted by a model of all other rows. With the cost of errors, the report shows the cost at each threshold and the threshold at which it is lowest.
    It is lowest on these rows: check it on others. With a group column, the report compares groups of rows.

    When to use:
        To see how good predictions are on rows that the model has not seen, and to compare models.

    Args:
        scored: Tables from Score Model, or with columns of the roles score and label; one for each model.

    Returns:
        Metrics and charts.

    Example:
        scored: scoring.score_model
    """
    if not scored:
        raise ModuleError("nothing_scored", "No scored table is connected.", port="scored", remedy="Connect the output of Score Model.")
    rows = [read_scored(table, needs_label=needs_label(table)) for table in scored]
    task = _one_task(rows)
    read = _named_apart([task.read(one) for one in rows])
    report = task.report(read)
    folds = [one.frame[FOLD] if FOLD in one.frame.columns else None for one in rows]
    more = [*differences(task, read), *over_folds(task, read, folds), *cost_blocks(read, costs)]
    if groups.group_column is not None:
        more += group_blocks(task, read, [_groups(each, str(groups.group_column)) for each in rows], groups)
    return replace(report, blocks=[*report.blocks, *more])


def _one_task(rows: Sequence[ScoredRows]) -> Task:
    tasks = [task_of(one) for one in rows]
    if len({task.id for task in tasks}) > 1:
        raise ModuleError(
            "mixed_kinds",
            "The scored tables predict different things, such as a number, one of two classes or one of several, so they cannot be compared.",
            port="scored",
            remedy="Use a separate Evaluate Model for each kind.",
        )
    return tasks[0]


def _groups(rows: ScoredRows, column: str) -> pl.Series:
    return rows.frame[require(column, rows.frame, param="group_column", port="scored")]


def _named_apart(read: Sequence[Scored]) -> list[Scored]:
    """Models of the same name get a number."""
    total, seen, named = Counter(one.name for one in read), Counter[str](), []
    for one in read:
        seen[one.name] += 1
        named.append(one if total[one.name] == 1 else one.renamed(f"{one.name} {seen[one.name]}"))
    return named
