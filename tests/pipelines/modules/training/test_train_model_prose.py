"""Train Model: learns from the words of prose."""

import numpy as np
import polars as pl
import pytest

from pipelines.catalogue.discover import catalogue
from pipelines.catalogue.ports import ColumnRole, Table
from pipelines.kinds.model import load_model, save_model
from pipelines.modelling.features import PROSE
from tests.pipelines.modules.training.training import heard, said, train
from tests.support.module_runner import only

DRAW = np.random.default_rng(0)
WORDS = np.array([f"word{place}" for place in range(40)])
TEXTS = [" ".join(DRAW.choice(WORDS, 6)) for _ in range(300)]
TITLES = [" ".join(DRAW.choice(WORDS, 4)) for _ in range(300)]
HAS = np.array(["word7 " in f"{text} " for text in TEXTS])
FRAME = pl.DataFrame({"text": TEXTS, "title": TITLES, "x": DRAW.normal(size=300), "y": np.where(HAS, "yes", "no")})
TWO_CLASS = ["two_class_logistic_regression", "two_class_boosted_trees", "two_class_xgboost", "two_class_catboost", "nearest_neighbors"]


def scores(model, frame):
    return only("scoring.score_model", model=model, table=frame).frame["Scored Probabilities"]


@pytest.mark.parametrize("learner", TWO_CLASS)
def test_every_kind_of_learner_learns_from_words_and_its_stored_model_gives_the_same(learner, tmp_path):
    if not catalogue().modules[f"classification.{learner}"].is_installed:
        pytest.skip("its extra is not installed")
    model = train(f"classification.{learner}", FRAME.head(200))
    assert dict(model.features) == {"text": PROSE, "title": PROSE, "x": "Float64"}
    new = FRAME.tail(100)
    told = scores(model, new)
    if learner != "nearest_neighbors":  # which weighs all words alike
        assert told.filter(pl.Series(HAS[200:])).mean() > told.filter(pl.Series(~HAS[200:])).mean() + 0.05
    save_model(model, tmp_path / "model")
    assert scores(load_model(tmp_path / "model"), new).equals(told)
    alone = [scores(model, new[place])[0] for place in range(5)]
    assert alone == told[:5].to_list()


@pytest.mark.parametrize("learner", TWO_CLASS[:2])
def test_missing_and_unknown_words_are_scored(learner):
    model = train(f"classification.{learner}", FRAME.with_columns(text=pl.when(pl.int_range(pl.len()) % 9 > 0).then("text")))
    strange = FRAME.head(4).with_columns(text=pl.Series([None, "", "never seen before", "word7"]))
    assert scores(model, strange).is_between(0, 1).all()
    assert scores(model, strange.with_columns(text=pl.lit(None))).null_count() == 0


def test_the_words_that_count_are_named():
    linear, notes = heard("classification.two_class_logistic_regression", FRAME)
    assert said(linear, "Coefficients")[1][0] == "text: word7"
    assert "“text” holds texts of 6 words, so its words are learned from." in notes
    assert ["text", "String", "words", 0] in said(linear, "Feature columns")
    blocks = train("classification.two_class_boosted_trees", FRAME).report.blocks
    trees = next(block["rows"] for block in blocks if block["title"] == "Feature importance" and block["type"] == "table")
    assert trees[0][0] == "text (words)" and len(trees) == 3 and sum(row[1] for row in trees) == pytest.approx(1)


def test_prose_that_is_marked_as_categorical_stays_categories():
    few = FRAME.with_columns(text=pl.Series([TEXTS[place % 40] for place in range(300)]))
    table = Table(few, {"text": ColumnRole(categorical=True)})
    assert dict(train("classification.two_class_boosted_trees", table).features)["text"] == "Categorical"
    assert dict(train("classification.two_class_boosted_trees", few).features)["text"] == PROSE
