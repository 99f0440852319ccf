"""Evaluate Model."""

import json

import numpy as np
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sklearn import metrics

from pipelines.catalogue.ports import ColumnRole, Table
from tests.pipelines import plain_scripts as plain
from tests.pipelines.carrying import only
from tests.pipelines.modules.refusing import refuses


def scored(truth, score, positive=None, model="A"):
    return Table(
        pl.DataFrame({"y": truth, "s": score}, strict=False),
        {"y": ColumnRole("label"), "s": ColumnRole("score", positive=positive, model=model)},
    )


def evaluate(*tables):
    return only("evaluation.evaluate_model", scored=list(tables))


NUMBERS = st.floats(-1e6, 1e6).map(lambda x: round(x, 3))


@settings(deadline=None, max_examples=50)
@given(st.lists(st.tuples(NUMBERS, NUMBERS), min_size=2, max_size=30).filter(lambda pairs: len({truth for truth, _ in pairs}) > 1))
def test_regression_figures_are_those_of_scikit_learn(pairs):
    truth, guess = map(np.array, zip(*pairs, strict=True))
    found = evaluate(scored(truth, guess)).metrics[0]["metrics"]
    for key, value in plain.regression_figures(truth, guess).items():
        assert found[key] == pytest.approx(value, rel=1e-9, abs=1e-9), key


@settings(deadline=None, max_examples=50)
@given(
    st.lists(st.tuples(st.booleans(), st.integers(0, 20).map(lambda n: n / 20)), min_size=2, max_size=40).filter(
        lambda pairs: len({truth for truth, _ in pairs}) > 1
    )
)
def test_two_class_figures_are_those_of_scikit_learn(pairs):
    truth, chance = map(np.array, zip(*pairs, strict=True))
    found = evaluate(scored(truth, chance, positive="true")).metrics[0]["metrics"]
    wanted = plain.two_class_figures(truth, chance)
    for key, value in wanted.items():
        assert found[key] == pytest.approx(value, rel=1e-9, abs=1e-9), key


def test_the_curves_are_those_of_scikit_learn():
    rng = np.random.default_rng(0)
    truth = rng.random(200) > 0.6
    chance = np.round(np.clip(truth * 0.3 + rng.random(200) * 0.7, 0, 1), 2)
    blocks = {block.get("role"): block for block in evaluate(scored(truth, chance, positive="true")).blocks}

    def points(role):
        values = blocks[role]["spec"]["layer"][-1]["data"]["values"]
        return [value["x"] for value in values], [value["y"] for value in values]

    fpr, tpr, _ = metrics.roc_curve(truth, chance, drop_intermediate=False)
    np.testing.assert_allclose(points("roc"), (fpr, tpr), atol=1e-6)
    precision, recall, _ = metrics.precision_recall_curve(truth, chance)
    np.testing.assert_allclose(points("precision_recall"), (recall[-2::-1], precision[-2::-1]), atol=1e-6)
    assert points("lift")[1][-1] == 1 and points("lift")[1][0] == pytest.approx(1 / truth.mean(), abs=1e-6)


def test_charts_stay_small_and_hold_their_data():
    rng = np.random.default_rng(0)
    truth, chance = rng.random(50_000) > 0.5, rng.random(50_000)
    for report in (evaluate(scored(truth, chance, positive="true")), evaluate(scored(chance, chance + 1), scored(chance, chance * 2))):
        json.dumps(report.blocks, allow_nan=False)
        for block in report.blocks:
            if block["type"] == "chart":
                assert block["description"].endswith(".") and "config" not in block["spec"] and "width" not in block["spec"]
                assert len(json.dumps(block["spec"])) < 200_000


def test_models_are_compared_and_told_apart():
    report = evaluate(scored([1, 2], [1, 2], model="Line"), scored([1, 2], [2, 1], model="Line"), scored([1, 2], [0, 0], model="Trees"))
    assert [one["name"] for one in report.metrics] == ["Line 1", "Line 2", "Trees"]
    assert report.metrics[0]["metrics"]["r2"] == 1
    assert [row["name"] for row in report.blocks[0]["rows"]] == ["Line 1", "Line 2", "Trees"]


def test_a_label_that_does_not_vary_has_no_relative_figures():
    found = evaluate(scored([2, 2], [1, 3])).metrics[0]["metrics"]
    assert (found["r2"], found["relative_absolute_error"], found["mean_absolute_error"]) == (None, None, 1)
    assert evaluate(scored([True, True], [0.2, 0.8], positive="true")).metrics[0]["metrics"]["auc"] is None


def test_rows_without_label_are_left_out():
    assert evaluate(scored([1, 2, None], [1, 2, 100])).metrics[0]["metrics"]["mean_absolute_error"] == 0


def test_whole_numbers_and_decimals_name_the_same_classes():
    assert evaluate(scored([0.0, 1.0], [0.1, 0.9], positive="1")).metrics[0]["metrics"]["accuracy"] == 1


@pytest.mark.parametrize(
    ("tables", "code"),
    [
        ([scored([1, 2], [1, 2]), scored([True, False], [0.9, 0.1], positive="true")], "mixed_kinds"),
        ([], "nothing_scored"),
        ([Table(pl.DataFrame({"y": [1]}), {"y": ColumnRole("label")})], "no_score"),
        ([Table(pl.DataFrame({"s": [1.0]}), {"s": ColumnRole("score")})], "no_label"),
        ([scored([None, None], [1.0, 2.0])], "no_rows"),
        ([scored(["a", "b"], [1.0, 2.0])], "label_not_a_number"),
        ([scored(["a", "b", "c"], [0.1, 0.2, 0.3], positive="a")], "not_two_classes"),
    ],
)
def test_what_cannot_be_judged(tables, code):
    assert refuses("evaluation.evaluate_model", {}, code, scored=tables).port == "scored"
