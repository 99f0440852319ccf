"""Explain Predictions: contributions that add up to what the model predicts, and are those of the definition."""

import json
from functools import cache
from itertools import pairwise, permutations
from math import factorial

import numpy as np
import polars as pl
import pytest

from pipelines.modelling import contributions
from pipelines.modelling.contributions import by_orders
from pipelines.modelling.features import feature_frame
from tests.pipelines.modules.examples import Example, cars, trained
from tests.pipelines.modules.refusing import refuses
from tests.support.module_runner import only, run

EXAMPLE = Example({"orders": 4, "rows": 20})
LEARNERS = {
    "regression.linear_regression": ("price", "label"),
    "regression.boosted_trees": ("price", "label"),
    "regression.poisson_regression": ("price", "logarithm"),
    "classification.two_class_logistic_regression": ("diesel", "log-odds"),
    "classification.two_class_boosted_trees": ("diesel", "log-odds"),
    "classification.multiclass_logistic_regression": ("body-style", "log-odds"),
    "classification.multiclass_boosted_trees": ("body-style", "score before softmax"),
}


@cache
def model_of(learner, label, positive=""):
    settings = {"label": label, "positive_class": positive}
    outer, *inner = learner.split(" of ")
    parts = [only(each) for each in inner]
    untrained = only(outer, untrained=parts if len(parts) > 1 else parts[0]) if parts else only(outer)
    return only("training.train_model", settings, untrained=untrained, table=cars())


def explain(model, table=None, **settings):
    found = run("selection.explain_predictions", settings, model=model, table=cars() if table is None else table)
    return found["table"].frame, found["report"]


def sums(frame):
    """Base and contributions of each row, and its prediction, in the order of the rows."""
    rows = frame.group_by("Row", maintain_order=True).agg(
        pl.col("Base").first() + pl.col("Contribution").sum(), pl.col("Prediction").first()
    )
    return rows["Base"].to_numpy(), rows["Prediction"].to_numpy()


def raw(model, unit):
    """What the learner itself says for each car, from its own functions."""
    features = feature_frame(cars().frame, model.features)
    learner, matrix = model.estimator[-1], model.estimator[0].transform(features)
    if unit == "label":
        return np.asarray(model.estimator.predict(features))
    if unit == "logarithm":
        return np.log(model.estimator.predict(features))
    if unit == "score before softmax":
        return learner.predict(matrix, raw_score=True)[:, -1]
    chances = np.asarray(model.estimator.predict_proba(features))
    if chances.shape[1] > 2:
        return learner.decision_function(matrix)[:, -1]
    return np.log(chances[:, 1] / chances[:, 0])


@pytest.mark.parametrize("learner", LEARNERS)
def test_exact_contributions_add_up_to_what_the_learner_adds_up(learner):
    label, unit = LEARNERS[learner]
    model = model_of(learner, label)
    frame, report = explain(model)
    added, predicted = sums(frame)
    wanted = raw(model, unit)
    scale = max(1.0, float(np.abs(wanted).max()))
    np.testing.assert_allclose(added, predicted, rtol=0, atol=1e-9 * scale)
    np.testing.assert_allclose(added, wanted, rtol=0, atol=1e-9 * scale)
    facts = dict(report.blocks[0]["rows"])
    assert facts["Method"].startswith("exact") and facts["Explains"].startswith("“price”" if unit == "label" else unit)
    assert frame["Standard Error"].null_count() == frame.height == cars().frame.height * len(model.features)


def test_the_contributions_of_a_linear_model_are_coefficient_times_distance_from_the_mean():
    x = np.random.default_rng(0).normal(size=(50, 2))
    table = pl.DataFrame(x, schema=["a", "b"]).with_columns(y=3 * pl.col("a") - 2 * pl.col("b"))
    model = only("training.train_model", {"label": "y"}, untrained=only("regression.linear_regression", {"l2_weight": 0}), table=table)
    frame, _ = explain(model, table)
    for name, slope in (("a", 3), ("b", -2)):
        own = frame.filter(pl.col("Feature") == name).sort("Row")["Contribution"]
        np.testing.assert_allclose(own, slope * (table[name] - table[name].mean()), rtol=1e-9, atol=1e-9)


