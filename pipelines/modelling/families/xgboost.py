"""XGBoost's boosted trees: category codes instead of one-hot columns, missing values as they are, early stopping, progress by trees."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated, Any

import numpy as np

from pipelines.catalogue.params import Range, Search, Title
from pipelines.catalogue.reporting import log
from pipelines.modelling.boosting import SCALED, hold_out, is_last, needs_scaling, stopped_early
from pipelines.modelling.encoders import category_places, code_columns
from pipelines.modelling.family import Family, Importances, TrainingData, Watched
from pipelines.modelling.settings import BALANCED, EarlyStopping

MANY_ROWS, THREADS = 50_000, 4  # threads gain more than they cost from so many rows on; as many everywhere, for the sums depend on it


@dataclass(frozen=True)
class XGBoosting:
    """How XGBoost builds trees. The defaults are its own.

    Args:
        max_depth: The maximum depth of a tree; 0 for no limit.
        leaf_weight: The minimum weight of a leaf. To predict a number each row weighs 1; to predict a class p · (1 − p), where p is its probability.
        split_gain: The minimum reduction of the loss by a split; a larger value gives smaller trees.
        learning_rate: The contribution of each tree; a lower rate needs more trees.
        trees: The number of trees, for each class of several; with a validation share, the maximum.
        row_share: The fraction of rows that each tree is built from, drawn again for each tree; 1 for all rows.
        column_share: The fraction of columns that each tree is built from, drawn again for each tree; 1 for all columns.
        l1_weight: The L1 regularization of leaf values; 0 for none.
        l2_weight: The L2 regularization of leaf values; 0 for none.
    """

    max_depth: Annotated[int, Range(0, 64), Title("Maximum depth"), Search("uniform(2, 12)")] = 6
    leaf_weight: Annotated[float, Range(0), Title("Minimum leaf weight"), Search("loguniform(0.1, 100)")] = 1.0
    split_gain: Annotated[float, Range(0), Title("Minimum split gain"), Search("loguniform(0.0001, 10)")] = 0.0
    learning_rate: Annotated[float, Range(0, 1, exclusive_min=True), Search("loguniform(0.01, 0.5)")] = 0.3
    trees: Annotated[int, Range(1, 100_000), Search("loguniform(20, 500)")] = 100
    row_share: Annotated[float, Range(0, 1, exclusive_min=True), Search("uniform(0.5, 1)")] = 1.0
    column_share: Annotated[float, Range(0, 1, exclusive_min=True), Search("uniform(0.3, 1)")] = 1.0
    l1_weight: Annotated[float, Range(0), Search("loguniform(0.0001, 10)")] = 0.0
    l2_weight: Annotated[float, Range(0), Search("loguniform(0.001, 100)")] = 1.0

    def for_xgboost(self, stopping: EarlyStopping, seed: int | None) -> Mapping[str, Any]:
        """The arguments of XGBoost's estimators."""
        return {
            "max_depth": self.max_depth,
            "min_child_weight": self.leaf_weight,
            "gamma": self.split_gain,
            "learning_rate": self.learning_rate,
            "n_estimators": self.trees,
            "subsample": self.row_share,
            "colsample_bytree": self.column_share,
            "reg_alpha": self.l1_weight,
            "reg_lambda": self.l2_weight,
            "tree_method": "hist",
            "random_state": seed,
            "verbosity": 0,
            **({"early_stopping_rounds": stopping.patience} if stopping.validation_share else {}),
        }


def _fit(learner: Any, data: TrainingData) -> Any:
    from sklearn.base import is_classifier
    from sklearn.compose import TransformedTargetRegressor
    from sklearn.pipeline import Pipeline
    from sklearn.preprocessing import FunctionTransformer, LabelEncoder, StandardScaler
    from xgboost.core import XGBoostError

    y, scaler = data.y, None
    rows, held_out = hold_out(learner, y, data.settings.get("validation_share", 0.0), learner.random_state)
    if is_classifier(learner):
        names = LabelEncoder().fit(y)
        y = names.transform(y)
    elif needs_scaling(learner, y[rows]):
        scaler = StandardScaler().fit(y[rows].reshape(-1, 1))
        y = scaler.transform(y.reshape(-1, 1)).ravel()
        log(SCALED)
    watched, tested = data.watched, None
    if watched and is_classifier(learner):
        tested = names.transform(watched.y)
    elif watched:
        tested = watched.y if scaler is None else scaler.transform(watched.y.reshape(-1, 1)).ravel()
    try:
        _grow(learner, data, y, rows, held_out, tested)
    except XGBoostError as fault:
        raise ValueError(str(fault)) from fault
    if is_classifier(learner):
        return _with_classes(learner, names)
    if scaler is None:
        return learner
    whole = Pipeline([("scale", scaler), ("whole", FunctionTransformer(inverse_func=np.float64))])  # predictions have 32 bits
    fitted = TransformedTargetRegressor(learner, transformer=whole)
    fitted.regressor_, fitted.transformer_, fitted._training_dim = learner, whole, 1
    return fitted


