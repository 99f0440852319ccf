"""Two-Class Logistic Regression."""

import numpy as np
import polars as pl
import pytest
from sklearn.linear_model import LogisticRegression

from tests.pipelines.carrying import only

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


def test_many_rows_are_fitted_to_the_same_minimum(monkeypatch):
    """From some rows on L-BFGS starts from Newton's solution of some of them; nothing of that start stays in the model."""
    monkeypatch.setattr("pipelines.modules.training._solving.START_ROWS", 50)
    exact = chances()
    monkeypatch.setattr("pipelines.modules.training._solving.MOST_ROWS", 100)
    np.testing.assert_allclose(chances(), exact, atol=1e-5)
    untrained = only("classification.two_class_logistic_regression")
    learner = only("training.train_model", {"label": "y"}, untrained=untrained, table=FRAME).estimator["learner"]
    assert (learner.C, learner.warm_start) == (untrained.estimator.C, False)
