"""Isolation Forest."""

import pytest
from sklearn.ensemble import IsolationForest

from tests.pipelines.modules.anomaly.detecting import is_what_the_library_detects


@pytest.mark.parametrize(
    ("settings", "plain"),
    [
        ({"trees": 30}, {"n_estimators": 30, "max_samples": 256, "random_state": 0}),
        (
            {"trees": 20, "rows_per_tree": 50, "column_share": 0.4, "seed": 6, "scaling": "none"},
            {"n_estimators": 20, "max_samples": 50, "max_features": 0.4, "random_state": 6},
        ),
    ],
    ids=["default", "all settings"],
)
@pytest.mark.filterwarnings("ignore:max_samples")
def test_scores_and_flags_are_those_of_scikit_learn(settings, plain):
    is_what_the_library_detects("anomaly.isolation_forest", IsolationForest(contamination=0.1, **plain), settings)
