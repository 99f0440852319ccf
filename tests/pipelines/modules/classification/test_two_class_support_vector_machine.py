"""Two-Class Support Vector Machine."""

import numpy as np
import pytest
from sklearn.calibration import CalibratedClassifierCV
from sklearn.svm import LinearSVC

from tests.pipelines.modules.matrices import is_what_the_library_predicts, trained
from tests.pipelines.modules.refusing import refuses
from tests.support import reference_scripts
from tests.support.module_runner import only

ID = "classification.two_class_support_vector_machine"


@pytest.mark.parametrize(
    ("settings", "plain"),
    [({}, {}), ({"l2_weight": 10.0, "class_weight": "balanced", "seed": 2}, {"C": 0.1, "class_weight": "balanced", "random_state": 2})],
)
def test_probabilities_are_those_of_scikit_learn(settings, plain):
    machine = LinearSVC(**{"random_state": 0} | plain)
    is_what_the_library_predicts(ID, "aspiration", CalibratedClassifierCV(machine, ensemble=False), settings, atol=1e-5)


def test_numbers_may_be_left_as_they_are():
    columns = trained(ID, "aspiration", {"normalize": False, "iterations": 10}).estimator["columns"]
    assert [name for name, _ in columns.named_transformers_["numbers"].steps] == ["impute"]


def test_its_weights_explain_it():
    """They stand for the later class when they are above 0."""
    model = trained(ID, "aspiration")
    told = dict(next(block for block in model.report.blocks if block["title"] == "Coefficients")["rows"])
    inner = model.estimator["learner"].calibrated_classifiers_[0].estimator
    np.testing.assert_allclose([told[name] for name in model.estimator["columns"].get_feature_names_out()], inner.coef_[0])


def test_few_rows_of_a_class_make_fewer_folds():
    train, _ = reference_scripts.cars()
    few = train.filter(train["fuel-type"] == "diesel").head(3).vstack(train.filter(train["fuel-type"] == "gas").head(40))
    model = only("training.train_model", {"label": "fuel-type"}, untrained=only(ID), table=few)
    assert model.estimator["learner"].cv == 3


def test_a_class_of_one_row_is_refused():
    train, _ = reference_scripts.cars()
    few = train.filter(train["fuel-type"] == "diesel").head(1).vstack(train.filter(train["fuel-type"] == "gas"))
    wrong = refuses("training.train_model", {"label": "fuel-type"}, "class_too_small", untrained=only(ID), table=few)
    assert "“diesel” has a single row" in wrong.words