def _grow(learner: Any, data: TrainingData, y: Any, rows: Any, held_out: Any, tested: Any) -> None:
    weights, places = _weights(data), set(category_places(data.columns))
    learner.set_params(
        n_jobs=THREADS if len(rows) >= MANY_ROWS else 1,
        feature_types=["c" if place in places else "q" for place in range(data.matrix.shape[1])],
        enable_categorical=True,
        callbacks=[_reporter(learner.n_estimators, data.watched)],
    )
    own, others = (None, None) if weights is None else (weights[rows], [weights[held_out]])
    held = {"eval_set": [(data.matrix[held_out], y[held_out])], "sample_weight_eval_set": others} if len(held_out) else {}
    if data.watched:
        weight = None if data.watched.weights is None else [data.watched.weights]
        held = {"eval_set": [(data.watched.matrix, tested)], "sample_weight_eval_set": weight}
    learner.fit(data.matrix[rows] if len(held_out) else data.matrix, y[rows], sample_weight=own, verbose=False, **held)
    learner.set_params(callbacks=None)
    if held:
        learner.evals_result_ = {}
    if len(held_out):
        log(stopped_early(learner.best_iteration + 1, len(rows), len(held_out)))


def _weights(data: TrainingData) -> Any:
    """The weights of the rows, those of their classes included."""
    from sklearn.utils.class_weight import compute_sample_weight

    if data.settings.get("class_weight") != BALANCED:
        return data.weights
    return compute_sample_weight("balanced", data.y) * (1 if data.weights is None else data.weights)


def _reporter(trees: int, watched: Watched | None) -> Any:
    from xgboost.callback import TrainingCallback

    class Reporter(TrainingCallback):  # type: ignore[misc]  # no types where the extra is not installed
        def after_iteration(self, model: Any, epoch: int, evals_log: Any) -> bool:
            enough = watched and watched.add(next(iter(evals_log["validation_0"].values()))[-1])
            return is_last(epoch + 1, trees) or bool(enough)

    return Reporter()


def _shorten(learner: Any, trees: int) -> Any:
    _trees(learner).get_booster().best_iteration = trees - 1
    return learner


def _with_classes(learner: Any, names: Any) -> Any:
    """A classifier of the label's own values: XGBoost's classes are whole numbers from 0. One estimator votes, so that its chances are all there is."""
    from sklearn.ensemble import VotingClassifier

    fitted = VotingClassifier([("xgboost", learner)], voting="soft")
    fitted.estimators_, fitted.le_, fitted.classes_ = [learner], names, names.classes_
    return fitted


def _trees(learner: Any) -> Any:
    inner = getattr(learner, "regressor_", learner)
    return inner.estimators_[0] if hasattr(inner, "estimators_") else inner


def _importances(learner: Any) -> Importances:
    trees = _trees(learner)
    found = trees.get_booster().get_score(importance_type="total_gain")
    gains = np.array([found.get(f"f{place}", 0.0) for place in range(trees.n_features_in_)])
    return Importances("Share of the gain", (gains / max(gains.sum(), 1e-300)).tolist(), "How much each column contributed to the trees.")


FAMILY = Family(
    "xgboost",
    encode=lambda frame, features, settings: code_columns(frame, features),
    fit=_fit,
    importances=_importances,
    shorten=_shorten,
    libraries=("xgboost-cpu", "scikit-learn"),
    extra="xgboost",
    keeps_trees=True,
    trusted=("xgboost.core.Booster", "xgboost.sklearn.XGBClassifier", "xgboost.sklearn.XGBRegressor"),
)
