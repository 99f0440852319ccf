"""LightGBM's boosted trees: category codes instead of one-hot columns, early stopping, progress by trees."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from typing import Any

import numpy as np

from pipelines.catalogue.reporting import log
from pipelines.modelling.boosting import SCALED, hold_out, is_last, needs_scaling, stopped_early
from pipelines.modelling.contributions import Contributions
from pipelines.modelling.encoders import category_places, code_columns
from pipelines.modelling.family import Family, Importances, TrainingData, Watched
from pipelines.modelling.settings import Boosting, EarlyStopping

RATES = ((10_000, 0.05), (30_000, 0.1))
FASTEST = 0.2
LOGARITHMIC = ("poisson", "gamma", "tweedie")  # objectives whose trees add up to the logarithm of the prediction
MANY_ROWS = 50_000  # from which on threads gain more than they cost


def estimator_settings(boosting: Boosting, early_stopping: EarlyStopping, seed: int | None) -> Mapping[str, Any]:
    """Return the arguments of LightGBM's estimators: the same rows give the same trees, bit for bit, however many threads build them."""
    return {
        "num_leaves": boosting.leaves,
        "min_child_samples": boosting.rows_per_leaf,
        "learning_rate": boosting.learning_rate,  # None: chosen by the number of rows when it is fitted
        "n_estimators": boosting.trees,
        "subsample": boosting.row_share,
        "subsample_freq": int(boosting.row_share < 1),
        "colsample_bytree": boosting.column_share,
        "reg_alpha": boosting.l1_weight,
        "reg_lambda": boosting.l2_weight,
        "random_state": seed,
        "deterministic": True,
        "force_col_wise": True,
        "n_jobs": 1,
        "verbose": -1,
        **({"extra_trees": True, "extra_seed": seed} if boosting.random_splits else {}),
        **({"early_stopping_round": early_stopping.patience} if early_stopping.validation_share else {}),
    }


def learning_rate(rows: int) -> float:
    """Return the learning rate of so many rows: few are soon learned by heart, many need a fast pace for as many trees."""
    return next((rate for most, rate in RATES if rows <= most), FASTEST)


def _fit(learner: Any, data: TrainingData) -> Any:
    from lightgbm.basic import LightGBMError
    from sklearn.compose import TransformedTargetRegressor
    from sklearn.preprocessing import StandardScaler

    matrix, y, weights = data.matrix, data.y, data.weights
    extras: dict[str, Any] = {"callbacks": [_report_progress], "categorical_feature": category_places(data.columns)}
    if learner.learning_rate is None:
        learner.set_params(learning_rate=learning_rate(len(y)))
    if len(y) >= MANY_ROWS:
        learner.set_params(n_jobs=0)  # as many threads as OpenMP has: OMP_NUM_THREADS, or the cores the process may use
    rows, held_out = hold_out(learner, y, data.settings.get("validation_share", 0.0), learner.random_state)
    own, other = (None, None) if weights is None else (weights[rows], weights[held_out])
    target, tested, fitted, others = y[rows], y[held_out], learner, matrix[held_out]
    if data.watched:
        others, tested, other = data.watched.matrix, data.watched.y, data.watched.weights
        extras["callbacks"].append(partial(_watch, data.watched))
    if needs_scaling(learner, target):
        fitted = TransformedTargetRegressor(learner, transformer=StandardScaler())
        tested = StandardScaler().fit(target.reshape(-1, 1)).transform(tested.reshape(-1, 1)).ravel() if len(tested) else tested
        log(SCALED)
    if len(tested):
        extras |= {"eval_set": [(others, tested)], "eval_sample_weight": None if other is None else [other]}
    try:
        fitted.fit(matrix[rows] if len(held_out) else matrix, target, sample_weight=own, **extras)
    except LightGBMError as fault:
        raise ValueError(str(fault)) from fault
    trees = _trees(fitted)
    if len(held_out):
        log(stopped_early(trees.best_iteration_, len(rows), len(held_out)))
    trees._evals_result, trees._best_score = {}, {}
    if hasattr(trees, "_class_map"):  # needed while fitting only, and its numpy keys cannot be kept as JSON
        trees._class_map = {}
    return fitted


def _report_progress(state: Any) -> None:
    if is_last(state.iteration + 1, state.end_iteration):
        from lightgbm.callback import EarlyStopException

        raise EarlyStopException(state.iteration, state.evaluation_result_list or [])


def _watch(watched: Watched, state: Any) -> None:
    from lightgbm.callback import EarlyStopException

    # A round in which no split is found adds no tree, and LightGBM goes on with the next: with it trees and rounds would no longer be the same number.
    stuck = watched.losses and state.model.current_iteration() <= state.iteration
    if stuck or watched.add(state.evaluation_result_list[0].metric_value):
        raise EarlyStopException(state.iteration, state.evaluation_result_list)  # the last tree counts as the best: all are kept


def _shorten(learner: Any, trees: int) -> Any:
    _trees(learner).booster_.best_iteration = trees
    return learner


def _trees(learner: Any) -> Any:
    return getattr(learner, "regressor_", learner)


def _importances(learner: Any) -> Importances:
    gains = _trees(learner).booster_.feature_importance(importance_type="gain")
    return Importances("Share of the gain", (gains / max(gains.sum(), 1e-300)).tolist(), "How much each column contributed to the trees.")


def _contributions(learner: Any, matrix: Any, place: int | None) -> Contributions | None:
    """LightGBM's own, which are exact for its trees (S. Lundberg, S.-I. Lee, "A unified approach to interpreting model predictions", NIPS 2017)."""
    trees = _trees(learner)
    if not hasattr(trees, "booster_"):
        return None
    found = np.asarray(trees.predict(np.asarray(matrix), pred_contrib=True), dtype=float)
    several = found.shape[1] // (matrix.shape[1] + 1) > 1
    if several:
        found = found.reshape(len(found), -1, matrix.shape[1] + 1)[:, place or 0]
    scale, mean = 1.0, 0.0
    if scaler := getattr(learner, "transformer_", None):
        scale, mean = float(scaler.scale_[0]), float(scaler.mean_[0])
    base = float(found[0, -1]) if len(found) else 0.0
    unit = "score before softmax" if several else "log-odds"
    if place is None:
        unit = "logarithm" if trees.objective_ in LOGARITHMIC else "label"
    told = Contributions(found[:, :-1] * scale, base * scale + mean, unit, "exact: SHAP values of the trees")
    return told.negated if place == 0 and not several else told


FAMILY = Family(
    "lightgbm",
    encode=lambda frame, features, settings: code_columns(frame, features, means=settings.get("category_means", False)),
    fit=_fit,
    importances=_importances,
    contributions=_contributions,
    shorten=_shorten,
    libraries=("lightgbm", "scikit-learn", "numpy"),
    warm=("lightgbm",),
    keeps_trees=True,
    trusted=("lightgbm.basic.Booster", "lightgbm.sklearn.LGBMClassifier", "lightgbm.sklearn.LGBMRegressor"),
)