def expected(node, row, known):
    """The mean prediction of a tree when only some features are known: both branches by their rows where one is not."""
    if "leaf_value" in node:
        return node["leaf_value"]
    left, right = node["left_child"], node["right_child"]
    feature = node["split_feature"]
    if feature in known:
        return expected(left if row[feature] <= node["threshold"] else right, row, known)
    rows = [child.get("internal_count", child.get("leaf_count")) for child in (left, right)]
    return (rows[0] * expected(left, row, known) + rows[1] * expected(right, row, known)) / sum(rows)


def shapley(value, size):
    """By the definition: the mean over all orders of what a feature adds to those before it."""
    found = np.zeros(size)
    for order in permutations(range(size)):
        for place, feature in enumerate(order):
            found[feature] += value(frozenset(order[: place + 1])) - value(frozenset(order[:place]))
    return found / factorial(size)


def test_the_contributions_of_trees_are_those_of_the_definition():
    rng = np.random.default_rng(0)
    x = rng.normal(size=(300, 3))
    table = pl.DataFrame(x, schema=["a", "b", "c"]).with_columns(y=pl.col("a") * pl.col("b") + pl.col("c"))
    learner = only("regression.boosted_trees", {"trees": 5, "leaves": 6})
    model = only("training.train_model", {"label": "y"}, untrained=learner, table=table)
    frame, _ = explain(model, table, rows=300)
    trees = [tree["tree_structure"] for tree in model.estimator[-1].booster_.dump_model()["tree_info"]]
    for row in (0, 17, 211):
        wanted = shapley(lambda known, row=row: sum(expected(tree, x[row], known) for tree in trees), 3)
        own = dict(frame.filter(pl.col("Row") == row + 1).select("Feature", "Contribution").iter_rows())
        np.testing.assert_allclose([own[name] for name in "abc"], wanted, rtol=1e-9, atol=1e-9)


def product(frame):
    return (frame["a"] * frame["b"] + frame["c"] + frame["d"]).to_numpy()


def test_estimates_are_within_their_errors_of_the_definition_and_add_up_exactly():
    x = np.random.default_rng(0).normal(size=(30, 4))
    frame = pl.DataFrame(x, schema=["a", "b", "c", "d"])
    together = {"a": ["a"], "b": ["b"], "both": ["c", "d"]}
    rows, background = frame.head(10), frame
    values, base, errors = by_orders(product, rows, background, together, 600, np.random.default_rng(1))
    np.testing.assert_allclose(base + values.sum(axis=1), product(rows), rtol=0, atol=1e-12)
    assert base == pytest.approx(product(frame).mean())

    def value(known, row):
        mixed = background.with_columns(
            pl.lit(row[column]).alias(column) for place, name in enumerate(together) if place in known for column in together[name]
        )
        return product(mixed).mean()

    wanted = np.array([shapley(lambda known, row=row: value(known, row), 3) for row in rows.iter_rows(named=True)])
    assert (np.abs(values - wanted) <= 4 * errors + 1e-12).all() and errors[:, :2].max() < 0.3
    np.testing.assert_allclose(values[:, 2], wanted[:, 2], atol=1e-12)  # of what is only added, each order says the same


def test_estimates_of_a_linear_model_are_its_closed_form(monkeypatch):
    frame = pl.DataFrame(np.random.default_rng(0).normal(size=(20, 3)), schema=["a", "b", "c"])
    monkeypatch.setattr(contributions, "MOST_VALUES", 50)  # so that rows are taken in parts
    values, _, _ = by_orders(
        lambda each: (2 * each["a"] - each["b"]).to_numpy(), frame, frame, {name: [name] for name in "abc"}, 40, np.random.default_rng(0)
    )
    np.testing.assert_allclose(values[:, 0], 2 * (frame["a"] - frame["a"].mean()), atol=1e-12)
    assert not values[:, 2].any()


