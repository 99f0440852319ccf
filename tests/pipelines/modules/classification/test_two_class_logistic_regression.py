"""Two-Class Logistic Regression."""

import numpy as np
import polars as pl
import pytest
from sklearn.linear_model import LogisticRegression

from tests.pipelines.carrying import only

RNG = np.random.default_rng(0)
X = RNG.normal(size=(300, 2))
FRAME = pl.DataFrame({"a": X[:, 0], "b": X[:, 1], "y": X[:, 0] + RNG.normal(size=300) > 0})


def chances(**settings):
    untrained = only("classification.two_class_logistic_regression", settings)
    model = only("training.train_model", {"label": "y"}, untrained=untrained, table=FRAME)
    return only("scoring.score_model", model=model, table=FRAME).frame["Scored Probabilities"].to_numpy()


@pytest.mark.parametrize("l2_weight", [0, 0.1, 1, 10])
def test_probabilities_are_those_of_scikit_learn(l2_weight):
    z = (X - X.mean(axis=0)) / X.std(axis=0)
    plain = LogisticRegression(C=1 / l2_weight if l2_weight else np.inf, tol=1e-10, max_iter=1000).fit(z, FRAME["y"].to_numpy())
    np.testing.assert_allclose(chances(l2_weight=l2_weight), plain.predict_proba(z)[:, 1], atol=1e-6)
