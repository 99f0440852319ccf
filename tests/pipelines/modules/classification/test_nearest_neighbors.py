"""K-Nearest Neighbors Classification."""

import pytest
from sklearn.neighbors import KNeighborsClassifier

from pipelines.catalogue.errors import ModuleError
from tests.pipelines.modules.matrices import is_what_the_library_predicts, trained


@pytest.mark.parametrize(
    ("settings", "plain"),
    [({}, {}), ({"neighbors": 3, "weighting": "distance", "distance": "manhattan"}, {"n_neighbors": 3, "weights": "distance", "p": 1})],
)
def test_predictions_are_those_of_scikit_learn(settings, plain):
    is_what_the_library_predicts("classification.nearest_neighbors", "body-style", KNeighborsClassifier(**plain), settings, atol=1e-6)


def test_more_neighbors_than_rows_are_refused():
    with pytest.raises(ModuleError, match="Predictions from 500 neighbors need as many training rows"):
        trained("classification.nearest_neighbors", "fuel-type", {"neighbors": 500})
