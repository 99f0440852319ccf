"""Any classifier of scikit-learn by its form."""

import pytest
from sklearn.ensemble import RandomForestClassifier
from sklearn.neural_network import MLPClassifier

from tests.pipelines.modules import matrices
from tests.pipelines.modules.examples import Example
from tests.pipelines.modules.refusing import refuses
from tests.pipelines.modules.sklearn_forms import estimators, learns, small
from tests.support.module_runner import only

ID = "classification.scikit_learn_classifier"
EXAMPLE = Example({"parameters": {"n_estimators": 20}})
TEN = {
    "RandomForestClassifier": {"n_estimators": 10},
    "SVC": {"C": 10},
    "LogisticRegression": {},
    "GaussianNB": {},
    "KNeighborsClassifier": {"n_neighbors": 3},
    "DecisionTreeClassifier": {"max_depth": 3},
    "LinearDiscriminantAnalysis": {},
    "SGDClassifier": {},
    "MLPClassifier": {"max_iter": 20},
    "NearestCentroid": {},
}


@pytest.mark.filterwarnings("ignore::sklearn.exceptions.ConvergenceWarning")
@pytest.mark.parametrize(("name", "parameters"), TEN.items())
def test_ten_kinds_learn(name, parameters, tmp_path):
    assert learns(ID, name, "num-of-doors", tmp_path / "model", parameters)["auc"] > 0.6


@pytest.mark.slow
@pytest.mark.filterwarnings("ignore::sklearn.exceptions.ConvergenceWarning", "ignore::FutureWarning", "ignore::UserWarning")
@pytest.mark.parametrize("name", estimators(ID))
def test_every_classifier_learns(name, tmp_path):
    assert learns(ID, name, "num-of-doors", tmp_path / "model")["auc"] >= (0.5 if name == "DummyClassifier" else 0.51)


@pytest.mark.parametrize(
    ("name", "parameters", "plain"),
    [
        (
            "RandomForestClassifier",
            {"n_estimators": 30, "max_features": "number", "max_features_number": 0.5},
            RandomForestClassifier(30, max_features=0.5, random_state=0),
        ),
        (
            "RandomForestClassifier",
            {"n_estimators": 10, "max_features": None, "class_weight": "balanced"},
            RandomForestClassifier(10, max_features=None, class_weight="balanced", random_state=0),
        ),
        (
            "MLPClassifier",
            {"hidden_layer_sizes": "20, 10", "max_iter": 30, "random_state": 4},
            MLPClassifier((20, 10), max_iter=30, random_state=4),
        ),
    ],
)
@pytest.mark.filterwarnings("ignore::sklearn.exceptions.ConvergenceWarning")
def test_it_predicts_what_scikit_learn_does(name, parameters, plain):
    matrices.is_what_the_library_predicts(ID, "drive-wheels", plain, {"estimator": name, "parameters": parameters})


def test_parameters_that_do_not_go_together_are_said_where_it_is_trained():
    untrained = only(ID, {"estimator": "LogisticRegression", "parameters": {"l1_ratio": 1}})
    wrong = refuses("training.train_model", {"label": "num-of-doors"}, "cannot_learn", untrained=untrained, table=small())
    assert "l1" in wrong.words
