"""A scored table, read: the truth beside what a model said."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
import polars as pl

from pipelines.catalogue.columns import kind_of
from pipelines.catalogue.errors import ModuleError
from pipelines.catalogue.ports import ColumnRole, Table
from pipelines.catalogue.reporting import log
from pipelines.modelling.features import LABELS, LARGEST, PROBABILITIES, class_text, counted, listed, present, weight_column


@dataclass(frozen=True)
class Scored:
    """Truth and score of each row: numbers, or 0/1 and the chance of the positive class; and the weights of the rows, if there are any."""

    name: str
    truth: np.ndarray
    score: np.ndarray
    positive: str | None = None
    negative: str | None = None
    weight: np.ndarray | None = None

    def renamed(self, name: str) -> Scored:
        """The same under another name."""
        return replace(self, name=name)

    @property
    def weights(self) -> np.ndarray:
        """The weight of each row: 1 where none is given."""
        return np.ones(len(self.truth)) if self.weight is None else self.weight


def read_scored(table: Table) -> Scored:
    """Find the label and the score of a table.

    Raises:
        ModuleError: When one of them is missing or does not fit.
    """
    label, score, weight = _label(table), _score(table), weight_column(table, "scored")
    role = table.role(score)
    used = [column for column in (label, score, weight) if column is not None]
    rows = table.frame.filter(present(table, column) for column in used)
    if lost := table.frame.height - rows.height:
        what = "label, score or weight" if weight else "label or score"
        log(f"{counted(lost, 'row')} without {what} {'was' if lost == 1 else 'were'} left out.", "warning")
    if weight:
        log(f"Rows are weighed by '{weight}'.")
    if not rows.height:
        raise ModuleError(
            "no_rows", "There is no row with both a label and a score.", port="scored", remedy="Score a table that has rows with a label."
        )
    read = Scored(
        role.model or score,
        np.empty(0),
        rows[score].cast(pl.Float64).to_numpy(),
        weight=rows[weight].cast(pl.Float64).to_numpy() if weight else None,
    )
    positive = role.positive or _guessed(role, rows[label], read.score)
    return _numbers(read, rows[label], score) if positive is None else _two_class(read, rows[label], score, positive)


def _label(table: Table) -> str:
    labels = table.columns_with("label")
    if len(labels) != 1:
        what = f"{len(labels)} label columns, {listed(labels)}" if labels else "no label column"
        raise ModuleError(
            "no_label",
            f"The table has {what}; to judge the scores there must be exactly one.",
            port="scored",
            column=labels[1] if labels else None,
            remedy="Give the true values, and no other column, the role label with Edit Metadata.",
        )
    return labels[0]


def _score(table: Table) -> str:
    scores = table.columns_with("score")
    if not scores:
        raise ModuleError(
            "no_score",
            "The table has no scores.",
            port="scored",
            remedy="Put Score Model before Evaluate Model, or give a column of scores the role score with Edit Metadata.",
        )
    score = scores[-1]  # the probability is the last score of two classes
    if len(scores) > 1 and scores != [LABELS, PROBABILITIES]:
        log(f"Of the score columns {listed(scores)} the last is judged.", "warning")
    if kind_of(table.frame.schema[score]) not in ("number", "boolean"):
        raise ModuleError(
            "score_not_a_number",
            f"The scores in '{score}' are {kind_of(table.frame.schema[score])}s, not numbers.",
            port="scored",
            column=score,
            remedy="Give the role score to a column of predicted numbers or of probabilities.",
        )
    return score


def _guessed(role: ColumnRole, truth: pl.Series, score: np.ndarray) -> str | None:
    """The positive class of scores that no model gave: the later of two, where the scores can be probabilities."""
    if role.model is not None:
        return None
    classes = class_text(truth.unique().sort()).to_list()
    if len(classes) != 2 or score.min() < 0 or score.max() > 1:
        return None
    log(f"The scores are taken as probabilities of '{classes[1]}'. Another positive class is set with Edit Metadata.")
    return str(classes[1])


def _numbers(read: Scored, truth: pl.Series, score: str) -> Scored:
    if kind_of(truth.dtype) != "number":
        raise ModuleError(
            "label_not_a_number",
            f"'{truth.name}' does not hold numbers, but the scores are numbers.",
            port="scored",
            column=truth.name,
            remedy="Score a table whose label has the type it was trained with.",
        )
    numbers = truth.cast(pl.Float64).to_numpy()
    for column, values in ((truth.name, numbers), (score, read.score)):
        if not np.abs(values).max() <= LARGEST:
            raise ModuleError(
                "value_too_large",
                f"'{column}' holds values that are infinite or beyond ±1e100, whose squares no number can hold.",
                port="scored",
                column=column,
                remedy="Divide the column first, or leave those rows out with Filter Rows.",
            )
    return replace(read, truth=numbers)


def _two_class(read: Scored, truth: pl.Series, score: str, positive: str) -> Scored:
    if read.score.min() < 0 or read.score.max() > 1:
        raise ModuleError(
            "no_probability",
            f"'{score}' holds values below 0 or above 1, which are no probabilities of '{positive}'.",
            port="scored",
            column=score,
            remedy="Bring the scores to 0 to 1 first.",
        )
    classes = class_text(truth)
    others = [value for value in classes.unique().sort() if value != positive]
    if len(others) > 1:
        raise ModuleError(
            "not_two_classes",
            f"'{truth.name}' has the values {', '.join(others[:3])} beside '{positive}'; two classes are judged.",
            port="scored",
            column=truth.name,
            remedy="Keep the rows of the two classes the model was trained on.",
        )
    negative = others[0] if others else f"not {positive}"
    return replace(read, truth=(classes == positive).cast(pl.Int8).to_numpy(), positive=positive, negative=negative)
