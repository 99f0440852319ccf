"""Permutation Feature Importance."""

import json

import numpy as np
import polars as pl
import pytest
from sklearn import metrics
from sklearn.inspection import permutation_importance as of_scikit_learn
from sklearn.linear_model import LinearRegression

from pipelines.catalogue.ports import ColumnRole, Model, Table
from tests.pipelines.modules.examples import Example, cars, trained
from tests.pipelines.modules.refusing import refuses
from tests.support.module_runner import only, run

EXAMPLE = Example({"repeats": 1})
FEW = ["make", "horsepower", "engine-size", "seen"]


def importance(model, table, **settings):
    found = run("selection.permutation_importance", settings, model=model, table=table)
    return {row["Column"]: row for row in found["table"].frame.rows(named=True)}, found["report"]


def small(label):
    """A model of a few columns, one of them a date, and its rows."""
    table = cars().only([*FEW, label])
    learner = "regression.linear_regression" if label == "price" else "classification.two_class_logistic_regression"
    return only("training.train_model", {"label": label}, untrained=only(learner), table=table), table


FIGURES = {
    "r2": lambda y, guess, chance: metrics.r2_score(y, guess),
    "mean_absolute_error": lambda y, guess, chance: -metrics.mean_absolute_error(y, guess),
    "accuracy": lambda y, guess, chance: metrics.accuracy_score(y, guess),
    "log_loss": lambda y, guess, chance: -metrics.log_loss(y, chance),
    "auc": lambda y, guess, chance: metrics.roc_auc_score(y, chance),
}


@pytest.mark.parametrize(
    ("label", "metric"),
    [("price", "r2"), ("price", "mean_absolute_error"), ("diesel", "accuracy"), ("diesel", "log_loss"), ("diesel", "auc")],
)
def test_it_is_what_score_model_and_scikit_learn_make_of_shuffled_tables(label, metric):
    model, table = small(label)
    found, _ = importance(model, table, metric=metric, repeats=2, seed=3)

    def value(frame):
        scored = only("scoring.score_model", model=model, table=frame).frame
        chances = scored["Scored Probabilities"] if "Scored Probabilities" in scored.columns else None
        return FIGURES[metric](scored[label].to_numpy(), scored["Scored Labels"].to_numpy(), chances)

    whole, dice = value(table.frame), np.random.Generator(np.random.PCG64(3))
    for column, _ in model.features:
        drops = [
            whole - value(table.frame.with_columns(table.frame[column][dice.permutation(table.frame.height).tolist()])) for _ in range(2)
        ]
        row = found[column]
        assert (row["Importance"], row["Lowest"], row["Highest"]) == pytest.approx(
            (np.mean(drops), min(drops), max(drops)), rel=1e-9, abs=1e-12
        )
        assert row["Standard Deviation"] == pytest.approx(np.std(drops, ddof=1), rel=1e-6, abs=1e-12)


def test_it_agrees_with_scikit_learn():
    rng = np.random.default_rng(0)
    x = rng.normal(size=(400, 3))
    frame = pl.DataFrame(x, schema=["a", "b", "c"]).with_columns(y=3 * pl.col("a") + pl.col("b"))
    model = only("training.train_model", {"label": "y"}, untrained=only("regression.linear_regression", {"l2_weight": 0}), table=frame)
    found, _ = importance(model, frame, metric="r2", repeats=30)
    plain = of_scikit_learn(LinearRegression().fit(x, frame["y"]), x, frame["y"], n_repeats=30, random_state=0)
    for at, column in enumerate("abc"):
        assert found[column]["Importance"] == pytest.approx(plain.importances_mean[at], abs=0.03)
    assert list(found) == ["a", "b", "c"] and found["c"]["Importance"] == pytest.approx(0, abs=1e-9)


def test_the_first_metric_is_the_first_of_the_task():
    first, report = importance(trained(), cars(), repeats=1)
    assert ["Metric", "Mean absolute error"] in report.blocks[0]["rows"]
    assert first == importance(trained(), cars(), repeats=1, metric="mean_absolute_error")[0]
    assert all(row["Standard Deviation"] is None for row in first.values())
    json.dumps(report.blocks, allow_nan=False)


def test_weights_weigh():
    model, table = small("price")
    frame = table.frame.with_columns(w=(pl.int_range(pl.len()) % 2 == 0).cast(pl.Float64))
    weighed = importance(model, Table(frame, {"w": ColumnRole("weight")}), metric="r2", repeats=1)[1].blocks[0]["rows"]
    halved = importance(model, frame.gather_every(2), metric="r2", repeats=1)[1].blocks[0]["rows"]
    assert dict(weighed)["Its value on the rows as they are"] == pytest.approx(dict(halved)["Its value on the rows as they are"], rel=1e-9)


def test_rows_are_drawn_and_left_out_and_said(notes):
    model, table = small("price")
    frame = table.frame.with_columns(pl.when(pl.int_range(pl.len()) > 3).then(pl.col("price")))
    _, report = importance(model, frame, rows=20, repeats=1)
    assert dict(report.blocks[0]["rows"])["Rows"] == 20
    assert notes[-2:] == ["4 rows without a label or a weight were removed.", f"20 rows of {frame.height - 4} were drawn at random."]


def test_what_cannot_be_measured():
    model, table = small("diesel")
    id = "selection.permutation_importance"
    assert refuses(id, {"metric": "r2"}, "not_of_the_task", model=model, table=table).param == "metric"
    refuses(id, {}, "no_label", model=model, table=table.frame.drop("diesel"))
    refuses(id, {}, "no_rows", model=model, table=table.frame.with_columns(diesel=pl.lit(None, pl.Boolean)))
    refuses(id, {}, "missing_columns", model=model, table=table.frame.drop("make"))
    refuses(id, {"metric": "auc"}, "not_defined", model=model, table=table.frame.filter("diesel"))
    refuses(id, {}, "no_model", model=Model("m", "regression", None, "price", ()), table=table)
