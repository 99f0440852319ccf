"""Cross Validate Model."""

from dataclasses import replace
from functools import partial

import numpy as np
import polars as pl
import pytest
from sklearn.linear_model import LinearRegression, LogisticRegression
from sklearn.metrics import roc_auc_score
from sklearn.model_selection import KFold, StratifiedKFold, cross_val_predict, cross_validate

from pipelines.catalogue.errors import ModuleError
from pipelines.catalogue.ports import Table
from pipelines.execution.paths import with_paths
from tests.bench.leaks import CASES, noise
from tests.bench.leaks import found as measure
from tests.pipelines.modules.examples import Example
from tests.pipelines.modules.refusing import refuses
from tests.support.module_runner import dataset, only, run
from tests.support.validated import chain, planned, validated

EXAMPLE = Example({"label": "price", "folds": 3}, inputs={"untrained": lambda: [only("regression.linear_regression")]})
VALIDATE = "training.cross_validate"
NUMBERS = ["wheel-base", "length", "width", "curb-weight", "engine-size", "compression-ratio", "city-mpg", "highway-mpg"]


def cars():
    frame = dataset("automobile_price").frame.select(*NUMBERS, "price").cast(pl.Float64, strict=False).drop_nulls()
    return frame, frame.select(NUMBERS).to_numpy(), frame["price"].to_numpy()


def means(report):
    return {row[0]: row[1] for row in report.blocks[0]["rows"]}


def test_each_fold_is_that_of_scikit_learn():
    frame, x, y = cars()
    found = run(VALIDATE, {"label": "price", "split_by": "rows", "folds": 5, "seed": 3},
                untrained=only("regression.linear_regression", {"l2_weight": 0.0}), table=frame)  # fmt: skip
    folds = KFold(5, shuffle=True, random_state=3)
    plain = cross_validate(LinearRegression(), x, y, cv=folds, scoring=("r2", "neg_root_mean_squared_error", "neg_mean_absolute_error"))
    rows = found["report"].blocks[1]["rows"]
    titles = found["report"].blocks[1]["columns"]
    for title, key, sign in (
        ("R²", "r2", 1),
        ("Root mean squared error", "neg_root_mean_squared_error", -1),
        ("Mean absolute error", "neg_mean_absolute_error", -1),
    ):
        place = next(index for index, name in enumerate(titles) if name == title)
        np.testing.assert_allclose([row[place] for row in rows], sign * plain[f"test_{key}"], rtol=1e-7)
        assert means(found["report"])[title] == pytest.approx(sign * plain[f"test_{key}"].mean(), rel=1e-7)
    scored = found["table"].frame
    np.testing.assert_allclose(scored["Scored Labels"], cross_val_predict(LinearRegression(), x, y, cv=folds), rtol=1e-7)
    assert scored["price"].to_list() == frame["price"].to_list()


def test_probabilities_out_of_fold_are_those_of_scikit_learn():
    frame, x, _ = cars()
    frame = frame.with_columns(pl.when(pl.col("price") > 10_000).then(pl.lit("dear")).otherwise(pl.lit("cheap")).alias("class")).drop(
        "price"
    )
    x = (x - x.mean(axis=0)) / x.std(axis=0)
    frame = frame.with_columns(pl.Series(name, x[:, place]) for place, name in enumerate(NUMBERS))
    learner = only("classification.two_class_logistic_regression", {"l1_penalty": 0.0, "l2_penalty": 1.0})
    found = run(VALIDATE, {"label": "class", "folds": 4}, untrained=learner, table=frame)
    y = frame["class"].to_numpy()
    folds = StratifiedKFold(4, shuffle=True, random_state=0)
    chances = found["table"].frame["Scored Probabilities"].to_numpy()
    areas = [roc_auc_score(y[test] == "dear", chances[test]) for _, test in folds.split(x, y)]
    assert means(found["report"])["AUC"] == pytest.approx(np.mean(areas), abs=1e-12)
    plain = cross_val_predict(LogisticRegression(C=1.0), x, y, cv=folds, method="predict_proba")[:, 1]
    assert np.corrcoef(chances, plain)[0, 1] > 0.95
    assert found["table"].role("Fold").role == "ignored" and found["table"].role("class").role == "label"


