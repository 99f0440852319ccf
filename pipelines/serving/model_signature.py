"""The signature of a trained model alone, from the rows that it was trained on and the rows that it has scored."""

from __future__ import annotations

from collections.abc import Sequence

import polars as pl

from pipelines.catalogue.ports import Model, Table
from pipelines.modelling.tasks import tasks
from pipelines.serving.signature import Column, NotServable, Signature, columns_of, example_of


def model_signature(model: Model, rows: Table, scored: Table | None) -> Signature | None:
    """Return the signature of a trained model; None where a column has a type that requests cannot give.

    Args:
        model: The model; its estimator is not needed.
        rows: Rows with all features of the model, those that it was trained on if they are there.
        scored: Rows that it has scored; None if no step of the run did.
    """
    names = [name for name, _ in model.features]
    try:
        return Signature(columns_of(rows, names), _outputs(model, rows, scored), example_of(rows, names))
    except NotServable:
        return None


def _outputs(model: Model, rows: Table, scored: Table | None) -> tuple[Column, ...]:
    if scored is not None:
        return columns_of(scored, scores_of(model.name, scored))
    task = tasks().get(model.task)
    known: Sequence[pl.Series] = [
        score.values.alias(score.name) for score in (task.score_columns(model, rows.frame.schema.get(model.label)) or () if task else ())
    ]
    return columns_of(Table(pl.DataFrame(known)))


def scores_of(name: str, table: Table) -> list[str]:
    """Return the columns of a table that a model of a name has scored."""
    return [column for column in table.columns_with("score") if table.role(column).model == name]
