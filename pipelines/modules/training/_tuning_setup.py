"""From the settings and tables of Tune Model Hyperparameters to a study and its trials."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from typing import Any

import numpy as np
import polars as pl

from pipelines.catalogue.columns import require
from pipelines.catalogue.errors import ModuleError
from pipelines.catalogue.phrases import counted
from pipelines.catalogue.ports import Table, UntrainedModel
from pipelines.catalogue.preprocessing import Preprocessing
from pipelines.catalogue.reporting import log
from pipelines.modelling.evaluation.undefined import check_label
from pipelines.modelling.folds import Fold, InTime, check_column, folds_of
from pipelines.modelling.search.samplers import size_of_grid
from pipelines.modelling.search.space import Space, space_of
from pipelines.modelling.search.study import TREES, Limits, Study
from pipelines.modelling.task import LabelTask, Metric
from pipelines.modules.training._fit import label_task_and_family
from pipelines.modules.training._fold_rows import labelled
from pipelines.modules.training._rows import known_rows
from pipelines.modules.training._trials import Trials
from pipelines.modules.training._tuned import told_by
from pipelines.modules.training._tuning import Budget, Judging, Sampling, Stopping, estimates, judged_folds, metric_of, with_validation


@dataclass(frozen=True)
class Setup:
    """The settings of a search as its form has them."""

    space: Mapping[str, str | None]
    sampling: Sampling
    budget: Budget
    judging: Judging
    stopping: Stopping
    repeatable: bool
    at_once: int | None
    seed: int

    @property
    def by_trees(self) -> bool:
        """Whether trials start with a part of the trees."""
        return self.stopping.stop_early == "halving" and self.stopping.resource == "trees"


@dataclass(frozen=True)
class Ready:
    """A search that can be executed."""

    study: Study
    trials: Trials
    task: LabelTask
    metric: Metric


def check_settings(untrained: UntrainedModel | None, setup: Setup) -> None:
    """Check before a run that the settings suit the learner, as far as the rows are not needed.

    Raises:
        ModuleError: As `prepared`.
    """
    if setup.judging.validate_by != "share":
        check_column(setup.judging.split_by, setup.judging.column)
    if untrained is None:
        return
    task, _ = label_task_and_family(untrained)
    _space(untrained, setup)
    if task.id != "multi_class":  # its label may have two classes, which have other metrics
        metric_of(task, setup.judging.metric)


def prepared(
    untrained: UntrainedModel,
    table: Preprocessing,
    validation: Table | None,
    earlier: Table | None,
    label: str,
    positive: str,
    setup: Setup,
) -> Ready:
    """Return a search.

    Raises:
        ModuleError: When the learner, the tables or the settings do not suit each other.
    """
    task, family = label_task_and_family(untrained)
    space = _space(untrained, setup)
    table, values, rows = _rows(table, validation, task, label, positive)
    task = task.narrowed(values)
    y = task.target(values)
    metric = metric_of(task, setup.judging.metric)
    check_label(metric, values)
    folds = (
        [Fold("validation", np.arange(rows), np.arange(rows, len(y)))] if rows else judged_folds(table.rows, y, setup.judging, setup.seed)
    )
    threads = None if setup.at_once == 1 else 1
    of_metric, most = (metric.key, metric.better), setup.budget.trial_seconds
    trials = Trials(space, task, family, table, y, folds, label, positive, *of_metric, setup.by_trees, threads, setup.seed, most)
    content = {"label": label, "positive": positive, "metric": metric.key, **_validation(setup, bool(rows))}
    told = () if earlier is None else told_by(earlier, space, metric)
    trained = sum(len(fold.train) for fold in folds)
    study = Study(
        space,
        setup.sampling.sampler,
        metric.better,
        Limits(setup.budget.trials, setup.budget.patience, setup.budget.target),
        setup.stopping.shares,
        setup.stopping.factor,
        setup.repeatable,
        setup.seed,
        setup.sampling.points,
        content,
        told,
        (rows or len(y)) / trained,
        setup.stopping.stop_early == "folds",
    )
    return Ready(study, trials, task, metric)


def _rows(
    table: Preprocessing, validation: Table | None, task: LabelTask, label: str, positive: str
) -> tuple[Preprocessing, pl.Series, int]:
    """Return the rows, their label, and how many of them are trained on if a validation table is connected: then the others are it."""
    if validation is None and table.steps:
        known, values = labelled(table, task, label, positive)
        return replace(table, rows=known), values, 0
    found = arriving(table)
    require(label, found, param="label")
    known = known_rows(found, label)
    rows = 0 if validation is None else known.frame.height
    if validation is not None:
        require(label, validation, param="label")
        known = with_validation(known, known_rows(validation, label), label)
    task.narrowed(known.frame[label]).check_positive(known.frame[label], positive)
    return Preprocessing(known), known.frame[label], rows


def arriving(table: Preprocessing) -> Table:
    """Return the rows as what prepares them gives them, fitted on all of them."""
    return table.fit(table.rows).table if table.steps else table.rows


def outer_estimates(ready: Ready, setup: Setup) -> Sequence[Mapping[str, Any]]:
    """Return what outer folds estimate; nothing unless folds are nested and no validation table is connected."""
    judging, trials = setup.judging, ready.trials
    if judging.validate_by != "nested" or ready.study.content["validation"] == "table":
        return ()

    def folds(known: Table, y: Any, count: int) -> list[Fold]:
        return folds_of(known, y, judging.split_by, judging.column, count, 1, setup.seed, InTime(judging.window, judging.gap))

    outer = folds(trials.table.rows, trials.y, judging.outer_folds)
    many = (len(outer) + 1) * setup.budget.trials * len(trials.folds)
    log(f"Nested: {len(outer)} outer folds and the whole, {setup.budget.trials} trials each: up to {counted(many, 'training')}.")
    return estimates(outer, ready.study, trials, lambda known, y: folds(known, y, judging.folds), setup.budget, setup.at_once)


def _space(untrained: UntrainedModel, setup: Setup) -> Space:
    space = space_of(untrained, setup.space)
    if setup.by_trees:
        if TREES not in space.learner.own:
            raise ModuleError(
                "no_trees",
                f"{untrained.name} has no setting “Trees”.",
                param="resource",
                remedy="Give trials more rows instead, or connect a learner of trees.",
            )
        space = space.without(TREES)
    size = size_of_grid(space.over, setup.sampling.points) if setup.sampling.sampler == "grid" else 0
    if size >= setup.budget.trials:
        log(f"The grid has {size:,} points; the search ends after {setup.budget.trials:,} trials.", "warning")
    return space


def _validation(setup: Setup, by_table: bool) -> Mapping[str, Any]:
    """What the folds and the rows of a share depend on, for the identity of a trial."""
    judging = {
        **asdict(setup.judging),
        "metric": "",
        "validate_by": "folds" if setup.judging.validate_by == "nested" else setup.judging.validate_by,
    }
    judging.pop("outer_folds")
    limit = {} if setup.budget.trial_seconds is None else {"seconds": setup.budget.trial_seconds}
    return {"validation": "table" if by_table else judging, "seed": setup.seed, "trees": setup.by_trees, **limit}
