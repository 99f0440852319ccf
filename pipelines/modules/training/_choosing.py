"""The learner of a group: the only one, the one of several that predicts best, or the winner of a search of its own."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace

import numpy as np

from pipelines.catalogue.errors import ModuleError
from pipelines.catalogue.fan_out import run_by
from pipelines.catalogue.phrases import percent
from pipelines.catalogue.ports import Table, UntrainedModel
from pipelines.modelling.folds import By
from pipelines.modelling.task import LabelTask, Metric
from pipelines.modules.training._automl_problem import Kind, problem_of
from pipelines.modules.training._automl_running import Settings, run
from pipelines.modules.training._deadline import threads
from pipelines.modules.training._windows import Judging, Window, windows_of

FEWEST_LEFT = 0.2  # the share of the rows
UNCHOSEN, BLEND = "too_few_rows_to_choose", "Blend"


@dataclass(frozen=True)
class Chosen:
    """The learner of a group.

    Args:
        name: Its name.
        learner: The learner.
        left_out: Columns that it does not use.
        rivals: The other learners by name, which are judged beside it.
        remarks: What is odd about the choice.
    """

    name: str
    learner: UntrainedModel
    left_out: tuple[str, ...] = ()
    rivals: Mapping[str, UntrainedModel] = field(default_factory=dict)
    remarks: tuple[str, ...] = ()


# (learner, rows, window) -> the main figure of its predictions for the rows to judge on; None where it cannot be trained
Judge = Callable[[UntrainedModel, Table, Window], float | None]
# (the rows that it may be chosen by, the judge) -> the learner
Chooser = Callable[[Table, Judge], Chosen]


def named_apart(learners: Sequence[UntrainedModel]) -> dict[str, UntrainedModel]:
    """Return learners by name; of those with the same name, all but the first end with a number."""
    found: dict[str, UntrainedModel] = {}
    for learner in learners:
        name, number = learner.name, 2
        while name in found:
            name, number = f"{learner.name} {number}", number + 1
        found[name] = learner
    return found


def require_rows_to_choose_by(judging: Judging) -> None:
    """Check that the windows leave rows that a learner can be chosen by.

    Raises:
        ModuleError: `no_rows_to_choose_by`.
    """
    if judging.judge_on == "random" and judging.windows * judging.test_share > 1 - FEWEST_LEFT:
        words = f"{judging.windows} windows of {percent(judging.test_share, 0)} of the rows leave too few to choose a learner by."
        raise ModuleError("no_rows_to_choose_by", words, param="windows", remedy="Use fewer windows, or a smaller test share.")


@dataclass(frozen=True)
class OfLearners:
    """Chooses the learner whose predictions are best for rows that it was not trained on; of equal ones the first that is connected."""

    learners: Mapping[str, UntrainedModel]
    metric: Metric
    judging: Judging
    seed: int

    def __call__(self, known: Table, judge: Judge) -> Chosen:
        """Choose by a part of the rows; a learner that cannot be trained on it is not chosen."""
        (first, learner), *others = self.learners.items()
        if not others:
            return Chosen(first, learner)
        by = replace(self.judging, windows=1, judge_on="random" if self.judging.judge_on == "nothing" else self.judging.judge_on)
        windows = windows_of(known.frame, by, self.seed)
        figures = {name: judge(each, known, windows[0]) for name, each in self.learners.items()} if windows else {}
        values = {name: value for name, value in figures.items() if value is not None and np.isfinite(value)}
        if not values:
            return self._chosen(first, UNCHOSEN)
        best = min if self.metric.better == "low" else max
        return self._chosen(best(values, key=values.__getitem__))

    def _chosen(self, name: str, *remarks: str) -> Chosen:
        rivals = {other: learner for other, learner in self.learners.items() if other != name}
        return Chosen(name, self.learners[name], (), rivals, remarks)


@dataclass(frozen=True)
class OfSearch:
    """Chooses the winner of a search of its own, within its seconds; `settings` are those of the search, without its start."""

    task: LabelTask
    label: str
    positive: str
    metric: str
    settings: Settings
    judging: Judging
    seed: int

    def __call__(self, known: Table, judge: Judge) -> Chosen:
        """Search; its trials are executed here, one after the other.

        Raises:
            ModuleError: Why no model could be trained.
        """
        kind: Kind = "regression" if self.task.id == "regression" else "classification"
        split: By = "time" if self.judging.judge_on == "latest" else "label"
        column = self.judging.time if split == "time" else None
        with run_by(None), threads(1):
            problem = problem_of(known, self.label, kind, self.positive, self.metric, split, column, self.seed, None)
            final = run(known, problem, replace(self.settings, started=time.monotonic())).final
        learner, used = final.winner.untrained(), {name for name, _ in final.model.features}
        left_out = tuple(name for name in known.columns_with("feature") if name not in used and name != self.label)
        return Chosen(BLEND if len(final.winner.members) > 1 else learner.name, learner, left_out)
