"""Costs of errors by threshold, compared with counting them at every threshold."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipelines.modelling.evaluation.costs import Costs
from pipelines.modelling.evaluation.scored import Scored
from tests.pipelines.modelling.evaluation.judged import evaluate, numbers, people, rows_of, scored
from tests.support.module_runner import run

BOTH = {"false_positive_cost": 1.0, "false_negative_cost": 4.0}


def counted(truth, score, weight, threshold, costs):
    """The mean cost by counting."""
    guess = score >= threshold
    return float((weight * (costs[0] * (guess & ~truth) + costs[1] * (~guess & truth))).sum() / weight.sum())


@settings(deadline=None, max_examples=60)
@given(
    st.lists(st.tuples(st.booleans(), st.integers(0, 8), st.integers(0, 3)), min_size=1, max_size=30),
    st.tuples(st.integers(0, 5), st.integers(0, 5)).filter(any),
)
def test_the_best_threshold_costs_least_of_all(rows, costs):
    truth, score, weight = (np.array(column) for column in zip(*rows, strict=True))
    if not weight.sum():
        return
    score = score / 8
    asked = Costs(*map(float, costs))
    one = Scored("A", truth.astype(int), score, "yes", "no", weight.astype(float))
    thresholds, means = asked.curve(one)
    for threshold, mean in zip(thresholds, means, strict=True):
        assert mean == pytest.approx(counted(truth, score, weight, threshold, costs), abs=1e-12)
    every = [counted(truth, score, weight, threshold, costs) for threshold in np.append(np.arange(90) / 80, np.inf)]
    assert counted(truth, score, weight, asked.best(one), costs) == pytest.approx(min(every), abs=1e-12)


@pytest.mark.parametrize("weight", [False, True])
def test_the_report_says_the_threshold_and_what_it_saves(weight):
    frame = people()
    truth, score, w = frame["y"].to_numpy(), frame["first"].to_numpy(), frame["w"].to_numpy() if weight else np.ones(frame.height)
    (row,) = rows_of(evaluate(scored(weight=weight), **BOTH), "Threshold with the lowest cost")
    grid = [counted(truth, score, w, threshold, (1, 4)) for threshold in np.unique(score)]
    assert row["Cost per row"] == pytest.approx(min(grid), abs=1e-12)
    assert row["Cost per row as predicted"] == pytest.approx(counted(truth, score, w, 0.5, (1, 4)), abs=1e-12)
    assert row["Saved per row"] == pytest.approx(row["Cost per row as predicted"] - row["Cost per row"], abs=1e-12)
    assert row["Saved from"] < row["Saved per row"] < row["Saved to"] and row["Threshold by the costs alone"] == 0.2
    assert row["Cost per row if none is"] == pytest.approx(4 * np.average(truth, weights=w))
    assert row["Cost per row if all are positive"] == pytest.approx(np.average(~truth, weights=w))


def test_score_model_at_the_best_threshold_has_that_cost():
    learner = run("classification.two_class_logistic_regression")["model"]
    frame = people().select("first", "second", "y")
    model = run("training.train_model", {"label": "y"}, untrained=learner, table=frame)["model"]
    (row,) = rows_of(evaluate(run("scoring.score_model", model=model, table=frame)["table"], **BOTH), "Threshold with")
    table = run("scoring.score_model", {"threshold": row["Best threshold"]}, model=model, table=frame)["table"].frame
    wrong = table.select(false_positive=~table["y"] & table["Scored Labels"], false_negative=table["y"] & ~table["Scored Labels"]).mean()
    assert wrong["false_positive"][0] + 4 * wrong["false_negative"][0] == pytest.approx(row["Cost per row"], abs=1e-12)


def test_what_is_saved_is_against_the_threshold_that_the_model_has():
    frame, learner = people().select("first", "second", "y"), run("classification.two_class_logistic_regression")["model"]
    model = run("training.train_model", {"label": "y"}, untrained=learner, table=frame)["model"]
    (usual,) = rows_of(evaluate(run("scoring.score_model", model=model, table=frame)["table"], **BOTH), "Threshold with")
    at_best = run("scoring.score_model", {"threshold": usual["Best threshold"]}, model=model, table=frame)["table"]
    (row,) = rows_of(evaluate(at_best, **BOTH), "Threshold with")
    assert usual["Saved per row"] > 0 == row["Saved per row"] and row["Cost per row as predicted"] == usual["Cost per row"]


def test_the_curve_is_a_chart_of_all_models_with_its_lowest_points():
    report = evaluate(scored("first"), scored("second"), **BOTH)
    chart = next(block for block in report.blocks if block.get("role") == "cost")
    points = chart["spec"]["layer"][-1]["data"]["values"]
    lowest = {name: min(point["y"] for point in points if point["model"] == name) for name in ("A 1", "A 2")}
    assert lowest == {row["Model"]: pytest.approx(row["Cost per row"]) for row in rows_of(report, "Threshold with the lowest cost")}
    assert len(points) < 600 and "of predicting the same class for all rows" in chart["description"]


def test_without_costs_or_classes_there_is_no_such_part():
    one = numbers(np.array([1.0, 2.0]), np.array([1.0, 3.0]))
    for report in (evaluate(scored()), evaluate(one, **BOTH)):
        assert not [block for block in report.blocks if block.get("role") == "cost"]


def test_no_row_is_positive_where_false_alarms_are_too_dear():
    (row,) = rows_of(evaluate(scored(), false_positive_cost=1e6, false_negative_cost=1e-6), "Threshold with the lowest cost")
    assert row["Best threshold"] == "none: no row positive" and row["Cost per row"] == pytest.approx(row["Cost per row if none is"])
