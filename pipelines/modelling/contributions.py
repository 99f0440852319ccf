"""Contributions: how much each feature moves a prediction away from the mean prediction (Shapley values).

Exact where a family knows how: LightGBM's own for its trees, a closed form for weighted sums. Else by drawing orders of the features
(E. Štrumbelj, I. Kononenko, "Explaining prediction models and individual predictions with feature contributions", KAIS 41, 2014), each order also in
reverse. The contributions of a row and the base add up to its prediction: exactly in every case, as each order ends at the row and the base is the mean
prediction of the rows that the orders start at.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import polars as pl

CLOSE = 1e-6
MOST_VALUES = 20_000_000  # of the frame that is predicted at a time
Predict = Callable[[pl.DataFrame], np.ndarray]


@dataclass(frozen=True)
class Contributions:
    """The contributions to what a learner adds up.

    Args:
        values: Rows x features: the encoded columns of a learner, or the features of a model.
        base: The prediction without any feature.
        unit: What is added up: "label" for the predicted number, or a name such as "log-odds".
        method: How they were computed, in words.
        errors: The standard error of each value, where it is estimated.
    """

    values: np.ndarray
    base: float
    unit: str
    method: str
    errors: np.ndarray | None = None

    @property
    def predictions(self) -> np.ndarray:
        """The predictions, in the unit."""
        found: np.ndarray = self.base + self.values.sum(axis=1)
        return found

    @property
    def negated(self) -> Contributions:
        """The contributions to the other of two classes."""
        return Contributions(-self.values, -self.base, self.unit, self.method, self.errors)


def coefficients(learner: Any) -> tuple[np.ndarray | None, np.ndarray]:
    """Return the coefficients of a linear learner in the label's unit and the constants, a row for each function; None where it is not linear."""
    calibrated: Any = getattr(learner, "calibrated_classifiers_", ())
    inner = calibrated[0].estimator if len(calibrated) == 1 else getattr(learner, "regressor_", learner)
    scaler = getattr(learner, "transformer_", None)
    if not hasattr(inner, "coef_") or not hasattr(inner, "intercept_") or not (scaler is None or hasattr(scaler, "scale_")):
        return None, np.zeros(0)
    weights, constants = np.atleast_2d(inner.coef_), np.ravel(inner.intercept_).astype(float)
    constants = np.broadcast_to(constants, len(weights))  # without an intercept it is a single 0
    if scaler is None:
        return weights, constants
    scale = float(scaler.scale_[0])
    mean = 0.0 if scaler.mean_ is None else float(scaler.mean_[0])
    return weights * scale, constants * scale + mean


def of_weighted_sum(learner: Any, matrix: Any, place: int | None) -> Contributions | None:
    """Return the contributions of a linear learner: coefficient times distance from the mean of the rows. None where it is not linear.

    Args:
        learner: The fitted learner.
        matrix: The encoded features, dense or sparse.
        place: The place of the class among those of the learner; None for a number.
    """
    weights, constants = coefficients(learner)
    if weights is None or weights.shape[1] != matrix.shape[1] or (place is None and len(weights) > 1):
        return None
    row = 0 if len(weights) == 1 else place
    own, constant = np.asarray(weights[row], dtype=float), float(constants[row])
    dense = np.asarray(matrix.todense() if hasattr(matrix, "todense") else matrix, dtype=float)
    if (unit := _unit_of_sum(learner, matrix, dense @ own + constant, place)) is None:
        return None
    means = dense.mean(axis=0)
    found = Contributions(
        (dense - means) * own, constant + float(means @ own), unit, "exact: coefficient × distance from the mean of these rows"
    )
    return found.negated if len(weights) == 1 and place == 0 else found


def _unit_of_sum(learner: Any, matrix: Any, sums: np.ndarray, place: int | None) -> str | None:
    """What a linear learner makes of its sum: the label itself, its logarithm, or a class by the log-odds or a score."""
    if place is not None:
        return "score" if hasattr(learner, "calibrated_classifiers_") or not hasattr(learner, "predict_proba") else "log-odds"
    guess = np.asarray(learner.predict(matrix), dtype=float)
    if np.allclose(guess, sums, rtol=CLOSE, atol=CLOSE * max(1.0, float(np.abs(guess).max(initial=0.0)))):
        return "label"
    with np.errstate(over="ignore"):
        return "logarithm" if np.allclose(guess, np.exp(sums), rtol=CLOSE) else None


def by_orders(
    predict: Predict,
    rows: pl.DataFrame,
    background: pl.DataFrame,
    features: Mapping[str, Sequence[str]],
    orders: int,
    dice: np.random.Generator,
    told: Callable[[int, int], None] = lambda done, total: None,
) -> tuple[np.ndarray, float, np.ndarray]:
    """Return estimated contributions (rows x features), the base, and their standard errors.

    In an order of the features, a row's own values replace those of a background row one feature after the other; the change of the prediction is the
    feature's contribution. A pair of an order and its reverse starts at one background row; the pairs take them in turn.

    Args:
        predict: Returns the predictions for a frame.
        rows: The rows to explain.
        background: The rows to start from.
        features: The columns of each feature, which move together.
        orders: The number of orders.
        dice: The source of randomness.
        told: Hears how many pairs are done.
    """
    names, pairs = list(features), max(1, orders // 2)
    sums, squares = np.zeros((rows.height, len(names))), np.zeros((rows.height, len(names)))
    base = 0.0
    for pair in range(pairs):
        told(pair, pairs)
        start = background[[pair % background.height] * rows.height]
        order = dice.permutation(len(names))
        forward, at_start = _steps(predict, rows, start, features, [names[at] for at in order])
        backward, _ = _steps(predict, rows, start, features, [names[at] for at in order[::-1]])
        moved = np.empty((rows.height, len(names)))
        moved[:, order] = (forward + backward[:, ::-1]) / 2
        sums, squares, base = sums + moved, squares + moved**2, base + at_start / pairs
    means = sums / pairs
    spread = np.maximum(squares / pairs - means**2, 0) * pairs / max(pairs - 1, 1)
    errors = np.sqrt(spread / pairs) if pairs > 1 else np.full(means.shape, np.nan)
    return means, base, errors


def _steps(
    predict: Predict, rows: pl.DataFrame, start: pl.DataFrame, features: Mapping[str, Sequence[str]], order: Sequence[str]
) -> tuple[np.ndarray, float]:
    """The change of the predictions with each feature of an order, and the prediction at its start. Few rows at a time, so that their states fit."""
    moved, at_start = [], 0.0
    step = max(1, MOST_VALUES // ((len(order) + 1) * max(rows.width, 1)))
    for first in range(0, rows.height, step):
        some, current = rows[first : first + step], start[first : first + step]
        states = [current]
        for name in order:
            current = current.with_columns(some[column] for column in features[name])
            states.append(current)
        guesses = predict(pl.concat(states)).reshape(len(states), some.height)
        moved.append(np.diff(guesses, axis=0).T)
        at_start = float(guesses[0, 0])
    return np.concatenate(moved), at_start
