"""One trial of a search: a candidate, trained on a part of the first fold or on all folds, and judged on rows that it has not seen."""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from io import BytesIO
from typing import Any

import numpy as np
import polars as pl

from pipelines.catalogue.discover import catalogue
from pipelines.catalogue.items import Item, Value
from pipelines.catalogue.ports import Model, Table, UntrainedModel
from pipelines.catalogue.reporting import reporting_to
from pipelines.modelling.automl.history import ALL
from pipelines.modelling.automl.judge import predictions_of
from pipelines.modelling.automl.portfolio import stopping, trees_found
from pipelines.modelling.families import families
from pipelines.modelling.features import feature_frame
from pipelines.modelling.folds import Fold
from pipelines.modules.training._automl_problem import Problem
from pipelines.modules.training._deadline import UntilDeadline, require_time, threads
from pipelines.modules.training._features import choose_features
from pipelines.modules.training._fit import fit
from pipelines.modules.training._rows import weights


def untrained_of(module: str, settings: Mapping[str, Any]) -> UntrainedModel:
    """Return the learner of a module with settings, as in a pipeline."""
    found = catalogue().modules[module]
    learner: UntrainedModel = found.function(**found.arguments(found.read_settings(settings)))
    return learner


@dataclass(frozen=True)
class Trials:
    """Trains and judges the candidates of a problem."""

    problem: Problem
    _prepared: dict[tuple[str, float], tuple[Table, Any, pl.DataFrame]] = field(default_factory=dict)

    def each(self, item: Item) -> Value:
        """Return the loss of a candidate, what it cost, and its predictions where it was trained on all folds."""
        about, problem = item.content, self.problem
        with reporting_to(UntilDeadline()), threads(1):
            if about["share"] != ALL:
                return self._on_first(about)
            settings = {**about["settings"], **({"trees": about["trees"]} if about["stops"] and about["trees"] else {})}
            learner = untrained_of(about["module"], settings)
            found: list[np.ndarray] = []
            fits: list[float] = []
            scoring = 0.0
            for done, fold in enumerate(problem.folds):
                require_time(sum(fits) / max(done, 1) * (len(problem.folds) - done))
                started = time.perf_counter()
                model = self._trained(learner, fold, 1.0)
                fits.append(time.perf_counter() - started)
                found.append(self._predicted(model, fold))
                scoring += time.perf_counter() - started - fits[-1]
        judge = problem.judge
        losses = [judge.loss_of(fold.test, each) for fold, each in zip(problem.folds, found, strict=True)]
        buffer = BytesIO()
        together = np.concatenate(found)
        np.save(buffer, together.astype(np.float32))
        error = judge.error(problem.rows, together) if len(losses) == 1 else float(np.std(losses, ddof=1) / len(losses) ** 0.5)
        figures = {
            "score": judge.value(float(np.mean(losses))),
            "better": judge.metric.better,
            "loss": float(np.mean(losses)),
            "losses": losses,
            "error": error,
            "folds": len(losses),
            "fit": float(np.mean(fits)),
            "predict": scoring / max(len(problem.rows), 1),
        }
        return Value(figures, buffer.getvalue())

    def _on_first(self, about: Mapping[str, Any]) -> Value:
        fold, settings = self.problem.folds[0], about["settings"]
        settings = stopping(settings) if about["stops"] else settings
        model = self._trained(untrained_of(about["module"], settings), fold, about["share"])
        loss = self.problem.judge.loss_of(fold.test, self._predicted(model, fold))
        trees = trees_found(model.estimator[-1], settings) if about["stops"] else None
        return Value({"better": self.problem.judge.metric.better, "loss": loss, "trees": trees, "folds": len(self.problem.folds)})

    def _trained(self, learner: UntrainedModel, fold: Fold, share: float) -> Model:
        if (fold.name, share) not in self._prepared:
            part = self.problem.known.with_frame(self.problem.known.frame[_some(fold.train, share, self.problem.seed)])
            chosen = choose_features(part, self.problem.label)
            self._prepared[fold.name, share] = part, chosen, feature_frame(part.frame, chosen.features)
        return trained(learner, self.problem, *self._prepared[fold.name, share])

    def _predicted(self, model: Model, fold: Fold) -> np.ndarray:
        part = self.problem.known.frame[fold.test]
        return predicted_by(model, self.problem, part)


def trained(learner: UntrainedModel, problem: Problem, part: Table, chosen: Any, frame: pl.DataFrame) -> Model:
    """Return a learner trained on rows, as Train Model does it."""
    task, label = problem.task, problem.label
    y = task.target(part.frame[label])
    pipeline = fit(learner, families()[learner.family], frame, y, chosen.features, weights(part)).pipeline
    classes = task.classes(pipeline[-1], problem.positive)
    return Model(learner.name, task.id, pipeline, label, chosen.features, classes, dict(learner.settings))


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
