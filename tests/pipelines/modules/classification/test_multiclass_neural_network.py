"""Multiclass Neural Network."""

import pytest
from sklearn.neural_network import MLPClassifier

from tests.pipelines.modules.matrices import is_what_the_library_predicts
from tests.pipelines.modules.refusing import refuses

pytestmark = pytest.mark.filterwarnings("ignore::sklearn.exceptions.ConvergenceWarning", "ignore:Got `batch_size`")


@pytest.mark.parametrize(
    ("settings", "plain"),
    [
        ({"iterations": 20}, {"max_iter": 20}),
        (
            {
                "hidden_nodes": "12, 7",
                "optimizer": "sgd",
                "iterations": 20,
                "momentum": 0.5,
                "activation": "tanh",
                "batch_rows": 32,
                "seed": 3,
            },
            {"hidden_layer_sizes": (12, 7), "solver": "sgd", "max_iter": 20, "momentum": 0.5, "activation": "tanh", "batch_size": 32}
            | {"learning_rate_init": 0.1, "random_state": 3},
        ),
    ],
    ids=["default", "gradient descent"],
)
def test_predictions_are_those_of_scikit_learn(settings, plain):
    network = MLPClassifier(**{"random_state": 0} | plain)
    is_what_the_library_predicts("classification.multiclass_neural_network", "body-style", network, settings, atol=1e-7)


@pytest.mark.parametrize("hidden_nodes", ["", "many", "100; 50", "0", "10,,5", "99999", "2," * 11 + "2"])
def test_layers_that_are_no_numbers_are_refused(hidden_nodes):
    assert refuses("classification.multiclass_neural_network", {"hidden_nodes": hidden_nodes}, "bad_layers").param == "hidden_nodes"
