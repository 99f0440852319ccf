"""Neural Network Regression."""

import polars as pl
from sklearn.compose import TransformedTargetRegressor
from sklearn.neural_network import MLPRegressor
from sklearn.preprocessing import StandardScaler

from pipelines.catalogue.ports import ColumnRole, Table
from tests.pipelines.modules.examples import cars
from tests.pipelines.modules.learner_cases import NETWORK_WARNINGS, networks, wrong_layers
from tests.pipelines.modules.matrices import is_what_the_library_predicts
from tests.pipelines.modules.refusing import refuses
from tests.support.module_runner import only

ID = "regression.neural_network"
pytestmark = NETWORK_WARNINGS


@networks
def test_predictions_are_those_of_scikit_learn(settings, plain):
    network = TransformedTargetRegressor(MLPRegressor(**plain), transformer=StandardScaler())
    is_what_the_library_predicts(ID, "price", network, settings, atol=1e-7)


@wrong_layers
def test_layers_that_are_no_numbers_are_refused(hidden_nodes):
    assert refuses(ID, {"hidden_nodes": hidden_nodes}, "bad_layers").param == "hidden_nodes"


def test_row_weights_are_used(notes):
    frame = cars().frame.with_columns(w=pl.Series(range(1, cars().frame.height + 1)))
    one, other = (
        only("training.train_model", {"label": "price"}, untrained=only(ID, {"iterations": 5}), table=table)
        for table in (Table(frame, {"w": ColumnRole("weight")}), Table(frame, {"w": ColumnRole("ignored")}))
    )
    assert not any("weights are not used" in line for line in notes)
    assert not (one.estimator["learner"].regressor_.coefs_[0] == other.estimator["learner"].regressor_.coefs_[0]).all()
