"""Train Model."""

from datetime import datetime, timedelta

import numpy as np
import polars as pl
import pytest

from pipelines.catalogue.ports import ColumnRole, Table
from pipelines.catalogue.telling import heard_by
from tests.pipelines.carrying import dataset, only
from tests.pipelines.modules.refusing import refuses

LEARNERS = {
    "regression": ("regression.linear_regression", "regression.boosted_trees"),
    "two_class": ("classification.two_class_logistic_regression", "classification.two_class_boosted_trees"),
}
ALL = [id for ids in LEARNERS.values() for id in ids]
MESSY = pl.DataFrame(
    {
        "n": [1, None, 3, 4] * 10,
        "x": [0.5, float("nan"), float("inf"), 2.0] * 10,
        "t": ["a", None, "b", "a"] * 10,
        "b": [True, None, False, True] * 10,
        "when": [datetime(2024, 1, 1) + timedelta(hours=hour) for hour in range(40)],
        "c": pl.Series(["u", "v", None, "u"] * 10, dtype=pl.Categorical),
        "empty": [None] * 40,
        "y": [1.0, 2.0, 1.0, 2.0] * 10,
    }
).with_columns(day=pl.col("when").dt.date(), list=pl.concat_list("n"))


class Heard:
    def __init__(self):
        self.notes, self.steps = [], []

    def progress(self, done, total, words):
        self.steps.append((done, total, words))

    def note(self, line, level):
        self.notes.append(line)


def train(learner, table, label="y", **settings):
    return only("training.train_model", {"label": label}, untrained=only(learner, settings), table=table)


@pytest.mark.parametrize("learner", ALL)
def test_every_learner_takes_every_type_and_gaps(learner):
    heard = Heard()
    with heard_by(heard):
        model = train(learner, MESSY)
    assert [column for column, _ in model.features] == ["n", "x", "t", "b", "when", "c", "day"]
    assert any("'empty'" in line for line in heard.notes) and any("'list'" in line for line in heard.notes)
    scored = only("scoring.score_model", model=model, table=MESSY.drop("y")).frame
    assert scored["Scored Labels"].null_count() == 0


@pytest.mark.parametrize("learner", ALL)
def test_values_that_were_never_seen_are_scored(learner):
    model = train(learner, MESSY)
    strange = MESSY.head(2).with_columns(t=pl.lit("new"), c=pl.lit("new").cast(pl.Categorical), n=pl.lit(None, dtype=pl.Int64))
    assert only("scoring.score_model", model=model, table=strange).frame["Scored Labels"].null_count() == 0


@pytest.mark.parametrize("learner", ALL)
def test_more_categories_than_are_kept_apart(learner):
    frame = pl.DataFrame({"t": [str(row % 150) for row in range(1500)], "y": [row % 150 % 2 for row in range(1500)]})
    assert only("scoring.score_model", model=train(learner, frame), table=frame).frame["Scored Labels"].null_count() == 0


def test_rows_without_label_are_left_out_and_told():
    heard = Heard()
    with heard_by(heard):
        model = train("regression.linear_regression", dataset("automobile_price"), "price")
    assert "4 rows with a missing label were left out." in heard.notes
    assert ["Rows", 201] in model.report.blocks[0]["rows"]


def test_one_row_without_label_is_told_in_the_singular():
    heard = Heard()
    with heard_by(heard):
        train("regression.linear_regression", pl.DataFrame({"x": [1.0, 2.0, 4.0], "y": [1.0, None, 2.0]}))
    assert heard.notes == ["1 row with a missing label was left out.", "Learned from 2 rows and 1 column."]


def test_columns_are_used_by_their_roles():
    table = Table(MESSY, {"n": ColumnRole("ignored"), "x": ColumnRole("score"), "b": ColumnRole("label"), "day": ColumnRole("weight")})
    assert {"n", "x", "b", "day"}.isdisjoint(
        column for column, _ in train("regression.boosted_trees", table.with_role("day", role="ignored")).features
    )


def test_weights_weigh():
    frame = pl.DataFrame({"x": [0.0, 1.0, 0.0, 1.0], "y": [0.0, 1.0, 10.0, 11.0], "w": [1.0, 1.0, 0.0, None]})
    model = train("regression.linear_regression", Table(frame, {"w": ColumnRole("weight")}))
    guess = only("scoring.score_model", model=model, table=frame).frame["Scored Labels"].to_list()
    assert guess[:2] == [pytest.approx(0, abs=0.01), pytest.approx(1, abs=0.01)]


