"""Train Vowpal Wabbit Model."""

import numpy as np
import polars as pl
import pytest

from pipelines.catalogue.ports import ColumnRole, Table
from tests.pipelines.modules.examples import Example
from tests.pipelines.modules.refusing import refuses
from tests.support.module_runner import dataset, only, run

vowpalwabbit = pytest.importorskip("vowpalwabbit")
EXAMPLE = Example({"label": "diesel"})
INCOME = dataset("adult_census_income").frame.select("age", "education", "hours-per-week", "income").head(1200)


def trained(table=INCOME, label="income", **settings):
    inputs = {name: settings.pop(name) for name in ("model",) if name in settings}
    return only("text.train_vowpal_wabbit_model", {"label": label} | settings, table=table, **inputs)


def scores(model, table=INCOME):
    return only("text.score_vowpal_wabbit_model", model=model, table=table).frame.to_series(-1).to_numpy()


def by_hand(arguments, lines, new):
    plain = vowpalwabbit.Workspace(f"--quiet {arguments}")
    for line in lines:
        plain.learn(line)
    return np.array([plain.predict(line) for line in new])


def features(row):
    """A row of INCOME in the text format."""
    text = " ".join(f"{name}:{row[name]}" for name in ("age", "hours-per-week") if row[name])
    return f"|n {text} |c education={row['education']} |t"


@pytest.mark.parametrize("arguments", ["", "-q nc --l2 1e-6 -b 16", "--ftrl --learning_rate=0.1"])
def test_two_classes_are_those_of_the_library(arguments):
    rows = INCOME.rows(named=True)
    lines = [f"{1 if row['income'] == '>50K' else -1} 1.0 {features(row)}" for row in rows]
    wanted = by_hand(f"{arguments} --loss_function logistic --link logistic", lines, [features(row) for row in rows])
    np.testing.assert_allclose(scores(trained(arguments=arguments)), wanted, rtol=1e-6)  # weights have 32 bits


def test_numbers_weights_and_passes_are_those_of_the_library():
    table = Table(INCOME.with_columns(w=pl.col("age") / 40, income=pl.col("income").str.len_chars() * 1.5), {"w": ColumnRole("weight")})
    rows = table.frame.rows(named=True)
    lines = [f"{row['income']} {row['w']} {features(row)}" for row in rows] * 2
    found = scores(trained(table, task="regression", passes=2), table)
    np.testing.assert_allclose(found, by_hand("", lines, [features(row) for row in rows]), rtol=1e-9)


def test_several_classes_and_words_of_texts(notes):
    table = (
        dataset("artworks")
        .frame.select("title", "medium")
        .filter(pl.col("medium").is_in(["Oil paint on canvas", "Etching on paper", "Bronze"]))
    )
    model = trained(table, "medium", task="multi_class", words=True)
    assert model.classes == ("Bronze", "Etching on paper", "Oil paint on canvas")
    place = {name: at + 1 for at, name in enumerate(model.classes)}
    texts = table.with_columns(pl.col("title").str.to_lowercase().str.extract_all(r"\w+").list.join(" "))["title"]
    lines = [f"{place[medium]} 1.0 |n |c |t {text}" for text, medium in zip(texts, table["medium"], strict=True)]
    wanted = by_hand("--oaa 3 --loss_function logistic --probabilities", lines, [f"|n |c |t {text}" for text in texts])
    found = only("text.score_vowpal_wabbit_model", model=model, table=table).frame[:, -3:].to_numpy()
    np.testing.assert_allclose(found, wanted, rtol=1e-9)
    assert notes[0].startswith(f"Trained on {table.height:,} rows and 1 column; mean loss before learning: 0.")


def test_training_further_is_training_on_all(notes):
    first = trained(INCOME.head(500), arguments="-q nc")
    both = trained(INCOME.tail(700), model=first, arguments="ignored")
    np.testing.assert_allclose(scores(both), scores(trained(arguments="-q nc")), rtol=1e-6)
    assert "The model is trained further, with its own task, arguments and 3 columns." in notes
    assert refuses("text.train_vowpal_wabbit_model", {"label": "age"}, "other_label", table=INCOME, model=first).param == "label"
    other = INCOME.with_columns(income=pl.lit("unknown"))
    assert "“unknown”" in refuses("text.train_vowpal_wabbit_model", {"label": "income"}, "unknown_class", table=other, model=first).words
    refuses("text.train_vowpal_wabbit_model", {"label": "income"}, "missing_columns", table=INCOME.drop("education"), model=first)


def test_the_same_rows_give_the_same_bytes():
    assert trained().data == trained().data != trained(arguments="--l2 1e-3").data


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        *(
            (text, "refused_option")
            for text in ("-i file", "-f file", "--data x", "--predictions=x", "--daemon", "--oaa 3", "--cache", "x", "--passes 2")
        ),
        ("--loss_function hinge", "refused_option"),
        *((text, "bad_arguments") for text in ("-q", "-q n|", "-b 40", "-b x", "'", "--l2 ../x", "--learning_rate fast")),
    ],
)
def test_arguments_that_are_refused(arguments, code, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    assert refuses("text.train_vowpal_wabbit_model", {"label": "income", "arguments": arguments}, code, table=INCOME).param == "arguments"
    assert not list(tmp_path.iterdir())


def test_names_and_values_with_signs_of_the_format_are_features():
    frame = pl.DataFrame({"a b|c:d": ["x|y z:1\n2", "other", None] * 20, "é": [1.0, float("inf"), None] * 20, "y": ["n", "p", "n"] * 20})
    found = run("text.train_vowpal_wabbit_model", {"label": "y"}, table=frame)["model"]
    chances = scores(found, frame)
    assert chances[1] > 0.5 > chances[0]


@pytest.mark.parametrize(
    ("frame", "settings", "code"),
    [
        ({"y": ["a", "b"], "x": [1, 2]}, {"columns": ["y"]}, "no_features"),
        ({"y": [None, None], "x": [1, 2]}, {}, "no_rows"),
        ({"y": ["a", "a"], "x": [1, 2]}, {}, "not_two_classes"),
        ({"y": ["a", "b"], "x": [1, 2]}, {"task": "regression"}, "label_not_a_number"),
        ({"y": ["a", "b"], "x": [[1], [2]]}, {}, "no_features"),
    ],
)
def test_tables_that_are_refused(frame, settings, code):
    refuses("text.train_vowpal_wabbit_model", {"label": "y"} | settings, code, table=pl.DataFrame(frame))
