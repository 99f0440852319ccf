"""The contributions of a model's features to its predictions: by what its family knows, else estimated."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import polars as pl

from pipelines.catalogue.phrases import class_text, counted
from pipelines.catalogue.ports import Model
from pipelines.catalogue.reporting import log, progress
from pipelines.modelling.contributions import Contributions, by_orders
from pipelines.modelling.encoders import origins
from pipelines.modelling.families import families
from pipelines.modelling.features import calendar_columns
from pipelines.modelling.task import Task
from pipelines.modules.selection._predicting import number_of, quietly, scores_of

MOST_VALUES = 50_000_000  # of a matrix that is made dense
LIST = {
    "Row": pl.Int64(),
    "Feature": pl.String(),
    "Value": pl.String(),
    "Contribution": pl.Float64(),
    "Standard Error": pl.Float64(),
    "Base": pl.Float64(),
    "Prediction": pl.Float64(),
}


def columns_of(model: Model) -> dict[str, list[str]]:
    """The columns of each feature, parts of dates with their date."""
    return {column: [column, *calendar_columns(column, dtype).values()] for column, dtype in model.features}


def explained(model: Model, task: Task, frame: pl.DataFrame, rows: Sequence[int], class_name: str, orders: int, seed: int) -> Contributions:
    """Return rows x features.

    Args:
        model: The trained model.
        task: Its task.
        frame: The features of all rows, as `feature_frame` returns them.
        rows: The places of the rows to explain.
        class_name: The class whose prediction is explained; empty for the positive or the last.
        orders: The number of orders of the features, where contributions are estimated.
        seed: The start of the draws.

    Raises:
        ModuleError: When the model cannot predict the rows, or has no such class.
    """
    some = frame[list(rows)]

    def predict(features: pl.DataFrame) -> np.ndarray:
        with quietly():
            found: np.ndarray = number_of(scores_of(task, model, features, None), class_name).to_numpy()
        return found

    predict(some.head(1))  # says what is wrong with the class or the rows
    if (exact := _exact(model, some, _place(model, class_name))) is not None:
        return exact
    dice = np.random.Generator(np.random.PCG64(seed))
    pairs = max(1, orders // 2)
    background = frame[dice.permutation(frame.height)[:pairs].tolist()]
    values, base, errors = by_orders(
        predict, some, background, columns_of(model), orders, dice, lambda done, total: progress(done, total, "orders of the features")
    )
    words = f"estimated: {counted(2 * pairs, 'order')} of the features, from {counted(min(pairs, background.height), 'row')} of the table"
    log(f"The contributions are {words}.")
    return Contributions(values, base, "probability" if model.classes else "label", words, errors)


def _place(model: Model, class_name: str) -> int | None:
    """The place of the explained class among those of the estimator."""
    if not model.classes:
        return None
    return class_text(pl.Series(model.estimator.classes_)).to_list().index(class_name or model.classes[-1])


def _exact(model: Model, frame: pl.DataFrame, place: int | None) -> Contributions | None:
    """What the family of the learner knows, added up by feature."""
    steps: Any = getattr(model.estimator, "named_steps", {})
    if not {"columns", "learner"} <= steps.keys() or (made_of := origins(steps["columns"])) is None:
        return None
    matrix = steps["columns"].transform(frame)
    if len(made_of) != matrix.shape[1] or matrix.shape[0] * matrix.shape[1] > MOST_VALUES:
        return None
    known = (family.contributions(steps["learner"], matrix, place) for family in families().values())
    if (found := next((each for each in known if each is not None), None)) is None:
        return None
    owner = {column: at for at, columns in enumerate(columns_of(model).values()) for column in columns}
    sums = np.zeros((matrix.shape[0], len(model.features)))
    np.add.at(sums.T, [owner[column] for column in made_of], found.values.T)
    return Contributions(sums, found.base, found.unit, found.method)


def listed_frame(model: Model, frame: pl.DataFrame, ids: pl.Series, found: Contributions) -> pl.DataFrame:
    """A row for each explained row and feature, in the order of the rows and then by how much they move the prediction.

    Args:
        model: The model.
        frame: The explained rows as they arrive.
        ids: What names each of them.
        found: Their contributions.
    """
    names = [column for column, _ in model.features]
    order = np.argsort(-np.abs(found.values), axis=1, kind="stable")
    times = len(names)
    texts = {name: frame[name].cast(pl.String, strict=False) if _is_plain(frame[name]) else None for name in names}
    values = pl.concat([pl.Series([None] * frame.height, dtype=pl.String) if text is None else text.alias("") for text in texts.values()])
    places = (order * frame.height + np.arange(frame.height)[:, None]).ravel()
    errors = np.full(found.values.shape, np.nan) if found.errors is None else found.errors
    columns = {
        "Row": ids[np.repeat(np.arange(frame.height), times).tolist()],
        "Feature": pl.Series(names, dtype=pl.String)[order.ravel().tolist()],
        "Value": values[places.tolist()],
        "Contribution": np.take_along_axis(found.values, order, axis=1).ravel(),
        "Standard Error": pl.Series(np.take_along_axis(errors, order, axis=1).ravel()).fill_nan(None),
        "Base": np.full(frame.height * times, found.base),
        "Prediction": np.repeat(found.predictions, times),
    }
    return pl.DataFrame(columns, schema_overrides={name: dtype for name, dtype in LIST.items() if name != "Row"})


def _is_plain(values: pl.Series) -> bool:
    return not values.dtype.is_nested() and values.dtype != pl.Binary