def test_names_of_rows_are_no_feature():
    frame = pl.DataFrame({"id": [f"row {row}" for row in range(100)], "x": range(100), "y": range(100)})
    heard = Heard()
    with heard_by(heard):
        assert train("regression.linear_regression", frame).features == (("x", "Int64"),)
    assert any("'id' was left out: 100 different texts in 100 rows" in line for line in heard.notes)


def test_numbers_marked_as_categories_are_categories():
    frame = pl.DataFrame({"code": [1, 2, 3, 4] * 25, "y": [0.0, 9.0, 0.0, 9.0] * 25})
    model = train("regression.linear_regression", Table(frame, {"code": ColumnRole(categorical=True)}))
    assert model.features == (("code", "Categorical"),)
    guess = only("scoring.score_model", model=model, table=frame).frame["Scored Labels"]  # without the mark: it was learned
    np.testing.assert_allclose(guess.to_numpy(), frame["y"].to_numpy(), atol=0.05)


@pytest.mark.parametrize(
    ("values", "classes"),
    [
        (["no", "yes"], ("no", "yes")),
        ([True, False], ("false", "true")),
        ([2, 1], ("1", "2")),
        ([0.0, 1.0], ("0", "1")),
        ([0.5, 1.5], ("0.5", "1.5")),
        (["<=50K", ">50K"], ("<=50K", ">50K")),
    ],
)
@pytest.mark.parametrize("learner", LEARNERS["two_class"])
def test_the_later_class_is_the_positive_one(learner, values, classes):
    frame = pl.DataFrame({"x": [0.0, 1.0] * 30, "y": values * 30})
    model = train(learner, frame)
    assert model.classes == classes
    scored = only("scoring.score_model", model=model, table=frame).frame
    assert scored["Scored Labels"].equals(frame["y"].alias("Scored Labels"))
    assert (scored["Scored Probabilities"] > 0.5).sum() == 30


@pytest.mark.parametrize(
    ("learner", "values", "code"),
    [
        ("classification.two_class_boosted_trees", ["a", "b", "c"], "not_two_classes"),
        ("classification.two_class_boosted_trees", ["a", "a", "a"], "not_two_classes"),
        ("regression.boosted_trees", ["a", "b", "c"], "label_not_a_number"),
        ("regression.boosted_trees", [1.0, float("inf"), 2.0], "label_not_finite"),
        ("regression.boosted_trees", [None, 1.0, None], "no_rows"),
        ("classification.two_class_logistic_regression", [None, None, None], "no_rows"),
    ],
)
def test_labels_that_do_not_suit(learner, values, code):
    wrong = refuses(
        "training.train_model", {"label": "y"}, code, untrained=only(learner), table=pl.DataFrame({"x": [1, 2, 3], "y": values})
    )
    assert wrong.column == "y"


def test_a_table_of_the_label_alone():
    refuses(
        "training.train_model", {"label": "y"}, "no_features", untrained=only("regression.boosted_trees"), table=pl.DataFrame({"y": [1, 2]})
    )


def test_trees_tell_their_progress_and_can_be_stopped():
    heard = Heard()
    with heard_by(heard):
        train("regression.boosted_trees", MESSY, trees=12)
    assert heard.steps == [(tree, 12, "trees") for tree in range(1, 13)]

    class Stop(Heard):
        def progress(self, done, total, words):
            raise InterruptedError

    with heard_by(Stop()), pytest.raises(InterruptedError):
        train("regression.boosted_trees", MESSY)


@pytest.mark.parametrize("learner", ALL)
def test_the_report_shows_settings_and_what_the_model_goes_by(learner):
    report = train(learner, MESSY).report
    assert [block["type"] for block in report.blocks] == ["table", "chart", "table", "table"]
    assert report.blocks[1]["role"] == "importance" and report.blocks[3]["rows"][0] == ["n", "Int64"]


def test_the_coefficients_are_the_models():
    frame = pl.DataFrame({"a": [1.0, 2.0, 3.0, 4.0], "y": [12.0, 14.0, 16.0, 18.0]})
    table = train("regression.linear_regression", frame, l2_weight=0).report.blocks[2]
    assert table["rows"] == [["(intercept)", pytest.approx(15)], ["a", pytest.approx(2 * np.std([1, 2, 3, 4]))]]


def test_the_report_says_settings_in_words():
    facts = train("regression.linear_regression", MESSY).report.blocks[0]["rows"]
    assert ["Method", "Ordinary least squares"] in facts and ["Intercept", "yes"] in facts
