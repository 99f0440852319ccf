"""Tasks: what a learner predicts. The modules that train, score and evaluate dispatch to one; each is a file of `tasks/`."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Literal, NamedTuple, Protocol, runtime_checkable

import numpy as np
import polars as pl

from pipelines.catalogue.ports import Model, Report
from pipelines.modelling.evaluation.scored import Scored, ScoredRows


class Metric(NamedTuple):
    """A figure of an evaluation, and which values are better."""

    key: str
    title: str
    better: Literal["low", "high"]


class Score(NamedTuple):
    """A column that Score Model adds; `positive` is the class that a probability refers to, `threshold` from which on it is predicted, if not from 0.5."""

    name: str
    values: pl.Series
    positive: str | None = None
    threshold: float | None = None


@runtime_checkable
class Task(Protocol):
    """One task, with or without a label. `order` is its place when several suit a table of scores."""

    id: str
    order: int
    metrics: tuple[Metric, ...]

    def suits(self, estimator: Any) -> bool:
        """Return whether a fitted estimator predicts this."""

    def accepts(self, classes: Sequence[str] | None) -> bool:
        """Return whether a model may have these classes."""

    def classes(self, learner: Any, positive: str) -> tuple[str, ...] | None:
        """Return the classes of a fitted learner as text, the positive one last; None without classes."""

    def facts(self, classes: Sequence[str]) -> Sequence[tuple[str, str]]:
        """Return what the report of a trained model says of its classes."""

    def score(self, model: Model, features: pl.DataFrame, label: pl.DataType | None, threshold: float) -> Sequence[Score]:
        """Return the predictions for a frame of features, in the type of the label where the table has one."""

    def score_columns(self, model: Model, label: pl.DataType | None) -> Sequence[Score] | None:
        """Return the columns of `score` without values; None where only training finds them."""

    def claims(self, rows: ScoredRows) -> bool:
        """Return whether scores that no model of Easel computed are of this task; says so in the log where it is a guess."""

    def read(self, rows: ScoredRows) -> Scored:
        """Return truth and score of each row.

        Raises:
            ModuleError: When the values do not suit the task.
        """

    def metric_values(self, scored: Scored) -> Mapping[str, float | int | None]:
        """Return the figures by key."""

    def influences(self, scored: Scored) -> Mapping[str, np.ndarray]:
        """Return how much each row moves figures, by key: their mean moves by as much. Figures without such a number are left out."""

    def report(self, scored: Sequence[Scored]) -> Report:
        """Return the evaluation of one or more models, side by side."""


@runtime_checkable
class LabelTask(Task, Protocol):
    """A task whose models predict a label, which Train Model trains.

    `measure` names how well one feature alone predicts it. `metrics` are what every evaluation shows first, and `further` what is computed and can be
    chosen besides.
    """

    measure: str
    further: tuple[Metric, ...]

    def metric_value(self, scored: Scored, key: str) -> float | None:
        """Return one of the figures without the others, since a search asks for it hundreds of times."""

    def narrowed(self, label: pl.Series) -> LabelTask:
        """Return the task that a label of these values makes of it, mostly the task itself."""

    def target(self, label: pl.Series) -> np.ndarray:
        """Return the label's values as a learner receives them.

        Raises:
            ModuleError: When the values do not suit the task.
        """

    def check_positive(self, label: pl.Series, positive: str) -> None:
        """Check the positive class that a user chose.

        Raises:
            ModuleError: `unknown_class`.
        """

    def signals(self, y: np.ndarray) -> Sequence[np.ndarray]:
        """Return the label as numbers, one array for each class that is told apart: features are compared with them to find leaks."""


def offered(task: LabelTask) -> tuple[Metric, ...]:
    """Return the metrics that can be chosen."""
    return *task.metrics, *task.further


@runtime_checkable
class UnlabelledTask(Task, Protocol):
    """A task whose models learn from features alone; `trainer` is the title of the module that trains them."""

    trainer: str
