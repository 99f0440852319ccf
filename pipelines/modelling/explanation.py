"""Explanation of a trained model: coefficients, the importances that its library gives, or else permutation importance."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import numpy as np
import polars as pl

from pipelines.catalogue.phrases import class_text
from pipelines.catalogue.ports import Model
from pipelines.catalogue.reporting import log
from pipelines.modelling.contributions import coefficients
from pipelines.modelling.encoders import matrix_names
from pipelines.modelling.evaluation.charts import Block, chart, table
from pipelines.modelling.family import ESTIMATOR_ERRORS, Family, Importances, in_words
from pipelines.modelling.log_label import is_of_logarithm
from pipelines.modelling.parts import PARTS
from pipelines.modelling.shuffling import REPEATS, permutation_importances

MOST_SHOWN = 20
MOST_LISTED = 500


def explain(
    model: Model, family: Family, frame: pl.DataFrame, y: Any, seconds: float | None = None, repeats: int | None = REPEATS
) -> list[Block]:
    """Return a chart and a table of what counts for a model.

    Args:
        model: The trained model.
        family: The family of its learner.
        frame: The feature columns that it was fitted on.
        y: The target.
        seconds: How long the shuffles of a permutation importance may take; None for as long as they take.
        repeats: How often it shuffles each column; None for as often as there is time.
    """
    learner = model.estimator.named_steps["learner"]
    if is_of_logarithm(learner):
        return _of_logarithm(model, learner, frame, y, seconds, repeats)
    columns = model.estimator.named_steps["columns"]
    names = matrix_names(columns)
    weights, constants = coefficients(learner)
    if weights is not None and len(weights) == 1:
        return _of_coefficients(model, learner, names, weights[0], float(constants[0]))
    if weights is not None and len(weights) == len(model.classes or ()):
        return _of_coefficients_by_class(model.classes or (), names, weights, constants)
    if found := family.importances(learner):
        return _of_importances(matrix_names(columns, topics_apart=False), found)
    try:
        return _of_importances(*permutation_importances(model, frame, y, seconds, repeats))
    except TimeoutError:
        log("Feature importance is not shown: shuffling each column takes longer than the time that is left.", "warning")
        return []
    except ESTIMATOR_ERRORS as wrong:
        log(f"Feature importance is not available, because the model cannot predict shuffled rows: {in_words(wrong)}.", "warning")
        return []


def _of_logarithm(model: Model, learner: Any, frame: pl.DataFrame, y: Any, seconds: float | None, repeats: int | None) -> list[Block]:
    """What counts for the learner inside, which predicts a logarithm."""
    from pipelines.modelling.families import families

    part = model.settings[PARTS][0]
    inner = replace(model, estimator=learner.regressor_, settings=part["settings"])
    blocks = explain(inner, families()[part["family"]], frame, np.log1p(y), seconds, repeats)
    words = f"This is of the logarithm of {model.label} + 1."
    return [{**block, "description": f"{block['description']} {words}"} if block.get("description") else block for block in blocks]


def _of_coefficients(model: Model, learner: Any, names: Sequence[str], weights: np.ndarray, constant: float) -> list[Block]:
    if model.classes and model.classes[1] == class_text(pl.Series(learner.classes_))[0]:
        weights, constant = -weights, -constant
    strongest = sorted(zip(names, weights.tolist(), strict=True), key=lambda pair: -abs(pair[1]))
    towards = f" Values above 0 favour “{model.classes[1]}”." if model.classes else ""
    rows = [["(intercept)", constant], *(list(pair) for pair in strongest[:MOST_LISTED])]
    return [
        _bars("Strongest features", "Coefficient", strongest, f"The largest coefficients by absolute value.{towards}"),
        table("Coefficients", ["Feature", "Coefficient"], rows),
    ]


def _of_importances(names: Sequence[str], found: Importances) -> list[Block]:
    sums: dict[str, float] = {}
    for name, value in zip(names, found.values, strict=True):
        sums[name] = sums.get(name, 0.0) + value
    useful = sorted(sums.items(), key=lambda pair: -pair[1])
    return [
        _bars("Feature importance", found.measure, useful, found.description),
        table("Feature importance", ["Column", found.measure], [list(pair) for pair in useful[:MOST_LISTED]]),
    ]


def _of_coefficients_by_class(classes: Sequence[str], names: Sequence[str], weights: np.ndarray, constants: np.ndarray) -> list[Block]:
    strongest = np.argsort(-np.abs(weights).max(axis=0), kind="stable").tolist()
    rows = [["(intercept)", *constants.tolist()], *([names[place], *weights[:, place].tolist()] for place in strongest[:MOST_LISTED])]
    bars = [(names[place], float(np.abs(weights[:, place]).max())) for place in strongest]
    words = "The largest coefficient that a feature has for a class, without its sign."
    return [
        _bars("Strongest features", "Largest coefficient", bars, words),
        table("Coefficients by class (above 0 they speak for it)", ["Feature", *classes], rows),
    ]


def _bars(title: str, measure: str, pairs: Sequence[tuple[str, float]], description: str) -> Block:
    spec = {
        "data": {"values": [{"feature": name, "value": value} for name, value in pairs[:MOST_SHOWN]]},
        "mark": {"type": "bar", "tooltip": True},
        "encoding": {
            "y": {"field": "feature", "type": "nominal", "sort": None, "title": None},
            "x": {"field": "value", "type": "quantitative", "title": measure},
        },
    }
    return chart(title, "importance", description, spec)
