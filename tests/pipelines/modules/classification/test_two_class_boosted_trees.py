"""Two-Class Boosted Decision Tree."""

from tests.pipelines.carrying import only


def test_settings_reach_lightgbm():
    untrained = only("classification.two_class_boosted_trees", {"trees": 7, "seed": 4})
    assert (untrained.estimator.n_estimators, untrained.estimator.random_state, untrained.task) == (7, 4, "two_class")
    assert untrained.settings["leaves"] == 20
