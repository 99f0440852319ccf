"""Score Model."""

import re
from datetime import date
from types import SimpleNamespace

import polars as pl
import pytest

from pipelines.catalogue.ports import ColumnRole
from pipelines.catalogue.reporting import reporting_to
from tests.pipelines.modules.examples import cars, trained
from tests.pipelines.modules.refusing import refuses
from tests.support.module_runner import only


def score(model, table, **settings):
    return only("scoring.score_model", settings, model=model, table=table)


def test_the_scores_carry_what_evaluation_needs():
    scored = score(trained("two_class"), cars())
    assert scored.frame.columns == [*cars().frame.columns, "Scored Labels", "Scored Probabilities"]
    assert scored.role("diesel").role == "label"
    assert scored.role("Scored Probabilities") == ColumnRole(
        "score", positive="true", model="Two-Class Logistic Regression", task="two_class"
    )
    assert scored.frame["Scored Labels"].dtype == pl.Boolean


def test_only_the_scores_and_the_label():
    assert score(trained(), cars(), append=False).frame.columns == ["price", "Scored Labels"]


def test_scoring_again_replaces_the_scores():
    once = score(trained(), cars())
    assert score(trained(), once).frame.equals(once.frame)


@pytest.mark.parametrize("task", ["regression", "two_class"])
def test_a_table_without_label_or_rows_is_scored(task):
    model = trained(task)
    bare = cars().with_frame(cars().frame.drop(model.label))
    assert score(model, bare).frame["Scored Labels"].null_count() == 0
    assert score(model, bare.with_frame(bare.frame.clear())).frame.height == 0


def test_columns_may_come_in_any_order_and_more_of_them():
    turned = cars().with_frame(cars().frame.select(reversed(cars().frame.columns)).with_columns(more=pl.lit(1)))
    assert score(trained(), turned).frame["Scored Labels"].equals(score(trained(), cars()).frame["Scored Labels"])


def test_missing_columns_are_named():
    wrong = refuses("scoring.score_model", {}, "missing_columns", model=trained(), table=cars().frame.drop("make", "width"))
    assert "“make”, “width”" in wrong.words and wrong.port == "table"


def test_a_column_of_another_type_is_named():
    table = cars().frame.with_columns(pl.col("width").cast(pl.String))
    wrong = refuses("scoring.score_model", {}, "wrong_type", model=trained(), table=table)
    assert wrong.column == "width" and "number" in wrong.words and "text" in wrong.words


def test_a_column_without_any_value_is_missing():
    """A column that is empty throughout in a CSV file arrives as text."""
    heard = []
    table = cars().frame.with_columns(
        width=pl.lit(None, dtype=pl.String), seen=pl.lit(None, dtype=pl.String), make=pl.lit(None, dtype=pl.Int64)
    )
    with reporting_to(SimpleNamespace(log=lambda line, level: heard.append(line), progress=None)):
        scored = score(trained(), table).frame
    assert scored["Scored Labels"].null_count() == 0
    wanted = table.with_columns(pl.col("width").cast(pl.Float64), pl.col("seen").cast(pl.Date), pl.col("make").cast(pl.String))
    assert scored["Scored Labels"].equals(score(trained(), wanted).frame["Scored Labels"])
    assert [re.split("[“”]", line)[1] for line in heard] == [
        "make",
        "width",
        "seen",
        "width",
        "seen",
        "make",
    ] and "no values here" in heard[0]


@pytest.mark.parametrize("threshold", [0.0, 0.2, 0.9])
def test_the_threshold_can_be_set(threshold):
    scored = score(trained("two_class"), cars(), threshold=threshold).frame
    assert (scored["Scored Labels"] == (scored["Scored Probabilities"] >= threshold)).all()


LEARNERS = ["regression.linear_regression", "regression.boosted_trees"]
ROWS = 400
KNOWN = pl.DataFrame(
    {
        "x": [1000 + row % 7 for row in range(ROWS)],
        "gaps": [None if row % 5 == 0 else row % 3 for row in range(ROWS)],
        "make": [("audi", "bmw", "saab")[row % 3] for row in range(ROWS)],
        "rare": [str(row % 150) for row in range(ROWS)],
        "y": [float(row % 7) for row in range(ROWS)],
    }
)


def told(learner, *rows, frame=KNOWN):
    model = only("training.train_model", {"label": "y"}, untrained=only(learner), table=frame)
    heard = []
    with reporting_to(SimpleNamespace(log=lambda line, level: heard.append((level, line)), progress=None)):
        scored = score(model, pl.DataFrame([frame.row(1, named=True) | row for row in rows], schema=frame.schema)).frame
    assert all(level == "warning" for level, _ in heard)
    return [line for _, line in heard], scored["Scored Labels"].to_list()


@pytest.mark.parametrize("learner", LEARNERS)
def test_rows_like_those_of_training_need_no_word(learner):
    assert told(learner, {}, {"gaps": None}, {"make": "saab"})[0] == []


@pytest.mark.parametrize(("learner", "taken"), [*zip(LEARNERS, ["none of its categories", "missing"], strict=True)])
def test_categories_that_were_not_there_in_training_are_said(learner, taken):
    lines, _ = told(learner, {"make": "fiat"}, {"make": "fiat"}, *({"make": other} for other in ("vw", "kia", "opel")), {"make": "bmw"})
    assert lines == [f"“make”: 5 rows have a value that was not in the training rows, treated as {taken}: “fiat”, “vw”, “kia” and 1 more."]


@pytest.mark.parametrize(("learner", "taken"), [*zip(LEARNERS, ["one of its rare values", "missing"], strict=True)])
def test_of_lumped_categories_too(learner, taken):
    lines, _ = told(learner, {"rare": "new"}, {"rare": "3"})
    assert lines == [f"“rare”: 1 row has a value that was not in the training rows, treated as {taken}: “new”."]


@pytest.mark.parametrize("learner", LEARNERS)
def test_a_number_that_is_missing_only_here_is_the_mean(learner):
    """LightGBM took it for 0, which was 1,000 away."""
    mean = KNOWN["x"].mean()
    frame = KNOWN.with_columns(pl.col("x").cast(pl.Float64))
    lines, (gap, at_mean) = told(learner, {"x": None}, {"x": mean}, frame=frame)
    assert lines == ["“x”: 1 row has a missing value, although none was missing in training; replaced with the mean, 1003."]
    assert gap == pytest.approx(at_mean)


def test_a_text_that_is_missing_only_here_is_said():
    lines, _ = told("regression.linear_regression", {"make": None})
    assert lines == ["“make”: 1 row has a missing value, although none was missing in training; treated as none of its categories."]


def test_a_month_that_was_not_there_in_training_is_said():
    days = pl.date_range(pl.date(2024, 1, 1), pl.date(2024, 3, 30), eager=True).head(80)
    frame = KNOWN.head(80).select("y", day=days)
    lines, _ = told("regression.linear_regression", {"day": date(2024, 7, 3)}, frame=frame)
    assert lines == ["“day (month)”: 1 row has a value that was not in the training rows, treated as none of its categories: “7”."]
