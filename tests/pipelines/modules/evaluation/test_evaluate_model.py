"""Evaluate Model."""

import json
import re
from collections import Counter

import msgspec
import numpy as np
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sklearn import metrics

from pipelines.catalogue.ports import ColumnRole, Table
from tests.pipelines.modules import examples
from tests.pipelines.modules.refusing import refuses
from tests.support import reference_scripts as plain
from tests.support.module_runner import only

EXAMPLE = examples.Example(inputs={"scored": lambda: [examples.scored(), examples.scored()]})


def scored(truth, score, positive=None, model="A", weight=None):
    roles = {"y": ColumnRole("label"), "s": ColumnRole("score", positive=positive, model=model), "w": ColumnRole("weight")}
    columns = {"y": truth, "s": score} | ({} if weight is None else {"w": weight})
    return Table(pl.DataFrame(columns, strict=False), {name: roles[name] for name in columns})


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
        msgspec.json.encode(report.blocks)  # which takes no number of numpy's
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
        ([scored([1, 2], ["x", "y"])], "score_not_a_number"),
        ([scored([0, 1], [-3.0, 3.0], positive="1")], "no_probability"),
        ([scored([1e300, 2.0], [1.0, 2.0])], "value_too_large"),
        ([scored([1, 2], [1, 2], weight=["a", "b"])], "weight_not_a_number"),
        ([scored([1, 2], [1, 2], weight=[-1, 2])], "weight_out_of_range"),
    ],
)
def test_what_cannot_be_judged(tables, code):
    assert refuses("evaluation.evaluate_model", {}, code, scored=tables).port == "scored"


def test_scores_of_a_script_are_judged_as_probabilities():
    """A column marked as score beside a label of 0 and 1 was judged as a regression."""
    frame = pl.DataFrame({"y": [0, 1, 0, 1, 1], "mine": [0.2, 0.9, 0.6, 0.4, 0.8]})
    table = Table(frame)
    for given_settings in ({"columns": ["y"], "role": "label"}, {"columns": ["mine"], "role": "score"}):
        table = only("transform.edit_metadata", given_settings, table=table)
    found = evaluate(table)
    assert found.metrics[0]["name"] == "mine"
    assert found.metrics[0]["metrics"]["auc"] == pytest.approx(metrics.roc_auc_score(frame["y"], frame["mine"]))
    other = only("transform.edit_metadata", {"columns": ["mine"], "role": "score", "positive_class": "0"}, table=table)
    assert evaluate(other).metrics[0]["metrics"]["auc"] == pytest.approx(1 - found.metrics[0]["metrics"]["auc"])
    assert "“0”" in evaluate(other).blocks[0]["title"]


def test_numbers_of_a_script_are_judged_as_numbers():
    assert evaluate(scored([0.0, 1.0, 1.0], [0.1, 1.2, 0.7], model=None)).metrics[0]["metrics"]["r2"] > 0


def test_a_missing_number_is_no_class():
    assert evaluate(scored([0.0, 1.0, float("nan")], [0.1, 0.9, 0.9], positive="1")).metrics[0]["metrics"]["accuracy"] == 1


def test_weights_weigh_every_figure():
    rng = np.random.default_rng(0)
    truth, chance, weight = rng.random(200) > 0.6, rng.random(200), rng.integers(0, 4, 200)
    truth[:20] = True
    times = np.repeat(np.arange(200), weight)
    weighed, repeated = (
        evaluate(table)
        for table in (scored(truth, chance, positive="true", weight=weight), scored(truth[times], chance[times], positive="true"))
    )
    assert weighed.metrics[0]["metrics"] == pytest.approx(repeated.metrics[0]["metrics"])
    assert weighed.blocks[2]["models"][0]["tp"] == repeated.blocks[2]["models"][0]["tp"]
    for role in ("roc", "lift", "calibration"):
        one, other = (next(block for block in report.blocks if block.get("role") == role) for report in (weighed, repeated))
        last = [block["spec"]["layer"][-1]["data"]["values"][-1] for block in (one, other)]
        assert last[0]["y"] == pytest.approx(last[1]["y"])
    assert "rows weighted" in weighed.blocks[0]["title"]
    numbers = evaluate(scored(chance, chance**2, weight=weight)), evaluate(scored(chance[times], chance[times] ** 2))
    assert numbers[0].metrics[0]["metrics"] == pytest.approx(numbers[1].metrics[0]["metrics"])


def intervals(report):
    return {row[1]: row[3:] for row in report.blocks[1]["rows"]}


def test_intervals_hold_the_true_value_nineteen_times_in_twenty():
    rng = np.random.default_rng(0)
    held, held_numbers = Counter(), Counter()
    for _ in range(200):
        chance = rng.random(150)
        found = intervals(evaluate(scored(rng.random(150) < chance, chance, positive="true")))
        for figure, true in (("AUC", 5 / 6), ("Brier score", 1 / 6), ("Log loss", 0.5), ("Accuracy at 0.5", 0.75)):
            held[figure] += found[figure][0] <= true <= found[figure][1]
        truth = rng.normal(size=150)
        found = intervals(evaluate(scored(truth, truth + rng.normal(size=150) / 2)))
        for figure, true in (("R²", 0.75), ("Root mean squared error", 0.5), ("Mean absolute error", 0.5 * (2 / np.pi) ** 0.5)):
            held_numbers[figure] += found[figure][0] <= true <= found[figure][1]
    assert all(180 <= times <= 199 for times in (held | held_numbers).values()), held | held_numbers


