"""Voting: the mean of what scikit-learn's and LightGBM's models predict, each on its own matrix."""

import numpy as np
import pytest
from sklearn.ensemble import RandomForestClassifier, RandomForestRegressor, VotingClassifier
from sklearn.naive_bayes import GaussianNB

from tests.pipelines.modules.examples import Example, cars
from tests.pipelines.modules.matrices import linear_matrix, predictions, trained
from tests.pipelines.modules.refusing import refuses
from tests.support import reference_scripts
from tests.support.module_runner import only

ID = "training.voting"


def of(*parts):
    """Untrained models by the ends of their ids, with settings."""
    return [only(id, settings) for id, settings in parts]


FOREST = ("classification.multiclass_decision_forest", {"trees": 20})
BAYES = ("classification.naive_bayes", {})
TREES = ("classification.multiclass_boosted_trees", {"trees": 10})
NUMBERS = [("regression.decision_forest", {"trees": 20}), ("regression.boosted_trees", {"trees": 20})]
EXAMPLE = Example(inputs={"untrained": lambda: of(BAYES, ("classification.two_class_boosted_trees", {"trees": 10}))})


@pytest.mark.parametrize("weights", ["", "2, 1"])
def test_it_predicts_what_scikit_learn_does(weights):
    train, test = reference_scripts.cars()
    plain = VotingClassifier(
        [("f", RandomForestClassifier(20, max_depth=32, random_state=0)), ("b", GaussianNB(var_smoothing=0.1))],
        voting="soft",
        weights=[2, 1] if weights else None,
    ).fit(linear_matrix(train, train, "drive-wheels"), train["drive-wheels"].to_numpy())
    model = trained(ID, "drive-wheels", {"weights": weights}, untrained=of(FOREST, BAYES))
    np.testing.assert_allclose(predictions(model), plain.predict_proba(linear_matrix(train, test, "drive-wheels")), atol=1e-9)
    assert model.name == "Voting (Multiclass Decision Forest, Naive Bayes)"
    assert model.settings["learners"] == "Multiclass Decision Forest; Naive Bayes"


@pytest.mark.parametrize(("label", "parts"), [("price", NUMBERS), ("drive-wheels", [FOREST, TREES]), ("num-of-doors", [FOREST, TREES])])
def test_each_model_sees_the_table_as_it_does_alone(label, parts):
    alone = [predictions(trained(*one[:1], label, one[1])) for one in parts]
    np.testing.assert_allclose(predictions(trained(ID, label, untrained=of(*parts))), np.mean(alone, axis=0), rtol=1e-9)


def test_weights_of_the_rows_reach_the_models():
    table = cars().with_frame(cars().frame.with_columns(w=cars().frame["price"].cast(float) / 1e4)).with_role("w", role="weight")
    untrained = only(ID, untrained=of(*NUMBERS))
    found = only("training.train_model", {"label": "price"}, untrained=untrained, table=table)
    forest = only("training.train_model", {"label": "price"}, untrained=of(NUMBERS[0])[0], table=table)
    inner = found.estimator["learner"].estimators_[0]["learner"]
    assert isinstance(inner, RandomForestRegressor)
    np.testing.assert_array_equal(inner.feature_importances_, forest.estimator["learner"].feature_importances_)


def test_learners_of_learners_go_together():
    """Voting of voting and of One-vs-All, and One-vs-All of voting."""
    logistic = only("classification.two_class_logistic_regression")
    against = only("classification.one_vs_all", untrained=logistic)
    nested = only(ID, untrained=[only(ID, untrained=of(BAYES, TREES)), against])
    assert nested.task == "multi_class"
    table, labelled = cars().only(["drive-wheels", "horsepower", "curb-weight", "make"]), {"label": "drive-wheels"}
    for untrained in (nested, only("classification.one_vs_all", untrained=only(ID, untrained=[logistic, *of(BAYES)]))):
        model = only("training.train_model", labelled, untrained=untrained, table=table)
        scored = only("scoring.score_model", model=model, table=table)
        assert only("evaluation.evaluate_model", scored=[scored]).metrics[0]["metrics"]["accuracy"] > 0.8


def test_what_does_not_go_together_is_refused():
    refuses(ID, {}, "too_few_models", untrained=of(BAYES))
    refuses(ID, {}, "mixed_learners", untrained=of(BAYES, NUMBERS[0]))
    refuses(ID, {}, "mixed_learners", untrained=of(NUMBERS[0], ("regression.fast_forest_quantile", {})))


@pytest.mark.parametrize("weights", ["1", "1, 2, 3", "a, b", "0, 0", "-1, 2", "inf, 1", "nan, 1"])
def test_weights_that_do_not_fit_are_refused(weights):
    refuses(ID, {"weights": weights}, "bad_weights", untrained=of(FOREST, BAYES))
