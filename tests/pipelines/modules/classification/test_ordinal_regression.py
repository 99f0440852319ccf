"""Ordinal Regression: Frank and Hall's differences of probabilities, with scikit-learn's models of each boundary."""

import numpy as np
import polars as pl
import pytest
from sklearn.ensemble import RandomForestClassifier
from sklearn.linear_model import LogisticRegression

from tests.pipelines.modules.examples import Example
from tests.pipelines.modules.matrices import linear_matrix, predictions, trained
from tests.pipelines.modules.refusing import refuses
from tests.support import reference_scripts
from tests.support.module_runner import only

ID = "classification.ordinal_regression"
EXAMPLE = Example({"order": "4wd, fwd, rwd"}, inputs={"untrained": lambda: [only("classification.two_class_logistic_regression")]})


def of(learner, **settings):
    return {"untrained": only(f"classification.{learner}", settings)}


def by_hand(plain, label, order):
    train, test = reference_scripts.cars()
    x, new = (linear_matrix(train, frame, label) for frame in (train, test))
    places = np.array([order.index(value) for value in train[label]])
    above = [plain.fit(x, places > at).predict_proba(new)[:, 1] for at in range(len(order) - 1)]
    edges = np.column_stack([np.ones(len(new)), *above, np.zeros(len(new))])
    found = np.clip(edges[:, :-1] - edges[:, 1:], 0, None)
    return found / found.sum(axis=1, keepdims=True)


@pytest.mark.parametrize(
    ("learner", "settings", "plain", "tolerance"),
    [
        ("two_class_decision_forest", {"trees": 20}, RandomForestClassifier(20, max_depth=32, random_state=0), 1e-9),
        ("two_class_logistic_regression", {"l2_weight": 0.5}, LogisticRegression(solver="newton-cholesky", tol=1e-10, C=2), 1e-5),
    ],
)
@pytest.mark.parametrize("label", ["symboling", "drive-wheels"])
def test_probabilities_are_differences_of_those_of_scikit_learn(learner, settings, plain, tolerance, label):
    order = [-1, 0, 1, 2, 3] if label == "symboling" else ["fwd", "rwd", "4wd"]
    model = trained(ID, label, {} if label == "symboling" else {"order": "fwd, rwd,4wd"}, **of(learner, **settings))
    assert model.classes == tuple(map(str, order)) and model.task == "multi_class"
    np.testing.assert_allclose(predictions(model), by_hand(plain, label, order), atol=tolerance)
    assert model.name.startswith("Ordinal Regression (Two-Class ")


def test_a_learner_keeps_its_own_way_of_encoding_and_fitting():
    model = trained(ID, "symboling", **of("two_class_boosted_trees", trees=5))
    assert {part.learning_rate for part in model.estimator["learner"].estimators_} == {0.05}


def test_two_classes_make_a_two_class_model_whose_positive_class_is_the_higher():
    model = trained(ID, "num-of-doors", {"order": "two, four"}, **of("two_class_logistic_regression"))
    assert (model.task, model.classes) == ("two_class", ("two", "four"))


def test_numbers_that_are_text_are_in_the_order_of_the_numbers():
    train, _ = reference_scripts.cars()
    table = train.with_columns(pl.col("symboling").cast(pl.Float64) / 2 + 9)
    model = only("training.train_model", {"label": "symboling"}, untrained=only(ID, {}, **of("naive_bayes")), table=table)
    assert [float(each) for each in model.classes] == [8.5, 9, 9.5, 10, 10.5]


@pytest.mark.parametrize("order", ["", "fwd, rwd"])
def test_an_order_that_is_not_known_is_asked_for(order):
    train, _ = reference_scripts.cars()
    untrained = only(ID, {"order": order}, **of("two_class_logistic_regression"))
    wrong = refuses("training.train_model", {"label": "drive-wheels"}, "unknown_order", untrained=untrained, table=train)
    assert wrong.param == "order" and "4wd, fwd, rwd" in wrong.remedy


def test_what_is_no_two_class_learner_is_refused():
    refuses(ID, {}, "not_two_class", untrained=only("regression.linear_regression"))
    refuses(ID, {}, "not_two_class", untrained=only("classification.one_vs_all", {}, **of("two_class_logistic_regression")))
    refuses("classification.one_vs_all", {}, "not_two_class", untrained=only(ID, {}, **of("two_class_logistic_regression")))
