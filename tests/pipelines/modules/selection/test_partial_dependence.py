"""Partial Dependence."""

import json

import numpy as np
import polars as pl
import pytest

from pipelines.catalogue.ports import Model
from pipelines.modules.selection import _dependence
from tests.pipelines.modules.examples import Example, cars, trained
from tests.pipelines.modules.refusing import refuses
from tests.support.module_runner import only, run

EXAMPLE = Example({"feature": "horsepower", "points": 4})


def depend(model, table, **settings):
    found = run("selection.partial_dependence", settings, model=model, table=table)
    return found["table"].frame, found["report"]


@pytest.mark.parametrize("task", ["regression", "two_class"])
@pytest.mark.parametrize("feature", ["horsepower", "make", "seen"])
def test_it_is_the_mean_of_what_score_model_predicts(task, feature):
    model, table = trained(task), cars()
    found, _ = depend(model, table, feature=feature, points=5)
    assert found.height == 5
    for row in found.gather_every(2).rows(named=True):
        changed = table.frame.with_columns(pl.lit(row[feature], dtype=found.schema[feature]).alias(feature))
        scored = only("scoring.score_model", model=model, table=changed).frame
        guesses = scored["Scored Labels" if task == "regression" else "Scored Probabilities"].to_numpy()
        wanted = guesses.mean(), np.percentile(guesses, 10), np.percentile(guesses, 90)
        assert (row["Mean Prediction"], row["10th Percentile"], row["90th Percentile"]) == pytest.approx(wanted, rel=1e-9, abs=1e-12)


def test_the_grid_of_numbers_is_that_of_scikit_learn():
    found, _ = depend(trained(), cars(), feature="horsepower", points=8)
    known = cars().frame["horsepower"].drop_nulls().to_numpy()
    np.testing.assert_allclose(found["horsepower"], np.linspace(*np.quantile(known, (0.05, 0.95)), 8))
    few, _ = depend(trained(), cars(), feature="symboling", points=20)
    assert few["symboling"].to_list() == sorted(cars().frame["symboling"].unique())


def test_a_straight_line_has_its_slope():
    x = np.random.default_rng(0).normal(size=(200, 2))
    frame = pl.DataFrame(x, schema=["a", "b"]).with_columns(y=3 * pl.col("a") - 2 * pl.col("b"))
    model = only("training.train_model", {"label": "y"}, untrained=only("regression.linear_regression", {"l2_weight": 0}), table=frame)
    found, _ = depend(model, frame, feature="a", points=3)
    np.testing.assert_allclose(found["Mean Prediction"], 3 * found["a"] - 2 * x[:, 1].mean(), rtol=1e-9)
    both, _ = depend(model, frame, feature="a", second="b", points=4)
    assert both.columns[:2] == ["a", "b"] and both.height == 16
    np.testing.assert_allclose(both["Mean Prediction"], 3 * both["a"] - 2 * both["b"], rtol=1e-9, atol=1e-9)


def test_the_chunks_are_put_together(monkeypatch):
    whole, _ = depend(trained(), cars(), feature="make", second="horsepower", points=5)
    monkeypatch.setattr(_dependence, "MOST_ROWS", 150)
    parts, _ = depend(trained(), cars(), feature="make", second="horsepower", points=5)
    np.testing.assert_allclose(parts["Mean Prediction"], whole["Mean Prediction"], rtol=1e-9)
    assert whole["make"][0] == whole["make"][4] == cars().frame["make"].mode().sort()[0]


def test_the_charts():
    for settings, mark in (({"feature": "horsepower"}, "line"), ({"feature": "make"}, "point"), ({"feature": "seen"}, "line")):
        _, report = depend(trained(), cars(), **settings, points=4)
        json.dumps(report.blocks, allow_nan=False)
        assert report.blocks[0]["spec"]["layer"][1]["mark"]["type"] == mark
        assert report.blocks[0]["description"].startswith("Mean predicted “price” over ")
    _, report = depend(trained("two_class"), cars(), feature="horsepower", second="seen", points=3)
    assert report.blocks[0]["spec"]["mark"]["type"] == "rect" and len(report.blocks[0]["spec"]["data"]["values"]) == 9
    assert "probability of “true”" in report.blocks[0]["description"]


def test_rows_are_drawn_by_the_seed(notes):
    first, second, other = (depend(trained(), cars(), feature="make", rows=10, seed=seed)[0] for seed in (1, 1, 2))
    assert first.equals(second) and not first.equals(other)
    assert f"10 rows of {cars().frame.height} were drawn at random." in notes


@pytest.mark.parametrize(
    ("settings", "code", "param"),
    [
        ({"feature": "price"}, "not_a_feature", "feature"),
        ({"feature": "make", "second": "make"}, "not_a_feature", "feature"),
        ({"feature": "make", "second": "extra"}, "not_a_feature", "second"),
        ({"feature": "make", "class_name": "true"}, "unknown_class", "class_name"),
    ],
)
def test_what_cannot_be_shown(settings, code, param):
    table = cars().frame.with_columns(extra=1)
    assert refuses("selection.partial_dependence", settings, code, model=trained(), table=table).param == param


def test_tables_that_do_not_suit():
    id, model, table = "selection.partial_dependence", trained(), cars().frame
    refuses(id, {"feature": "make", "class_name": "maybe"}, "unknown_class", model=trained("two_class"), table=table)
    empty = table.with_columns(make=pl.lit(None, pl.String))
    assert refuses(id, {"feature": "make"}, "no_values", model=model, table=empty).column == "make"
    refuses(id, {"feature": "make"}, "missing_columns", model=model, table=table.drop("length"))
    refuses(id, {"feature": "make"}, "no_model", model=Model("m", "regression", None, "price", ()), table=table)


def test_a_model_of_anomalies_has_a_score_and_one_of_clusters_no_single_number():
    frame = pl.DataFrame({"x": [float(row % 17) for row in range(60)], "y": [float(row % 7) for row in range(60)]})
    found = only("training.train_anomaly_detection", untrained=only("anomaly.isolation_forest", {"trees": 10}), table=frame)
    result = only("selection.partial_dependence", {"feature": "x"}, model=found, table=frame).frame
    assert result.height == 17 and result["Mean Prediction"].is_between(0, 1).all()
    clusters = only("training.train_clustering", untrained=only("clustering.k_means"), table=frame)
    refuses("selection.partial_dependence", {"feature": "x"}, "no_single_number", model=clusters, table=frame)
