"""Two-Class Neural Network."""

from sklearn.neural_network import MLPClassifier

from tests.pipelines.modules.learner_cases import NETWORK_WARNINGS, networks, wrong_layers
from tests.pipelines.modules.matrices import is_what_the_library_predicts
from tests.pipelines.modules.refusing import refuses

ID = "classification.two_class_neural_network"
pytestmark = NETWORK_WARNINGS


@networks
def test_predictions_are_those_of_scikit_learn(settings, plain):
    is_what_the_library_predicts(ID, "aspiration", MLPClassifier(**plain), settings, atol=1e-7)


@wrong_layers
def test_layers_that_are_no_numbers_are_refused(hidden_nodes):
    assert refuses(ID, {"hidden_nodes": hidden_nodes}, "bad_layers").param == "hidden_nodes"
