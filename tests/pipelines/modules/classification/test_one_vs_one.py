"""One-vs-One Multiclass."""

import numpy as np
import polars as pl
import pytest
from sklearn.calibration import CalibratedClassifierCV
from sklearn.linear_model import LogisticRegression
from sklearn.multiclass import OneVsOneClassifier

from tests.pipelines.modules.examples import Example
from tests.pipelines.modules.matrices import linear_matrix, predictions, trained
from tests.pipelines.modules.refusing import refuses
from tests.support import reference_scripts
from tests.support.module_runner import only

ID = "classification.one_vs_one"
EXAMPLE = Example(inputs={"untrained": lambda: [only("classification.two_class_logistic_regression")]})


def of(learner, **settings):
    return {"untrained": only(f"classification.{learner}", settings)}


@pytest.mark.parametrize("label", ["drive-wheels", "aspiration"])
def test_probabilities_are_those_of_scikit_learn(label):
    train, test = reference_scripts.cars()
    plain = CalibratedClassifierCV(OneVsOneClassifier(LogisticRegression(solver="newton-cholesky", tol=1e-10, C=2)), ensemble=False)
    plain.fit(linear_matrix(train, train, label), train[label].to_numpy())
    model = trained(ID, label, **of("two_class_logistic_regression", l2_weight=0.5))
    wanted = plain.predict_proba(linear_matrix(train, test, label))
    np.testing.assert_allclose(predictions(model), wanted if label == "drive-wheels" else wanted[:, 1], atol=1e-5)
    assert model.name == "One-vs-One Multiclass (Two-Class Logistic Regression)"
    assert model.settings["l2_weight"] == 0.5


def test_a_learner_keeps_its_own_way_of_encoding_and_fitting():
    """Boosted trees learn from categories, at a rate by the number of rows."""
    model = trained(ID, "drive-wheels", **of("two_class_boosted_trees", trees=5))
    np.testing.assert_allclose(predictions(model).sum(axis=1), 1)
    learner = model.estimator["learner"]
    parts = getattr(learner, "estimators_", None) or learner.calibrated_classifiers_[0].estimator.estimators_
    assert len(parts) == 3 and {part.learning_rate for part in parts} == {0.05}
    assert "texts" in model.estimator["columns"].named_transformers_


def test_what_is_no_two_class_learner_is_refused():
    refuses(ID, {}, "not_two_class", untrained=only("regression.linear_regression"))
    refuses(ID, {}, "not_two_class", untrained=only(ID, **of("two_class_logistic_regression")))


def test_rows_are_weighted():
    train, _ = reference_scripts.cars()
    weights = pl.Series("w", np.arange(1, train.height + 1) % 3 + 1)
    table = train.select("drive-wheels", "price", "width", "horsepower").with_columns(weights)
    weighed = only("transform.edit_metadata", {"columns": ["w"], "role": "weight"}, table=table)
    ignored = only("transform.edit_metadata", {"columns": ["w"], "role": "ignored"}, table=table)
    one, other = (
        only("training.train_model", {"label": "drive-wheels"}, untrained=only(ID, **of("two_class_logistic_regression")), table=each)
        for each in (weighed, ignored)
    )
    assert not (predictions(one) == predictions(other)).any()


def test_a_class_of_one_row_is_refused():
    train, _ = reference_scripts.cars()
    few = train.filter(pl.col("drive-wheels") != "4wd").vstack(train.filter(pl.col("drive-wheels") == "4wd").head(1))
    untrained = only(ID, **of("two_class_logistic_regression"))
    assert (
        "“4wd” has a single row"
        in refuses("training.train_model", {"label": "drive-wheels"}, "class_too_small", untrained=untrained, table=few).words
    )