def test_the_interval_of_a_share_is_that_of_wilson():
    found = intervals(evaluate(scored([True] * 9 + [False], [0.9] * 10, positive="true")))
    assert found["Accuracy at 0.5"] == pytest.approx([0.595850, 0.982124], abs=1e-5)  # Wilson (1927) for 9 of 10


def test_the_intervals_stand_with_the_figures_too():
    two_class = evaluate(scored([True, False, True, False], [0.9, 0.1, 0.4, 0.6], positive="true"))
    numbers = evaluate(scored([1, 2, 4], [1, 3, 3.5]))
    for report, keys in ((two_class, {"auc", "log_loss", "brier"}), (numbers, {"mean_absolute_error", "root_mean_squared_error", "r2"})):
        row, titles = report.blocks[0]["rows"][0], {column["key"]: column["title"] for column in report.blocks[0]["columns"]}
        assert set(row["intervals"]) == keys
        assert {titles[key]: interval for key, interval in row["intervals"].items()}.items() <= intervals(report).items()
    assert (two_class.blocks[0]["rows"][0]["rows"], numbers.blocks[0]["rows"][0]["rows"]) == (4, 3)
    weighed = evaluate(scored([True, False], [0.9, 0.1], positive="true", weight=[2, 3]))
    assert [report.blocks[2]["models"][0]["weighed"] for report in (two_class, weighed)] == [False, True]


def test_charts_name_no_colour_and_name_what_they_compare_with():
    labels, chances = [True, False, True, False], [0.9, 0.1, 0.4, 0.6]
    two_class = evaluate(scored(labels, chances, positive="true"), scored(labels, chances[::-1], positive="true"))
    numbers = [evaluate(*tables) for tables in ([scored([1, 2], [1, 3])], [scored([1, 2], [1, 3]), scored([1, 2], [2, 2])])]
    named = {}
    for report in (two_class, *numbers):
        for block in (block for block in report.blocks if block["type"] == "chart"):
            assert not re.search("#[0-9a-f]{3}|rgb", json.dumps(block["spec"]))
            texts = [part for part in block["spec"]["layer"] if part["mark"]["type"] == "text"]
            named[block["role"]] = [part["data"]["values"][0]["name"] for part in texts]
    assert named == {
        "roc": ["chance"],
        "precision_recall": ["share of “true”, 0.50"],
        "lift": ["no lift, 1"],
        "calibration": ["exact"],
        "predicted_actual": ["exact"],
        "residuals": ["exact"],
    }


def test_axes_of_shares_run_from_zero_to_one():
    report = evaluate(scored([True, False], [0.9, 0.1], positive="true"))
    axes = {block["role"]: block["spec"]["encoding"] for block in report.blocks if block["type"] == "chart"}
    for role, of in {"roc": "xy", "precision_recall": "xy", "calibration": "xy", "lift": "x"}.items():
        for axis in of:
            ticks = {"values": [0, 0.25, 0.5, 0.75, 1], "format": ".2~f"}  # 0.25, which Vega would call 0.3
            assert (axes[role][axis]["scale"], axes[role][axis]["axis"]) == ({"domain": [0, 1]}, ticks)


def test_residuals_of_several_models_are_outlines_that_count_every_row():
    report = evaluate(scored([1, 2, 3], [1, 3, 5]), scored([1, 2, 3], [2, 2, 2]))
    outlines = next(block for block in report.blocks if block.get("role") == "residuals")["spec"]["layer"][0]
    assert outlines["mark"]["type"] == "line"
    assert sum(step["rows"] for step in outlines["data"]["values"]) == 6


def test_calibration_bins_say_their_edges_and_rows():
    bins = evaluate(scored([True, False, True, True], [0.1, 0.19, 0.2, 1.0], positive="true")).blocks[-1]
    assert [row[1:4] for row in bins["rows"]] == [[0.1, 0.2, 2], [0.2, 0.3, 1], [0.9, 1.0, 1]]


def test_the_positive_class_is_said_at_every_figure():
    report = evaluate(scored(["good", "bad"], [0.9, 0.1], positive="good"))
    assert "“good”" in report.blocks[0]["title"] and "“good”" in report.blocks[2]["title"]
    assert all("“good”" in block["description"] for block in report.blocks if block["type"] == "chart")


def test_the_figures_are_not_said_twice():
    """Those at a threshold stand where the threshold is moved; errors are not the head of a table that holds R²."""
    two_class, numbers = evaluate(scored([True, False], [0.9, 0.1], positive="true")), evaluate(scored([1, 2], [1, 3]))
    assert {"accuracy", "recall"}.isdisjoint(column["key"] for column in two_class.blocks[0]["columns"])
    assert numbers.blocks[0]["title"] == "Metrics"


def test_large_numbers_keep_their_figures():
    assert evaluate(scored([1e90, 2e90, 3e90], [1e90, 2e90, 4e90])).metrics[0]["metrics"]["r2"] == pytest.approx(0.5)
