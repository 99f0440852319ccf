"""Two-Class XGBoost."""

import numpy as np
import polars as pl
import pytest

from tests.pipelines.modules.examples import cars
from tests.pipelines.modules.matrices import trained, tree_matrix
from tests.pipelines.modules.refusing import refuses
from tests.support import reference_scripts
from tests.support.module_runner import dataset, only

SETTINGS = {"trees": 12, "max_depth": 4, "leaf_weight": 0.5, "split_gain": 0.1, "learning_rate": 0.2, "row_share": 0.8, "column_share": 0.5}
SETTINGS |= {"l1_weight": 0.1, "l2_weight": 0.3, "seed": 4}
PLAIN = {"n_estimators": 12, "max_depth": 4, "min_child_weight": 0.5, "gamma": 0.1, "learning_rate": 0.2, "subsample": 0.8}
PLAIN |= {"colsample_bytree": 0.5, "reg_alpha": 0.1, "reg_lambda": 0.3, "seed": 4, "random_state": 4, "enable_categorical": True}


@pytest.mark.parametrize("balanced", [False, True])
def test_predictions_are_those_of_xgboost(balanced):
    xgboost = pytest.importorskip("xgboost")
    frame = dataset("credit_risk").frame
    train, test = frame.gather_every(2).head(1500), frame.gather_every(2, 1).head(500)
    (x, places), (new, _) = (tree_matrix(train, part, "Status") for part in (train, test))
    y = (train["Status"] == sorted(train["Status"].unique())[1]).to_numpy().astype(int)
    weights = np.where(y == 1, len(y) / (2 * y.sum()), len(y) / (2 * (1 - y).sum())) if balanced else None
    types = ["c" if place in places else "q" for place in range(x.shape[1])]
    plain = xgboost.XGBClassifier(feature_types=types, **PLAIN).fit(x, y, sample_weight=weights).predict_proba(new)[:, 1]
    untrained = only("classification.two_class_xgboost", SETTINGS | {"class_weight": "balanced" if balanced else "none"})
    model = only("training.train_model", {"label": "Status"}, untrained=untrained, table=train)
    assert (only("scoring.score_model", model=model, table=test).frame["Scored Probabilities"].to_numpy() == plain).all()


def test_it_may_stop_early(notes):
    model = trained("classification.two_class_xgboost", "fuel-type", {"trees": 300, "validation_share": 0.3, "patience": 3})
    assert any("Stopped early" in line for line in notes)
    (learner,) = model.estimator["learner"].estimators_
    assert learner.get_booster().num_boosted_rounds() < 300 and learner.best_iteration < 300


def test_too_few_rows_to_stop_early_are_refused():
    few = cars().with_frame(pl.concat([cars().frame.filter(diesel=each).head(3) for each in (True, False)]))
    untrained = only("classification.two_class_xgboost", {"validation_share": 0.1})
    refuses("training.train_model", {"label": "diesel"}, "too_few_rows", untrained=untrained, table=few)


def test_threads_do_not_change_the_model(monkeypatch):
    """A machine may have any number of processors, and so may the next version of Easel."""
    frame = dataset("adult_census_income").frame.head(3000)

    def probabilities(threads):
        monkeypatch.setattr("pipelines.modelling.families.xgboost.MANY_ROWS", 1)
        monkeypatch.setattr("pipelines.modelling.families.xgboost.THREADS", threads)
        untrained = only("classification.two_class_xgboost", {"trees": 15, "row_share": 0.7})
        model = only("training.train_model", {"label": "income"}, untrained=untrained, table=frame)
        return only("scoring.score_model", model=model, table=frame).frame["Scored Probabilities"]

    assert probabilities(1).equals(probabilities(3))


def test_the_model_says_which_version_built_it():
    """A step that uses the model is computed again after an update of XGBoost: its libraries name those of no extra."""
    version = pytest.importorskip("xgboost").__version__
    assert f"xgboost-cpu {version}" in only("classification.two_class_xgboost").settings["libraries"]


def test_missing_values_are_used_as_they_are():
    """Whether a value is missing is all there is to learn."""
    rows = 200
    table = pl.DataFrame({"x": [1.0, None] * (rows // 2), "z": [float(n % 7) for n in range(rows)], "label": ["a", "b"] * (rows // 2)})
    model = only("training.train_model", {"label": "label"}, untrained=only("classification.two_class_xgboost"), table=table)
    scored = only("scoring.score_model", model=model, table=table).frame
    assert (scored["Scored Labels"] == table["label"]).all()


def test_it_may_be_the_learner_of_one_against_all_and_of_pairs():
    for module in ("one_vs_all", "one_vs_one"):
        untrained = only(f"classification.{module}", untrained=only("classification.two_class_xgboost", {"trees": 10}))
        train, test = reference_scripts.cars()
        model = only("training.train_model", {"label": "drive-wheels"}, untrained=untrained, table=train)
        scored = only("scoring.score_model", model=model, table=test).frame
        assert (scored["Scored Labels"] == test["drive-wheels"]).mean() > 0.7
