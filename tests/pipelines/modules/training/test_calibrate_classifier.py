"""Calibrate Classifier: scikit-learn's own calibration of the same estimators."""

import numpy as np
import pytest
from sklearn.calibration import CalibratedClassifierCV
from sklearn.naive_bayes import GaussianNB
from sklearn.pipeline import Pipeline
from sklearn.svm import LinearSVC

from tests.pipelines.modules.examples import Example
from tests.pipelines.modules.matrices import predictions, trained
from tests.pipelines.modules.refusing import refuses
from tests.support import reference_scripts
from tests.support.module_runner import only

ID = "training.calibrate_classifier"
EXAMPLE = Example({"folds": 3}, inputs={"untrained": lambda: [only("classification.naive_bayes")]})
PLAIN = {
    "classification.naive_bayes": GaussianNB(var_smoothing=0.1),
    "classification.two_class_support_vector_machine": LinearSVC(random_state=0),
}


@pytest.mark.parametrize("method", ["sigmoid", "isotonic", "temperature"])
@pytest.mark.parametrize(
    ("learner", "label"),
    [
        ("classification.naive_bayes", "drive-wheels"),
        ("classification.naive_bayes", "aspiration"),
        ("classification.two_class_support_vector_machine", "aspiration"),
    ],
)
@pytest.mark.filterwarnings("ignore::sklearn.exceptions.ConvergenceWarning")
def test_it_predicts_what_scikit_learn_does(learner, label, method):
    train, test = reference_scripts.cars()
    model = trained(ID, label, {"method": method, "folds": 3}, untrained=only(learner))
    whole = model.estimator["learner"].calibrated_classifiers_[0].estimator
    pipeline = Pipeline([("columns", whole["columns"]), ("learner", PLAIN[learner])])
    features = [column for column, _ in model.features]
    plain = CalibratedClassifierCV(pipeline, method=method, cv=3, ensemble=False).fit(train.select(features), train[label].to_numpy())
    wanted = plain.predict_proba(test.select(features))
    np.testing.assert_allclose(predictions(model), wanted if len(model.classes) > 2 else wanted[:, 1], atol=1e-9)
    assert model.settings["method"] == method


def test_probabilities_of_naive_bayes_come_closer_to_how_frequent_they_are():
    train, test = reference_scripts.cars()
    raw = only("classification.naive_bayes")
    scored = []
    for untrained in (raw, only(ID, {"method": "sigmoid"}, untrained=raw)):
        model = only("training.train_model", {"label": "aspiration"}, untrained=untrained, table=train)
        scored.append(only("scoring.score_model", model=model, table=test))
    plain, calibrated = (each["metrics"]["log_loss"] for each in only("evaluation.evaluate_model", scored=scored).metrics)
    assert calibrated < plain


def test_what_is_no_classifier_is_refused():
    refuses(ID, {}, "not_a_classifier", untrained=only("regression.linear_regression"))
