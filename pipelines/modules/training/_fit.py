"""Fitting: the scikit-learn pipeline from feature columns to the label. It holds library classes only, so that skops can keep it."""

from __future__ import annotations

import warnings
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

import numpy as np
import polars as pl

from pipelines.catalogue.errors import ModuleError
from pipelines.catalogue.ports import UntrainedModel
from pipelines.catalogue.reporting import log, progress
from pipelines.modelling.encoders import linear_columns, tree_columns
from pipelines.modelling.solvers import fit_logistic, fit_ridge

RATES = ((10_000, 0.05), (30_000, 0.1))
FASTEST = 0.2
MANY_ROWS = 50_000  # from which on threads gain more than they cost


def fit(untrained: UntrainedModel, frame: pl.DataFrame, y: Any, features: Sequence[tuple[str, str]], weights: Any) -> Any:
    """Fit a learner.

    Args:
        untrained: The learner.
        frame: The feature columns, as `feature_frame` makes them.
        y: The label's values.
        features: The columns and the names of their types.
        weights: A weight for each row, or None.

    Returns:
        The fitted scikit-learn pipeline.

    Raises:
        ModuleError: When the learner gives up.
    """
    from sklearn.base import clone
    from sklearn.pipeline import Pipeline

    learner = clone(untrained.estimator)
    with _troubles_in_words(untrained.name):
        if untrained.scales:
            columns = linear_columns(frame, features, as_they_are=untrained.as_they_are)
            learner = _fit_linear(learner, columns.fit_transform(frame), y, weights)
        else:
            columns, categories = tree_columns(frame, features)
            learner = _fit_trees(learner, columns.fit_transform(frame), y, weights, categories, untrained.validation)
    return Pipeline([("columns", columns), ("learner", learner)])


def _fit_linear(learner: Any, matrix: Any, y: Any, weights: Any) -> Any:
    from scipy.sparse import issparse
    from sklearn.compose import TransformedTargetRegressor
    from sklearn.linear_model import LogisticRegression, Ridge

    if isinstance(learner, Ridge):
        return fit_ridge(learner, matrix, y, weights)
    if isinstance(learner, LogisticRegression):
        return fit_logistic(learner, matrix, y, weights)
    if isinstance(learner, TransformedTargetRegressor):
        if issparse(matrix):  # gradient descent hardly moves the constant of a sparse matrix
            matrix = matrix.toarray()
        # a step that is longer than 1 / |row|² diverges
        learner.set_params(regressor__eta0=learner.regressor.eta0 / float((matrix**2).sum(axis=1).mean() + 1))
    return learner.fit(matrix, y, sample_weight=weights)


def _fit_trees(learner: Any, matrix: Any, y: Any, weights: Any, categories: list[int], validation: float) -> Any:
    if not type(learner).__module__.startswith("lightgbm"):
        return learner.fit(matrix, y, sample_weight=weights)
    from sklearn.compose import TransformedTargetRegressor
    from sklearn.preprocessing import StandardScaler

    def tell(stand: Any) -> None:
        progress(stand.iteration + 1, stand.end_iteration, "trees")

    extras: dict[str, Any] = {"callbacks": [tell], "categorical_feature": categories}
    if learner.learning_rate is None:  # few rows are soon learned by heart, many need a fast pace for as many trees
        learner.set_params(learning_rate=next((rate for most, rate in RATES if len(y) <= most), FASTEST))
    if len(y) >= MANY_ROWS:
        learner.set_params(n_jobs=0)  # as many threads as OpenMP has: OMP_NUM_THREADS, or the cores the process may use
    rows, apart = _parted(learner, y, validation)
    own, other = (None, None) if weights is None else (weights[rows], weights[apart])
    target, tested, fitted = y[rows], y[apart], learner
    if _needs_scaling(learner, target):
        fitted = TransformedTargetRegressor(learner, transformer=StandardScaler())
        tested = StandardScaler().fit(target.reshape(-1, 1)).transform(tested.reshape(-1, 1)).ravel() if len(apart) else tested
        log("The label's values are too large or too close together for 32 bits; the trees learn them centred and scaled.")
    if len(apart):
        extras |= {"eval_set": [(matrix[apart], tested)], "eval_sample_weight": None if other is None else [other]}
    fitted.fit(matrix[rows] if len(apart) else matrix, target, sample_weight=own, **extras)
    trees = fitted if fitted is learner else fitted.regressor_
    if len(apart):
        log(f"Stopped early: {trees.best_iteration_} trees were best on {len(apart)} rows kept apart; {len(rows)} rows were learned from.")
    trees._evals_result, trees._best_score = {}, {}
    if hasattr(trees, "_class_map"):  # needed while fitting only, and its numpy keys cannot be kept as JSON
        trees._class_map = {}
    return fitted


def _parted(learner: Any, y: Any, validation: float) -> tuple[Any, Any]:
    """The rows to learn from and those kept apart to stop by."""
    from sklearn.base import is_classifier
    from sklearn.model_selection import train_test_split

    rows = np.arange(len(y))
    if not validation:
        return rows, rows[:0]
    classes = y if is_classifier(learner) else None
    fewest = min(np.unique(y, return_counts=True)[1]) if classes is not None else len(y)
    if fewest * min(validation, 1 - validation) < 1:
        raise ModuleError(
            "too_few_rows",
            f"Early stopping keeps {validation:.0%} of the rows apart, and there are too few for that: {len(y)}.",
            port="table",
            remedy="Give it more rows, or set the learner's validation share to 0.",
        )
    kept, apart = train_test_split(rows, test_size=validation, random_state=learner.random_state, stratify=classes)
    return np.sort(kept), np.sort(apart)


def _needs_scaling(learner: Any, y: Any) -> bool:
    """Whether LightGBM, which keeps labels in 32 bits, would lose what tells the values of a numeric label apart."""
    from sklearn.base import is_regressor

    if not is_regressor(learner):
        return False
    largest, spread = float(np.abs(y).max()), float(y.std())
    return spread > 0 and (largest > 1e4 * spread or largest > 1e30 or largest < 1e-30)


@contextmanager
def _troubles_in_words(name: str) -> Iterator[None]:
    """Warnings of convergence become notes, and what a library raises a sentence."""
    from lightgbm.basic import LightGBMError

    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        try:
            yield
        except (ValueError, ArithmeticError, np.linalg.LinAlgError, LightGBMError) as wrong:
            said = " ".join(str(wrong).split())[:200].rstrip(".")
            raise ModuleError(
                "cannot_learn",
                f"{name} cannot learn from this table: {said}.",
                port="table",
                remedy="Look at the columns learned from for values that are far off, or change the settings of the learner.",
            ) from wrong
    for words in dict.fromkeys(" ".join(str(warning.message).split()) for warning in caught if "Convergence" in warning.category.__name__):
        log(words, "warning")
