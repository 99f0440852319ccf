"""Permutation importance: how much worse a model is when the values of one column are shuffled."""

from __future__ import annotations

import time
from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from itertools import count
from typing import Any

import numpy as np
import polars as pl

from pipelines.catalogue.phrases import counted
from pipelines.catalogue.ports import Model
from pipelines.catalogue.reporting import log, progress
from pipelines.modelling.encoders import origins
from pipelines.modelling.family import Importances
from pipelines.modelling.features import calendar_columns

MOST_ROWS = 500  # evenly spread over the table
REPEATS = 3
# Rows times columns that a model is asked about, of all shuffles together: beyond it a model of thousands of columns would take minutes.
MOST_VALUES = 200_000_000
FEWEST_ROWS, FEWEST_COLUMNS = 100, 20
FEWEST_IN_TIME = 5  # columns that are shuffled at least where time is short
MOST_CELLS = 2_000_000  # rows times columns of one prediction
MARGIN = 0.8  # the share of the time left that is planned with
WIDE = 200  # encoded columns: tables up to this width are explained by all rows and columns


def permutation_importances(
    model: Model, frame: pl.DataFrame, y: Any, seconds: float | None = None, repeats: int | None = REPEATS
) -> tuple[list[str], Importances]:
    """Return how much the score of a model drops when the values of one column are shuffled (Breiman, Random Forests, 2001), for each column.

    The score is R² or accuracy, on at most 500 of the rows it was fitted on; the mean of some shuffles. Parts of a date move with it. Of very many
    columns only those that go most with the label are shuffled, on fewer rows where each prediction looks at many training rows.

    Args:
        model: The trained model.
        frame: The feature columns that it was fitted on.
        y: The target.
        seconds: How long it may take; where there is no time for all shuffles there are fewer, or one on fewer rows, down to 100, or of
            fewer columns, down to 5. None for as long as they take.
        repeats: How often each column is shuffled; None for as often as there is time, which `seconds` say then.

    Raises:
        TimeoutError: When the seconds do not suffice for one shuffle of so few.
    """
    started, costs = time.perf_counter(), _cost(model, frame)
    most = MOST_ROWS if not costs else min(MOST_ROWS, max(FEWEST_ROWS, MOST_VALUES // (REPEATS * FEWEST_COLUMNS * costs)))
    chosen = _spread(frame.height, most)
    rows, truth = frame[chosen], np.asarray(y)[chosen]
    together = {column: [column, *calendar_columns(column, dtype).values()] for column, dtype in model.features}
    matrix, places = _encoded(model, rows, together)
    shuffled = len(together) if not costs else max(FEWEST_COLUMNS, MOST_VALUES // max(1, REPEATS * rows.height * costs))
    columns = _most_telling(matrix, places, rows, truth, list(together), shuffled)
    asked, parts = (rows, together) if matrix is None else (matrix, places)
    predict = model.estimator.predict if matrix is None else model.estimator[-1].predict
    until = None
    if seconds is not None:
        until = started + seconds
        most, in_time = _affordable(until, len(columns), asked, predict)
        columns = _most_telling(matrix, places, rows, truth, columns, in_time)
        chosen = _spread(len(truth), most)
        asked, truth = asked[chosen], truth[chosen]
    shuffled_parts = [parts[column] for column in columns]
    drops = _drops(asked, shuffled_parts, lambda rows: _score(model, truth, rows), predict, repeats, until)
    measure = "Drop in accuracy" if model.classes else "Drop in R²"
    words = f"How much worse the model is on {counted(len(truth), 'row')} if the values of a column are shuffled."
    if len(columns) < len(together):
        some = f"the {len(columns):,} columns of {len(together):,} that alone go most with “{model.label}”"
        words += f" Only {some} are shuffled."
        log(f"Feature importance is of {some}.", "warning")
    return columns, Importances(measure, drops, words)


def _drops(
    asked: Any,
    columns: Sequence[Sequence[Any]],
    score: Callable[[np.ndarray], float],
    predict: Callable[[Any], Any],
    repeats: int | None,
    until: float | None,
) -> list[float]:
    """The mean drop of each column, of so many shuffles, or as many as end in time; without a number of all that do.

    The shuffles of several columns are predicted at once, since some models take long for a prediction of however few rows.
    """
    dice, rows = np.random.default_rng(0), asked.shape[0]
    at_once = max(1, MOST_CELLS // (rows * asked.shape[1]))
    rounds: list[list[float]] = []
    started, longest = time.perf_counter(), 0.0
    for done in count() if repeats is None else range(repeats):
        begun = time.perf_counter()
        if until is not None and begun + longest > until:
            break
        rounds.append([])
        for first in range(0, len(columns), at_once):
            if repeats is not None:
                progress(done * len(columns) + first, repeats * len(columns), "columns shuffled")
            elif until is not None:
                progress(time.perf_counter() - started, until - started, "seconds of shuffling columns")
            shuffles = [(parts, dice.permutation(rows)) for parts in columns[first : first + at_once]]
            rounds[-1] += [score(each) for each in np.split(np.asarray(predict(_moved(asked, shuffles))), len(shuffles))]
        longest = max(longest, time.perf_counter() - begun)
    if not rounds:
        raise TimeoutError
    whole = score(np.asarray(predict(asked)))
    return [whole - float(mean) for mean in np.mean(rounds, axis=0)]


def _spread(rows: int, most: int) -> np.ndarray:
    """The places of at most so many rows, evenly spread."""
    return np.linspace(0, rows - 1, min(rows, most)).astype(int)


def _score(model: Model, truth: np.ndarray, predicted: np.ndarray) -> float:
    from sklearn.metrics import r2_score

    if predicted.ndim > 1:  # quantiles, the median in the middle, or a column of classes
        predicted = predicted[:, predicted.shape[1] // 2]
    return float(np.mean(predicted == truth)) if model.classes else float(r2_score(truth, predicted))


def _affordable(until: float, columns: int, asked: Any, predict: Callable[[Any], Any]) -> tuple[int, int]:
    """Of how many rows and columns one shuffle ends in time, by the time that the prediction of few rows and of all takes."""
    rows = int(asked.shape[0])
    few, fewest = min(rows, max(FEWEST_ROWS // 2, rows // 10)), min(FEWEST_ROWS, rows)
    predict(asked[:few])  # the first prediction also loads what it needs
    first, second = (_seconds_of(predict, asked[:many]) for many in (few, rows))
    each = max(second - first, 0.0) / max(rows - few, 1) or second / rows
    calls = max(first - few * each, 0.0) * (1 + columns * rows * asked.shape[1] // MOST_CELLS)
    found = int((MARGIN * (until - time.perf_counter()) - calls) / each)  # rows of all shuffles together
    if found < fewest * min(FEWEST_IN_TIME, columns):
        raise TimeoutError
    return max(fewest, min(found // columns, rows)), min(columns, found // fewest)


def _seconds_of(predict: Callable[[Any], Any], rows: Any) -> float:
    started = time.perf_counter()
    predict(rows)
    return time.perf_counter() - started


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


def _moved(asked: Any, shuffles: Sequence[tuple[Sequence[Any], np.ndarray]]) -> Any:
    """The rows once for each shuffle, under each other, each time with some columns in another order of rows: named columns of a table, or places of a matrix."""
    if isinstance(asked, pl.DataFrame):
        return pl.concat(asked.with_columns(asked.select(names)[order]) for names, order in shuffles)
    if isinstance(asked, np.ndarray):
        moved = np.vstack([asked] * len(shuffles)).reshape(len(shuffles), *asked.shape)
        for each, (places, order) in zip(moved, shuffles, strict=True):
            each[:, places] = asked[np.ix_(order, np.asarray(places))]
        return moved.reshape(-1, asked.shape[1])
    from scipy.sparse import csr_matrix, diags, vstack

    parts = []
    for places, order in shuffles:
        stays = np.ones(asked.shape[1])
        stays[list(places)] = 0
        parts.append(csr_matrix(asked) @ diags(stays) + (csr_matrix(asked) @ diags(1 - stays))[order])
    return csr_matrix(vstack(parts))


def _most_telling(
    matrix: Any, places: Mapping[str, Sequence[int]], rows: pl.DataFrame, truth: np.ndarray, columns: list[str], most: int
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
    return [column for column in columns if column in kept]


def _correlations(values: np.ndarray, signals: np.ndarray) -> np.ndarray:
    """The largest absolute correlation of each column with one of the signals."""
    with np.errstate(all="ignore"):
        x, y = (side - side.mean(axis=0) for side in (values, signals))
        x, y = (side / np.sqrt((side**2).sum(axis=0)) for side in (x, y))
    found: np.ndarray = np.abs(np.nan_to_num(x.T @ np.nan_to_num(y))).max(axis=1)
    return found
