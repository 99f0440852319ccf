"""Train Best Model: a search over learners and settings within a time, the best ones blended, and an honest estimate."""

from __future__ import annotations

import time
from typing import Annotated, NamedTuple

from pipelines.catalogue.lineage import Lineage
from pipelines.catalogue.module import module
from pipelines.catalogue.params import Column, Range, Seed, Title, When
from pipelines.catalogue.ports import Model, Report, Table
from pipelines.modelling.families import libraries
from pipelines.modelling.folds import By
from pipelines.modules.training._automl_left_out import left_out_table
from pipelines.modules.training._automl_metrics import MetricName
from pipelines.modules.training._automl_opened import opened
from pipelines.modules.training._automl_problem import Kind, problem_of
from pipelines.modules.training._automl_running import USES, Settings, before, run
from pipelines.modules.training._fold_rows import check_free
from pipelines.modules.training._rows import require_label


class Best(NamedTuple):
    """What a search finds.

    Args:
        model: The best model, trained on all rows.
        leaderboard: A row for each candidate, the best first.
        report: Guardrails, estimate, leaderboard, how the search went, and the winner as a pipeline.
        predictions: The rows by which the winner is judged, with predictions of models that were trained without them, for Evaluate Model.
    """

    model: Model
    leaderboard: Table
    report: Report
    predictions: Table


@module(
    "Train Best Model",
    icon="trophy",
    columns=before,
    aliases=("AutoML", "automated machine learning", "auto", "search models", "best learner", "ensemble"),
    libraries=libraries(),
    lineage=Lineage(label="label", trains=True),
    uses=USES,
    opens=opened,
)
def train_best_model(
    table: Table,
    validation: Table | None = None,
    *,
    label: Column,
    task: Kind = "automatic",
    metric: MetricName = "automatic",
    seconds: Annotated[float, Range(1, 604_800)] = 60.0,
    trials: Annotated[int | None, Range(1, 100_000)] = None,
    trial_seconds: Annotated[float | None, Range(0, 10_000_000, exclusive_min=True), Title("Seconds a trial")] = None,
    at_once: Annotated[int | None, Range(1, 1_000), Title("Trials at once")] = None,
    target_score: float | None = None,
    patience: Annotated[int | None, Range(1, 100_000)] = 80,
    positive_class: str = "",
    learners: str = "",
    without: str = "",
    split_by: By = "label",
    column: Annotated[Column | None, When("split_by", "groups", "time", "column")] = None,
    seed: Seed = Seed(0),
) -> Best:
    """Try learners and settings within a time, and train the best of them.

    A search starts with settings that do well on many tables: linear models, boosted trees of several kinds, forests, neural networks, support vectors and
    neighbors. With many rows they race on a part of them first, and the best go on with four times as many. What is good is validated on all folds; then
    local search moves around the best settings of the two best learners. The number of trees is the one with the lowest mean loss over the folds. All
    candidates share the same folds, and everything that learns is fitted inside each fold. The metric chooses candidates, settings and blend; each learner
    trains by its own loss, which also stops boosted trees: squared errors for a number, log loss for classes. Of a skewed number its logarithm is tried too.

    The best models are blended: weights are chosen one by one so that the mean of their predictions for left-out rows is best, and kept only if the
    blend is as good on rows that did not choose it. A stack of the best candidates of three learners is a candidate too, where rows and time suffice.
    The winner is made of ordinary modules: *Open as pipeline* makes a pipeline of it, or of another row of the leaderboard, with the same figures. For the estimate
    each fold is predicted by a blend that the other folds chose, for the best score alone is too good; of more than 5,000 rows a tenth is kept besides.

    No training starts that cannot end in time, boosted trees stop at the deadline, and the blend, the estimate and the final training are part of it. The same
    time on another machine makes other trials; set a number of trials that is reached first for results that repeat.

    When to use:
        For a good model within minutes, and as the score that a pipeline of your own should reach.

    Args:
        table: The rows.
        validation: Rows for the estimate, which are not trained on; without them the estimate is of rows kept from the table.
        label: The column to predict.
        task: Whether to predict a class or a number. Automatic takes texts, two values and at most ten different whole numbers for classes.
        metric: What counts. Automatic is AUC for two classes, log loss for several, and root mean squared error for a number. For accuracy, balanced accuracy, F1 and MCC of two classes the threshold is searched too, and stored in the model; precision and recall are at 0.5.
        seconds: The time for everything.
        trials: How many learners with settings are tried at most; if empty, as many as the time allows.
        trial_seconds: How many seconds one trial may take; if empty, no limit. Boosted trees that are built by then are kept, others fail.
        at_once: How many are tried at the same time at most; if empty, as many as workers are free.
        target_score: A score of the metric that suffices: the search ends when it is reached.
        patience: How many learners with settings may bring no gain before the search ends; if empty, it goes on.
        positive_class: For two classes, the class whose probability is predicted; if empty, the last in order.
        learners: The learners that may be used, separated by commas; if empty, all that are installed: linear, boosted_trees, catboost, xgboost, extra_trees, support_vectors, decision_forest, neural_network, nearest_neighbors, stacking.
        without: Learners that must not be used, separated by commas.
        split_by: What the folds are made of, of two classes no more than the rarer one has rows; groups and time keep rows together that belong together.
        column: The column of groups, times or folds.
        seed: The random seed.

    Example:
        table: data.dataset
        label: "price"
        seconds: 8
        trials: 6
        learners: "linear, boosted_trees"
    """
    settings = Settings(time.monotonic(), seconds, trials, target_score, patience, learners, without, at_once, trial_seconds)
    require_label(label, table)
    check_free(table)  # the winner's pipeline validates it
    problem = problem_of(table, label, task, positive_class, metric, split_by, column, seed, validation)
    found = run(table, problem, settings)
    return Best(found.final.model, found.leaderboard, found.report, left_out_table(problem, found.final))
