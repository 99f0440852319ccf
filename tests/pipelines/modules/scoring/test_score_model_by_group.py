"""Score Model by Group: which model scores which row. What the models predict is tested with Train Model by Group and Train Lag Models by Series."""

from functools import cache

import polars as pl
import pytest

from pipelines.catalogue.errors import ModuleError
from tests.pipelines.modules.examples import Example
from tests.support.module_runner import dataset, only, run

EXAMPLE = Example()
LINEAR, SCORE = "regression.linear_regression", "scoring.score_model_by_group"
CARS = dataset("automobile_price").frame.select("drive-wheels", "length", "width", "price").drop_nulls()


@cache
def models(label="price", learner=LINEAR):
    known = CARS.filter(pl.col("drive-wheels") != "4wd")
    return run("training.train_model_by_group", {"label": label, "groups": ["drive-wheels"]}, untrained=only(learner), table=known)[
        "models"
    ]


@cache
def one_model():
    return only("training.train_model", {"label": "price"}, untrained=only(LINEAR), table=CARS)


def by_group(table):
    return dict(
        table.frame.group_by("drive-wheels", "Scored By")
        .agg(pl.col("Scored Labels").null_count())
        .select("drive-wheels", "Scored By")
        .iter_rows()
    )


def test_groups_without_a_model_have_no_prediction():
    scored = only(SCORE, models=models(), table=CARS)
    assert by_group(scored) == {"rwd": "own model", "fwd": "own model", "4wd": "no model"}
    assert scored.frame.filter(pl.col("Scored Labels").is_null())["drive-wheels"].unique().to_list() == ["4wd"]
    assert scored.frame["length"].to_list() == CARS["length"].to_list(), "rows keep their order"
    assert (scored.role("price").role, scored.role("Scored Labels").role, scored.role("Scored By").role) == ("label", "score", "ignored")


def test_a_fallback_model_scores_them():
    scored = only(SCORE, models=models(), table=CARS, fallback=one_model())
    assert by_group(scored)["4wd"] == "fallback model" and scored.frame["Scored Labels"].null_count() == 0
    other = only("scoring.score_model", model=one_model(), table=CARS).frame
    new = pl.col("drive-wheels") == "4wd"
    assert scored.frame.filter(new)["Scored Labels"].equals(other.filter(new)["Scored Labels"])


def test_or_the_table_is_refused():
    with pytest.raises(ModuleError) as caught:
        only(SCORE, {"unknown": "refuse"}, models=models(), table=CARS)
    assert caught.value.code == "unknown_groups" and "4wd" in caught.value.words
    assert only(SCORE, {"unknown": "refuse"}, models=models(), table=CARS, fallback=one_model()).frame.height == CARS.height


def test_a_class_that_a_group_does_not_have_has_probability_0():
    frame = CARS.with_columns(
        size=pl.when(pl.col("length") > 180).then(pl.lit("l")).when(pl.col("length") > 168).then(pl.lit("m")).otherwise(pl.lit("s"))
    )
    frame = frame.filter((pl.col("drive-wheels") != "rwd") | (pl.col("size") != "s"))
    settings = {"label": "size", "groups": ["drive-wheels"], "may_fail_share": 100}
    fleet = run("training.train_model_by_group", settings, untrained=only("classification.multiclass_logistic_regression"), table=frame)[
        "models"
    ]
    scored = only(SCORE, models=fleet, table=frame)
    small = scored.frame.filter(pl.col("drive-wheels") == "rwd")["Scored Probabilities (s)"]
    assert small.unique().to_list() == [0.0]
    assert only("evaluation.evaluate_model", scored=[scored]).metrics[0]["metrics"]["accuracy"] > 0.8


def test_scoring_again_replaces_the_columns():
    once = only(SCORE, models=models(), table=CARS)
    assert only(SCORE, models=models(), table=once).frame.equals(once.frame)
    assert only(SCORE, {"append": False}, models=models(), table=CARS).frame.columns == ["price", "Scored Labels", "Scored By"]


@pytest.mark.parametrize(
    ("change", "code"),
    [
        (CARS.drop("drive-wheels"), "missing_columns"),
        (CARS.with_columns(pl.lit(1).alias("drive-wheels")), "wrong_type"),
        (CARS.drop("length"), "missing_columns"),
    ],
)
def test_a_table_that_does_not_match_is_refused(change, code):
    with pytest.raises(ModuleError) as caught:
        only(SCORE, models=models(), table=change)
    assert caught.value.code == code and caught.value.remedy


def test_no_rows():
    assert only(SCORE, models=models(), table=CARS.clear()).frame.height == 0
