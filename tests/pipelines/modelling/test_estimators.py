"""An estimator of what a form holds."""

import pytest
from sklearn.ensemble import RandomForestClassifier

from tests.pipelines.modules.refusing import refuses
from tests.support.module_runner import only

ID = "classification.scikit_learn_classifier"


@pytest.mark.parametrize(
    ("parameters", "plain"),
    [
        ({"min_samples_leaf": 3}, RandomForestClassifier(min_samples_leaf=3)),
        ({"min_samples_leaf": 0.25}, RandomForestClassifier(min_samples_leaf=0.25)),
        ({"max_features": "number"}, RandomForestClassifier(max_features=1)),
        ({"max_features_number": 3}, RandomForestClassifier()),
        ({"max_depth": None, "random_state": 0}, RandomForestClassifier()),
    ],
)
def test_parameters_arrive_as_the_estimator_takes_them(parameters, plain):
    made = only(ID, {"parameters": parameters})
    assert {name: (type(value), value) for name, value in made.estimator.get_params().items()} == {
        name: (type(value), value) for name, value in plain.get_params().items()
    }
    assert made.settings == {"estimator": "RandomForestClassifier", **parameters}


@pytest.mark.parametrize(
    ("name", "parameters", "words"),
    [
        ("RandomForestClassifier", {"min_samples_leaf": 1.5}, "The 'min_samples_leaf' parameter of RandomForestClassifier must be"),
        (
            "MLPClassifier",
            {"hidden_layer_sizes": "20; 10"},
            "“hidden_layer_sizes” has to be numbers that are separated by commas, not “20; 10”.",
        ),
    ],
)
def test_a_value_that_scikit_learn_refuses_is_named(name, parameters, words):
    wrong = refuses(ID, {"estimator": name, "parameters": parameters}, "bad_parameter")
    assert wrong.words.startswith(words) and (wrong.param, bool(wrong.remedy)) == ("parameters", True)
