"""Reading a scored table: the true values beside the predictions."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

import numpy as np
import polars as pl

from pipelines.catalogue.columns import kind_of
from pipelines.catalogue.errors import ModuleError
from pipelines.catalogue.phrases import counted, listed
from pipelines.catalogue.ports import USUAL_THRESHOLD, ColumnRole, Table
from pipelines.catalogue.reporting import log
from pipelines.modelling.features import LABELS, PROBABILITIES, as_feature, present, weight_column


@dataclass(frozen=True)
class ScoredRows:
    """The rows of a table that have a label, a score and a weight.

    `score_column` is the score that is judged, the last one of the table, and `role` its role. `classes` are the columns of the same model that
    name the class that they are a probability of, by class. `together` are all score columns of that model, and `features` the feature columns.
    Models without a label may have none.
    """

    frame: pl.DataFrame
    label_column: str | None
    score_column: str
    role: ColumnRole
    weight: np.ndarray | None = None
    classes: Mapping[str, str] = field(default_factory=dict)
    together: tuple[str, ...] = ()
    features: tuple[tuple[str, str], ...] = ()

    @property
    def name(self) -> str:
        """The model, or the score column where no model is known."""
        return self.role.model or self.score_column

    @property
    def label(self) -> pl.Series:
        """The true values."""
        assert self.label_column is not None, "only a task that needs no label meets rows without one"
        return self.frame[self.label_column]

    @property
    def score(self) -> np.ndarray:
        """The scores as numbers."""
        return self.frame[self.score_column].cast(pl.Float64).to_numpy()


@dataclass(frozen=True)
class Scored:
    """Truth and score of each row: numbers, or 0/1 and the probability of the positive class; and the weights of the rows, if any.

    Of several `classes` the truth is a place among them, and the scores are a column for each. Two classes were predicted from `threshold` on; where
    no single one is known it is None, and `guessed` says which rows were predicted positive.
    """

    name: str
    truth: np.ndarray
    score: np.ndarray
    positive: str | None = None
    negative: str | None = None
    weight: np.ndarray | None = None
    classes: tuple[str, ...] = ()
    threshold: float | None = USUAL_THRESHOLD
    guessed: np.ndarray | None = None

    def part(self, some: np.ndarray) -> Scored:
        """Return some of the rows."""
        weight, guessed = (None if each is None else each[some] for each in (self.weight, self.guessed))
        return replace(self, truth=self.truth[some], score=self.score[some], weight=weight, guessed=guessed)

    @property
    def guess(self) -> np.ndarray:
        """Which rows of two classes are predicted positive."""
        found: np.ndarray = self.score >= self.threshold if self.guessed is None else self.guessed
        return found

    @property
    def at(self) -> str:
        """The threshold in words."""
        return "the models' own thresholds" if self.threshold is None else f"{self.threshold:g}"

    def renamed(self, name: str) -> Scored:
        """The same under another name."""
        return replace(self, name=name)

    @property
    def weights(self) -> np.ndarray:
        """The weight of each row: 1 where none is given."""
        return np.ones(len(self.truth)) if self.weight is None else self.weight


def read_scored(table: Table, *, needs_label: bool = True) -> ScoredRows:
    """Find the label and the score of a table.

    Where the label is not needed, rows without one stay.

    Raises:
        ModuleError: When one of them is missing or is not a number.
    """
    labels = table.columns_with("label")
    label = _label(table) if needs_label else labels[0] if len(labels) == 1 else None
    score, weight = _score(table), weight_column(table, "scored")
    together = _together(table, score)
    classes = {role.positive: column for column, role in together.items() if role.positive}
    needed = (label if needs_label else None, score, weight, *classes.values())
    used = dict.fromkeys(column for column in needed if column is not None)
    rows = table.frame.filter(present(table, column) for column in used)
    if lost := table.frame.height - rows.height:
        what = "label, score or weight" if weight else "label or score"
        log(f"{counted(lost, 'row')} without {what} {'was' if lost == 1 else 'were'} left out.", "warning")
    if weight:
        log(f"Rows are weighted by “{weight}”.")
    if not rows.height:
        raise ModuleError(
            "no_rows", "No row has both a label and a score.", port="scored", remedy="Score a table with values in the label column."
        )
    weights = rows[weight].cast(pl.Float64).to_numpy() if weight else None
    features = tuple(as_feature(table, column) for column in table.columns_with("feature"))
    return ScoredRows(rows, label, score, table.role(score), weights, classes, tuple(together), features)


def _together(table: Table, score: str) -> dict[str, ColumnRole]:
    """This score column and those that are judged with it: of the same model, or of another tool a column for each of several classes."""
    role = table.role(score)
    same = {
        column: other
        for column in table.columns_with("score")
        if (other := table.role(column)).model == role.model and other.task == role.task
    }
    return same if role.task or len({other.positive for other in same.values()} - {None}) > 2 else {score: role}


def _label(table: Table) -> str:
    labels = table.columns_with("label")
    if len(labels) != 1:
        what = f"{len(labels)} label columns, {listed(labels)}" if labels else "no label column"
        raise ModuleError(
            "no_label",
            f"The table has {what}; Evaluate Model needs exactly one.",
            port="scored",
            column=labels[1] if labels else None,
            remedy="Give the role label to the column of actual values, and to no other, with Edit Metadata.",
        )
    return labels[0]


def _score(table: Table) -> str:
    scores = table.columns_with("score")
    if not scores:
        raise ModuleError(
            "no_score",
            "The table has no scores.",
            port="scored",
            remedy="Connect Score Model before Evaluate Model, or give a column of scores the role score with Edit Metadata.",
        )
    score = scores[-1]  # the probability is the last score of two classes
    if len(scores) > max(1, len(_together(table, score))) and scores != [LABELS, PROBABILITIES]:
        log(f"Of the score columns {listed(scores)}, the last is evaluated.", "warning")
    if kind_of(table.frame.schema[score]) not in ("number", "boolean"):
        raise ModuleError(
            "score_not_a_number",
            f"The scores in “{score}” are {kind_of(table.frame.schema[score])}s, not numbers.",
            port="scored",
            column=score,
            remedy="Give the role score to a column of predicted numbers or of probabilities.",
        )
    return score
