"""What Easel learns from a table is what the plain libraries learn when they are called as its documentation says: difference 0."""

import numpy as np
import polars as pl
import pytest
from lightgbm import LGBMClassifier, LGBMRegressor
from sklearn.linear_model import LogisticRegression, Ridge

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
        frame = frame.with_columns(pl.col("title").str.len_chars().cast(pl.Float64).alias("movieId"))
    return frame.gather_every(2), frame.gather_every(2, 1), label


def columns(train, label):
    """Numbers and texts that a model learns from, in the table's order."""
    varied = [
        column
        for column in train.columns
        if column != label and train[column].null_count() < train.height and (train[column].null_count() or train[column].n_unique() > 1)
    ]
    texts = [column for column in varied if train[column].dtype == pl.String]
    names = [text for text in texts if (known := train[text].drop_nulls()).n_unique() > max(20, len(known) / 2)]
    return [column for column in varied if column not in texts], [text for text in texts if text not in names]


def kept(values):
    """The 99 most frequent of more than 100 texts; of equally frequent ones the later in order."""
    counts = values.value_counts().sort("count", values.name, descending=True)[values.name].to_list()
    return sorted(counts[:99]) if len(counts) > 100 else sorted(counts)


def linear_matrix(train, frame, label):
    """Numbers scaled, with marks of gaps; then a column for each text, one for those that are missing and one for the rest."""
    numbers, texts = columns(train, label)
    parts = []
    marks = [name for name in numbers if train[name].null_count()]
    for name in numbers:
        known = train[name].cast(float)
        filled, scale = frame[name].cast(float).fill_null(known.mean()).to_numpy(), known.fill_null(known.mean()).to_numpy()
        parts.append((filled - scale.mean()) / (scale.std() or 1))
    for name in marks:
        gap, scale = frame[name].is_null().to_numpy().astype(float), train[name].is_null().to_numpy().astype(float)
        parts.append((gap - scale.mean()) / scale.std())
    for name in texts:
        known, here = (each[name].fill_null("(missing)") if train[name].null_count() else each[name] for each in (train, frame))
        some = kept(known)
        parts += [(here == value).fill_null(False).to_numpy().astype(float) for value in some]
        if known.n_unique() > 100:
            parts.append((~here.is_in(some)).fill_null(True).to_numpy().astype(float))  # a text that was never seen is one of the rest
    return np.column_stack(parts)


def tree_matrix(train, frame, label):
    numbers, texts = columns(train, label)
    texts.sort(key=lambda name: train[name].drop_nulls().n_unique() > 100)
    numbers.sort(key=lambda name: train[name].null_count() > 0)
    gaps = {name: float("nan") if train[name].null_count() else train[name].cast(float).mean() for name in numbers}
    parts = [frame[name].cast(float).fill_null(gaps[name]).to_numpy() for name in numbers]
    for name in texts:
        some, known = kept(train[name].drop_nulls()), set(train[name].drop_nulls())
        codes = {text: float(some.index(text) if text in some else len(some)) for text in known}
        parts.append(np.array([codes.get(text, float("nan")) for text in frame[name]]))
    return np.column_stack(parts), list(range(len(numbers), len(numbers) + len(texts)))


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
