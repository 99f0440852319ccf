"""What a trained model shows of itself."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import polars as pl

from pipelines.catalogue.ports import Model, Report
from pipelines.catalogue.reporting import log
from pipelines.modelling.encoders import lumped
from pipelines.modelling.features import calendar_columns, class_text, counted, kind_named
from pipelines.modules.training._features import Chosen

MOST_SHOWN = 20
MOST_LISTED = 500
Block = Mapping[str, Any]


def training_report(model: Model, frame: pl.DataFrame, chosen: Chosen) -> Report:
    """Settings, what the model goes by, the columns it learned from, and those it did not."""
    learner = model.estimator.named_steps["learner"]
    columns = model.estimator.named_steps["columns"]
    rare = _rare(frame, lumped(columns))
    remarks = [*chosen.remarks, *rare]
    blocks = [
        _table("Training", ["What", "Value"], _facts(model, learner, frame.height)),
        *_explained(model, learner, [str(name) for name in columns.get_feature_names_out()]),
        _table("Columns learned from", ["Column", "Type", "Learned as", "Missing"], _columns(frame, chosen.features)),
    ]
    if remarks:
        blocks.append(_table("Remarks", ["Column", "Remark"], [list(remark) for remark in remarks[:MOST_LISTED]]))
    if chosen.left_out:
        blocks.append(_table("Columns left out", ["Column", "Why"], [list(one) for one in chosen.left_out[:MOST_LISTED]]))
    return Report(model.name, blocks)


def _facts(model: Model, learner: Any, rows: int) -> list[list[Any]]:
    facts: list[list[Any]] = [["Predicts", model.label], ["Rows", rows], ["Columns", len(model.features)]]
    if model.classes:
        facts += [["Negative class", model.classes[0]], ["Positive class", model.classes[1]]]
    inner = getattr(learner, "regressor_", learner)
    if trees := getattr(inner, "best_iteration_", None):
        facts.append(["Trees kept", trees])
    chosen = {name: getattr(inner, name, None) if value is None else value for name, value in model.settings.items()}
    return facts + [[name.replace("_", " ").capitalize(), _shown(value)] for name, value in chosen.items()]


def _rare(frame: pl.DataFrame, texts: Mapping[str, Sequence[str]]) -> list[tuple[str, str]]:
    """Which texts share a category, said in the log too."""
    remarks = []
    for column, values in texts.items():
        rows = int(frame[column].is_in(list(values)).sum())
        words = f"the {len(values):,} rarest of its {frame[column].drop_nulls().n_unique():,} different texts ({counted(rows, 'row')}) are one category"
        remarks.append((column, words))
        log(f"'{column}': {words}.")
    return remarks


def _columns(frame: pl.DataFrame, features: Sequence[tuple[str, str]]) -> list[list[Any]]:
    words = {"text": "categories", "boolean": "0 or 1", "number": "number"}
    rows = []
    for column, dtype in features:
        parts = ", ".join(calendar_columns(column, dtype))
        learned = words.get(kind_named(dtype), "days since 1970" + (f", {parts}" if parts else ""))
        rows.append([column, dtype, learned, frame[column].null_count()])
    return rows


def _explained(model: Model, learner: Any, names: Sequence[str]) -> list[Block]:
    """What the learner goes by, as far as it says."""
    weights, constant = _weights(learner)
    if weights is not None:
        if model.classes and model.classes[1] == class_text(pl.Series(learner.classes_))[0]:
            weights, constant = -weights, -constant
        strongest = sorted(zip(names, weights.tolist(), strict=True), key=lambda pair: -abs(pair[1]))
        towards = f" Above 0 they speak for '{model.classes[1]}'." if model.classes else ""
        rows = [["(intercept)", constant], *(list(pair) for pair in strongest[:MOST_LISTED])]
        return [
            _bars("Strongest features", "Coefficient", strongest, f"Coefficients of the features that weigh most.{towards}"),
            _table("Coefficients", ["Feature", "Coefficient"], rows),
        ]
    booster = getattr(getattr(learner, "regressor_", learner), "booster_", None)
    if booster is None:
        return []
    gains = booster.feature_importance(importance_type="gain")
    shares = zip(names, (gains / max(gains.sum(), 1e-300)).tolist(), strict=True)
    useful = sorted(shares, key=lambda pair: -pair[1])
    return [
        _bars("Feature importance", "Share of gain", useful, "How much each column helped the trees."),
        _table("Feature importance", ["Column", "Share of gain"], [list(pair) for pair in useful[:MOST_LISTED]]),
    ]


def _shown(value: Any) -> Any:
    return ("yes" if value else "no") if isinstance(value, bool) else value


def _weights(learner: Any) -> tuple[np.ndarray | None, float]:
    """The coefficients of a linear learner in the label's unit, and the constant."""
    if hasattr(learner, "coef_"):
        return np.ravel(learner.coef_), float(np.ravel(learner.intercept_)[0])
    if hasattr(getattr(learner, "regressor_", None), "coef_"):
        scale = float(learner.transformer_.scale_[0])
        mean = 0.0 if learner.transformer_.mean_ is None else float(learner.transformer_.mean_[0])
        return np.ravel(learner.regressor_.coef_) * scale, float(np.ravel(learner.regressor_.intercept_)[0]) * scale + mean
    return None, 0.0


def _table(title: str, columns: list[str], rows: list[list[Any]]) -> Block:
    return {"type": "table", "title": title, "columns": columns, "rows": rows}


def _bars(title: str, measure: str, pairs: Sequence[tuple[str, float]], description: str) -> Block:
    spec = {
        "data": {"values": [{"feature": name, "value": value} for name, value in pairs[:MOST_SHOWN]]},
        "mark": {"type": "bar", "tooltip": True},
        "encoding": {
            "y": {"field": "feature", "type": "nominal", "sort": None, "title": None},
            "x": {"field": "value", "type": "quantitative", "title": measure},
        },
    }
    return {"type": "chart", "title": title, "description": description, "role": "importance", "spec": spec}
