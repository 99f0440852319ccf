"""What Easel learns from a table is what the plain libraries learn when they are called as its documentation says: difference 0."""

import numpy as np
import polars as pl
import pytest
from lightgbm import LGBMClassifier, LGBMRegressor
from sklearn.linear_model import LogisticRegression, Ridge

from tests.pipelines.modules.matrices import linear_matrix, tree_matrix
from tests.support.module_runner import dataset, only

TREES = {"num_leaves": 20, "min_child_samples": 5, "learning_rate": 0.1, "n_estimators": 30, "subsample": 0.8, "subsample_freq": 1}
TREES |= {"colsample_bytree": 0.5, "reg_lambda": 1.0, "random_state": 0, "deterministic": True, "force_col_wise": True, "verbose": -1}
GIVEN = {"trees": 30, "learning_rate": 0.1}
TABLES = {"automobile_price": "price", "ames_housing": "Sale_Price", "taxi_tips": "tip", "credit_risk": "Status", "telco_churn": "churn"}
TABLES |= {"adult_census_income": "income", "movies": "movieId"}


def rows(name):
    label = TABLES[name]
    frame = dataset(name).frame.filter(pl.col(label).is_not_null()).head(2400)
    if name == "movies":  # has no label of its own: how long a title is
        frame = frame.with_columns(pl.col("title").str.len_chars().cast(pl.Float64).alias("movieId")).drop("title")
    return frame.gather_every(2), frame.gather_every(2, 1), label


def ours(learner, settings, train, test, label):
    model = only("training.train_model", {"label": label}, untrained=only(learner, settings), table=train)
    return only("scoring.score_model", model=model, table=test).frame.to_series(-1).to_numpy()


@pytest.mark.parametrize("name", TABLES)
def test_linear_learners(name):
    train, test, label = rows(name)
    x, new = (linear_matrix(train, frame, label) for frame in (train, test))
    if train[label].dtype.is_numeric() and train[label].n_unique() > 2:
        plain = Ridge(alpha=0.001 * len(x)).fit(x, train[label].to_numpy()).predict(new)
        np.testing.assert_allclose(ours("regression.linear_regression", {}, train, test, label), plain, rtol=1e-7)
    else:
        classes = sorted(train[label].unique())
        plain = (
            LogisticRegression(solver="newton-cholesky", tol=1e-7).fit(x, train[label].to_numpy() == classes[1]).predict_proba(new)[:, 1]
        )
        np.testing.assert_allclose(ours("classification.two_class_logistic_regression", {}, train, test, label), plain, atol=1e-9)


@pytest.mark.parametrize("name", TABLES)
def test_boosted_trees(name):
    train, test, label = rows(name)
    (x, categories), (new, _) = (tree_matrix(train, frame, label) for frame in (train, test))
    if train[label].dtype.is_numeric() and train[label].n_unique() > 2:
        plain = LGBMRegressor(**TREES).fit(x, train[label].to_numpy(), categorical_feature=categories).predict(new)
        assert (ours("regression.boosted_trees", GIVEN, train, test, label) == plain).all()
    else:
        truth = train[label].to_numpy() == sorted(train[label].unique())[1]
        plain = LGBMClassifier(**TREES).fit(x, truth, categorical_feature=categories).predict_proba(new)[:, 1]
        assert (ours("classification.two_class_boosted_trees", GIVEN, train, test, label) == plain).all()
