"""A trial of a search: a learner with some settings, trained without each fold and judged on it."""

from __future__ import annotations

import math
from collections import OrderedDict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from statistics import fmean, stdev
from typing import Any, NamedTuple

import numpy as np
import polars as pl

from pipelines.catalogue.errors import ModuleError
from pipelines.catalogue.fan_out import seconds_left, until
from pipelines.catalogue.items import Item, Value
from pipelines.catalogue.ports import Model, Table, UntrainedModel
from pipelines.catalogue.preprocessing import Preprocessing
from pipelines.catalogue.reporting import reporting_to
from pipelines.modelling.encoders import fitted_columns
from pipelines.modelling.evaluation.scored import read_scored
from pipelines.modelling.evaluation.undefined import why_undefined
from pipelines.modelling.family import Family, TrainingData
from pipelines.modelling.features import feature_frame
from pipelines.modelling.folds import Fold
from pipelines.modelling.predictions import predicted, with_scores
from pipelines.modelling.search.space import Space
from pipelines.modelling.search.study import TREES
from pipelines.modelling.task import LabelTask
from pipelines.modules.training._deadline import UntilDeadline, limited, require_time, threads
from pipelines.modules.training._features import choose_features
from pipelines.modules.training._fit import errors_in_words
from pipelines.modules.training._fold_rows import usable
from pipelines.modules.training._rows import FEWEST_ROWS, weights
from pipelines.modules.training._thresholds import settings_of

ENOUGH_FOLDS = 4  # with fewer a signed-rank test cannot reach its level
LEVEL = 0.1
MOST_KEPT, MOST_CELLS = 16, 5_000_000  # matrices that are kept between trials, and their size


class Prepared(NamedTuple):
    """A fold as all trials need it: what is learned from, and what is predicted."""

    frame: pl.DataFrame
    y: Any
    features: tuple[tuple[str, str], ...]
    weights: Any
    judged: Table
    held_out: pl.DataFrame


