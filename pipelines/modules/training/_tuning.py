"""The parts of a search over settings: its forms, the rows that trials are judged on, and the searches themselves."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Annotated, Any, Literal

import numpy as np
import polars as pl

from pipelines.catalogue.columns import kind_of
from pipelines.catalogue.errors import ModuleError
from pipelines.catalogue.fan_out import Strategy, fan_out, search
from pipelines.catalogue.items import Item, Trial, Value
from pipelines.catalogue.params import Among, Column, Range, Title, Titles, When
from pipelines.catalogue.phrases import counted, listed, percent
from pipelines.catalogue.ports import Table
from pipelines.catalogue.reporting import log
from pipelines.modelling.folds import Fold, InTime, MoreBy, folds_of
from pipelines.modelling.search.samplers import Sampler, size_of_grid
from pipelines.modelling.search.study import MOST_FAILURES, Run, Study, run_of
from pipelines.modelling.task import LabelTask, Metric, offered
from pipelines.modelling.tasks import label_tasks
from pipelines.modules.training._trials import Trials

FIRST_METRIC = "First of the task"
METRICS = (
    FIRST_METRIC,
    *dict.fromkeys(metric.title for id in ("two_class", "multi_class", "regression", "quantile") for metric in offered(label_tasks()[id])),
)
Validate = Literal["share", "folds", "nested"]


@dataclass(frozen=True)
class Sampling:
    """How settings are chosen.

    Args:
        sampler: Bayesian learns from the scores so far where good settings are (Optuna's TPE, after ten random trials). The Gaussian process does so
            with fewer trials, and takes longer for each. Quasi-random spreads the trials evenly (Sobol). Grid tries every combination.
        points: How many values of each range the grid has.
    """

    sampler: Annotated[
        Sampler,
        Titles(
            bayesian="Bayesian (TPE)",
            gaussian_process="Bayesian (Gaussian process)",
            random="Random",
            quasi_random="Quasi-random (Sobol)",
            grid="Grid",
        ),
    ] = "bayesian"
    points: Annotated[int, Range(2, 100), Title("Values of a range"), When("sampler", "grid")] = 4


@dataclass(frozen=True)
class Budget:
    """When the search ends: at the first limit that is reached.

    Args:
        trials: How many settings are tried at most; the first are those of the untrained model.
        seconds: How many seconds the trials may take together; if empty, no limit. No trial is started that would probably end later. Of those in
            progress, boosted trees are kept as far as they are.
        trial_seconds: How many seconds one trial may take; if empty, no limit. Boosted trees that are built by then are kept, other trials fail.
        patience: End after this many trials without a better score; if empty, no limit.
        target: End at this score; if empty, none.
    """

    trials: Annotated[int, Range(1, 10_000)] = 50
    seconds: Annotated[float | None, Range(0, 10_000_000, exclusive_min=True), Title("Time budget in seconds")] = None
    trial_seconds: Annotated[float | None, Range(0, 10_000_000, exclusive_min=True), Title("Seconds a trial")] = None
    patience: Annotated[int | None, Range(1, 10_000), Title("Trials without progress")] = None
    target: Annotated[float | None, Title("Target score")] = None


@dataclass(frozen=True)
class Judging:
    """What a trial is judged by.

    Args:
        metric: The score; if the task has several, its first is that of the task's evaluation.
        validate_by: A share of the rows, the same folds for all trials, or nested: the folds choose, and outer folds estimate how good the chosen
            model is. A connected validation table replaces a share and folds.
        validation_share: The share of the rows that trials are judged on.
        split_by: What the folds are made of.
        column: The column of groups, times or folds.
        folds: How many folds.
        window: How many parts before the predicted one are trained on; if empty, all of them.
        gap: How many different values of the column are left out before the predicted rows, such as days; as many as the label looks ahead.
        outer_folds: How many outer folds; for each, all trials run once more.
    """

    metric: Annotated[str, Among(METRICS)] = FIRST_METRIC
    validate_by: Annotated[Validate, Titles(share="A share", folds="Folds", nested="Nested folds")] = "folds"
    validation_share: Annotated[float, Range(0.01, 0.9), When("validate_by", "share")] = 0.25
    split_by: Annotated[MoreBy, When("validate_by", "folds", "nested")] = "label"
    column: Annotated[Column | None, When("split_by", "groups", "groups_and_label", "each_group", "time", "column")] = None
    folds: Annotated[int, Range(2, 100), When("validate_by", "folds", "nested")] = 5
    window: Annotated[int | None, Range(1, 100), Title("Parts trained on"), When("split_by", "time")] = None
    gap: Annotated[int, Range(0, 1_000_000), When("split_by", "time")] = 0
    outer_folds: Annotated[int, Range(2, 20), When("validate_by", "nested")] = 5


@dataclass(frozen=True)
class Stopping:
    """Which trials end early.

    Args:
        stop_early: Successive halving starts with a part of the rows or trees, and goes on with the best; Folds stops a trial whose folds are
            significantly worse than those of the best (Wilcoxon's test, level 0.1, from four folds on).
        resource: What halving gives a trial more of.
        smallest: The share that a trial starts with.
        factor: One of so many trials goes on, with so many times the share.
    """

    stop_early: Annotated[
        Literal["none", "halving", "folds"], Titles(none="None", halving="Successive halving", folds="Folds that are worse")
    ] = "none"
    resource: Annotated[Literal["rows", "trees"], Titles(rows="Rows", trees="Trees"), When("stop_early", "halving")] = "rows"
    smallest: Annotated[float, Range(0.001, 0.5), Title("Smallest share"), When("stop_early", "halving")] = 0.0625
    factor: Annotated[int, Range(2, 16), When("stop_early", "halving")] = 4

    @property
    def shares(self) -> tuple[float, ...]:
        """The shares, from the smallest up to 1."""
        found = [1.0]
        while self.stop_early == "halving" and found[0] / self.factor >= self.smallest * 0.999:
            found.insert(0, found[0] / self.factor)
        return tuple(found)


def metric_of(task: LabelTask, title: str) -> Metric:
    """Return the metric that is the score.

    Raises:
        ModuleError: `unknown_metric`.
    """
    known = offered(task)
    found = known[0] if title == FIRST_METRIC else next((each for each in known if each.title == title), None)
    if found is None:
        names = "; ".join(each.title for each in known)
        raise ModuleError(
            "unknown_metric",
            f"“{title}” is no metric of this label.",
            param="metric",
            remedy=f"Choose one of {names}.",
        )
    return found


def with_validation(table: Table, validation: Table, label: str) -> Table:
    """Return the rows of a table and then those of a validation table, with the columns of the first.

    Raises:
        ModuleError: `missing_columns` or `wrong_type`.
    """
    if absent := [column for column in table.frame.columns if column not in validation.frame.columns]:
        raise ModuleError(
            "missing_columns",
            f"The validation table has no column {listed(absent)}.",
            port="validation",
            column=absent[0],
            remedy="Prepare both tables with the same modules.",
        )
    for column, dtype in table.frame.schema.items():
        if (other := kind_of(validation.frame.schema[column])) != kind_of(dtype):
            raise ModuleError(
                "wrong_type",
                f"“{column}” has {other} values in the validation table, and {kind_of(dtype)} values in the training table.",
                port="validation",
                column=column,
                remedy="Change its type with Edit Metadata.",
            )
    try:
        rows = pl.concat([table.frame, validation.frame.select(table.frame.columns)], how="vertical_relaxed")
    except pl.exceptions.PolarsError as wrong:  # such as lists and structs, or times with and without a zone
        words = "A column of the validation table has another type than in the training table."
        raise ModuleError("wrong_type", words, port="validation", remedy="Change its type with Edit Metadata.") from wrong
    return table.with_frame(rows)


def judged_folds(known: Table, y: Any, judging: Judging, seed: int) -> list[Fold]:
    """Return what trials are judged on: the folds, or one part of the rows."""
    if judging.validate_by != "share":
        return folds_of(known, y, judging.split_by, judging.column, judging.folds, 1, seed, InTime(judging.window, judging.gap))
    from sklearn.model_selection import train_test_split

    rows, classes = np.arange(len(y)), None if np.asarray(y).dtype.kind == "f" else y
    fewest = np.unique(y, return_counts=True)[1].min() if classes is not None else len(y)
    held = round(judging.validation_share * len(y))
    if min(held, len(y) - held) < 1:
        words = f"{counted(len(y), 'row')} cannot be divided into two parts of {percent(1 - judging.validation_share, 0)} and {percent(judging.validation_share, 0)}."
        raise ModuleError("too_few_rows", words, param="validation_share", remedy="Add rows, or change the share.")
    fits = classes is not None and fewest >= 2 and min(held, len(y) - held) >= len(np.unique(y))
    train, test = train_test_split(rows, test_size=held, random_state=seed, stratify=classes if fits else None)
    return [Fold("validation", np.sort(train), np.sort(test))]


@dataclass(frozen=True)
class Found:
    """What a search found: its trials, the best, and why it ended."""

    trials: Sequence[Trial]
    runs: Sequence[Run]
    best: Run
    ended: str


def searched(study: Study, trials: Trials, budget: Budget, at_once: int | None, noun: str = "trials") -> Found:
    """Execute a search.

    Raises:
        ModuleError: The failure of the trials, if all of them failed; `no_trial`, if none ended in time.
    """
    most = budget.trials if study.sampler != "grid" else min(budget.trials, 1 + size_of_grid(study.space.over, study.points))
    strategy = Strategy(study.ask, at_once, budget.seconds, most if len(study.shares) == 1 else None)
    tried = search(strategy, trials.each, noun=noun)
    runs = [run_of(trial) for trial in tried]
    best = study.best(runs)
    if best is None:
        raise _none(tried)
    failed = Counter(run.failure for run in runs if run.failure)
    for code, times in failed.items():
        log(f"{counted(times, 'trial')} failed ({code}).", "warning")
    return Found(tried, runs, best, _why(study, tried, runs, budget, most))


def _none(tried: Sequence[Trial]) -> ModuleError:
    failures = [trial.result.failure for trial in tried if trial.result and trial.result.failure]
    if not failures or failures[-1].code in ("time_over", "no_time_left"):
        words = "No trial ended within the time budget."
        return ModuleError("no_trial", words, param="seconds", remedy="Give the search more time, fewer folds or fewer rows.")
    last = failures[-1]
    words = f"All {counted(len(failures), 'trial')} failed. The last: {last.words}"
    return ModuleError(last.code, words, port=last.port, param=last.param, column=last.column, remedy=last.remedy or None)


def _why(study: Study, tried: Sequence[Trial], runs: Sequence[Run], budget: Budget, most: int) -> str:
    """Why a search ended, in words."""
    found = {
        "failures": f"{MOST_FAILURES} trials in a row failed",
        "target": "the target score was reached",
        "patience": f"{budget.patience} trials were not better",
    }.get(study.ending(runs))
    if found:
        return found
    if len({run.number for run in runs}) >= most:
        return "all settings of the grid were tried" if study.sampler == "grid" and most < budget.trials else "all trials were done"
    return "no other settings were found to try" if study.ask(tried, None) is None else "the time was over"


def estimates(
    outer: Sequence[Fold], study: Study, trials: Trials, make: Callable[[Table, Any], Sequence[Fold]], budget: Budget, at_once: int | None
) -> list[dict[str, Any]]:
    """Return, for each outer fold, what the best settings of a search without it score on it.

    Args:
        outer: The outer folds.
        study: The search.
        trials: All rows.
        make: Returns the inner folds of rows with their label.
        budget: The budget of each search.
        at_once: How many trials are computed at once.
    """
    found = {}
    for fold in outer:
        inner = trials.of(fold.train, ())
        inner = replace(inner, folds=make(inner.table.rows, inner.y))
        own = replace(study, content={**study.content, "outer": fold.name})
        found[fold.name] = searched(own, inner, budget, at_once, f"trials of outer {fold.name}").best

    def each(item: Item) -> Value:
        return replace(trials, folds=[item.payload]).each(item)

    content = {name: {**study.content, "settings": dict(best.found), "share": 1.0, "outer": name} for name, best in found.items()}
    results = fan_out([Item(fold.name, content[fold.name], payload=fold) for fold in outer], each, noun="outer folds")
    return [
        {"fold": result.key, "inner": found[result.key].score, "outer": result.figures["score"], "settings": found[result.key].found}
        for result in results
    ]
