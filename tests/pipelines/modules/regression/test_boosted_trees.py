"""Boosted Decision Tree Regression."""

from tests.pipelines.carrying import only


def test_settings_reach_lightgbm():
    given = {"leaves": 5, "rows_per_leaf": 3, "learning_rate": 0.5, "trees": 7, "seed": 4}
    untrained = only("regression.boosted_trees", given)
    params = untrained.estimator.get_params()
    assert [params[name] for name in ("num_leaves", "min_child_samples", "learning_rate", "n_estimators", "random_state")] == [
        5,
        3,
        0.5,
        7,
        4,
    ]
    assert untrained.task == "regression" and dict(untrained.settings) == given


def test_defaults_are_the_documented_ones():
    assert only("regression.boosted_trees").settings == {"leaves": 20, "rows_per_leaf": 10, "learning_rate": 0.2, "trees": 100, "seed": 0}
