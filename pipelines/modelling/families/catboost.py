"""CatBoost's boosted trees: categories by ordered statistics of the label, missing values as they are, early stopping, progress by trees."""

from __future__ import annotations

from collections.abc import Mapping
from copy import copy
from dataclasses import dataclass
from typing import Annotated, Any

import numpy as np

from pipelines.catalogue.params import Range, Search, Title
from pipelines.catalogue.reporting import log
from pipelines.modelling.boosting import SCALED, hold_out, is_last, needs_scaling, stopped_early
from pipelines.modelling.encoders import category_places, code_columns
from pipelines.modelling.family import Family, Importances, TrainingData, Watched
from pipelines.modelling.settings import EarlyStopping

MANY_ROWS, THREADS = 10_000, 4  # threads gain more than they cost from so many rows on; as many everywhere, for a model names it
OWN_L2 = 3.0  # said to CatBoost only if it is another, for then it does not choose the learning rate
OF_ONE_TRAINING = ("model_guid", "train_finish_time", "training")  # names, times, and sums in the order of the threads


@dataclass(frozen=True)
class CatBoosting:
    """How CatBoost builds trees. The defaults are its own.

    Args:
        max_depth: The depth of the trees, whose levels split by one condition each.
        learning_rate: The contribution of each tree; a lower rate needs more trees. If empty, it depends on the numbers of rows and trees, and is
            0.03 where the L2 weight is not 3.
        trees: The number of trees; with a validation share, the maximum.
        ordered_boosting: Compute the error of each row with trees that have not seen it; better on few rows, and slower.
        column_share: The fraction of columns that a split selects from, drawn again for each split; 1 for all columns.
        split_noise: The amount of randomness in the score of a split; 0 for none.
        l2_weight: The L2 regularization of leaf values; 0 for none.
    """

    max_depth: Annotated[int, Range(1, 16), Title("Depth"), Search("uniform(3, 9)")] = 6
    learning_rate: Annotated[float | None, Range(0, 1, exclusive_min=True), Search("loguniform(0.01, 0.3)")] = None
    trees: Annotated[int, Range(1, 100_000), Search("loguniform(50, 1000)")] = 1000
    ordered_boosting: bool = False
    column_share: Annotated[float, Range(0, 1, exclusive_min=True), Search("uniform(0.3, 1)")] = 1.0
    split_noise: Annotated[float, Range(0), Search("loguniform(0.01, 10)")] = 1.0
    l2_weight: Annotated[float, Range(0), Search("loguniform(0.1, 100)")] = OWN_L2

    def for_catboost(self, stopping: EarlyStopping, seed: int | None) -> Mapping[str, Any]:
        """The arguments of CatBoost's estimators."""
        return {
            "depth": self.max_depth,
            "iterations": self.trees,
            "boosting_type": "Ordered" if self.ordered_boosting else "Plain",
            "rsm": self.column_share,
            "random_strength": self.split_noise,
            "random_seed": seed,
            **({} if self.l2_weight == OWN_L2 else {"l2_leaf_reg": self.l2_weight}),
            **({} if self.learning_rate is None else {"learning_rate": self.learning_rate}),
            **({"early_stopping_rounds": stopping.patience} if stopping.validation_share else {}),
        }


def _fit(learner: Any, data: TrainingData) -> Any:
    from sklearn.base import is_regressor
    from sklearn.compose import TransformedTargetRegressor
    from sklearn.preprocessing import StandardScaler

    y, scaler = data.y, None
    rows, held_out = hold_out(learner, y, data.settings.get("validation_share", 0.0), learner.get_params().get("random_seed"))
    tested = data.watched.y if data.watched else None
    if is_regressor(learner) and needs_scaling(learner, y[rows]):
        scaler = StandardScaler().fit(y[rows].reshape(-1, 1))
        y = scaler.transform(y.reshape(-1, 1)).ravel()
        tested = None if tested is None else scaler.transform(tested.reshape(-1, 1)).ravel()
        log(SCALED)
    _grow(learner, data, y, rows, held_out, tested)
    if scaler is None:
        return learner
    fitted = TransformedTargetRegressor(learner, transformer=scaler)
    fitted.regressor_, fitted.transformer_, fitted._training_dim = learner, scaler, 1
    return fitted


def _grow(learner: Any, data: TrainingData, y: Any, rows: Any, held_out: Any, tested: Any) -> None:
    from catboost import CatBoostError, Pool

    learner.set_params(thread_count=THREADS if len(rows) >= MANY_ROWS else 1, allow_writing_files=False, logging_level="Silent")
    told, places = _Reporter(learner.get_params()["iterations"], data.watched), category_places(data.columns)
    if data.watched:
        learner.set_params(use_best_model=False)  # all trees are kept

    def pool(some: Any) -> Any:
        whole = len(some) == len(y)
        weights = None if data.weights is None else data.weights[some]
        return Pool(data.matrix if whole else data.matrix[some], y[some], weight=weights, cat_features=places)

    others = pool(held_out) if len(held_out) else None
    if data.watched:
        others = Pool(data.watched.matrix, tested, weight=data.watched.weights, cat_features=places)
    try:
        learner.fit(pool(rows), eval_set=others, callbacks=[told])
    except CatBoostError as fault:
        raise told.raised or ValueError(str(fault).rpartition(": ")[2]) from fault
    if told.raised:
        raise told.raised
    facts = learner.get_metadata()
    for name in OF_ONE_TRAINING:
        del facts[name]
    if len(held_out):
        log(stopped_early(learner.tree_count_, len(rows), len(held_out)))


class _Reporter:
    """Reports each tree. What is raised meanwhile, as to cancel the step, ends the training and is kept: CatBoost would turn it into an error of its own."""

    def __init__(self, trees: int, watched: Watched | None) -> None:
        self._trees, self._watched = trees, watched
        self.raised: BaseException | None = None

    def after_iteration(self, info: Any) -> bool:
        try:
            enough = self._watched and self._watched.add(next(iter(info.metrics["validation"].values()))[-1])
            return not is_last(info.iteration, self._trees) and not enough
        except BaseException as wrong:
            self.raised = wrong
            return False


def _shorten(learner: Any, trees: int) -> Any:
    short = copy(learner)
    if inner := getattr(learner, "regressor_", None):
        short.regressor_ = _shorten(inner, trees)
        return short
    short = learner.copy()
    short.shrink(trees)
    return short


def _importances(learner: Any) -> Importances:
    shares = np.asarray(getattr(learner, "regressor_", learner).feature_importances_) / 100
    return Importances("Share of the change", shares.tolist(), "How much the predictions change with the values of each column.")


FAMILY = Family(
    "catboost",
    encode=lambda frame, features, settings: code_columns(frame, features, whole=True),
    fit=_fit,
    importances=_importances,
    shorten=_shorten,
    libraries=("catboost", "scikit-learn"),
    extra="catboost",
    keeps_trees=True,
    trusted=("catboost.core.CatBoostClassifier", "catboost.core.CatBoostRegressor"),
)
