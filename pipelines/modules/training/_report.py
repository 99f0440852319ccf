"""What a trained model shows of itself."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import polars as pl

from pipelines.catalogue.phrases import counted
from pipelines.catalogue.ports import Model, Report
from pipelines.catalogue.reporting import log
from pipelines.modelling.encoders import encoders_of, lumped
from pipelines.modelling.evaluation.charts import Block, table
from pipelines.modelling.explanation import MOST_LISTED
from pipelines.modelling.features import PROSE, calendar_columns, kind_named
from pipelines.modelling.log_label import is_of_logarithm, shift_of
from pipelines.modelling.task import LabelTask
from pipelines.modelling.tasks import tasks
from pipelines.modules.training._features import Chosen


def training_report(model: Model, frame: pl.DataFrame, chosen: Chosen, found: Sequence[Block]) -> Report:
    """Return the settings, what was found, such as how much each column counts, the columns it learned from, and those it did not."""
    learner = model.estimator.named_steps["learner"]
    rare = _rare(frame, {column: texts for columns in encoders_of(model.estimator) for column, texts in lumped(columns).items()})
    remarks = [*chosen.remarks, *rare]
    blocks = [
        table("Training", ["What", "Value"], _facts(model, learner, frame.height)),
        *found,
        table("Feature columns", ["Column", "Type", "Used as", "Missing"], _columns(frame, chosen.features)),
    ]
    if remarks:
        blocks.append(table("Remarks", ["Column", "Remark"], [list(remark) for remark in remarks[:MOST_LISTED]]))
    if chosen.left_out:
        blocks.append(table("Columns left out", ["Column", "Why"], [list(one) for one in chosen.left_out[:MOST_LISTED]]))
    return Report(model.name, blocks)


def _facts(model: Model, learner: Any, rows: int) -> list[list[Any]]:
    facts: list[list[Any]] = [["Predicts", model.label]] if isinstance(tasks()[model.task], LabelTask) else []
    facts += [["Rows", rows], ["Columns", len(model.features)]]
    facts += [list(fact) for fact in tasks()[model.task].facts(model.classes or ())]
    inner = getattr(learner, "regressor_", learner)
    if trees := getattr(inner, "best_iteration_", None):
        facts.append(["Trees kept", trees])
    if is_of_logarithm(learner):
        facts += [["Trained on", f"logarithm of {model.label} + 1"], ["Smearing factor", float(np.exp(shift_of(learner)))]]
    settings = {name: value for name, value in model.settings.items() if not isinstance(value, list)}  # of a list each part is a learner
    if is_of_logarithm(learner) and (predicts := settings.pop("predicts", None)):
        facts[0] = ["Predicts", f"{model.label}, its {predicts}"]
    chosen = {name: _found(inner, name) if value is None else value for name, value in settings.items()}
    return facts + [[name.replace("_", " ").capitalize(), _shown(value)] for name, value in chosen.items()]


def _rare(frame: pl.DataFrame, texts: Mapping[str, Sequence[str]]) -> list[tuple[str, str]]:
    """Which texts share a category, said in the log too."""
    remarks = []
    for column, values in texts.items():
        rows = int(frame[column].is_in(list(values)).sum())
        words = f"the {len(values):,} rarest of its {frame[column].drop_nulls().n_unique():,} distinct values ({counted(rows, 'row')}) are combined into one category"
        remarks.append((column, words))
        log(f"“{column}”: {words}.")
    return remarks


def _columns(frame: pl.DataFrame, features: Sequence[tuple[str, str]]) -> list[list[Any]]:
    words = {"text": "categories", "boolean": "0 or 1", "number": "number"}
    rows = []
    for column, dtype in features:
        parts = ", ".join(calendar_columns(column, dtype))
        learned = "words" if dtype == PROSE else words.get(kind_named(dtype), "days since 1970" + (f", {parts}" if parts else ""))
        rows.append([column, str(frame[column].dtype) if dtype == PROSE else dtype, learned, frame[column].null_count()])
    return rows


def _found(learner: Any, name: str) -> Any:
    """What a learner chose itself, as LightGBM and CatBoost choose a learning rate."""
    return getattr(learner, name, getattr(learner, f"{name}_", None))


def _shown(value: Any) -> Any:
    return ("yes" if value else "no") if isinstance(value, bool) else value