@pytest.mark.parametrize(
    ("learner", "label"),
    [
        ("regression.decision_forest", "price"),
        ("classification.two_class_neural_network", "diesel"),
        ("training.transform_label of regression.linear_regression", "price"),
        ("training.voting of regression.linear_regression of regression.decision_forest", "price"),
        ("training.calibrate_classifier of classification.two_class_logistic_regression", "diesel"),
    ],
)
def test_other_models_are_estimated_and_add_up_to_what_score_model_says(learner, label):
    model = model_of(learner, label)
    frame, report = explain(model, rows=6, orders=6)
    scored = only("scoring.score_model", model=model, table=cars()).frame
    wanted = scored["Scored Labels" if label == "price" else "Scored Probabilities"].to_numpy()
    rows = frame["Row"].unique(maintain_order=True).to_numpy() - 1
    added, predicted = sums(frame)
    np.testing.assert_allclose(added, wanted[rows], rtol=1e-9)
    np.testing.assert_allclose(predicted, wanted[rows], rtol=1e-9)
    assert frame["Standard Error"].null_count() == 0 and dict(report.blocks[0]["rows"])["Method"].startswith("estimated: 6 orders")
    assert explain(model, rows=6, orders=6)[0].equals(frame) and not explain(model, rows=6, orders=6, seed=1)[0].equals(frame)


@pytest.mark.parametrize("learner", ["classification.two_class_boosted_trees", "classification.two_class_logistic_regression"])
def test_the_other_class_as_positive_has_the_opposite_contributions(learner):
    one, other = (explain(model_of(learner, "diesel", positive))[0] for positive in ("true", "false"))
    both = one.join(other, on=["Row", "Feature"])
    np.testing.assert_allclose(both["Contribution"], -both["Contribution_right"], atol=1e-12)
    np.testing.assert_allclose(both["Base"], -both["Base_right"], rtol=1e-12)


def test_the_rows_to_draw_are_drawn_and_named():
    frame, report = explain(trained(), rows=5, draw_rows="3, 60", id_column="make")
    charts = [block for block in report.blocks if block.get("role") == "waterfall"]
    names = [cars().frame["make"][place] for place in (2, 59)]
    assert [block["title"] for block in charts] == [f"Row {name}" for name in names] and set(names) <= set(frame["Row"])
    for block in charts:
        bars = block["spec"]["data"]["values"]
        assert all(one["to"] == other["from"] for one, other in pairwise(bars))
        assert f"prediction {bars[-1]['to']:.4g}" in block["description"] and bars[-1]["feature"].endswith("other features")
    _, report = explain(trained())
    assert len([block for block in report.blocks if block.get("role") == "waterfall"]) == 2


def test_the_report_lists_the_features_by_their_mean_size_and_stays_small():
    frame, report = explain(trained())
    sizes = frame.group_by("Feature").agg(pl.col("Contribution").abs().mean()).sort("Contribution", descending=True)
    listed = report.blocks[-1]["rows"]
    assert [row[0] for row in listed[:5]] == sizes["Feature"].head(5).to_list()
    assert [row[1] for row in listed] == pytest.approx(sizes["Contribution"].to_list())
    for block in report.blocks:
        assert len(json.dumps(block, allow_nan=False)) < 200_000


def test_each_value_is_shown_as_it_arrives():
    frame, _ = explain(trained(), rows=1, draw_rows="4")
    row = cars().frame.row(3, named=True)
    for feature, value in frame.filter(pl.col("Row") == 4).select("Feature", "Value").iter_rows():
        assert value == (
            None if row[feature] is None else str(row[feature]).lower() if isinstance(row[feature], bool) else str(row[feature])
        )


@pytest.mark.parametrize(
    ("settings", "code"),
    [
        ({"draw_rows": "0"}, "bad_rows"),
        ({"draw_rows": "9999"}, "bad_rows"),
        ({"draw_rows": "x"}, "bad_rows"),
        ({"class_name": "no"}, "unknown_class"),
    ],
)
def test_what_cannot_be_explained(settings, code):
    assert refuses("selection.explain_predictions", settings, code, model=trained("two_class"), table=cars()).param == next(iter(settings))


def test_a_table_without_rows_is_refused():
    empty = cars().with_frame(cars().frame.clear())
    assert refuses("selection.explain_predictions", {}, "no_rows", model=trained(), table=empty).port == "table"
