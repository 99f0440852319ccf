"""One trial of a search: a candidate, trained on a part of the first fold or on all folds, and judged on rows that it has not seen."""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from io import BytesIO
from statistics import fmean
from typing import Any

import numpy as np
import polars as pl

from pipelines.catalogue.discover import catalogue
from pipelines.catalogue.items import Item, Value
from pipelines.catalogue.ports import Model, Table, UntrainedModel
from pipelines.catalogue.reporting import reporting_to
from pipelines.modelling.automl.ensemble import is_worse
from pipelines.modelling.automl.history import ALL, BEAT, MOST_SECONDS
from pipelines.modelling.automl.judge import predictions_of
from pipelines.modelling.automl.logarithms import LOGARITHM, LOGARITHM_FOLDS
from pipelines.modelling.automl.portfolio import CALIBRATED, CALIBRATION_FOLDS, STACKED, patience, stopping
from pipelines.modelling.families import families
from pipelines.modelling.family import Family, Watched
from pipelines.modelling.features import feature_frame
from pipelines.modelling.folds import Fold
from pipelines.modules.training._automl_problem import Problem
from pipelines.modules.training._deadline import UntilDeadline, limited, require_time, threads
from pipelines.modules.training._features import Chosen, choose_features
from pipelines.modules.training._fit import fit
from pipelines.modules.training._rows import weights
from pipelines.modules.training.calibrate_classifier import calibrate_classifier
from pipelines.modules.training.stacking import stacking
from pipelines.modules.training.transform_label import transform_label

GROWING = 0.8  # the share of the seconds of a trial in which it grows trees


def untrained_of(module: str, settings: Mapping[str, Any]) -> UntrainedModel:
    """Return the learner of a module with settings, as in a pipeline."""
    found, own = catalogue().modules[module], dict(settings)
    if stacked := own.pop(STACKED, None):
        return stacking(*(untrained_of(each["module"], each["settings"]) for each in stacked), **own)
    calibrated, logarithm = own.pop(CALIBRATED, None), own.pop(LOGARITHM, None)
    learner: UntrainedModel = found.function(**found.arguments(found.read_settings(own)))
    if logarithm:
        return transform_label(learner, predicts=logarithm, folds=LOGARITHM_FOLDS)
    return calibrate_classifier(learner, method=calibrated, folds=CALIBRATION_FOLDS) if calibrated else learner


@dataclass(frozen=True)
class Prepared:
    """The rows of a fold as learners get them: those to train on with their label, and those to predict."""

    part: Table
    chosen: Chosen
    frame: pl.DataFrame
    label: Any
    test: pl.DataFrame


@dataclass(frozen=True)
class Fit:
    """A model of a fold, the loss of the fold's rows after each tree where it grows trees, and the seconds of its training."""

    model: Model
    family: Family
    fold: Prepared
    losses: Sequence[float]
    seconds: float
    is_late: bool = False
    known: dict[int | None, np.ndarray] = field(default_factory=dict)

    def seconds_of(self, trees: int | None) -> float:
        """Return the seconds that the training takes with the first so many trees, which are then not judged one by one."""
        if not trees or not self.losses:
            return self.seconds
        rows = self.fold.part.frame.height
        return self.seconds * trees / len(self.losses) * rows / (rows + self.fold.test.height)

    def predicted(self, problem: Problem, trees: int | None) -> np.ndarray:
        """Return the predictions for the rows of the fold, with the first so many trees."""
        if trees not in self.known:
            model = self.model
            if trees and self.family.shorten:
                steps = dict(model.estimator.steps)
                model = replace(model, estimator=_pipeline(steps["columns"], self.family.shorten(steps["learner"], trees)))
            self.known[trees] = predicted_by(model, problem, self.fold.test)
        return self.known[trees]