def test_what_a_fold_fits_it_fits_on_its_own_rows():
    """A category that is only in one fold is unknown to the model of that fold."""
    frame = pl.DataFrame({"x": ["a"] * 6 + ["b"] * 3, "y": [1.0] * 6 + [5.0] * 3, "f": [1, 1, 1, 2, 2, 2, 3, 3, 3], "z": range(9)})
    settings = {"label": "y", "split_by": "column", "column": "f"}
    found = run(VALIDATE, settings, untrained=only("regression.linear_regression"), table=frame)
    assert max(found["table"].frame["Scored Labels"][6:]) < 4.9


def test_repeats_give_figures_and_the_predictions_of_the_first():
    frame, _, _ = cars()
    learner = only("regression.linear_regression")
    once = run(VALIDATE, {"label": "price", "folds": 3}, untrained=learner, table=frame)
    thrice = run(VALIDATE, {"label": "price", "folds": 3, "repeats": 3}, untrained=learner, table=frame)
    assert thrice["table"].frame.drop("Fold").equals(once["table"].frame.drop("Fold"))
    assert len(thrice["report"].blocks[1]["rows"]) == 9 and thrice["report"].blocks[1]["rows"][8][0] == "repeat 3, fold 3"


def test_in_time_the_first_rows_are_trained_on_only(notes):
    frame, _, _ = cars()
    frame = frame.with_row_index("day")
    found = run(VALIDATE, {"label": "price", "split_by": "time", "column": "day", "folds": 4},
                untrained=only("regression.linear_regression"), table=frame)  # fmt: skip
    assert found["table"].frame["day"].min() == round(frame.height / 5)
    assert any("in no fold, and trained on only" in line for line in notes)


def test_what_folds_have_in_common_is_said_once(notes):
    frame = cars()[0].with_columns(
        pl.lit("x").alias("same"), pl.when(pl.int_range(pl.len()) == 0).then(pl.lit("y")).otherwise(pl.lit("x")).alias("rare")
    )
    run(VALIDATE, {"label": "price", "folds": 5}, untrained=only("regression.linear_regression"), table=frame)
    assert [line for line in notes if "“same”" in line] == ["“same” was left out: all its values are the same."]
    assert [line for line in notes if "“rare”" in line] == ["In 1 of 5 folds: “rare” was left out: all its values are the same."]


def test_rows_without_a_label_are_left_out(notes):
    frame, _, _ = cars()
    frame = frame.with_columns(pl.when(pl.int_range(pl.len()) >= 10).then("price").alias("price"))
    found = run(VALIDATE, {"label": "price", "folds": 3}, untrained=only("regression.linear_regression"), table=frame)
    assert found["table"].frame.height == frame.height - 10
    assert any("10 rows with a missing label were left out" in line for line in notes)


@pytest.mark.parametrize(
    ("settings", "code"),
    [
        ({"split_by": "groups"}, "no_column"),
        ({"split_by": "column", "column": "same"}, "unusable_folds"),
        ({"folds": 100}, "too_few_rows"),
        ({"label": "nothing"}, "unknown_column"),
    ],
    ids=["column", "one fold", "folds", "label"],
)
def test_what_cannot_be_validated_is_refused(settings, code):
    frame = cars()[0].head(60).with_columns(pl.lit(1).alias("same"))
    refuses(VALIDATE, {"label": "price", **settings}, code, untrained=only("regression.linear_regression"), table=frame)


def test_a_column_called_fold_is_refused():
    frame = cars()[0].with_columns(pl.lit(1).alias("Fold"))
    refuses(VALIDATE, {"label": "price"}, "reserved_name", untrained=only("regression.linear_regression"), table=Table(frame))


LEARNERS = ("regression.linear_regression", "classification.two_class_logistic_regression")
SCALE = ("transform.normalize", {"columns": ["x"]})


def prepared(frame, *steps, learner=LEARNERS[0], **settings):
    return validated(frame, chain(*steps, learner=learner, settings={"label": "y", "folds": 3, **settings}))


def told(found):
    return next((block["rows"] for block in found["report"].blocks if block.get("title") == "What prepares the table"), None)


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name.partition(":")[2].strip().split(",")[0])
def test_what_prepares_the_table_leaks_nothing(case):
    """The figure is that of a nested pipeline of scikit-learn; `python -m tests.bench.leaks` does this for 20 seeds and 10,000 columns."""
    found = measure(replace(case, rows=partial(noise, rows=100, columns=300)) if case.rows is noise else case, 5)
    assert found.apart <= 2
    if "Count" not in case.name:  # it is out of fold already, for the rows that it is fitted on
        assert abs(found.leaking - found.plain) > 2 * found.error or case.regression


