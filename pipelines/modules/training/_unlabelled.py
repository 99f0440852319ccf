"""Training without a label: the rows and columns that a learner compares."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import polars as pl

from pipelines.catalogue.columns import ROLES, Rule, Selector
from pipelines.catalogue.errors import ModuleError
from pipelines.catalogue.phrases import counted, listed
from pipelines.catalogue.ports import Model, Table, UntrainedModel
from pipelines.catalogue.reporting import log
from pipelines.modelling.features import feature_frame, kind_named, present, weight_column
from pipelines.modules.training._features import Chosen, choose_features
from pipelines.modules.training._fit import fit, task_and_family

FEATURES = Selector((Rule(True, "all"), Rule(False, "roles", tuple(role for role in ROLES if role != "feature"))))
FEWEST_ROWS = 2


@dataclass(frozen=True)
class Prepared:
    """The rows to train on: feature columns as learners receive them, and the weights of the rows."""

    chosen: Chosen
    frame: pl.DataFrame
    weights: Any


@dataclass(frozen=True)
class Trained:
    """A model, and the matrix that its last step was fitted on."""

    model: Model
    matrix: Any


def prepare(table: Table, columns: Selector, label: str | None = None) -> Prepared:
    """Return the selected columns as features, whatever their role is, of the rows that have a weight.

    Raises:
        ModuleError: `no_rows` or `no_features`.
    """
    known = _weighted(table)
    if known.frame.height < FEWEST_ROWS:
        has = "only one row" if known.frame.height else "no rows"
        raise ModuleError("no_rows", f"The table has {has}; a model needs at least {FEWEST_ROWS}.", port="table", remedy="Add rows.")
    picked = [column for column in columns.pick(table) if column != label]
    features = known.only(picked)
    for column in picked:
        features = features.with_role(column, role="feature")
    chosen = choose_features(features, None)
    frame = feature_frame(features.frame, chosen.features)
    if gaps := [column for column, dtype in chosen.features if kind_named(dtype) != "text" and frame[column].null_count()]:
        log(f"Missing values are treated as the mean of their column: {listed(gaps)}.", "warning")
    weight = weight_column(known, "table")
    return Prepared(chosen, frame, None if weight is None else known.frame[weight].cast(pl.Float64).to_numpy())


def train(untrained: UntrainedModel, rows: Prepared, label: str | None = None) -> Trained:
    """Fit a learner.

    Raises:
        ModuleError: What the learner cannot be trained on.
    """
    task, family = task_and_family(untrained)
    fitted = fit(untrained, family, rows.frame, None, rows.chosen.features, rows.weights)
    model = Model(untrained.name, task.id, fitted.pipeline, label or "", rows.chosen.features, None, dict(untrained.settings))
    return Trained(model, fitted.matrix)


def tell_trained(rows: Prepared) -> None:
    """Log how much a model was trained on."""
    log(f"Trained on {counted(rows.frame.height, 'row')} and {counted(len(rows.chosen.features), 'column')}.")


def before(untrained: UntrainedModel, label: str = "") -> Model:
    """The model before a run: with the settings that tell which columns its predictions have."""
    return Model(untrained.name, untrained.task, None, label, (), settings=untrained.settings)


def _weighted(table: Table) -> Table:
    """The rows that have a weight, where there are weights."""
    if (column := weight_column(table, "table")) is None:
        return table
    if lost := table.frame.height - int(table.frame.select(present(table, column).sum()).item()):
        table = table.with_frame(table.frame.filter(present(table, column)))
        log(f"{counted(lost, 'row')} with a missing weight {'was' if lost == 1 else 'were'} left out.", "warning")
    return table
