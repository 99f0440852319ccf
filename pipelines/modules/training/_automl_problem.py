"""What is searched for: the rows, the task, the metric, the folds that all candidates share, and the rows kept from the search."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
import polars as pl

from pipelines.catalogue.columns import kind_of
from pipelines.catalogue.errors import ModuleError
from pipelines.catalogue.params import Column
from pipelines.catalogue.phrases import class_text, counted
from pipelines.catalogue.ports import Table
from pipelines.catalogue.reporting import log
from pipelines.modelling.automl.judge import Judge
from pipelines.modelling.classes import class_names
from pipelines.modelling.drawing import share_of, strata_of, stratified
from pipelines.modelling.evaluation.undefined import check_label
from pipelines.modelling.features import present, present_values
from pipelines.modelling.folds import By, Fold, folds_of
from pipelines.modelling.guardrails.texts import disguised
from pipelines.modelling.task import LabelTask, Metric
from pipelines.modelling.tasks import label_tasks
from pipelines.modules.training._automl_metrics import metric_of
from pipelines.modules.training._rows import known_rows, weights

Kind = Literal["automatic", "classification", "regression"]
FEWEST_OF_CLASS = 2
OF_BOTH_CLASSES = ("auc", "average_precision")  # metrics that need rows of both classes
MOST_CODES = 10  # different whole numbers that are taken for classes
MANY_ROWS, KEPT = 5_000, 0.1  # from so many rows on a share is kept from the search
FOLDS = ((1_000, 10), (20_000, 5), (100_000, 3))
MOST_VALIDATION = 10_000  # rows of the only fold of a large table


@dataclass(frozen=True)
class Problem:
    """What a search is for.

    Args:
        known: The rows of the search, all with a label.
        kept: The rows that the search never sees; None of few rows.
        label: The column to predict.
        positive: The positive class that was chosen, or empty.
        judge: The metric over the known rows.
        folds: The folds that all candidates share.
        asked: How many folds a cross-validation is asked for to have them, of which some may be left out.
        split_by: What the folds are made of.
        column: The column of groups, times or folds.
        seed: The random seed.
        left_out: Columns that are not used.
        is_split: Whether the kept rows are a part of the table, rather than a table of their own.
    """

    known: Table
    kept: Table | None
    label: str
    positive: str
    judge: Judge
    folds: Sequence[Fold]
    asked: int
    split_by: By
    column: Column | None
    seed: int
    left_out: tuple[str, ...] = ()
    is_split: bool = False

    @property
    def task(self) -> LabelTask:
        """Return the task."""
        return self.judge.task

    @property
    def identity(self) -> dict[str, Any]:
        """Return all that a trial depends on beside the tables and its own settings: one of another label or metric is another trial."""
        asked = {"label": self.label, "positive": self.positive, "task": self.task.id, "metric": self.judge.metric.key} | (
            {"threshold": "best"} if self.judge.aim else {}
        )
        return asked | {"folds": [self.split_by, self.column, self.asked, self.seed], "left_out": list(self.left_out)}

    @property
    def rows(self) -> np.ndarray:
        """Return the places of the rows that folds predict, fold by fold."""
        return np.concatenate([fold.test for fold in self.folds])

    @property
    def parts(self) -> list[np.ndarray]:
        """Return of each fold the places of its rows in `rows`."""
        ends = np.cumsum([len(fold.test) for fold in self.folds])
        return [np.arange(end - len(fold.test), end) for fold, end in zip(self.folds, ends, strict=True)]

    @property
    def everything(self) -> Table:
        """Return all rows with a label."""
        return self.known.with_frame(pl.concat([self.known.frame, self.kept.frame])) if self.is_split and self.kept else self.known

    def judge_of(self, rows: Table) -> Judge:
        """Return the judge of other rows."""
        return judge_of(rows, self.label, self.task, self.judge.metric, self.judge.classes)


@contextmanager
def of_validation() -> Iterator[None]:
    """Name the validation table as the place of what is wrong."""
    try:
        yield
    except ModuleError as wrong:
        wrong.port, wrong.param = "validation", None
        raise


def problem_of(
    table: Table,
    label: str,
    kind: Kind,
    positive: str,
    metric: str,
    split_by: By,
    column: Column | None,
    seed: int,
    validation: Table | None,
) -> Problem:
    """Return the problem that a table and the settings pose.

    Raises:
        ModuleError: When the label does not suit the task, or the metric does not.
    """
    labelled = known_rows(table, label)
    task = task_of(labelled.frame[label], kind)
    task.target(labelled.frame[label])
    task.check_positive(labelled.frame[label], positive)
    if labelled.frame[label].n_unique() < 2:
        raise ModuleError(
            "constant_label",
            f"“{label}” is the same in all rows, so there is nothing to learn.",
            param="label",
            column=label,
            remedy="Select another label.",
        )
    if validation is not None and label not in validation.frame.columns:
        words = f"The validation table has no column “{label}”."
        raise ModuleError("missing_columns", words, port="validation", column=label, remedy="Prepare both tables with the same modules.")
    with of_validation():
        kept = known_rows(validation, label) if validation is not None else None
    known, split = labelled, False
    if kept is None and split_by in ("label", "rows") and labelled.frame.height > MANY_ROWS:
        split = True
        first = kept_apart(table.frame, label, task, seed)
        known = labelled.with_frame(table.frame.filter(first & _usable(table, label)))
        kept = labelled.with_frame(table.frame.filter(~first & _usable(table, label)))
        log(
            f"{counted(kept.frame.height, 'row')} {'is' if kept.frame.height == 1 else 'are'} kept from the search, for an honest estimate."
        )
    wanted = metric_of(task, metric)
    for rows in (labelled, *([] if kept is None else [kept])):
        check_label(wanted, rows.frame[label])
    judge = judge_of(known, label, task, wanted, _classes(task, labelled.frame[label], positive))
    folds, asked = _folds(known, judge, label, split_by, column, seed)
    return Problem(known, kept, label, positive, judge, folds, asked, split_by, column, seed, is_split=split)


def task_of(label: pl.Series, kind: Kind) -> LabelTask:
    """Return the task that a label poses: classes of texts, of two values and of few whole numbers, else a number."""
    values = label.filter(present_values(label))
    found = values.n_unique()
    few = found <= 2 or (found <= MOST_CODES and _are_whole(values) and len(values) >= 10 * found)
    by_itself = "classification" if kind_of(values.dtype) != "number" or few else "regression"
    if kind == "automatic" and kind_of(values.dtype) == "number":
        words = f"classes, since it has {counted(found, 'value')}" if by_itself == "classification" else "a number"
        log(f"“{label.name}” is taken for {words}. To change this, set the task.")
    if (by_itself if kind == "automatic" else kind) == "regression":
        return label_tasks()["regression"]
    _check_classes(values, found)
    return label_tasks()["two_class" if found == 2 else "multi_class"]


def _are_whole(values: pl.Series) -> bool:
    """Whether numbers are whole, as codes of classes are, also where gaps made them decimal numbers."""
    return values.dtype.is_integer() or (values.dtype.is_float() and bool((values % 1 == 0).all()))


def _check_classes(label: pl.Series, found: int) -> None:
    """Check that classes have several rows.

    Raises:
        ModuleError: `no_classes`, when hardly two rows have the same one.
    """
    if found <= MOST_CODES or found <= len(label) / 2:
        return
    hidden = disguised(label) if label.dtype == pl.String else ""
    what = f" It {hidden}." if hidden else ""
    raise ModuleError(
        "no_classes",
        f"“{label.name}” has {found:,} different values in {len(label):,} rows, too many for classes.{what}",
        param="label",
        column=label.name,
        remedy="To predict a number, make the column one with Edit Metadata. Else select another label, or merge classes that belong together.",
    )


def kept_apart(frame: pl.DataFrame, label: str, task: LabelTask, seed: int) -> pl.Series:
    """Return which rows the search sees: those that Split Data gives at its first output, by classes where there are classes."""
    order = np.random.Generator(np.random.PCG64(seed)).permutation(frame.height)
    share = 1 - KEPT
    drawn = order[: share_of(share, frame.height)] if task.id == "regression" else stratified(order, strata_of(frame.select(label)), share)
    first = np.zeros(frame.height, dtype=bool)
    first[drawn] = True
    return pl.Series(first)


def judge_of(known: Table, label: str, task: LabelTask, metric: Metric, classes: tuple[str, ...]) -> Judge:
    """Return the judge of rows with a label."""
    values = known.frame[label]
    if task.id == "regression":
        truth = task.target(values)
    else:
        places = {name: place for place, name in enumerate(classes)}
        truth = np.array([places.get(name, -1) for name in class_text(values)], dtype=int)
    return Judge(task, metric, truth, weights(known), classes)


def _classes(task: LabelTask, label: pl.Series, positive: str) -> tuple[str, ...]:
    if task.id == "regression":
        return ()
    names = list(class_names(label))
    return tuple(names[::-1]) if task.id == "two_class" and positive == names[0] else tuple(names)


def _usable(table: Table, label: str) -> pl.Series:
    weighted = table.columns_with("weight")[:1]
    return table.frame.select(pl.all_horizontal(present(table, column) for column in (label, *weighted))).to_series()


def _folds(known: Table, judge: Judge, label: str, split_by: By, column: Column | None, seed: int) -> tuple[list[Fold], int]:
    """The folds that candidates are judged by, and how many folds a cross-validation is asked for to have them."""
    rows, task = known.frame.height, judge.task
    target = task.target(known.frame[label])
    several = next((folds for most, folds in FOLDS if rows < most), 0)
    asked = min(several or max(3, rows // MOST_VALIDATION), rows)
    if task.id == "two_class" and split_by == "label":
        asked = _with_both_classes(known.frame[label], asked)
    folds = folds_of(known, target, split_by, column, asked, 1, seed)
    if task.id == "two_class":
        folds = _with_known_figure(folds, target, judge.metric, column)
    return folds if several else folds[-1:], asked


def _with_both_classes(label: pl.Series, folds: int) -> int:
    """Return how many folds there may be so that each has a row of both classes.

    Raises:
        ModuleError: `one_row_of_class`.
    """
    name, rows = class_text(label).alias("class").value_counts(name="rows").sort("rows").row(0)
    if rows < FEWEST_OF_CLASS:
        raise ModuleError(
            "one_row_of_class",
            f"“{label.name}” is “{name}” in one row only: a model that has not seen that row does not know the class.",
            param="label",
            column=label.name,
            remedy=f"Add rows of “{name}”, or use Anomaly Detection for what is as rare.",
        )
    if rows < folds:
        log(f"“{name}” has {counted(rows, 'row')}, so there are {rows} folds rather than {folds}.", "warning")
    return int(min(folds, rows))


def _with_known_figure(folds: Sequence[Fold], target: np.ndarray, metric: Metric, column: Column | None) -> list[Fold]:
    """Return the folds of two classes that can be judged: with both in the rows to train on, and in those to predict if the metric compares them.

    Raises:
        ModuleError: `no_fold_with_both_classes`.
    """
    found = []
    for fold in folds:
        needed = (fold.train, fold.test) if metric.key in OF_BOTH_CLASSES else (fold.train,)
        if all(len(np.unique(target[rows])) > 1 for rows in needed):
            found.append(fold)
    if lost := len(folds) - len(found):
        log(
            f"{counted(lost, 'fold')} of {len(folds)} {'has' if lost == 1 else 'have'} rows of one class only, and {'is' if lost == 1 else 'are'} not used.",
            "warning",
        )
    if not found:
        words = f"No fold by “{column}” has rows of both classes."
        raise ModuleError(
            "no_fold_with_both_classes", words, param="split_by", column=column, remedy="Split by the label, or by another column."
        )
    return found
