"""What a trained model makes of changed features: its figures and its predictions."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING, Annotated, Literal

import numpy as np
import polars as pl

from pipelines.catalogue.errors import ModuleError
from pipelines.catalogue.params import Titles
from pipelines.catalogue.phrases import counted, listed
from pipelines.catalogue.ports import ColumnRole, Model, Table
from pipelines.catalogue.reporting import Figures, Level, log, reporting_to
from pipelines.modelling.evaluation.scored import read_scored
from pipelines.modelling.evaluation.undefined import why_undefined
from pipelines.modelling.family import ESTIMATOR_ERRORS, in_words
from pipelines.modelling.features import present, weight_column
from pipelines.modelling.task import LabelTask, Metric, Score, Task, offered
from pipelines.modelling.tasks import label_tasks, tasks

FIRST = "first"
METRICS = {metric.key: metric for task in label_tasks().values() for metric in offered(task)}

if TYPE_CHECKING:
    MetricName = str
else:
    MetricName = Annotated[
        Literal[(FIRST, *METRICS)], Titles(**{FIRST: "The first of the model's task"}, **{key: one.title for key, one in METRICS.items()})
    ]


class _Quiet:
    """Hears the same lines of an evaluation that is repeated many times."""

    def progress(self, done: float, total: float, words: str) -> None: ...
    def log(self, line: str, level: Level, figures: Figures | None = None) -> None: ...


@contextmanager
def quietly() -> Iterator[None]:
    """Log nothing."""
    with reporting_to(_Quiet()):
        yield


def task_of_model(model: Model) -> Task:
    """The task of a trained model.

    Raises:
        ModuleError: `no_model`, when a script returned none or its task is not known.
    """
    if model.estimator is None or model.task not in tasks():
        words = "No model arrives: the script before returned none."
        raise ModuleError("no_model", words, port="model", remedy='Let its main return easel.model(estimator, table, label="...").')
    return tasks()[model.task]


def metric_of(model: Model, task: LabelTask, asked: str) -> Metric:
    """The figure that was asked for.

    Raises:
        ModuleError: `not_of_the_task`.
    """
    if asked == FIRST:
        return task.metrics[0]
    known = {metric.key: metric for metric in offered(task)}
    if asked in known:
        return known[asked]
    some = ", ".join(metric.title for metric in known.values())
    words = f"{METRICS[asked].title} is not a metric of {model.name}, whose task has {some}."
    raise ModuleError("not_of_the_task", words, param="metric", remedy="Select one of those.")


def known_rows(table: Table, model: Model, most: int, seed: int) -> Table:
    """At most so many rows, drawn at random, that have a label and a weight where there are weights; the order stays.

    Raises:
        ModuleError: When there is no label or no row.
    """
    if model.task not in label_tasks():
        words = f"{model.name} does not predict a label, so its predictions cannot be compared with one."
        raise ModuleError("no_label", words, port="model", remedy="Connect a model from Train Model.")
    if model.label not in table.frame.columns:
        raise ModuleError(
            "no_label",
            f"The table has no column “{model.label}”, which the model predicts.",
            port="table",
            column=model.label,
            remedy="Use rows with a label.",
        )
    columns = [model.label, *([weight] if (weight := weight_column(table, "table")) else [])]
    known = table.frame.filter(present(table, column) for column in columns)
    if lost := table.frame.height - known.height:
        log(f"{counted(lost, 'row')} without a label or a weight {'was' if lost == 1 else 'were'} removed.", "warning")
    if not known.height:
        words = f"There is no row with a value of “{model.label}”."
        raise ModuleError("no_rows", words, port="table", column=model.label, remedy="Use rows with a label.")
    return table.with_frame(some_rows(known, most, seed))


def some_rows(frame: pl.DataFrame, most: int, seed: int) -> pl.DataFrame:
    """At most so many rows, drawn at random, in their order; says so."""
    if frame.height <= most:
        return frame
    rows: pl.DataFrame = frame[drawn_rows(frame.height, most, seed).tolist()]
    return rows


def drawn_rows(height: int, most: int, seed: int) -> np.ndarray:
    """The places of at most so many rows, drawn at random, in their order; says so."""
    if height <= most:
        return np.arange(height)
    log(f"{counted(most, 'row')} of {height:,} were drawn at random.")
    return np.sort(np.random.Generator(np.random.PCG64(seed)).permutation(height)[:most])


def scores_of(task: Task, model: Model, features: pl.DataFrame, label: pl.DataType | None) -> Sequence[Score]:
    """The predictions for a frame of features.

    Raises:
        ModuleError: `cannot_score`.
    """
    try:
        return task.score(model, features, label, model.threshold)
    except ESTIMATOR_ERRORS as wrong:
        words = f"{model.name} cannot predict these rows: {in_words(wrong)}."
        remedy = "Look at the rows for values that are far from those of training."
        raise ModuleError("cannot_score", words, port="table", remedy=remedy) from wrong


def figure(task: LabelTask, model: Model, known: Table, features: pl.DataFrame, metric: Metric) -> float:
    """A figure of the model on rows whose features may be changed.

    Raises:
        ModuleError: When it is not defined on these rows.
    """
    label = known.frame[model.label]
    scores = scores_of(task, model, features, label.dtype)
    weights = [known.frame[column] for column in known.columns_with("weight")]
    roles = {
        score.name: ColumnRole("score", positive=score.positive, model=model.name, task=model.task, threshold=score.threshold)
        for score in scores
    }
    roles |= {model.label: ColumnRole("label"), **{weight.name: ColumnRole("weight") for weight in weights}}
    scored = Table(pl.DataFrame([label, *weights, *(score.values.alias(score.name) for score in scores)]), roles)
    with quietly():
        value = task.metric_value(task.read(read_scored(scored)), metric.key)
    if value is None:
        words = f"{metric.title} is not defined on these rows. {why_undefined(metric.key)}".rstrip()
        raise ModuleError("not_defined", words, port="table", column=model.label, remedy="Use more rows, or select another metric.")
    return float(value)


def number_of(scores: Sequence[Score], class_name: str) -> pl.Series:
    """The predicted number, or the probability of a class: of the one that is named, else of the last.

    Raises:
        ModuleError: `unknown_class`, or `no_single_number`, such as for distances to several centers.
    """
    numbers = [score for score in scores if score.values.dtype == pl.Float64]
    if len(numbers) > 1 and not any(score.positive for score in numbers):
        words = f"The model predicts several numbers, {listed([score.name for score in numbers])}, and none of them is its result."
        raise ModuleError(
            "no_single_number", words, port="model", remedy="Connect a model that predicts a number, a class or an anomaly score."
        )
    named = [score for score in numbers if not class_name or score.positive == class_name]
    if not named:
        classes = [score.positive for score in numbers if score.positive]
        has = f"probabilities of {listed(classes)}" if classes else "a number and no class"
        words = f"The model predicts {has}, not “{class_name}”."
        raise ModuleError("unknown_class", words, param="class_name", remedy="Enter one of its classes, or nothing.")
    return named[-1].values
