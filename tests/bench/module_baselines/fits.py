"""The plain side of a learner: encoded columns and one call of `fit` of scikit-learn or a booster, as functions of a table.

What a report of training has as well, such as the importance of columns or the separation of clusters, is computed here too.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import polars as pl
from sklearn.base import BaseEstimator, ClassifierMixin, clone
from sklearn.linear_model import SGDClassifier

from tests.bench.fit import plain_codes, plain_columns

LABEL = "arr_delay"
EXPLAINED = 500
BOOSTED = {"num_leaves": 20, "min_child_samples": 5, "learning_rate": 0.2, "n_estimators": 20, "subsample": 0.8, "subsample_freq": 1}
BOOSTED |= {"colsample_bytree": 0.5, "reg_lambda": 1, "random_state": 0, "force_col_wise": True, "deterministic": True, "verbose": -1}

Make = Callable[[pl.DataFrame], Any]


def fitted(estimator: Callable[[pl.DataFrame], Any], *, sparse: bool = True) -> Make:
    """One-hot columns and an estimator of scikit-learn; explained by shuffling where it has neither coefficients nor importances."""

    def fit(table: pl.DataFrame) -> Any:
        from sklearn.inspection import permutation_importance  # noqa: PLC0415
        from sklearn.pipeline import make_pipeline  # noqa: PLC0415

        x, y = table.drop(LABEL), target(table)
        found = make_pipeline(plain_columns(table.rename({LABEL: "label"}), sparse=sparse), estimator(table)).fit(x, y)
        if not any(hasattr(found[-1], name) for name in ("coef_", "feature_importances_")):
            some = spread(len(y))
            permutation_importance(found, x[some.tolist()].to_pandas(), y[some], n_repeats=3, random_state=0)
        return found

    return fit


def boosted(estimator: Callable[[], Any]) -> Make:
    """Codes of texts and a booster."""

    def fit(table: pl.DataFrame) -> Any:
        matrix, categories = plain_codes(table.rename({LABEL: "label"}))
        return estimator().fit(matrix, target(table), categorical_feature=categories)

    return fit


HISTOGRAM = {"max_iter": 20, "min_samples_leaf": 5, "l2_regularization": 1.0, "early_stopping": False, "random_state": 0}


def with_codes(estimator: Callable[[list[int]], Any]) -> Make:
    """Codes of texts for scikit-learn's histogram boosting, which has no importances of its own."""

    def fit(table: pl.DataFrame) -> Any:
        from sklearn.inspection import permutation_importance  # noqa: PLC0415

        matrix, places = plain_codes(table.rename({LABEL: "label"}))
        y = target(table)
        found = estimator(places).fit(matrix, y)
        some = spread(len(y))
        permutation_importance(found, matrix[some], y[some], n_repeats=3, random_state=0)
        return found

    return fit


def with_types(name: str) -> Make:
    """Codes of texts for XGBoost."""

    def fit(table: pl.DataFrame) -> Any:
        import xgboost  # noqa: PLC0415

        matrix, places = plain_codes(table.rename({LABEL: "label"}))
        kinds = ["c" if place in places else "q" for place in range(matrix.shape[1])]
        settings = {"n_estimators": 20, "tree_method": "hist", "random_state": 0, "enable_categorical": True, "feature_types": kinds}
        y = target(table)
        return getattr(xgboost, name)(**settings).fit(matrix, np.unique(y, return_inverse=True)[1] if y.dtype.kind == "U" else y)

    return fit


def with_pool(name: str) -> Make:
    """Texts as they are for CatBoost, which takes frames of pandas."""

    def fit(table: pl.DataFrame) -> Any:
        import catboost  # noqa: PLC0415

        x = table.drop(LABEL).to_pandas()
        texts = [name for name, kind in table.drop(LABEL).schema.items() if kind == pl.String]
        learner = getattr(catboost, name)(iterations=20, boosting_type="Plain", random_seed=0, thread_count=4, allow_writing_files=False)
        return learner.fit(catboost.Pool(x, target(table), cat_features=texts), logging_level="Silent")

    return fit


def quantiles(table: pl.DataFrame) -> Any:
    """A forest and, for each leaf, the share of its rows at each of a thousand values: Meinshausen's weights."""
    from scipy.sparse import csr_matrix  # noqa: PLC0415
    from sklearn.ensemble import RandomForestRegressor  # noqa: PLC0415

    matrix, y = plain_columns(table.rename({LABEL: "label"}), sparse=True).fit_transform(table.drop(LABEL)), target(table)
    sizes = {"max_leaf_nodes": 20, "min_samples_leaf": 10, "max_samples": 0.7, "max_features": 0.7}
    forest = RandomForestRegressor(20, random_state=0, **sizes).fit(matrix, y)
    starts = np.cumsum([0, *(tree.tree_.node_count for tree in forest.estimators_)])
    leaves = forest.apply(matrix) + starts[:-1]
    values, places = np.unique(y, return_inverse=True)
    counts = csr_matrix((np.ones(leaves.size), (leaves.ravel(), np.repeat(places, leaves.shape[1]))), shape=(starts[-1], len(values)))
    return forest, counts.multiply(1 / np.maximum(counts.sum(axis=1), 1)).tocsr()


def whole(estimator: Callable[[], Any]) -> Make:
    """Learners that are made of others: the columns are encoded within each fold and each of them."""

    def fit(table: pl.DataFrame) -> Any:
        from sklearn.inspection import permutation_importance  # noqa: PLC0415
        from sklearn.pipeline import make_pipeline  # noqa: PLC0415

        found = estimator()
        columns = plain_columns(table.rename({LABEL: "label"}), sparse=True)
        if hasattr(found, "estimators"):
            found.estimators = [(name, make_pipeline(columns, each)) for name, each in found.estimators]
        else:
            found.estimator = make_pipeline(columns, found.estimator)
        x, y = table.drop(LABEL).to_pandas(), target(table)
        found.fit(x, y)
        some = spread(len(y))
        permutation_importance(found, x.iloc[some], y[some], n_repeats=3, random_state=0)
        return found

    return fit


