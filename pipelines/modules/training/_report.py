"""What a trained model shows of itself."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from pipelines.catalogue.ports import Model, Report

MOST_SHOWN = 20
MOST_LISTED = 500


def training_report(model: Model, rows: int) -> Report:
    """Settings, what the model goes by, and the columns it learned from."""
    learner = model.estimator.named_steps["learner"]
    names = [str(name) for name in model.estimator.named_steps["columns"].get_feature_names_out()]
    facts: list[list[Any]] = [["Predicts", model.label], ["Rows", rows], ["Columns", len(model.features)]]
    if model.classes:
        facts += [["Negative class", model.classes[0]], ["Positive class", model.classes[1]]]
    settings = [[name.replace("_", " ").capitalize(), _shown(value)] for name, value in model.settings.items()]
    blocks: list[Mapping[str, Any]] = [_table("Training", ["What", "Value"], facts + settings)]
    weights, constant = _weights(learner)
    if weights is not None:
        strongest = sorted(zip(names, weights.tolist(), strict=True), key=lambda pair: -abs(pair[1]))
        blocks.append(_bars("Strongest features", "Coefficient", strongest, "Coefficients of the features that weigh most."))
        blocks.append(
            _table(
                "Coefficients", ["Feature", "Coefficient"], [["(intercept)", constant], *(list(pair) for pair in strongest[:MOST_LISTED])]
            )
        )
    else:
        gains = learner.booster_.feature_importance(importance_type="gain")
        useful = sorted(
            ((name, gain) for name, gain in zip(names, (gains / max(gains.sum(), 1e-300)).tolist(), strict=True)), key=lambda pair: -pair[1]
        )
        blocks.append(_bars("Feature importance", "Share of gain", useful, "How much each column helped the trees."))
        blocks.append(_table("Feature importance", ["Column", "Share of gain"], [list(pair) for pair in useful[:MOST_LISTED]]))
    blocks.append(_table("Columns learned from", ["Column", "Type"], [list(feature) for feature in model.features]))
    return Report(model.name, blocks)


def _shown(value: Any) -> Any:
    return ("yes" if value else "no") if isinstance(value, bool) else value


def _weights(learner: Any) -> tuple[np.ndarray | None, float | None]:
    """The coefficients of a linear learner in the label's unit, and the constant."""
    if hasattr(learner, "coef_"):
        return np.ravel(learner.coef_), float(np.ravel(learner.intercept_)[0])
    if hasattr(learner, "regressor_"):
        scale = float(learner.transformer_.scale_[0])
        mean = 0.0 if learner.transformer_.mean_ is None else float(learner.transformer_.mean_[0])
        return np.ravel(learner.regressor_.coef_) * scale, float(np.ravel(learner.regressor_.intercept_)[0]) * scale + mean
    return None, None


def _table(title: str, columns: list[str], rows: list[list[Any]]) -> Mapping[str, Any]:
    return {"type": "table", "title": title, "columns": columns, "rows": rows}


def _bars(title: str, measure: str, pairs: list[tuple[str, float]], description: str) -> Mapping[str, Any]:
    spec = {
        "data": {"values": [{"feature": name, "value": value} for name, value in pairs[:MOST_SHOWN]]},
        "mark": {"type": "bar", "tooltip": True},
        "encoding": {
            "y": {"field": "feature", "type": "nominal", "sort": None, "title": None},
            "x": {"field": "value", "type": "quantitative", "title": measure},
        },
    }
    return {"type": "chart", "title": title, "description": description, "role": "importance", "spec": spec}
