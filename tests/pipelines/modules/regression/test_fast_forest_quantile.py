"""Quantile regression forest: weights of the training rows by shared leaves, computed by hand on scikit-learn's trees."""

import numpy as np
import polars as pl
import pytest
from scipy.sparse import csr_matrix
from sklearn.ensemble import RandomForestRegressor
from sklearn.metrics import d2_pinball_score, mean_pinball_loss

from pipelines.catalogue.ports import Table
from pipelines.modelling.quantile_forest import MOST_VALUES, QuantileForest
from tests.pipelines.modules import matrices
from tests.pipelines.modules.refusing import refuses
from tests.support import reference_scripts
from tests.support.module_runner import only

ID = "regression.fast_forest_quantile"
LEVELS = [0.1, 0.5, 0.9]
SMALL = {"trees": 12, "leaves": 8, "rows_per_leaf": 5, "quantiles": "0.9; 0.1, 0.5"}


def by_hand(forest, x, y, new, weight=None):
    """Meinshausen's weights, a row and a tree at a time."""
    weight = np.ones(len(y)) if weight is None else weight
    leaves, order, found = forest.apply(x), np.argsort(y, kind="stable"), []
    for row in forest.apply(new):
        share = np.zeros(len(y))
        for tree, leaf in enumerate(row):
            inside = (leaves[:, tree] == leaf) * weight
            share += inside / inside.sum() / len(row)
        below = np.cumsum(share[order])
        found.append([y[order][np.searchsorted(below, level - 1e-9)] for level in LEVELS])
    return np.array(found)


def scored(rows=None, **settings):
    train, test = reference_scripts.cars()
    model = only("training.train_model", {"label": "price"}, untrained=only(ID, {**SMALL, **settings}), table=train)
    return model, only("scoring.score_model", model=model, table=test if rows is None else rows)


def test_it_predicts_the_quantiles_of_the_weighted_labels():
    train, test = reference_scripts.cars()
    x, new = (csr_matrix(matrices.linear_matrix(train, frame, "price")) for frame in (train, test))
    y = train["price"].to_numpy().astype(float)
    forest = RandomForestRegressor(12, max_leaf_nodes=8, min_samples_leaf=5, max_samples=0.7, max_features=0.7, random_state=0).fit(x, y)
    model, table = scored()
    assert model.classes == ("0.1", "0.5", "0.9")
    np.testing.assert_allclose(table.frame.select(r"^Scored Quantiles.*$").to_numpy(), by_hand(forest, x, y, new), rtol=1e-9)


def test_rows_weigh_as_often_as_they_occur():
    dice = np.random.default_rng(0)
    x, y, often = dice.normal(size=(60, 2)), dice.normal(size=60).round(1), dice.integers(1, 4, 60)
    plain = RandomForestRegressor(5, bootstrap=False, min_samples_leaf=10, random_state=0)
    found = QuantileForest(plain, LEVELS).fit(x, y, often).predict(x)
    np.testing.assert_allclose(found, by_hand(plain.fit(x, y, often), x, y, x, often))


def test_many_values_are_rounded_up_to_equally_frequent_ones():
    dice = np.random.default_rng(1)
    x, y = dice.uniform(size=(5_000, 1)), dice.normal(size=5_000)
    forest = QuantileForest(RandomForestRegressor(3, max_leaf_nodes=4, random_state=0), [0.5]).fit(x, y)
    assert len(forest.values_) == MOST_VALUES and set(forest.values_) <= set(y) and forest.values_[-1] == y.max()
    exact = by_hand(forest.forest_, x, y, x[:50])[:, 1]
    ranks = np.searchsorted(np.sort(y), forest.predict(x[:50]).ravel()) - np.searchsorted(np.sort(y), exact)
    assert ranks.min() >= 0 and ranks.max() <= 5, "at most to the next of 1,000 in 5,000"