@dataclass
class Trials:
    """The rows and folds that all trials of a search share, and what is derived from them once.

    Args:
        space: The learner and the settings that are searched.
        task: What it predicts.
        family: Its family.
        table: The rows with a label, and what prepares them, which is fitted in each fold.
        y: The label of these rows.
        folds: The folds.
        label: The column to predict.
        positive: The positive class, or empty.
        metric: The figure that is the score.
        better: Which scores are better.
        by_trees: Whether a share of the resource is one of the trees, rather than of the rows.
        threads: How many threads a trial may use; None for as many as there are.
        seed: The seed of the rows that a share of them has.
        seconds: How many seconds a trial may take; None for as many as the search has.
    """

    space: Space
    task: LabelTask
    family: Family
    table: Preprocessing
    y: Any
    folds: Sequence[Fold]
    label: str
    positive: str
    metric: str
    better: str
    by_trees: bool
    threads: int | None
    seed: int
    seconds: float | None = None
    _kept: OrderedDict[Any, Any] = field(default_factory=OrderedDict, init=False)

    def each(self, item: Item) -> Value:
        """Compute a trial: the score of each fold, until it is clear that the best trial is better.

        Boosted trees that the time does not suffice for are kept as they are; so each fold has an equal part of the time that is left.

        Raises:
            ModuleError: `time_over`, `trial_too_long` or `no_score`, beside those of the learner.
        """
        content, found = item.content, []
        best: Sequence[float] = content.get("best", ())
        untrained = self.learner(content["settings"], content["share"])
        told = UntilDeadline(keeps_trees=self.family.keeps_trees and not self.by_trees)
        with threads(self.threads), reporting_to(told), limited(self.seconds) as own:
            for number, fold in enumerate(self.folds):
                require_time()
                left = seconds_left()
                with until(left / (len(self.folds) - number) if told.keeps_trees and left is not None else left):
                    found.append(self._figures(untrained, fold, 1.0 if self.by_trees else content["share"]))
                if self._is_worse([one[self.metric] for one in found], best):
                    break
        figures = self._told(content["settings"], found)
        return Value(figures if told.kept is None else {**figures, TREES: told.kept}, lasting=own or told.kept is None)

    def learner(self, settings: Mapping[str, Any], share: float = 1.0) -> UntrainedModel:
        """Return the learner with some settings, and with a share of its trees where they are the resource."""
        if self.by_trees and share < 1:
            settings = {**settings, TREES: max(1, round(self.space.learner.value(TREES) * share))}
        return self.space.learner.made(settings)

    def tables(self, fold: Fold, share: float) -> tuple[Table, Table]:
        """Return the rows that a trial is trained on, and those that it is judged on. This is the only place that chooses them.

        A trial with a share of the rows is judged on as many as it is trained on at most: to predict all would take longer than to train it.
        """
        learned, judged = fold.train, fold.test
        if share < 1:
            learned = learned[self._some(learned, share)]
            judged = judged[self._some(judged, min(1.0, len(learned) / len(judged)))]
        train = self._part(learned)
        if not self.table.steps:
            return train, self._part(judged)
        prepared = self.table.fit(train)
        found = usable(prepared.table, self.label, f"to train {fold.name} on", FEWEST_ROWS)
        return found, usable(prepared.apply(self._part(judged)), self.label, f"of {fold.name} to predict", 1)

    def of(self, places: np.ndarray, folds: Sequence[Fold]) -> Trials:
        """Return the trials of some of the rows."""
        return replace(self, table=replace(self.table, rows=self._part(places)), y=self.y[places], folds=folds)

    def _part(self, places: np.ndarray) -> Table:
        return self.table.rows.with_frame(self.table.rows.frame[places])

    def _some(self, rows: np.ndarray, share: float) -> np.ndarray:
        """Places of a share of rows, with the same share of each class; a larger share holds those of a smaller one."""
        order = np.random.default_rng(self.seed).permutation(len(rows))
        y = self.y[rows][order]
        if np.asarray(y).dtype.kind != "f":
            place = np.zeros(len(order))
            for value in np.unique(y):
                place[y == value] = (np.arange((y == value).sum()) + 0.5) / (y == value).sum()
            order = order[np.argsort(place, kind="stable")]
        return np.sort(order[: max(2, math.ceil(share * len(rows)))])

    def _figures(self, untrained: UntrainedModel, fold: Fold, share: float) -> Mapping[str, Any]:
        from sklearn.base import clone
        from sklearn.pipeline import Pipeline

        data = self._once(("fold", fold.name, share), lambda: self._prepared(fold, share), len(fold.train) * self.table.rows.frame.width)
        with errors_in_words(untrained.name, data.frame):
            encoded, matrix = self._encoded(untrained, fold, share, data)
            learner = self.family.fit(
                clone(untrained.estimator),
                TrainingData(matrix, data.y, data.weights, encoded.columns, untrained.settings, data.features),
            )
        pipeline = Pipeline([("columns", encoded), ("learner", learner)])
        classes = self.task.classes(learner, self.positive)
        settings = settings_of(untrained, self.family, data.frame, data.y, data.features, data.weights, classes)
        model = Model(untrained.name, self.task.id, pipeline, self.label, data.features, classes, settings)
        scores = predicted(model, data.held_out, data.judged.frame.schema[self.label])
        return self.task.metric_values(self.task.read(read_scored(with_scores(model, data.judged, scores, True))))

    def _prepared(self, fold: Fold, share: float) -> Prepared:
        train, test = self.tables(fold, share)
        features = choose_features(train, self.label).features
        frame, y = feature_frame(train.frame, features), self.task.target(train.frame[self.label])
        judged = test.only([self.label, *test.columns_with("weight")])
        return Prepared(frame, y, features, weights(train), judged, feature_frame(test.frame, features))

    def _encoded(self, untrained: UntrainedModel, fold: Fold, share: float, data: Prepared) -> tuple[Any, Any]:
        """The fitted encoder and the matrix; trials that encode alike share them."""
        from joblib import hash as content_of  # type: ignore[import-untyped]

        columns = self.family.encode(data.frame, data.features, untrained.settings)

        def fitted() -> tuple[Any, Any]:
            matrix = fitted_columns(columns, untrained.estimator, data.frame, data.y)
            return encoder_of()(columns, data.held_out), matrix

        found: tuple[Any, Any] = self._once(("matrix", fold.name, share, content_of(columns)), fitted, data.frame.height * data.frame.width)
        return found

    def _once(self, key: Any, make: Any, cells: int) -> Any:
        """What trials share, unless it is large: then training takes far longer than making it again."""
        if key in self._kept:
            self._kept.move_to_end(key)
            return self._kept[key]
        made = make()
        if cells <= MOST_CELLS:
            self._kept[key] = made
            if len(self._kept) > MOST_KEPT:
                self._kept.popitem(last=False)
        return made

    def _is_worse(self, scores: Sequence[Any], best: Sequence[float]) -> bool:
        """Whether the folds so far are significantly worse than those of the best trial (Wilcoxon's signed-rank test)."""
        if not ENOUGH_FOLDS <= len(scores) < len(self.folds) or len(best) != len(self.folds) or None in scores:
            return False
        from scipy.stats import wilcoxon

        off = (np.array(scores) - np.array(best[: len(scores)])) * (1 if self.better == "high" else -1)
        return bool(off.any()) and float(wilcoxon(off, alternative="less").pvalue) < LEVEL

    def _told(self, settings: Mapping[str, Any], found: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
        scores = [one[self.metric] for one in found]
        if not all(isinstance(score, int | float) and math.isfinite(score) for score in scores):
            words = f"The score is not a number. {why_undefined(self.metric)}".rstrip()
            raise ModuleError("no_score", words, remedy="Choose another metric, or a narrower space.")
        stopped = "folds" if len(found) < len(self.folds) else ""
        means = {}
        for key in found[0]:
            values = [one.get(key) for one in found]
            if all(map(_is_number, values)):
                means[key] = fmean(values)  # type: ignore[arg-type]
        return {
            "score": fmean(scores),
            "better": self.better,
            "state": "stopped" if stopped else "done",
            "settings": dict(settings),
            "folds": scores,
            "error": stdev(scores) / math.sqrt(len(scores)) if len(scores) > 1 else None,
            "metrics": means,
            "stopped_by": stopped,
        }


def encoder_of() -> Any:
    """Return the class of an encoder that remembers what it made of the rows that every trial predicts."""
    from sklearn.base import BaseEstimator, TransformerMixin

    class Encoded(TransformerMixin, BaseEstimator):  # type: ignore[misc]
        """A fitted encoder, and the matrix of one frame."""

        def __init__(self, columns: Any, frame: Any) -> None:
            self.columns, self.frame, self.matrix = columns, frame, None

        def __sklearn_is_fitted__(self) -> bool:
            return True

        def transform(self, frame: Any) -> Any:
            """Return the matrix of a frame; that of the frame is made when a first trial is trained, which may decide that it is dense."""
            if frame is not self.frame:
                return self.columns.transform(frame)
            if self.matrix is None:
                self.matrix = self.columns.transform(frame)
            return self.matrix

    return Encoded


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and math.isfinite(value)
