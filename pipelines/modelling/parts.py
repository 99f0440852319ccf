"""Learners that are made of other ones: each part keeps its own family, so it sees the table encoded in its own way."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any

import numpy as np
import polars as pl

from pipelines.catalogue.errors import ModuleError
from pipelines.catalogue.phrases import listed
from pipelines.catalogue.ports import UntrainedModel
from pipelines.modelling.encoders import fitted_columns
from pipelines.modelling.family import Family, Features, Settings, TrainingData
from pipelines.modelling.thresholds import without_threshold

PARTS = "parts"  # the setting that holds the family and the settings of each part
CLASSES = {"two_class", "multi_class"}
MOST_NAMED = 3
FEWEST = 2


def before_combined(title: str, module: str, family: Family) -> Callable[..., UntrainedModel | None]:
    """Return the rule of what `combined` returns, as far as it is known before a run."""

    def before(*untrained: UntrainedModel | None, **own: Any) -> UntrainedModel | None:
        known = [each for each in untrained if each is not None]
        task = task_of_all(known)
        if task is None or len(known) < len(untrained):
            return None
        return UntrainedModel(named(title, known), task, None, family.name, {}, module, own, [each.as_part for each in known])

    return before


def several(untrained: Sequence[UntrainedModel]) -> None:
    """Check that there are at least two learners.

    Raises:
        ModuleError: `too_few_models`.
    """
    if len(untrained) < FEWEST:
        words = "One untrained model is connected" if untrained else "No untrained model is connected"
        raise ModuleError("too_few_models", f"{words}; it takes at least two.", port="untrained", remedy="Connect another untrained model.")


def combined(
    title: str,
    module: str,
    family: Family,
    untrained: Sequence[UntrainedModel],
    make: Callable[[Sequence[tuple[str, Any]]], Any],
    **own: Any,
) -> UntrainedModel:
    """Return a learner that is made of others.

    Args:
        title: The title of the module.
        module: Its id.
        family: The family of the learner.
        untrained: The parts.
        make: Returns the estimator of named estimators.
        own: Settings of the learner itself.

    Raises:
        ModuleError: `mixed_learners`, when they do not all predict a class or all predict a number.
    """
    task = task_of_all(untrained)
    if task is None:
        raise ModuleError(
            "mixed_learners",
            f"{listed([each.name for each in untrained])} do not all predict a class, or all predict a number.",
            port="untrained",
            remedy="Connect classifiers only, or learners of a number only.",
        )
    untrained = [without_threshold(each, title) for each in untrained]
    estimator = make([(f"model_{place}", each.estimator) for place, each in enumerate(untrained, 1)])
    settings = {"learners": "; ".join(each.name for each in untrained), **own, PARTS: [_part(each) for each in untrained]}
    return UntrainedModel(
        named(title, untrained), task, estimator, family.name, settings, module, own, [each.as_part for each in untrained]
    )


def task_of_all(untrained: Sequence[UntrainedModel]) -> str | None:
    """Return the task of learners together; one of two classes among those of several makes it two. None where they do not go together."""
    found = {each.task for each in untrained}
    if found <= CLASSES and found:
        return "two_class" if "two_class" in found else "multi_class"
    return "regression" if found == {"regression"} else None


def named(title: str, untrained: Sequence[UntrainedModel]) -> str:
    """Return a title with the names of the first parts."""
    names = [each.name for each in untrained]
    return f"{title} ({', '.join(names[:MOST_NAMED])}{f' and {len(names) - MOST_NAMED} more' if len(names) > MOST_NAMED else ''})"


def _part(untrained: UntrainedModel) -> dict[str, Any]:
    return {"family": untrained.family, "settings": dict(untrained.settings)}


def as_they_are(frame: pl.DataFrame, features: Features, settings: Settings) -> Any:
    """Return an encoder that hands the feature columns to the parts, each of which encodes them."""
    from sklearn.preprocessing import FunctionTransformer

    return FunctionTransformer(feature_names_out="one-to-one")


def fit_part(part: dict[str, Any], estimator: Any, data: TrainingData, rows: np.ndarray | None = None) -> Any:
    """Fit a part by its own family, on some rows or all, and return its pipeline from the feature columns."""
    from sklearn.base import clone
    from sklearn.pipeline import Pipeline

    from pipelines.modelling.families import families

    data = data if rows is None else rows_of(data, rows)
    family, settings = families()[part["family"]], part["settings"]
    columns = family.encode(data.matrix, data.features, settings)
    matrix = fitted_columns(columns, estimator, data.matrix, data.y)
    if data.watched:
        data.watched.matrix = columns.transform(data.watched.frame)
    fitted = family.fit(clone(estimator), replace(data, matrix=matrix, columns=columns, settings=settings))
    return Pipeline([("columns", columns), ("learner", fitted)])


def rows_of(data: TrainingData, some: np.ndarray) -> TrainingData:
    """Return some rows of what a learner is fitted on."""
    return replace(data, matrix=data.matrix[some], y=data.y[some], weights=None if data.weights is None else data.weights[some])
