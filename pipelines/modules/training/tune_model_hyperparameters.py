"""Tune Model Hyperparameters: search the settings of a learner that predict best."""

from __future__ import annotations

from typing import Annotated, Any

from pipelines.catalogue.lineage import Lineage
from pipelines.catalogue.module import module
from pipelines.catalogue.params import Column, Range, Seed, Space, Title
from pipelines.catalogue.ports import Model, Table, UntrainedModel
from pipelines.catalogue.preprocessing import Preprocessing
from pipelines.catalogue.reporting import log
from pipelines.modelling.families import libraries
from pipelines.modules.training._tuned import Tuned, report, trials_table
from pipelines.modules.training._tuned_opened import opened, winner_entry, with_entry
from pipelines.modules.training._tuning import Budget, Judging, Sampling, Stopping, searched
from pipelines.modules.training._tuning_setup import Setup, arriving, check_settings, outer_estimates, prepared
from pipelines.modules.training.train_model import train_model

ALIASES = ("hyperparameter", "sweep", "grid search", "random search", "bayesian optimization", "optuna", "asha", "hyperdrive")


def _before(
    untrained: UntrainedModel | None, table: Preprocessing, *others: object, label: str, positive_class: str, **settings: Any
) -> tuple[Model | None, None, None]:
    check_settings(untrained, Setup(**settings))
    if untrained is None:
        return None, None, None
    return Model(untrained.name, untrained.task, None, label, ()), None, None


@module(
    "Tune Model Hyperparameters",
    icon="adjustments-search",
    columns=_before,
    aliases=ALIASES,
    libraries=(*libraries(), "optuna"),
    lineage=Lineage(label="label", trains=True),
    opens=opened,
    former_values={"metric": {"MCC at 0.5": "MCC"}},
)
def tune_model_hyperparameters(
    untrained: UntrainedModel,
    table: Preprocessing,
    validation: Table | None = None,
    earlier: Table | None = None,
    *,
    label: Column,
    positive_class: str = "",
    space: Space = Space({}),  # noqa: B008  (a name for dict)
    sampling: Sampling,
    budget: Budget,
    judging: Judging,
    stopping: Stopping,
    repeatable: bool = True,
    at_once: Annotated[int | None, Range(1, 1_000), Title("Trials at once")] = None,
    seed: Seed = Seed(0),
) -> Tuned:
    """Try many settings of an untrained model, and train it with the best ones.

    The learner declares which of its settings are searched, and over which values; each can be changed or left out. Values are written as

    - `uniform(0.5, 1)` and `loguniform(0.01, 1)`: from the first to the second number, evenly or evenly over the logarithm;
    - `normal(10, 2)` and `lognormal(0, 1)`: with a mean and a standard deviation, of the logarithm for the second;
    - `quniform(10, 100, 10)`, with q before any of these: in steps; `1; 2; 4`: these values.

    The first trial has the settings of the untrained model. All trials train on the same folds, or the same part of the rows; the score is the mean.
    A connected validation table takes their place. What the learner fits of the columns, and what prepares the table, is fitted again on the training rows of each
    fold, as in Cross Validate Model; with a validation table, once on all training rows. Trials run side by side where workers are free. One that fails does not end the search; ten in a row with the same error do.

    Repeatable, the results of four trials are told to the sampler together, so that the trials do not depend on the number of workers and on how long
    each trial takes. Otherwise each result is told at once, which uses many workers better. A time budget depends on the machine in both.

    A search with a higher limit goes on where it ended. Connect the trials of another search to go on from those: the sampler learns from them, and
    the best is tried again, on the same folds as all others. The best score of many trials is too good by chance: score rows that the search has not
    seen, or use nested folds.

    Source: T. Akiba et al., “Optuna”, KDD (2019); L. Li et al., “A System for Massively Parallel Hyperparameter Tuning”, MLSys (2020).

    When to use:
        When a model is worth more than its default settings give, and after the features are settled.

    Args:
        untrained: The untrained model.
        table: The training rows; modules before them that learn are fitted again in each fold.
        validation: The rows that trials are judged on; without them, a part of the training rows.
        earlier: The trials of an earlier search to go on from.
        label: The column to predict.
        positive_class: For two classes, the class whose probability is predicted; if empty, the last in order.
        space: The values that are tried of each setting.
        sampling: How settings are chosen.
        budget: When the search ends.
        judging: What a trial is judged by.
        stopping: Which trials end early.
        repeatable: Tell results in waves, so that the same seed gives the same trials.
        at_once: How many trials run at the same time at most; if empty, as many as workers are free. With one, a trial may use all cores.
        seed: The seed of samplers, folds and parts of the rows.

    Example:
        table: data.dataset
        untrained: classification.two_class_logistic_regression
        data.dataset: {"dataset": "credit_risk"}
        label: "Status"
        trials: 5
        folds: 3
    """
    forms = Setup(space, sampling, budget, judging, stopping, repeatable, at_once, seed)
    ready = prepared(untrained, table, validation, earlier, label, positive_class, forms)
    outer = outer_estimates(ready, forms)
    found = searched(ready.study, ready.trials, budget, at_once)
    log(f"The search ended because {found.ended}. The best is trial {found.best.number}: {ready.metric.title} {found.best.score:.6g}.")
    for title, how in table.told:
        once = "executed once, on all training rows" if validation is not None else how
        log(f"{title}: {once}.", "warning" if how.startswith("executed once") else "info")
    model = train_model(ready.trials.learner(found.best.found), arriving(table), label=label, positive_class=positive_class)
    told = report(ready.study, found, ready.task, ready.metric, outer)
    trains = {"label": label} | ({"positive_class": positive_class} if positive_class else {})
    learner, said = ready.trials.learner(found.best.found), f"In the search: {ready.metric.title} {found.best.score:.6g}."
    entry = winner_entry(learner, trains, judging, seed, said, has_table=validation is not None)
    return Tuned(model, trials_table(ready.study, found, ready.metric), with_entry(told, entry))
