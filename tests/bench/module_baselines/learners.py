"""Learners, each trained by the module of its task, beside scikit-learn and the boosters: encoded columns and one call of `fit`.

A report of training has the importance of the columns: a library's own, or where it has none permutation importance on 500 rows, which the plain call
computes as well. Methods whose time grows with the square of the rows have fewer of them; forests and networks are small, as a
ratio needs no more.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import polars as pl

from tests.bench.module_baselines.case import CASES, LEARNT, Case, without
from tests.bench.module_baselines.fits import (
    BOOSTED,
    HISTOGRAM,
    LABEL,
    Committee,
    Make,
    Ordinal,
    boosted,
    calibrated,
    fitted,
    grouped,
    quantiles,
    scaled,
    unusual,
    whole,
    with_codes,
    with_pool,
    with_types,
)
from tests.bench.module_baselines.tables import graded, late, learnt, measured
from tests.support.module_runner import only

TRAINERS = {"training.train_clustering": {}, "training.train_anomaly_detection": {}, "training.train_model": {"label": LABEL}}
SQUARE = 10_000


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


def counted(rows: int) -> pl.DataFrame:
    """Flights with a count to predict: minutes of delay, none for early ones."""
    return learnt(rows).with_columns(pl.col(LABEL).clip(0))


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
    forest = {"trees": 5, "max_depth": 8}
    learner("regression.decision_forest", forest, fitted(lambda _: RandomForestRegressor(5, max_depth=8, random_state=0)), learnt)
    learner("regression.fast_forest_quantile", {"trees": 20}, quantiles, learnt)
    learner("regression.nearest_neighbors", {}, fitted(lambda _: KNeighborsRegressor()), learnt, rows=SQUARE)
    learner("regression.neural_network", {"iterations": 1}, fitted(lambda _: scaled(MLPRegressor(max_iter=1, random_state=0))), learnt)
    some = {"estimator": "RandomForestRegressor", "parameters": {"n_estimators": 5, "max_depth": 8}}
    learner("regression.scikit_learn_regressor", some, fitted(lambda _: RandomForestRegressor(5, max_depth=8, random_state=0)), learnt)
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
        ("decision_forest", "decision_forest", {"max_depth": 8}, fitted(lambda _: RandomForestClassifier(5, max_depth=8, random_state=0))),
        ("neural_network", "neural_network", {}, fitted(lambda _: MLPClassifier(max_iter=1, random_state=0))),
        ("xgboost", "xgboost", {}, with_types("XGBClassifier")),
        ("catboost", "catboost", {}, with_pool("CatBoostClassifier")),
    ):
        sized = {"iterations": 1} if two == "neural_network" else {"trees": 5 if two == "decision_forest" else 20}
        learner(f"classification.two_class_{two}", settings | sized, plain, late)
        learner(f"classification.multiclass_{several}", settings | sized, plain, graded)
    histogram = with_codes(lambda places: HistGradientBoostingClassifier(**HISTOGRAM, categorical_features=places))
    learner("classification.histogram_boosting", {"trees": 20, "seed": 0}, histogram, late)
    learner("classification.naive_bayes", {}, fitted(lambda _: GaussianNB(var_smoothing=0.1), sparse=False), graded)
    learner("classification.nearest_neighbors", {}, fitted(lambda _: KNeighborsClassifier()), late, rows=SQUARE)
    some = {"estimator": "RandomForestClassifier", "parameters": {"n_estimators": 5, "max_depth": 8}}
    learner("classification.scikit_learn_classifier", some, fitted(lambda _: RandomForestClassifier(5, max_depth=8, random_state=0)), late)


def made_of_others() -> None:
    """Learners of other learners."""
    from sklearn.calibration import CalibratedClassifierCV  # noqa: PLC0415
    from sklearn.ensemble import RandomForestClassifier, StackingClassifier, VotingClassifier  # noqa: PLC0415
    from sklearn.linear_model import LogisticRegression  # noqa: PLC0415
    from sklearn.multiclass import OneVsOneClassifier, OneVsRestClassifier  # noqa: PLC0415

    def logistic() -> Any:
        return LogisticRegression(tol=1e-7, solver="newton-cholesky")

    def both() -> list[tuple[str, Any]]:
        return [("logistic", logistic()), ("forest", RandomForestClassifier(5, max_depth=8, random_state=0))]

    def one() -> list[Any]:
        return [only("classification.two_class_logistic_regression")]

    def two() -> list[Any]:
        return [*one(), only("classification.two_class_decision_forest", {"trees": 5, "max_depth": 8})]

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
without("it trains and scores each fold as Train Model and Score Model do, which are measured", "training.cross_validate")