def test_the_report_lists_what_is_fitted_again_and_each_line_is_titled(notes):
    frame = pl.DataFrame({"x": [*range(28), None, None], "y": [at % 3 * 1.0 for at in range(30)]})
    found = prepared(
        frame, ("transform.clean_missing", {"columns": ["x"], "mode": "mean"}), ("transform.window", {"columns": ["x"]}), SCALE
    )
    assert [row[0] for row in told(found)] == ["Normalize Data", "Clean Missing Data"]
    assert told(found)[1][1] == "executed once, on all rows: Window and Lag, which follows, needs all rows together"
    assert "Normalize Data: fitted on the training rows, then applied to the others." in notes
    notes.clear()
    prepared(frame, ("transform.clean_missing", {"columns": ["x"], "mode": "mean"}))
    assert any("Clean Missing Data: Missing values were replaced" in line for line in notes)


def test_rows_that_are_removed_are_counted_and_those_that_are_added_are_trained_on(notes):
    frame = pl.DataFrame({"x": [*range(28), None, None], "y": [at % 3 * 1.0 for at in range(30)]})
    found = prepared(frame, SCALE, ("transform.clean_missing", {"columns": ["x"], "mode": "drop_rows"}))
    assert found["table"].frame.height == 28
    assert any(line.startswith("2 rows were removed by the modules that prepare the table, and are not predicted") for line in notes)
    classes = frame.with_columns(pl.Series("y", ["no"] * 20 + ["yes"] * 10)).fill_null(0)
    found = prepared(classes, ("transform.smote", {"label": "y"}), learner=LEARNERS[1])
    rows = found["report"].blocks[1]["rows"]
    assert found["table"].frame.height == 30 and all(row[1] > 20 for row in rows) and sum(row[2] for row in rows) == 30


def test_columns_that_differ_between_folds_are_together_in_the_table():
    random = np.random.default_rng(0)
    frame = pl.DataFrame({**{f"x{at}": random.normal(size=60) for at in range(30)}, "y": random.normal(size=60)})
    table = prepared(frame, ("selection.filter_based", {"label": "y", "features": 2}))["table"]
    assert table.frame.height == 60 and table.frame["y"].to_list() == frame["y"].to_list()
    assert table.frame.columns[-2:] == ["Scored Labels", "Fold"] and table.frame.null_count().sum_horizontal()[0] > 0
    assert table.role("y").role == "label" and table.role("Scored Labels").role == "score"


def test_a_label_that_the_path_makes_or_changes_is_the_one_that_is_predicted():
    frame = pl.DataFrame({"x": [*range(30)], "raw": ["no", "yes", "no"] * 10})
    rename = ("transform.edit_metadata", {"columns": ["raw"], "new_names": "y"})
    found = prepared(frame, SCALE, rename, learner=LEARNERS[1])
    assert found["table"].frame["y"].to_list() == frame["raw"].to_list()
    refused = [("transform.filter_rows", {"condition": "greater", "column": "x", "value": "0"})]
    with pytest.raises(ModuleError, match="made or changed by modules") as caught:
        prepared(frame, SCALE, rename, *refused, learner=LEARNERS[1])
    assert caught.value.code == "label_after_rows"
    words = frame.rename({"raw": "y"}).with_columns(pl.Series("y", [f"{at % 7}" for at in range(30)]))
    number = ("transform.edit_metadata", {"columns": ["y"], "type": "number"})
    assert prepared(words, SCALE, number)["table"].frame["y"].dtype.is_numeric()


@pytest.mark.parametrize(
    ("steps", "words"),
    [
        ([SCALE, ("transform.filter_rows", {"condition": "greater", "column": "x", "value": "9"})], "leave 0 rows with a label to train"),
        ([SCALE, ("transform.select_columns", {"columns": ["x"]})], "no column “y”"),
        ([("transform.normalize", {"columns": ["nothing"]})], "Normalize Data, executed again on the training rows"),
    ],
    ids=["rows", "label", "settings"],
)
def test_what_is_wrong_inside_a_fold_is_told(steps, words):
    frame = pl.DataFrame({"x": [*range(30)], "y": [at % 3 * 1.0 for at in range(30)]})
    step = planned(chain(*steps, learner=LEARNERS[0], settings={"label": "y", "folds": 3}))
    with pytest.raises(ModuleError) as caught:
        run(VALIDATE, {"label": "y", "folds": 3}, untrained=only(LEARNERS[0]), **with_paths(step, {"table": [Table(frame)]}))
    assert words in caught.value.words and caught.value.remedy
