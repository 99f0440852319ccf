"""Neural Network Regression."""

import polars as pl
import pytest
from sklearn.compose import TransformedTargetRegressor
from sklearn.neural_network import MLPRegressor
from sklearn.preprocessing import StandardScaler

from pipelines.catalogue.ports import ColumnRole, Table
from tests.pipelines.modules.examples import cars
from tests.pipelines.modules.matrices import is_what_the_library_predicts
from tests.pipelines.modules.refusing import refuses
from tests.support.module_runner import only

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
    network = MLPRegressor(**{"random_state": 0} | plain)
    is_what_the_library_predicts(
        "regression.neural_network", "price", TransformedTargetRegressor(network, transformer=StandardScaler()), settings, atol=1e-7
    )


@pytest.mark.parametrize("hidden_nodes", ["", "many", "100; 50", "0", "10,,5", "99999", "2," * 11 + "2"])
def test_layers_that_are_no_numbers_are_refused(hidden_nodes):
    assert refuses("regression.neural_network", {"hidden_nodes": hidden_nodes}, "bad_layers").param == "hidden_nodes"


def test_row_weights_are_used(notes):
    frame = cars().frame.with_columns(w=pl.Series(range(1, cars().frame.height + 1)))
    one, other = (
        only("training.train_model", {"label": "price"}, untrained=only("regression.neural_network", {"iterations": 5}), table=table)
        for table in (Table(frame, {"w": ColumnRole("weight")}), Table(frame, {"w": ColumnRole("ignored")}))
    )
    assert not any("weights are not used" in line for line in notes)
    assert not (one.estimator["learner"].regressor_.coefs_[0] == other.estimator["learner"].regressor_.coefs_[0]).all()
