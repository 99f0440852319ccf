"""Trees of numbers predict what the pipeline with encoder predicts."""

import numpy as np
import polars as pl
import pytest

from pipelines.kinds._stored_models import check_stored, model_bytes, model_of
from pipelines.kinds.model import UntrustedType
from pipelines.modelling.by_group.trees import suits
from pipelines.modelling.families import families
from tests.support.module_runner import only, run

SETTINGS = {"groups": ["g"], "judge_on": "nothing"}


def rows(label):
    random = np.random.default_rng(1)
    x = random.normal(size=(90, 4))
    frame = pl.DataFrame(x, schema=["a", "b", "c", "d"]).with_columns(
        b=pl.when(pl.int_range(90) % 7 > 0).then("b"), whole=pl.int_range(90) % 5, yes=pl.col("a") > 0, g=pl.lit("only")
    )
    labels = {
        "number": x[:, 0] * 3 + x[:, 2],
        "narrow": 1e9 + x[:, 0] / 1e3,
        "two": x[:, 0] > 0.1,
        "three": np.array(["x", "y", "z"])[np.digitize(x[:, 0], [-0.5, 0.5])],
    }
    return frame.with_columns(label=labels[label])


@pytest.mark.parametrize(
    ("label", "learner"),
    [
        ("number", "regression.boosted_trees"),
        ("narrow", "regression.boosted_trees"),
        ("two", "classification.two_class_boosted_trees"),
        ("three", "classification.multiclass_boosted_trees"),
    ],
)
def test_they_predict_what_the_model_of_train_model_predicts(label, learner):
    frame, untrained = rows(label), only(learner)
    fleet = run("training.train_model_by_group", {"label": "label", **SETTINGS}, untrained=untrained, table=frame)["models"]
    plain = only("training.train_model", {"label": "label"}, untrained=untrained, table=frame.drop("g"))
    new = frame.head(40).with_columns(c=pl.when(pl.int_range(40) % 3 > 0).then("c"))  # a gap where training had none
    own = only("scoring.score_model_by_group", models=fleet, table=new).frame
    wanted = only("scoring.score_model", model=plain, table=new).frame
    for column in [name for name in wanted.columns if name.startswith("Scored")]:
        assert own[column].equals(wanted[column]), column
    assert not fleet.blob(0).startswith(b"PK")


def test_texts_and_dates_are_left_to_the_encoder():
    family, estimator = families()["lightgbm"], only("regression.boosted_trees").estimator
    assert suits(family, estimator, [("a", "Float64"), ("b", "Boolean")])
    assert not suits(family, estimator, [("a", "Float64"), ("t", "String")])
    assert not suits(family, estimator, [("d", "Date")])
    assert not suits(families()["linear"], only("regression.linear_regression").estimator, [("a", "Float64")])


def test_other_bytes_are_no_model():
    fleet = run(
        "training.train_model_by_group", {"label": "label", **SETTINGS}, untrained=only("regression.boosted_trees"), table=rows("number")
    )
    stored = fleet["models"].blob(0)
    check_stored(stored)
    assert model_bytes(model_of(stored, "n", "regression", "label")) == stored
    with pytest.raises(UntrustedType):
        check_stored(stored[:50])
