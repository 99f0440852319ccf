"""Learners, each trained by the module of its task, beside scikit-learn and the boosters: encoded columns and one call of `fit`.

A report of training has the importance of the columns: a library's own, or where it has none permutation importance on 500 rows, which the plain call
computes as well. Methods whose time grows with the square of the rows have fewer of them; forests and networks are small, as a
ratio needs no more.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import numpy as np
import polars as pl
from sklearn.base import BaseEstimator, ClassifierMixin, clone
from sklearn.linear_model import SGDClassifier

from tests.bench.fit import plain_codes, plain_columns
from tests.bench.module_baselines.case import CASES, LEARNT, Case, without
from tests.bench.module_baselines.tables import graded, late, learnt, measured
from tests.support.module_runner import only

LABEL = "arr_delay"
TRAINERS = {"training.train_clustering": {}, "training.train_anomaly_detection": {}, "training.train_model": {"label": LABEL}}
SQUARE = 10_000
EXPLAINED = 500
BOOSTED = {"num_leaves": 20, "min_child_samples": 5, "learning_rate": 0.2, "n_estimators": 20, "subsample": 0.8, "subsample_freq": 1}
BOOSTED |= {"colsample_bytree": 0.5, "reg_lambda": 1, "random_state": 0, "force_col_wise": True, "deterministic": True, "verbose": -1}

Make = Callable[[pl.DataFrame], Any]


def trained(module: str, settings: Mapping[str, Any], trainer: str, parts: list[Any] | None = None) -> Callable[..., Callable[[], Any]]:
    """A learner made and trained by the module of its task."""

    def prepare(table: pl.DataFrame) -> Callable[[], Any]:
        from pipelines.catalogue.discover import catalogue  # noqa: PLC0415
        from pipelines.catalogue.invoke import call  # noqa: PLC0415
        from pipelines.catalogue.ports import Table  # noqa: PLC0415

        learner, train = catalogue().modules[module], catalogue().modules[trainer]
        made, given = learner.read_settings(settings), train.read_settings(TRAINERS[trainer])
        inner = {} if parts is None else {"untrained": parts}

        def work() -> Any:
            untrained = next(iter(call(learner, learner.function, inner, made).values()))
            return call(train, train.function, {"untrained": [untrained], "table": [Table(table)]}, given)

        return work

    return prepare


def learner(
    module: str,
    settings: Mapping[str, Any],
    plain: Make,
    table: Callable[[int], pl.DataFrame],
    *,
    trainer: str = "training.train_model",
    rows: int = LEARNT,
    variant: str = "",
    parts: Callable[[], list[Any]] | None = None,
) -> None:
    """Register a learner; `plain` returns a fitted model of a table."""

    def ours(table: pl.DataFrame) -> Callable[[], Any]:
        return trained(module, settings, trainer, None if parts is None else parts())(table)

    CASES.append(Case(module, plain, settings, {"table": table}, rows, variant, ours))


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


def counted(rows: int) -> pl.DataFrame:
    """Flights with a count to predict: minutes of delay, none for early ones."""
    return learnt(rows).with_columns(pl.col(LABEL).clip(0))


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


def regressions() -> None:
    """Learners of a number."""
    from lightgbm import LGBMRegressor  # noqa: PLC0415
    from sklearn.ensemble import HistGradientBoostingRegressor, RandomForestRegressor  # noqa: PLC0415
    from sklearn.linear_model import BayesianRidge, PoissonRegressor, Ridge  # noqa: PLC0415
    from sklearn.neighbors import KNeighborsRegressor  # noqa: PLC0415
    from sklearn.neural_network import MLPRegressor  # noqa: PLC0415

    learner("regression.linear_regression", {}, fitted(lambda rows: Ridge(0.001 * rows.height)), learnt)
    learner("regression.bayesian_linear_regression", {}, fitted(lambda _: BayesianRidge(), sparse=False), measured)
    poisson = fitted(lambda _: PoissonRegressor(alpha=0.001, solver="newton-cholesky", tol=1e-7))
    learner("regression.poisson_regression", {}, poisson, counted)
    learner("regression.boosted_trees", {"trees": 20, "learning_rate": 0.2}, boosted(lambda: LGBMRegressor(**BOOSTED)), learnt)
    histogram = with_codes(lambda places: HistGradientBoostingRegressor(**HISTOGRAM, categorical_features=places))
    learner("regression.histogram_boosting", {"trees": 20, "seed": 0}, histogram, learnt)
    forest = {"trees": 5}
    learner("regression.decision_forest", forest, fitted(lambda _: RandomForestRegressor(5, max_depth=32, random_state=0)), learnt)
    learner("regression.fast_forest_quantile", {"trees": 20}, quantiles, learnt)
    learner("regression.nearest_neighbors", {}, fitted(lambda _: KNeighborsRegressor()), learnt)
    learner("regression.neural_network", {"iterations": 3}, fitted(lambda _: scaled(MLPRegressor(max_iter=3, random_state=0))), learnt)
    some = {"estimator": "RandomForestRegressor", "parameters": {"n_estimators": 5}}
    learner("regression.scikit_learn_regressor", some, fitted(lambda _: RandomForestRegressor(5, random_state=0)), learnt)
    learner("regression.xgboost", {"trees": 20}, with_types("XGBRegressor"), learnt)
    learner("regression.catboost", {"trees": 20}, with_pool("CatBoostRegressor"), learnt)


def classifications() -> None:
    """Learners of classes."""
    from lightgbm import LGBMClassifier  # noqa: PLC0415
    from sklearn.ensemble import HistGradientBoostingClassifier, RandomForestClassifier  # noqa: PLC0415
    from sklearn.linear_model import LogisticRegression, SGDClassifier  # noqa: PLC0415
    from sklearn.naive_bayes import GaussianNB  # noqa: PLC0415
    from sklearn.neighbors import KNeighborsClassifier  # noqa: PLC0415
    from sklearn.neural_network import MLPClassifier  # noqa: PLC0415
    from sklearn.svm import LinearSVC  # noqa: PLC0415

    logistic = fitted(lambda _: LogisticRegression(tol=1e-7, solver="newton-cholesky"))
    learner("classification.two_class_logistic_regression", {}, logistic, late)
    softmax = fitted(lambda _: LogisticRegression(tol=1e-4, max_iter=1000))
    learner("classification.multiclass_logistic_regression", {"tolerance": 1e-4}, softmax, graded)
    steps = {"loss": "perceptron", "penalty": None, "learning_rate": "constant", "eta0": 1.0, "max_iter": 5, "tol": None, "random_state": 0}
    averaged = fitted(lambda _: calibrated(SGDClassifier(average=True, **steps)))
    learner("classification.two_class_averaged_perceptron", {"iterations": 5}, averaged, late)
    vectors = fitted(lambda _: calibrated(LinearSVC(C=1.0, max_iter=30, random_state=0)))
    learner("classification.two_class_support_vector_machine", {"iterations": 30}, vectors, late)
    committee = fitted(lambda _: calibrated(Committee(3, 5)))
    learner("classification.two_class_bayes_point_machine", {"perceptrons": 3, "iterations": 5}, committee, late)
    for two, several, settings, plain in (
        ("boosted_trees", "boosted_trees", {"learning_rate": 0.2}, boosted(lambda: LGBMClassifier(**BOOSTED))),
        ("decision_forest", "decision_forest", {}, fitted(lambda _: RandomForestClassifier(5, max_depth=32, random_state=0))),
        ("neural_network", "neural_network", {}, fitted(lambda _: MLPClassifier(max_iter=3, random_state=0))),
        ("xgboost", "xgboost", {}, with_types("XGBClassifier")),
        ("catboost", "catboost", {}, with_pool("CatBoostClassifier")),
    ):
        sized = {"iterations": 3} if two == "neural_network" else {"trees": 5 if two == "decision_forest" else 20}
        learner(f"classification.two_class_{two}", settings | sized, plain, late)
        learner(f"classification.multiclass_{several}", settings | sized, plain, graded)
    histogram = with_codes(lambda places: HistGradientBoostingClassifier(**HISTOGRAM, categorical_features=places))
    learner("classification.histogram_boosting", {"trees": 20, "seed": 0}, histogram, late)
    learner("classification.naive_bayes", {}, fitted(lambda _: GaussianNB(var_smoothing=0.1), sparse=False), graded)
    learner("classification.nearest_neighbors", {}, fitted(lambda _: KNeighborsClassifier()), late)
    some = {"estimator": "RandomForestClassifier", "parameters": {"n_estimators": 5}}
    learner("classification.scikit_learn_classifier", some, fitted(lambda _: RandomForestClassifier(5, random_state=0)), late)


def made_of_others() -> None:
    """Learners of other learners."""
    from sklearn.calibration import CalibratedClassifierCV  # noqa: PLC0415
    from sklearn.ensemble import RandomForestClassifier, StackingClassifier, VotingClassifier  # noqa: PLC0415
    from sklearn.linear_model import LogisticRegression  # noqa: PLC0415
    from sklearn.multiclass import OneVsOneClassifier, OneVsRestClassifier  # noqa: PLC0415

    def logistic() -> Any:
        return LogisticRegression(tol=1e-7, solver="newton-cholesky")

    def both() -> list[tuple[str, Any]]:
        return [("logistic", logistic()), ("forest", RandomForestClassifier(5, max_depth=32, random_state=0))]

    def one() -> list[Any]:
        return [only("classification.two_class_logistic_regression")]

    def two() -> list[Any]:
        return [*one(), only("classification.two_class_decision_forest", {"trees": 5})]

    rest = fitted(lambda _: OneVsRestClassifier(logistic()))
    learner("classification.one_vs_all", {}, rest, graded, parts=one)
    pairs = fitted(lambda _: calibrated(OneVsOneClassifier(logistic())))
    learner("classification.one_vs_one", {}, pairs, graded, parts=one)
    learner(
        "classification.ordinal_regression", {"order": "early, on time, late"}, fitted(lambda _: Ordinal(logistic())), graded, parts=one
    )
    learner("training.calibrate_classifier", {}, whole(lambda: CalibratedClassifierCV(logistic(), ensemble=False)), late, parts=one)
    learner("training.voting", {}, whole(lambda: VotingClassifier(both(), voting="soft")), late, parts=two)
    stacked = whole(lambda: StackingClassifier(both(), cv=5, stack_method="predict_proba"))
    learner("training.stacking", {}, stacked, late, parts=two)


def unlabelled() -> None:
    """Clusters, with the assignments of the rows and what the report says of their separation; anomalies, with a threshold."""
    from sklearn.cluster import DBSCAN, KMeans, MiniBatchKMeans  # noqa: PLC0415
    from sklearn.decomposition import PCA  # noqa: PLC0415
    from sklearn.ensemble import IsolationForest  # noqa: PLC0415
    from sklearn.mixture import GaussianMixture  # noqa: PLC0415
    from sklearn.neighbors import LocalOutlierFactor  # noqa: PLC0415
    from sklearn.svm import OneClassSVM  # noqa: PLC0415

    groups = "training.train_clustering"
    k_means = grouped(lambda: KMeans(5, n_init=3, max_iter=100, random_state=0))
    learner("clustering.k_means", {"clusters": 5, "restarts": 3}, k_means, measured, trainer=groups)
    batches = grouped(lambda: MiniBatchKMeans(8, batch_size=1024, n_init=3, random_state=0))
    learner("clustering.mini_batch_k_means", {}, batches, measured, trainer=groups)
    mixture = grouped(lambda: GaussianMixture(3, random_state=0))
    learner("clustering.gaussian_mixture", {"clusters": 3}, mixture, measured, trainer=groups)
    dense = grouped(lambda: DBSCAN(eps=0.5, min_samples=5))
    learner("clustering.dbscan", {}, dense, measured, trainer=groups, rows=SQUARE)

    odd = "training.train_anomaly_detection"
    learner(
        "anomaly.isolation_forest",
        {},
        unusual(lambda: IsolationForest(n_estimators=100, max_samples=256, random_state=0)),
        measured,
        trainer=odd,
    )
    learner("anomaly.local_outlier_factor", {}, unusual(lambda: LocalOutlierFactor(20, novelty=True)), measured, trainer=odd, rows=SQUARE)
    learner("anomaly.one_class_svm", {}, unusual(lambda: OneClassSVM(nu=0.1, gamma="scale")), measured, trainer=odd, rows=SQUARE)
    plane = unusual(lambda: PCA(2, svd_solver="randomized", n_oversamples=2, random_state=0))
    learner("anomaly.pca_based", {}, plane, measured, trainer=odd)


regressions()
classifications()
made_of_others()
unlabelled()
without("it is measured with every learner", "training.train_model", "training.train_clustering", "training.train_anomaly_detection")
without("it trains K-Means and others again and again, which are measured", "training.select_number_of_clusters")
