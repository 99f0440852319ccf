"""Settings of learners that differ only in their task, and the same for scikit-learn."""

import pytest

NETWORK_WARNINGS = pytest.mark.filterwarnings("ignore::sklearn.exceptions.ConvergenceWarning", "ignore:Got `batch_size`")
networks = pytest.mark.parametrize(
    ("settings", "plain"),
    [
        ({"iterations": 20}, {"max_iter": 20, "random_state": 0}),
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
wrong_layers = pytest.mark.parametrize("hidden_nodes", ["", "many", "100; 50", "0", "10,,5", "99999", "2," * 11 + "2"])
forests = pytest.mark.parametrize(
    ("settings", "plain"),
    [
        ({"trees": 30}, {"n_estimators": 30, "max_depth": 32, "random_state": 0}),
        (
            {
                "trees": 9,
                "resampling": "replicate",
                "max_depth": 4,
                "rows_per_leaf": 3,
                "column_share": 0.3,
                "seed": 5,
                "class_weight": "balanced",
            },
            {"n_estimators": 9, "bootstrap": False, "max_depth": 4, "min_samples_leaf": 3, "max_features": 0.3, "random_state": 5}
            | {"class_weight": "balanced"},
        ),
    ],
    ids=["default", "all settings"],
)
