"""Train Model: what it says about the columns that it learns from."""

from datetime import datetime

import numpy as np
import polars as pl
import pytest

from tests.pipelines.modules.training.training import LEARNERS, heard, said, train
from tests.support.module_runner import only


@pytest.mark.parametrize("learner", ["regression.linear_regression", "regression.boosted_trees"])
def test_lumped_categories_are_said_with_their_rows(learner):
    frame = pl.DataFrame({"t": [f"c{place % 1000}" for place in range(3000)], "y": [float(place % 7) for place in range(3000)]})
    model, notes = heard(learner, frame)
    assert "“t”: the 901 rarest of its 1,000 distinct values (2,703 rows) are combined into one category." in notes
    assert said(model, "Remarks")[-1][0] == "t"


def test_a_column_of_one_value_is_left_out_and_said():
    frame = pl.DataFrame({"x": [1.0, 2.0, 3.0], "one": [7, 7, 7], "t": ["a", "a", "a"], "y": [1.0, 2.0, 3.5]})
    model, notes = heard("regression.linear_regression", frame)
    assert [column for column, _ in model.features] == ["x"] and "“one” was left out: all its values are the same." in notes
    assert said(model, "Columns left out") == [["one", "all its values are the same"], ["t", "all its values are the same"]]


@pytest.mark.parametrize(("last", "warns"), [(5.0, True), (5.5, False)])
@pytest.mark.parametrize("learner", ["regression.linear_regression", "regression.boosted_trees"])
def test_a_label_of_one_value_is_warned_of(learner, last, warns):
    model, notes = heard(learner, pl.DataFrame({"x": range(30), "y": [5.0] * 29 + [last]}))
    words = "it is the same in all 30 rows, so the model predicts this value always"
    assert (f"“y”: {words}." in notes) is warns and (["y", words] in said(model, "Remarks")) is warns


@pytest.mark.parametrize(
    ("values", "warns"),
    [(range(1, 101), True), (np.random.default_rng(0).permutation(100), True), ([place % 50 for place in range(100)], False),
     ([place**2 * 10 for place in range(100)], False)],
)  # fmt: skip
def test_whole_numbers_that_count_the_rows_are_named(values, warns):
    frame = pl.DataFrame({"id": list(values), "x": [place % 9 for place in range(100)], "y": [float(place % 3) for place in range(100)]})
    model, notes = heard("regression.boosted_trees", frame)
    assert ("like a row number" in notes) is warns and "id" in dict(model.features)


def test_numbers_written_as_text_are_said_with_the_way_out():
    frame = pl.DataFrame({"x": [f"{place % 30}.5" if place % 10 else "NA" for place in range(200)], "y": range(200)})
    model, notes = heard("regression.boosted_trees", frame.with_columns(y=pl.col("y") % 17))
    assert "180 of 200 values are numbers stored as text" in notes and said(model, "Remarks")
    wide = frame.with_columns(x=pl.Series([str(10**25 + place) for place in range(200)]), z=pl.col("y") % 5)
    assert "identify rows rather than describe them; 200 of 200 values are numbers" in heard("regression.boosted_trees", wide)[1]


def test_dates_written_as_text_are_said_with_the_way_out():
    frame = pl.DataFrame(
        {"d": [f"2012/{place % 12 + 1:02}/{place % 28 + 1:02}" for place in range(300)], "x": [place % 5 for place in range(300)]}
    )
    assert "values are dates stored as text" in heard("regression.boosted_trees", frame.with_columns(y=pl.col("x") * 1.5 % 4))[1]


@pytest.mark.parametrize("leak", ["copy", "text", "gap"])
@pytest.mark.parametrize("learner", LEARNERS["two_class"])
def test_a_feature_that_gives_the_label_away_is_named(learner, leak):
    y = np.random.default_rng(0).integers(0, 2, 200)
    values = {"copy": y * 3.0, "text": ["no" if one else "yes" for one in y], "gap": [1.5 if one else None for one in y]}[leak]
    frame = pl.DataFrame({"x": np.random.default_rng(1).normal(size=200), "leak": values, "y": y})
    model, notes = heard(learner, frame)
    assert "“leak”" in notes and "alone predicts the label almost perfectly" in notes and "“x”" not in notes
    assert [row[0] for row in said(model, "Remarks")] == ["leak"]


def test_a_number_that_gives_the_label_away_is_named():
    x = np.random.default_rng(0).normal(size=300)
    notes = heard("regression.linear_regression", pl.DataFrame({"x": x, "order": x**3, "other": np.sin(3 * x), "y": 2 * x + 1}))[1]
    assert "“x”: it alone predicts the label almost perfectly (R² 1)" in notes and "“other”" not in notes
    assert "“order”: its order alone predicts the label almost perfectly" in notes


@pytest.mark.parametrize("learner", ["regression.linear_regression", "regression.boosted_trees"])
def test_seasons_can_be_learned(learner):
    when = pl.datetime_range(datetime(2021, 1, 1), datetime(2023, 12, 31), "6h", eager=True)
    frame = pl.DataFrame({"when": when}).with_columns(
        y=10.0 * pl.col("when").dt.month().is_in([6, 7, 8]) + 3.0 * (pl.col("when").dt.weekday() > 5)
    )
    model = train(learner, frame)
    guess = only("scoring.score_model", model=model, table=frame).frame["Scored Labels"].to_numpy()
    assert 1 - ((guess - frame["y"].to_numpy()) ** 2).mean() / frame["y"].to_numpy().var() > 0.95
    assert said(model, "Feature columns")[0][2] == "days since 1970, year, month, weekday, hour"


def test_infinite_and_huge_numbers_are_said_and_learned_from():
    frame = pl.DataFrame({"x": [1e308, float("inf"), *map(float, range(98))], "y": [place % 2 for place in range(100)]})
    _, notes = heard("classification.two_class_logistic_regression", frame)
    assert "1 value of “x” is infinite and treated as missing." in notes
    assert "1 value of “x” is beyond ±1e100 and limited to ±1e100." in notes