def test_it_is_evaluated_by_quantile_loss_and_by_how_many_rows_are_below():
    _, table = scored()
    report = only("evaluation.evaluate_model", scored=[table])
    truth, guesses = table.frame["price"].to_numpy(), table.frame.select(r"^Scored Quantiles.*$").to_numpy()
    figures = report.metrics[0]["metrics"]
    losses = [mean_pinball_loss(truth, guesses[:, at], alpha=level) for at, level in enumerate(LEVELS)]
    np.testing.assert_allclose([figures[f"quantile_loss_{level:g}"] for level in LEVELS], losses)
    assert figures["average_quantile_loss"] == pytest.approx(np.mean(losses))
    assert 0.2 < figures["r1"] < 1
    blocks = {block["title"]: block for block in report.blocks}
    assert [row[2] for row in blocks["Rows at or below each quantile"]["rows"]] == pytest.approx((truth[:, None] <= guesses).mean(axis=0))
    (between,) = blocks["Rows between two quantiles"]["rows"]
    inside = (truth >= guesses[:, 0]) & (truth <= guesses[:, 2])
    assert between[1:] == [
        "0.1",
        "0.9",
        pytest.approx(0.8),
        pytest.approx(inside.mean()),
        pytest.approx((guesses[:, 2] - guesses[:, 0]).mean()),
    ]


def test_r1_of_one_quantile_is_that_of_scikit_learn():
    _, table = scored(quantiles="0.5")
    truth, guesses = table.frame["price"].to_numpy(), table.frame["Scored Quantiles (0.5)"].to_numpy()
    figures = only("evaluation.evaluate_model", scored=[table]).metrics[0]["metrics"]
    assert figures["r1"] == pytest.approx(d2_pinball_score(truth, guesses, alpha=0.5))


def test_models_of_other_quantiles_stand_side_by_side():
    one, other = scored()[1], scored(quantiles="0.25; 0.5")[1]
    first, second = (each["metrics"] for each in only("evaluation.evaluate_model", scored=[one, other]).metrics)
    assert first["quantile_loss_0.25"] is None and second["quantile_loss_0.25"] > 0 and first.keys() == second.keys()


def test_scores_replace_those_of_an_earlier_model():
    model, table = scored()
    again = only("scoring.score_model", model=scored(quantiles="0.5")[0], table=table)
    assert [name for name in again.frame.columns if "Scored" in name] == ["Scored Quantiles (0.5)"]
    assert only("scoring.score_model", model=model, table=table.with_frame(table.frame.clear())).frame.height == 0


def test_quantiles_that_cross_are_said(notes):
    table = scored()[1]
    crossed = table.with_frame(table.frame.with_columns(pl.lit(1e6).alias("Scored Quantiles (0.1)")))
    notes.clear()
    only("evaluation.evaluate_model", scored=[crossed])
    assert any("a quantile is below a lower one" in line for line in notes)


def test_a_score_that_names_no_quantile_is_refused():
    table = scored()[1]
    for name in table.columns_with("score"):
        table = table.with_role(name, positive=None)
    refuses("evaluation.evaluate_model", {}, "no_quantile", scored=[table])


@pytest.mark.parametrize("text", ["", "0.5; 1", "0; 0.5", "half", ";", "nan", "-0.1", "; ".join(str(each / 101) for each in range(1, 101))])
def test_what_is_no_list_of_quantiles_is_refused(text):
    refuses(ID, {"quantiles": text}, "bad_quantiles")


def test_importance_and_dependence_of_a_quantile_are_shown():
    train, _ = reference_scripts.cars()
    table = Table(train.select("price", "horsepower", "curb-weight").drop_nulls())
    model = only("training.train_model", {"label": "price"}, untrained=only(ID, SMALL), table=table)
    only("selection.permutation_importance", {"repeats": 1}, model=model, table=table)
    curve = only("selection.partial_dependence", {"feature": "horsepower", "class_name": "0.5"}, model=model, table=table).frame
    assert curve.height > 1 and curve[curve.columns[1]].is_between(5_000, 46_000).all()