def grouped(estimator: Callable[[], Any]) -> Make:
    """Scaled columns, clusters, the distance of each row to each center, and measures of separation on at most 20,000 rows."""

    def fit(table: pl.DataFrame) -> Any:
        from sklearn.decomposition import PCA  # noqa: PLC0415
        from sklearn.metrics import calinski_harabasz_score, davies_bouldin_score, silhouette_score  # noqa: PLC0415
        from sklearn.metrics.pairwise import euclidean_distances  # noqa: PLC0415
        from sklearn.neighbors import KNeighborsClassifier  # noqa: PLC0415
        from sklearn.preprocessing import StandardScaler  # noqa: PLC0415

        x = StandardScaler().fit_transform(table.to_numpy())
        found = estimator().fit(x)
        labels = found.predict(x) if hasattr(found, "predict") else found.labels_
        centers = getattr(found, "cluster_centers_", getattr(found, "means_", None))
        if centers is None:  # density: new rows go to the cluster of the nearest core point
            cores = found.core_sample_indices_
            near = KNeighborsClassifier(1).fit(x[cores], labels[cores])
            near.predict(x), near.kneighbors(x, 1)
            centers = np.stack([x[labels == each].mean(axis=0) for each in np.unique(labels[labels >= 0])])
        distances = euclidean_distances(x, centers)
        if hasattr(found, "bic"):
            found.bic(x), found.aic(x), found.predict_proba(x)
        inside = np.flatnonzero(labels >= 0)
        for score, most in ((silhouette_score, 2000), (davies_bouldin_score, 20_000), (calinski_harabasz_score, 20_000)):
            some = inside[spread(len(inside), most)]
            score(x[some], labels[some])
        PCA(2).fit(x[spread(len(x), 20_000)])
        table.with_columns(pl.Series("cluster", labels)).group_by("cluster").mean()
        made = {f"distance {at}": distances[:, at] for at in range(distances.shape[1])}
        return table.with_columns(pl.Series("Assignments", labels), *(pl.Series(name, values) for name, values in made.items()))

    return fit


def unusual(estimator: Callable[[], Any]) -> Make:
    """Scaled columns, scores of the training rows, and the threshold of the most unusual twentieth."""

    def fit(table: pl.DataFrame) -> Any:
        from sklearn.preprocessing import StandardScaler  # noqa: PLC0415

        x = StandardScaler().fit_transform(table.to_numpy())
        found = estimator().fit(x)
        if hasattr(found, "components_"):
            left = x - found.inverse_transform(found.transform(x))
            scores = np.linalg.norm(left, axis=1) / np.linalg.norm(x - found.mean_, axis=1)
        else:
            scores = -found.score_samples(x)
        np.histogram(scores, 40)
        return found, np.percentile(scores, 95)

    return fit


def target(table: pl.DataFrame) -> np.ndarray:
    y = table[LABEL].to_numpy()
    return y.astype(str) if y.dtype == object else y


def spread(rows: int, most: int = EXPLAINED) -> np.ndarray:
    return np.linspace(0, rows - 1, min(rows, most)).astype(int)


def calibrated(estimator: Any) -> Any:
    """Probabilities for an estimator that has none."""
    from sklearn.calibration import CalibratedClassifierCV  # noqa: PLC0415

    return CalibratedClassifierCV(estimator, cv=5, ensemble=False)


def scaled(estimator: Any) -> Any:
    """An estimator of a standardized label."""
    from sklearn.compose import TransformedTargetRegressor  # noqa: PLC0415
    from sklearn.preprocessing import StandardScaler  # noqa: PLC0415

    return TransformedTargetRegressor(estimator, transformer=StandardScaler())


class Committee(ClassifierMixin, BaseEstimator):
    """The mean of some perceptrons, each of length 1."""

    def __init__(self, perceptrons: int, passes: int) -> None:
        self.perceptrons, self.passes = perceptrons, passes

    def fit(self, x: Any, y: Any) -> Any:
        steps = {"penalty": None, "learning_rate": "constant", "eta0": 1.0, "max_iter": self.passes, "tol": None}
        some = [SGDClassifier("perceptron", random_state=seed, **steps).fit(x, y) for seed in range(self.perceptrons)]
        self.classes_ = some[0].classes_
        self.weights_ = np.mean([each.coef_[0] / np.linalg.norm(each.coef_) for each in some], axis=0)
        self.shift_ = np.mean([each.intercept_[0] / np.linalg.norm(each.coef_) for each in some])
        return self

    def decision_function(self, x: Any) -> np.ndarray:
        return x @ self.weights_ + self.shift_

    def predict(self, x: Any) -> np.ndarray:
        return self.classes_[(self.decision_function(x) > 0).astype(int)]


class Ordinal(ClassifierMixin, BaseEstimator):
    """Frank and Hall: a two-class learner for each boundary between classes in order."""

    def __init__(self, estimator: Any) -> None:
        self.estimator = estimator

    def fit(self, x: Any, y: Any) -> Any:
        self.classes_ = np.array(["early", "on time", "late"])
        places = np.searchsorted(np.sort(self.classes_), y)
        ranks = np.argsort(np.argsort(self.classes_))[places]
        self.parts_ = [clone(self.estimator).fit(x, ranks > edge) for edge in range(2)]
        return self

    def predict(self, x: Any) -> np.ndarray:
        return self.classes_[sum(part.predict(x).astype(int) for part in self.parts_)]
