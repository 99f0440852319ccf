"""One-vs-All Multiclass, and what One-vs-One Multiclass has in common with it."""

import numpy as np
import polars as pl
import pytest
from sklearn.calibration import CalibratedClassifierCV
from sklearn.linear_model import LogisticRegression
from sklearn.multiclass import OneVsOneClassifier, OneVsRestClassifier

from tests.pipelines.modules.examples import Example
from tests.pipelines.modules.matrices import linear_matrix, predictions, trained
from tests.pipelines.modules.refusing import refuses
from tests.support import reference_scripts
from tests.support.module_runner import only

EXAMPLE = Example(inputs={"untrained": lambda: [only("classification.two_class_logistic_regression")]})


LOGISTIC = LogisticRegression(solver="newton-cholesky", tol=1e-10, C=2)
PLAIN = {
    "classification.one_vs_all": ("One-vs-All Multiclass", OneVsRestClassifier(LOGISTIC)),
    "classification.one_vs_one": ("One-vs-One Multiclass", CalibratedClassifierCV(OneVsOneClassifier(LOGISTIC), ensemble=False)),
}
both = pytest.mark.parametrize("id", PLAIN)


def of(learner, **settings):
    return {"untrained": only(f"classification.{learner}", settings)}


@both
@pytest.mark.parametrize("label", ["drive-wheels", "aspiration"])
def test_probabilities_are_those_of_scikit_learn(id, label):
    train, test = reference_scripts.cars()
    title, plain = PLAIN[id]
    plain.fit(linear_matrix(train, train, label), train[label].to_numpy())
    model = trained(id, label, **of("two_class_logistic_regression", l2_weight=0.5))
    wanted = plain.predict_proba(linear_matrix(train, test, label))
    np.testing.assert_allclose(predictions(model), wanted if label == "drive-wheels" else wanted[:, 1], atol=1e-5)
    assert model.name == f"{title} (Two-Class Logistic Regression)"
    assert model.settings["l2_weight"] == 0.5


@both
def test_a_learner_keeps_its_own_way_of_encoding_and_fitting(id):
    """Boosted trees learn from categories, at a rate by the number of rows."""
    model = trained(id, "drive-wheels", **of("two_class_boosted_trees", trees=5))
    np.testing.assert_allclose(predictions(model).sum(axis=1), 1)
    learner = model.estimator["learner"]
    parts = getattr(learner, "estimators_", None) or learner.calibrated_classifiers_[0].estimator.estimators_
    assert len(parts) == 3 and {part.learning_rate for part in parts} == {0.05}
    assert "texts" in model.estimator["columns"].named_transformers_


@both
def test_what_is_no_two_class_learner_is_refused(id):
    refuses(id, {}, "not_two_class", untrained=only("regression.linear_regression"))
    refuses(id, {}, "not_two_class", untrained=only(id, **of("two_class_logistic_regression")))


@both
def test_rows_are_weighted(id):
    train, _ = reference_scripts.cars()
    weights = pl.Series("w", np.arange(1, train.height + 1) % 3 + 1)
    table = train.select("drive-wheels", "price", "width", "horsepower").with_columns(weights)
    weighed = only("transform.edit_metadata", {"columns": ["w"], "role": "weight"}, table=table)
    ignored = only("transform.edit_metadata", {"columns": ["w"], "role": "ignored"}, table=table)
    one, other = (
        only("training.train_model", {"label": "drive-wheels"}, untrained=only(id, **of("two_class_logistic_regression")), table=each)
        for each in (weighed, ignored)
    )
    assert not (predictions(one) == predictions(other)).any()