@dataclass(frozen=True)
class Trials:
    """Trains and judges the candidates of a problem, each in so many seconds at most; None for as many as the search has."""

    problem: Problem
    seconds: float | None = None
    _prepared: dict[tuple[str, float], Prepared] = field(default_factory=dict)

    def each(self, item: Item) -> Value:
        """Return the loss of a candidate, what it cost, and its predictions where it was trained on all folds.

        A learner that grows trees stops where the loss of the rows that it is judged by falls no more, and the number of trees with the lowest mean
        loss over the folds is a setting from then on. A candidate that is clearly worse than the one to beat is not trained on the last folds.
        """
        about, problem = item.content, self.problem
        settings = stopping(about["settings"]) if about["stops"] else about["settings"]
        share = 1.0 if about["share"] == ALL else about["share"]
        folds = problem.folds if about["share"] == ALL else problem.folds[:1]
        fits: list[Fit] = []
        with reporting_to(UntilDeadline()), threads(1), limited(self.seconds):
            learner = untrained_of(about["module"], settings)
            for done, fold in enumerate(folds):
                require_time(sum(each.seconds for each in fits) / max(done, 1) * (len(folds) - done))
                fits.append(self._fitted(learner, fold, share, about))
                if about.get(BEAT) and done + 1 < len(folds) and is_worse(self._losses(fits)[0], about[BEAT][: done + 1]):
                    return Value({"better": problem.judge.metric.better, "folds": len(folds), "stopped": done + 1}, lasting=False)
            started = time.perf_counter()
            (losses, threshold), trees = self._losses(fits), best_trees([each.losses for each in fits])
            predict = (time.perf_counter() - started) / sum(each.fold.test.height for each in fits)
        loss, lasting = fmean(losses), not any(each.is_late for each in fits)
        rows = round(fmean(each.fold.part.frame.height for each in fits))
        told = {"better": problem.judge.metric.better, "loss": loss, "trees": trees, "folds": len(problem.folds), "rows": rows}
        told |= {} if threshold is None else {"threshold": threshold}
        if about["share"] != ALL:
            return Value(told, lasting=lasting)
        together = np.concatenate([each.predicted(problem, trees) for each in fits])
        buffer = BytesIO()
        np.save(buffer, together.astype(np.float32))
        error = (
            problem.judge.error(problem.rows, together, threshold)
            if len(losses) == 1
            else float(np.std(losses, ddof=1) / len(losses) ** 0.5)
        )
        score = problem.judge.value(loss)
        costs = {"fit": float(np.mean([each.seconds_of(trees) for each in fits])), "predict": predict}
        return Value({**told, **costs, "score": score, "losses": losses, "error": error}, buffer.getvalue(), lasting)

    def _losses(self, fits: Sequence[Fit]) -> tuple[list[float], float | None]:
        """The loss of each fold, with the number of trees and the threshold that are best over all of them; and that threshold, if the metric has one."""
        trees, judge = best_trees([each.losses for each in fits]), self.problem.judge
        found = [(fold.test, each.predicted(self.problem, trees)) for fold, each in zip(self.problem.folds, fits, strict=False)]
        threshold = judge.threshold_of(*map(np.concatenate, zip(*found, strict=True)))
        return [judge.loss_of(*each, threshold) for each in found], threshold

    def _fitted(self, learner: UntrainedModel, fold: Fold, share: float, about: Mapping[str, Any]) -> Fit:
        started = time.perf_counter()
        problem, rows = self.problem, self._rows(fold, share)
        watched = _watched(problem, rows, patience(about["settings"]), self._most_seconds(about)) if about["stops"] else None
        model = trained(learner, problem, rows.part, rows.chosen, rows.frame, watched)
        return Fit(
            model,
            families()[learner.family],
            rows,
            watched.losses if watched else (),
            time.perf_counter() - started,
            bool(watched and watched.is_late),
        )

    def _most_seconds(self, about: Mapping[str, Any]) -> float:
        """After how many seconds of a fit no more trees are grown: some of those of a trial are left for what it does beside."""
        folds = len(self.problem.folds) if about["share"] == ALL else 1
        return min(float(about[MOST_SECONDS]), GROWING * self.seconds / folds if self.seconds else float("inf"))

    def _rows(self, fold: Fold, share: float) -> Prepared:
        if (fold.name, share) not in self._prepared:
            problem = self.problem
            part = problem.known.with_frame(problem.known.frame[_some(fold.train, share, problem.seed)])
            chosen = choose_features(part, problem.label)
            frame, label = feature_frame(part.frame, chosen.features), problem.task.target(part.frame[problem.label])
            self._prepared[fold.name, share] = Prepared(part, chosen, frame, label, problem.known.frame[fold.test])
        return self._prepared[fold.name, share]


def best_trees(losses: Sequence[Sequence[float]]) -> int | None:
    """Return the number of trees with the lowest mean loss over folds, of as many as all of them grew; None without any."""
    most = min(map(len, losses))
    return int(np.mean([each[:most] for each in losses], axis=0).argmin()) + 1 if most else None


def trained(
    learner: UntrainedModel, problem: Problem, part: Table, chosen: Chosen, frame: pl.DataFrame, watched: Watched | None = None
) -> Model:
    """Return a learner trained on rows, as Train Model does it."""
    task, label = problem.task, problem.label
    y = task.target(part.frame[label])
    pipeline = fit(learner, families()[learner.family], frame, y, chosen.features, weights(part), watched, label).pipeline
    classes = task.classes(pipeline[-1], problem.positive)
    return Model(learner.name, task.id, pipeline, label, chosen.features, classes, dict(learner.settings))


def _watched(problem: Problem, rows: Prepared, patience: int, seconds: float) -> Watched:
    """The rows to predict, without those of classes that are not trained on."""
    test = problem.known.with_frame(rows.test)
    y = problem.task.target(rows.test[problem.label])
    if problem.judge.classes:
        seen = np.isin(y, rows.label)
        y, test = y[seen], test.with_frame(rows.test.filter(pl.Series(seen)))
    return Watched(feature_frame(test.frame, rows.chosen.features), y, weights(test), patience, seconds)


def _pipeline(columns: Any, learner: Any) -> Any:
    from sklearn.pipeline import Pipeline

    return Pipeline([("columns", columns), ("learner", learner)])


def predicted_by(model: Model, problem: Problem, part: pl.DataFrame) -> np.ndarray:
    """Return the predictions of a model for rows."""
    features = feature_frame(part, model.features)
    return predictions_of(problem.task, model, features, part.schema.get(problem.label), problem.judge.classes)


def predictions_in(blob: bytes) -> np.ndarray:
    """Return the predictions that a trial kept."""
    found: np.ndarray = np.load(BytesIO(blob))
    return found


def _some(rows: np.ndarray, share: float, seed: int) -> np.ndarray:
    """A share of rows, the same ones for every candidate; a smaller share is a part of a larger one."""
    if share >= 1:
        return rows
    order: Sequence[int] = np.random.Generator(np.random.PCG64(seed)).permutation(len(rows))[: max(1, int(share * len(rows)))]  # type: ignore[assignment]
    return np.sort(rows[order])
