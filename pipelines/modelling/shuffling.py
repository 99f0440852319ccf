"""Permutation importance: how much worse a model is when the values of one column are shuffled."""

from __future__ import annotations

import time
from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np
import polars as pl

from pipelines.catalogue.ports import Model
from pipelines.catalogue.reporting import log, progress
from pipelines.modelling.encoders import origins
from pipelines.modelling.family import Importances
from pipelines.modelling.features import calendar_columns

MOST_ROWS = 500  # evenly spread over the table
REPEATS, MOST_REPEATS = 3, 10
# Rows times columns that a model is asked about, of all shuffles together: beyond it a model of thousands of columns would take minutes.
MOST_VALUES = 200_000_000
FEWEST_ROWS, FEWEST_COLUMNS = 100, 20
WIDE = 200  # encoded columns: tables up to this width are explained by all rows and columns


def permutation_importances(model: Model, frame: pl.DataFrame, y: Any, seconds: float | None = None) -> tuple[list[str], Importances]:
    """Return how much the score of a model drops when the values of one column are shuffled (Breiman, Random Forests, 2001), for each column.

    The score is R² or accuracy, on at most 500 of the rows it was fitted on; the mean of three shuffles. Parts of a date move with it. Of very many
    columns only those that go most with the label are shuffled, on fewer rows where each prediction looks at many training rows.

    Args:
        model: The trained model.
        frame: The feature columns that it was fitted on.
        y: The target.
        seconds: How long it may take; as many shuffles are made as there is time for, up to 10. None for three shuffles, however long they take.

    Raises:
        TimeoutError: When the seconds do not suffice for one shuffle of each column.
    """
    costs = _cost(model, frame)
    most = MOST_ROWS if not costs else min(MOST_ROWS, max(FEWEST_ROWS, MOST_VALUES // (REPEATS * FEWEST_COLUMNS * costs)))
    some = np.linspace(0, frame.height - 1, min(frame.height, most)).astype(int)
    rows, truth, dice = frame[some.tolist()], np.asarray(y)[some], np.random.default_rng(0)
    whole = model.estimator.score(rows, truth)
    together = {column: [column, *calendar_columns(column, dtype).values()] for column, dtype in model.features}
    matrix, places = _encoded(model, rows, together)
    shuffled = len(together) if not costs else max(FEWEST_COLUMNS, MOST_VALUES // max(1, REPEATS * rows.height * costs))
    columns = _most_telling(matrix, places, rows, truth, list(together), shuffled, model.label)

    def drop(column: str, repeats: int) -> float:
        orders, answers = [dice.permutation(rows.height) for _ in range(repeats)], np.tile(truth, repeats)
        if matrix is not None:  # of all shuffles together the score is the mean of theirs
            return float(whole - model.estimator[-1].score(_moved(matrix, places[column], orders), answers))
        moved = pl.concat(rows.with_columns(rows.select(together[column])[order.tolist()]) for order in orders)
        return float(whole - model.estimator.score(moved, answers))

    repeats = REPEATS if seconds is None else _repeats(seconds, len(columns), lambda: drop(columns[0], REPEATS))
    drops = []
    for done, column in enumerate(columns):
        progress(done, len(columns), "columns explained")
        drops.append(drop(column, repeats))
    measure = "Drop in accuracy" if model.classes else "Drop in R²"
    return columns, Importances(
        measure, drops, f"How much worse the model is on {rows.height:,} rows if the values of a column are shuffled."
    )


def _repeats(seconds: float, columns: int, some: Callable[[], float]) -> int:
    """How many shuffles of each column the seconds suffice for, by the time that a few of one column take."""
    started = time.perf_counter()
    some()
    each = (time.perf_counter() - started) / REPEATS
    found = int((seconds - REPEATS * each) / max(each * columns, 1e-9))
    if found < 1:
        raise TimeoutError
    return min(found, MOST_REPEATS)


def _cost(model: Model, frame: pl.DataFrame) -> int:
    """How many values a prediction of a row looks at; 0 where the table is not so wide that it matters."""
    learner = model.estimator[-1]
    width = int(getattr(learner, "n_features_in_", frame.width))
    kept = getattr(learner, "n_samples_fit_", 0) or len(getattr(learner, "support_", ())) or len(getattr(learner, "X_train_", ()))
    means = len(getattr(learner, "theta_", ()))  # of naive Bayes: a row is compared with the mean of each class
    return width * max(1, kept // 50, means) if width > WIDE else 0  # a value of a training row costs less than one in a formula


def _encoded(model: Model, rows: pl.DataFrame, together: Mapping[str, Sequence[str]]) -> tuple[Any, Mapping[str, list[int]]]:
    """The encoded rows, and the places of each column in them: rows are encoded one by one, so that shuffling after it is the same.

    None where an encoder does not say what its columns are made of, or gives no array.
    """
    from scipy.sparse import issparse

    encoder = model.estimator.named_steps.get("columns")
    made_of = origins(encoder)
    matrix = None if made_of is None else encoder.transform(rows)
    if made_of is None or not (isinstance(matrix, np.ndarray) or issparse(matrix)):
        return None, {}
    owner = {part: column for column, parts in together.items() for part in parts}
    places: dict[str, list[int]] = defaultdict(list)
    for place, name in enumerate(made_of):
        places[owner[name]].append(place)
    return matrix, places


def _moved(matrix: Any, places: Sequence[int], orders: Sequence[np.ndarray]) -> Any:
    """The rows several times, each time with some columns in another order of rows."""
    if isinstance(matrix, np.ndarray):
        moved = np.vstack([matrix] * len(orders))
        moved[:, places] = np.vstack([matrix[np.ix_(order, np.asarray(places))] for order in orders])
        return moved
    from scipy.sparse import csr_matrix, diags, vstack

    stays = np.ones(matrix.shape[1])
    stays[list(places)] = 0
    goes = csr_matrix(matrix) @ diags(1 - stays)
    moved = vstack([csr_matrix(matrix) @ diags(stays)] * len(orders)) + vstack([goes[order] for order in orders])
    return csr_matrix(moved)


def _most_telling(
    matrix: Any, places: Mapping[str, Sequence[int]], rows: pl.DataFrame, truth: np.ndarray, columns: list[str], most: int, label: str
) -> list[str]:
    """All columns, or of too many those with the largest correlation with the label, or with one of its classes."""
    if len(columns) <= most:
        return columns
    if matrix is None:
        values = np.column_stack([rows[name].rank("dense").fill_null(0).to_numpy() for name in columns])
        places = {name: [place] for place, name in enumerate(columns)}
    else:
        values = matrix if isinstance(matrix, np.ndarray) else matrix.toarray()
    signals = truth[:, None] if truth.dtype.kind == "f" else truth[:, None] == np.unique(truth)
    found = np.nan_to_num(_correlations(np.nan_to_num(values.astype(float)), signals.astype(float)))
    strength = {column: max((found[place] for place in places[column]), default=0.0) for column in columns}
    kept = set(sorted(columns, key=lambda column: -strength[column])[:most])
    log(f"Feature importance is of the {most:,} columns of {len(columns):,} that alone go most with “{label}”.", "warning")
    return [column for column in columns if column in kept]


def _correlations(values: np.ndarray, signals: np.ndarray) -> np.ndarray:
    """The largest absolute correlation of each column with one of the signals."""
    with np.errstate(all="ignore"):
        x, y = (side - side.mean(axis=0) for side in (values, signals))
        x, y = (side / np.sqrt((side**2).sum(axis=0)) for side in (x, y))
    found: np.ndarray = np.abs(np.nan_to_num(x.T @ np.nan_to_num(y))).max(axis=1)
    return found
