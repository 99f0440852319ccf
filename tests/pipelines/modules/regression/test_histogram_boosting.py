"""Histogram Boosting Regression."""

import polars as pl
from sklearn.ensemble import HistGradientBoostingRegressor

from tests.pipelines.modules.matrices import is_what_the_library_predicts, trained, tree_matrix
from tests.support import reference_scripts
from tests.support.module_runner import only

GIVEN = {"max_leaf_nodes": 9, "min_samples_leaf": 7, "learning_rate": 0.2, "max_iter": 12, "max_features": 0.5, "l2_regularization": 0.3}


def test_predictions_are_those_of_scikit_learn():
    train, _ = reference_scripts.cars()
    settings = {"leaves": 9, "rows_per_leaf": 7, "learning_rate": 0.2, "trees": 12, "column_share": 0.5, "l2_weight": 0.3, "seed": 4}
    places = tree_matrix(train, train, "price")[1]
    plain = HistGradientBoostingRegressor(categorical_features=places, early_stopping=False, random_state=4, **GIVEN)
    is_what_the_library_predicts("regression.histogram_boosting", "price", plain, settings, trees=True)


def test_it_may_stop_early():
    learner = trained("regression.histogram_boosting", "price", {"trees": 200, "validation_share": 0.3, "patience": 2}).estimator["learner"]
    assert learner.n_iter_ < 200 and learner.do_early_stopping_


def test_a_column_of_infinite_values_is_left_out():
    """scikit-learn cannot bin a column without values."""
    train, _ = reference_scripts.cars()
    untrained, table = (
        only("regression.histogram_boosting", {"trees": 3}),
        train.with_columns(width=pl.lit(float("inf")) * train["width"].sign()),
    )
    model = only("training.train_model", {"label": "price"}, untrained=untrained, table=table)
    assert "width" not in model.estimator["columns"].get_feature_names_out()
