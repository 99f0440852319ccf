"""Fitting: the scikit-learn pipeline from feature columns to the label. It holds library classes only, so that skops can store it."""

from __future__ import annotations

import warnings
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import polars as pl

from pipelines.catalogue.errors import ModuleError
from pipelines.catalogue.ports import UntrainedModel
from pipelines.catalogue.reporting import log
from pipelines.modelling.encoders import fitted_columns
from pipelines.modelling.families import families
from pipelines.modelling.family import ESTIMATOR_ERRORS, Family, TrainingData, Watched, in_words
from pipelines.modelling.features import largest_column
from pipelines.modelling.task import LabelTask, Task
from pipelines.modelling.tasks import TRAIN_MODEL, check_trainer, tasks


def task_and_family(untrained: UntrainedModel) -> tuple[Task, Family]:
    """Return the task and the family of a learner.

    Raises:
        ModuleError: `unknown_learner`, such as of a learner that a later version of Easel declared.
    """
    task, family = tasks().get(untrained.task), families().get(untrained.family)
    if task is None or family is None:
        raise ModuleError(
            "unknown_learner",
            f"{untrained.name} has the task “{untrained.task}” and the family “{untrained.family}”, which this version of Easel does not support.",
            port="untrained",
            remedy="Update Easel, or correct the declaration of the module.",
        )
    return task, family


def label_task_and_family(untrained: UntrainedModel) -> tuple[LabelTask, Family]:
    """Return the task and the family of a learner that predicts a label.

    Raises:
        ModuleError: `unknown_learner`, or `other_trainer` for a learner of another task.
    """
    task, family = task_and_family(untrained)
    check_trainer(untrained, TRAIN_MODEL)
    assert isinstance(task, LabelTask), "check_trainer refuses the others"
    return task, family


@dataclass(frozen=True)
class Fitted:
    """A fitted scikit-learn pipeline, and the matrix that its last step was fitted on."""

    pipeline: Any
    matrix: Any


def fit(
    untrained: UntrainedModel,
    family: Family,
    frame: pl.DataFrame,
    y: Any,
    features: Sequence[tuple[str, str]],
    weights: Any,
    watched: Watched | None = None,
    label: str = "",
) -> Fitted:
    """Fit a learner.

    Args:
        untrained: The learner.
        family: Its family.
        frame: The feature columns, as `feature_frame` returns them.
        y: The label's values.
        features: The columns and the names of their types.
        weights: A weight for each row, or None.
        watched: Rows by which a learner of trees stops growing, if any.
        label: The name of the label, for errors.

    Raises:
        ModuleError: `cannot_learn`, when the library refuses the data or the settings.
    """
    from sklearn.base import clone
    from sklearn.pipeline import Pipeline

    with errors_in_words(untrained.name, frame):
        columns = family.encode(frame, features, untrained.settings)
        matrix = fitted_columns(columns, untrained.estimator, frame, y)
        if watched:
            watched.matrix = columns.transform(watched.frame)
        data = TrainingData(matrix, y, weights, columns, untrained.settings, features, watched=watched, label=label)
        learner = family.fit(clone(untrained.estimator), data)
    return Fitted(Pipeline([("columns", columns), ("learner", learner)]), matrix)


@contextmanager
def errors_in_words(name: str, frame: pl.DataFrame) -> Iterator[None]:
    """Log warnings of convergence, and turn what a library raises into a sentence."""
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        try:
            yield
        except ESTIMATOR_ERRORS as wrong:
            largest = largest_column(frame)
            raise ModuleError(
                "cannot_learn",
                f"{name} cannot be trained on this table: {in_words(wrong)}.{f' The largest number is in “{largest}”.' if largest else ''}",
                port="table",
                column=largest,
                remedy="Check the feature columns for extreme values, or change the settings of the untrained model.",
            ) from wrong
    for words in dict.fromkeys(" ".join(str(warning.message).split()) for warning in caught if "Convergence" in warning.category.__name__):
        log(words, "warning")
