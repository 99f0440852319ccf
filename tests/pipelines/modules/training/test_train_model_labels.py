"""Train Model: labels, classes and weights."""

import numpy as np
import polars as pl
import pytest

from pipelines.catalogue.ports import ColumnRole, Table
from tests.pipelines.modules.refusing import refuses
from tests.pipelines.modules.training.training import ALL, LEARNERS, heard, train
from tests.support.module_runner import only

WEIGHTS = {
    "weight_not_a_number": ["a", "b", "c", "d"],
    "weight_out_of_range": [1.0, -1.0, 1.0, 1.0],
    "weights_all_zero": [0.0, 0.0, None, 0.0],
}


@pytest.mark.parametrize("learner", ALL)
@pytest.mark.parametrize(("code", "values"), WEIGHTS.items())
def test_weights_that_are_none_are_refused(learner, code, values):
    table = Table(pl.DataFrame({"x": [1, 2, 3, 4], "y": [0, 1, 0, 1], "w": values}), {"w": ColumnRole("weight")})
    assert refuses("training.train_model", {"label": "y"}, code, untrained=only(learner), table=table).column == "w"


def test_two_columns_of_weights_are_refused():
    table = Table(
        pl.DataFrame({"x": [1, 2], "y": [0, 1], "w": [1, 1], "v": [1, 1]}), {"w": ColumnRole("weight"), "v": ColumnRole("weight")}
    )
    wrong = refuses("training.train_model", {"label": "y"}, "two_weights", untrained=only("regression.boosted_trees"), table=table)
    assert "“w”, “v”" in wrong.words


def test_rows_without_weight_are_left_out_and_said():
    frame = pl.DataFrame({"x": [1.0, 2.0, 4.0, 9.0], "y": [1.0, 3.0, 2.0, 0.0], "w": [1.0, 1.0, None, float("nan")]})
    model, notes = heard("regression.linear_regression", Table(frame, {"w": ColumnRole("weight")}))
    assert "2 rows with a missing weight were left out." in notes and ["Rows", 2] in model.report.blocks[0]["rows"]


@pytest.mark.parametrize("learner", LEARNERS["two_class"])
@pytest.mark.parametrize("values", [["bad", "good"], [0, 1], [False, True]])
def test_the_positive_class_can_be_chosen(learner, values):
    frame = pl.DataFrame({"x": [0.0, 1.0] * 30, "y": values * 30})
    first = str(values[0]).lower()
    model = only("training.train_model", {"label": "y", "positive_class": first}, untrained=only(learner), table=frame)
    assert model.classes[1] == first and ["Positive class", first] in model.report.blocks[0]["rows"]
    scored = only("scoring.score_model", model=model, table=frame)
    usual = only("scoring.score_model", model=train(learner, frame), table=frame).frame["Scored Probabilities"]
    np.testing.assert_allclose(scored.frame["Scored Probabilities"].to_numpy(), 1 - usual.to_numpy(), atol=1e-12)
    assert scored.frame["Scored Labels"].equals(frame["y"].alias("Scored Labels")) and scored.role("Scored Probabilities").positive == first
    assert only("evaluation.evaluate_model", scored=[scored]).metrics[0]["metrics"]["auc"] == 1


def test_a_positive_class_that_is_not_there_is_refused():
    settings = {"label": "y", "positive_class": "maybe"}
    table = pl.DataFrame({"x": [1, 2], "y": ["no", "yes"]})
    wrong = refuses("training.train_model", settings, "unknown_class", untrained=only(LEARNERS["two_class"][0]), table=table)
    assert wrong.param == "positive_class" and "no, yes" in wrong.remedy


def test_a_label_that_is_not_a_number_is_missing():
    model, notes = heard(
        "classification.two_class_boosted_trees", pl.DataFrame({"x": [1.0, 2.0, 3.0, 4.0], "y": [0.0, 1.0, float("nan"), 1.0]})
    )
    assert model.classes == ("0", "1") and "1 row with a missing label was left out." in notes


@pytest.mark.parametrize("shift", [1e15, -3e12])
def test_trees_keep_apart_labels_that_are_close_together(shift):
    """LightGBM keeps labels in 32 bits: R² was -2e14."""
    x = np.random.default_rng(0).normal(size=500)
    frame = pl.DataFrame({"x": x, "y": shift + 1000 * x})
    model, notes = heard("regression.boosted_trees", frame)
    scored = only("scoring.score_model", model=model, table=Table(frame, {"y": ColumnRole("label")}))
    assert only("evaluation.evaluate_model", scored=[scored]).metrics[0]["metrics"]["r2"] > 0.9 and "32 bits" in notes


@pytest.mark.parametrize("settings", [("regression.boosted_trees", {}), ("regression.linear_regression", {"method": "gradient_descent"})])
def test_a_label_too_large_for_its_square_is_refused(settings):
    table = pl.DataFrame({"x": [1, 2, 3], "y": [1e300, 2e300, 1.0]})
    assert refuses("training.train_model", {"label": "y"}, "label_too_large", untrained=only(*settings), table=table).column == "y"


def test_a_label_named_like_a_score_is_refused():
    table = pl.DataFrame({"x": [1, 2, 3], "Scored Labels": [1.0, 2.0, 3.0]})
    refuses("training.train_model", {"label": "Scored Labels"}, "reserved_name", untrained=only("regression.boosted_trees"), table=table)


def test_a_second_label_is_left_out_and_said():
    table = Table(
        pl.DataFrame({"x": [1.0, 2.0, 4.0], "y": [1.0, 2.0, 3.0], "z": [3.0, 1.0, 2.0]}),
        {"z": ColumnRole("label"), "y": ColumnRole("label")},
    )
    model, notes = heard("regression.linear_regression", table)
    assert "“z” was left out: it also has the role label" in notes
    scored = only("scoring.score_model", model=model, table=table)
    assert scored.columns_with("label") == ["y"]
    assert only("evaluation.evaluate_model", scored=[scored]).metrics


def test_the_columns_that_were_left_out_are_named_when_none_is_left():
    table = pl.DataFrame({"y": [1.0, 2.0], "empty": [None, None], "one": [5, 5]})
    wrong = refuses("training.train_model", {"label": "y"}, "no_features", untrained=only("regression.boosted_trees"), table=table)
    assert "“empty”: it has no values; “one”: all its values are the same" in wrong.words
