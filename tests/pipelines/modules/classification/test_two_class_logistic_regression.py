"""Two-Class Logistic Regression."""

import numpy as np
import polars as pl
import pytest
from scipy.linalg import cho_factor
from sklearn.linear_model import LogisticRegression

from pipelines.catalogue.ports import ColumnRole, Table
from tests.support.module_runner import only

RNG = np.random.default_rng(0)
X = RNG.normal(size=(300, 2))
FRAME = pl.DataFrame({"a": X[:, 0], "b": X[:, 1], "y": X[:, 0] + RNG.normal(size=300) > 0})


def chances(frame=FRAME, **settings):
    untrained = only("classification.two_class_logistic_regression", settings)
    model = only("training.train_model", {"label": "y"}, untrained=untrained, table=frame)
    return only("scoring.score_model", model=model, table=frame).frame["Scored Probabilities"].to_numpy()


@pytest.mark.parametrize("l2_weight", [0, 0.1, 1, 10])
def test_probabilities_are_those_of_scikit_learn(l2_weight):
    z = (X - X.mean(axis=0)) / X.std(axis=0)
    plain = LogisticRegression(C=1 / l2_weight if l2_weight else np.inf, tol=1e-10, max_iter=1000).fit(z, FRAME["y"].to_numpy())
    np.testing.assert_allclose(chances(l2_weight=l2_weight), plain.predict_proba(z)[:, 1], atol=1e-6)


def test_classes_may_count_alike():
    rare = FRAME.filter(pl.col("y") | (pl.col("a") > 0.5))
    x = rare.select("a", "b").to_numpy()
    z = (x - x.mean(axis=0)) / x.std(axis=0)
    plain = LogisticRegression(tol=1e-10, max_iter=1000, class_weight="balanced").fit(z, rare["y"].to_numpy())
    np.testing.assert_allclose(chances(rare, class_weight="balanced"), plain.predict_proba(z)[:, 1], atol=1e-6)


def test_wide_tables_are_fitted_by_short_steps():
    """Newton's method took 20 seconds for 200 rows x 2,000 columns; each of its steps solves for all columns at once."""
    wide = pl.DataFrame(RNG.normal(size=(200, 2000))).with_columns(y=pl.Series(RNG.random(200) > 0.5))
    untrained = only("classification.two_class_logistic_regression")
    model = only("training.train_model", {"label": "y"}, untrained=untrained, table=wide)
    assert model.estimator["learner"].solver == "lbfgs"
    x = wide.drop("y").to_numpy()
    z = (x - x.mean(axis=0)) / x.std(axis=0)
    plain = LogisticRegression(tol=1e-8, max_iter=5000).fit(z, wide["y"].to_numpy())
    ours = only("scoring.score_model", model=model, table=wide).frame["Scored Probabilities"]
    np.testing.assert_allclose(ours, plain.predict_proba(z)[:, 1], atol=1e-5)


def rare_and_many(rows=2_000):
    """Texts of which some are very rare, some of them in none of the rows that training starts from, and weights."""
    texts = np.minimum(RNG.zipf(1.6, rows), 60)
    x = RNG.normal(size=rows)
    y = x + np.sin(texts) + RNG.normal(size=rows) > 0
    return pl.DataFrame({"x": x, "text": pl.Series(texts).cast(pl.String), "w": RNG.random(rows), "y": y})


@pytest.mark.parametrize("settings", [{}, {"class_weight": "balanced"}, {"l2_weight": 0.1}])
@pytest.mark.parametrize("weighed", [False, True])
@pytest.mark.parametrize("frame", [FRAME, rare_and_many()], ids=["dense", "rare"])
def test_many_rows_are_fitted_to_the_same_minimum(settings, weighed, frame, monkeypatch):
    """Many rows start from the solution of some of them and use their curvature; nothing of that start stays in the model."""
    frame = frame.with_columns(w=pl.Series(np.random.default_rng(1).random(frame.height)))
    table = Table(frame, {"w": ColumnRole("weight")} if weighed else {"w": ColumnRole("ignored")})
    monkeypatch.setattr("pipelines.modelling.solvers.START_ROWS", 100)
    exact = chances(table, **settings)
    monkeypatch.setattr("pipelines.modelling.solvers.MOST_ROWS", 200)
    np.testing.assert_allclose(chances(table, **settings), exact, atol=1e-5)
    untrained = only("classification.two_class_logistic_regression", settings)
    learner = only("training.train_model", {"label": "y"}, untrained=untrained, table=table).estimator["learner"]
    assert (learner.C, learner.warm_start) == (untrained.estimator.C, False)


def test_without_a_penalty_many_rows_are_fitted_by_short_steps(monkeypatch):
    exact = chances(l2_weight=0)
    monkeypatch.setattr("pipelines.modelling.solvers.MOST_ROWS", 200)
    np.testing.assert_allclose(chances(l2_weight=0), exact, atol=1e-5)


def test_where_the_steps_do_not_come_nearer_newtons_method_is_used(monkeypatch):
    frame = rare_and_many()
    exact = chances(frame)
    monkeypatch.setattr("pipelines.modelling.solvers.START_ROWS", 50)
    monkeypatch.setattr("pipelines.modelling.solvers.MOST_ROWS", 200)
    monkeypatch.setattr("pipelines.modelling.solvers._curvature", lambda matrix, *_: cho_factor(1e-3 * np.eye(matrix.shape[1] + 1)))
    np.testing.assert_allclose(chances(frame), exact, atol=1e-5)


def test_labels_in_order_leave_one_class_to_start_from(monkeypatch):
    frame = pl.DataFrame({"x": RNG.normal(size=300), "y": [row == 150 for row in range(300)]})
    exact = chances(frame)
    monkeypatch.setattr("pipelines.modelling.solvers.START_ROWS", 10)
    monkeypatch.setattr("pipelines.modelling.solvers.MOST_ROWS", 200)
    np.testing.assert_allclose(chances(frame), exact, atol=1e-9)
