"""Families of learners: what Train Model, the store and the workers need to know of estimators of one kind. Each is a file of `families/`."""

from __future__ import annotations

import re
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import polars as pl

from pipelines.modelling.contributions import Contributions
from pipelines.modelling.encoders import one_hot_columns

# What estimators raise when they refuse data or settings.
ESTIMATOR_ERRORS = (ValueError, TypeError, AttributeError, ArithmeticError, NotImplementedError, np.linalg.LinAlgError)
INNER = "family"  # the setting of a learner that is made of another one: that one's family
Features = Sequence[tuple[str, str]]
Settings = Mapping[str, Any]


@dataclass
class Watched:
    """Rows that a learner which grows trees one by one is not fitted on: it grows as long as the loss of them falls, and keeps all its trees.

    `frame`, `y` and `weights` are those of the rows, `patience` the trees without an improvement after which it stops, and `seconds` the time after
    which it stops anyway. `matrix` is the encoded frame, `losses` the loss after each tree, and `is_late` whether the time ended it.
    """

    frame: pl.DataFrame
    y: Any
    weights: Any
    patience: int
    seconds: float = float("inf")
    matrix: Any = None
    losses: list[float] = field(default_factory=list)
    is_late: bool = False

    def add(self, loss: float) -> bool:
        """Add the loss after one more tree; returns whether to stop: it has not fallen for long, longer where many trees were useful, or the time is over."""
        self.losses.append(loss)
        if loss < self.losses[self._best]:
            self._best = len(self.losses) - 1
        self.is_late = time.monotonic() - self._started > self.seconds
        return self.is_late or len(self.losses) - 1 - self._best >= self.patience + self._best // 5

    _best: int = 0
    _started: float = field(default_factory=time.monotonic)


@dataclass(frozen=True)
class TrainingData:
    """What a learner is fitted on.

    `matrix` holds the encoded features (rows x columns, dense or sparse), `y` the target, `weights` a weight for each row or None, `columns`
    the fitted ColumnTransformer, `settings` the settings of the learner, and `features` the columns that were encoded. `probabilities` says whether
    a classifier that has only scores gets probabilities. `watched` are rows by which a learner of trees stops. `label` is the name of the label, for errors.
    """

    matrix: Any
    y: Any
    weights: Any
    columns: Any
    settings: Settings = field(default_factory=dict)
    features: Features = ()
    probabilities: bool = True
    watched: Watched | None = None
    label: str = ""


@dataclass(frozen=True)
class Importances:
    """How much each encoded column counts, and what the numbers measure."""

    measure: str
    values: Sequence[float]
    description: str


def in_words(error: BaseException) -> str:
    """Return the text of a library's error, on one line and without its full stop; of native code without time, place and stack."""
    said = re.sub(r"^\[[\d:]+\] (?:\S+:\d+: )?(?:Check failed: (?:\w+: )?)?", "", str(error).partition("Stack trace:")[0])
    return " ".join(said.split())[:200].rstrip(".")


def fit_plainly(learner: Any, data: TrainingData) -> Any:
    """Fit an estimator by its own `fit`, with the weights of the rows."""
    return learner.fit(data.matrix, data.y, sample_weight=data.weights)


@dataclass(frozen=True)
class Family:
    """Estimators of one kind.

    Args:
        name: Its name, as stored with an untrained model.
        encode: (frame, features, settings) -> the unfitted ColumnTransformer from feature columns to the matrix.
        fit: (unfitted estimator, data) -> the fitted estimator.
        importances: (fitted estimator) -> how much each encoded column counts; None without such numbers.
        contributions: (fitted estimator, matrix, place of the class or None for a number) -> how much each encoded column adds to the prediction of each
            row; None for an estimator that it does not know.
        shorten: (fitted estimator, trees) -> the estimator that predicts with its first so many trees, maybe the same one; None of learners that do not
            grow trees one by one.
        libraries: Distributions whose version the results depend on.
        extra: The extra that installs them, where Easel's own requirements do not.
        keeps_trees: Whether a training that is ended by a deadline keeps the trees so far (`boosting.TimeOver`).
        warm: Modules that a worker imports before it forks.
        trusted: Types that a model file may contain, beside those of scikit-learn and numpy that skops trusts.
    """

    name: str
    encode: Callable[[pl.DataFrame, Features, Settings], Any] = one_hot_columns
    fit: Callable[[Any, TrainingData], Any] = fit_plainly
    importances: Callable[[Any], Importances | None] = lambda learner: None
    contributions: Callable[[Any, Any, int | None], Contributions | None] = lambda learner, matrix, place: None
    shorten: Callable[[Any, int], Any] | None = None
    libraries: tuple[str, ...] = ("scikit-learn",)
    extra: str = ""
    keeps_trees: bool = False
    warm: tuple[str, ...] = ()
    trusted: tuple[str, ...] = ()
