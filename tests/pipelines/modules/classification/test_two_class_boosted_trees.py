"""Two-Class Boosted Decision Tree."""

import polars as pl
import pytest
from sklearn.metrics import log_loss

from tests.support.module_runner import dataset, only


def test_settings_reach_lightgbm():
    untrained = only("classification.two_class_boosted_trees", {"trees": 7, "seed": 4})
    assert (untrained.estimator.n_estimators, untrained.estimator.random_state, untrained.task) == (7, 4, "two_class")
    assert untrained.settings["leaves"] == 20


@pytest.mark.parametrize(("given", "wanted"), [("none", None), ("balanced", "balanced")])
def test_classes_may_count_alike(given, wanted):
    assert only("classification.two_class_boosted_trees", {"class_weight": given}).estimator.class_weight == wanted


def test_a_thousand_rows_are_better_predicted_than_by_the_share_of_the_classes():
    """Hot defaults gave a log loss of 0.78 where the shares of the classes give about 0.6."""
    frame = dataset("credit_risk").frame.filter(pl.col("Status").is_not_null()).sample(2000, seed=0)
    train, test = frame[:1000], frame[1000:]
    model = only("training.train_model", {"label": "Status"}, untrained=only("classification.two_class_boosted_trees"), table=train)
    chance = only("scoring.score_model", model=model, table=test).frame["Scored Probabilities"]
    truth = (test["Status"] == "good").to_numpy()
    assert log_loss(truth, chance) < log_loss(truth, [(train["Status"] == "good").mean()] * 1000) - 0.05
