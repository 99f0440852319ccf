"""Train Model."""

import numpy as np
import polars as pl
import pytest
from sklearn.ensemble import ExtraTreesRegressor
from sklearn.linear_model import Ridge

from pipelines.catalogue.ports import ColumnRole, Table, UntrainedModel
from pipelines.catalogue.reporting import reporting_to
from tests.pipelines.modules.refusing import refuses
from tests.pipelines.modules.training.training import ALL, LEARNERS, MESSY, Heard, heard, said, train
from tests.support.module_runner import dataset, only


@pytest.mark.parametrize("learner", ALL)
def test_every_learner_takes_every_type_and_gaps(learner):
    listener = Heard()
    with reporting_to(listener):
        model = train(learner, MESSY)
    assert [column for column, _ in model.features] == ["n", "x", "t", "b", "when", "c", "day"]
    assert any("“empty”" in line for line in listener.notes) and any("“list”" in line for line in listener.notes)
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
    listener = Heard()
    with reporting_to(listener):
        model = train("regression.linear_regression", dataset("automobile_price"), "price")
    assert "4 rows with a missing label were left out." in listener.notes
    assert ["Rows", 201] in model.report.blocks[0]["rows"]


def test_one_row_without_label_is_told_in_the_singular():
    listener = Heard()
    with reporting_to(listener):
        train("regression.linear_regression", pl.DataFrame({"x": [1.0, 2.0, 4.0], "y": [1.0, None, 2.0]}))
    assert listener.notes == ["1 row with a missing label was left out.", "Trained on 2 rows and 1 column."]


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
    listener = Heard()
    with reporting_to(listener):
        assert train("regression.linear_regression", frame).features == (("x", "Int64"),)
    assert any("“id” was left out: its 100 distinct values in 100 rows" in line for line in listener.notes)


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
    listener = Heard()
    with reporting_to(listener):
        train("regression.boosted_trees", MESSY, trees=12)
    assert listener.steps == [(tree, 12, f"tree {tree} of 12") for tree in range(1, 13)]

    class Stop(Heard):
        def progress(self, done, total, words):
            raise InterruptedError

    with reporting_to(Stop()), pytest.raises(InterruptedError):
        train("regression.boosted_trees", MESSY)


@pytest.mark.parametrize("learner", ALL)
def test_the_report_shows_settings_and_what_the_model_goes_by(learner):
    report = train(learner, MESSY).report
    assert [block["type"] for block in report.blocks[:4]] == ["table", "chart", "table", "table"]
    assert report.blocks[1]["role"] == "importance" and report.blocks[3]["rows"][0] == ["n", "Int64", "number", 10]
    assert {row[0] for row in report.blocks[-1]["rows"]} == {"empty", "list"} and report.blocks[-1]["title"] == "Columns left out"


@pytest.mark.parametrize("learner", ALL)
@pytest.mark.parametrize("missing", ["none", "nan"])
def test_polars_pandas_and_easel_predict_the_same(learner, missing):
    """A missing text was a category of its own for trees, and the downloaded pipeline did not know pandas' way of writing it."""
    rng = np.random.default_rng(0)
    frame = pl.DataFrame(
        {
            "t": [None if place % 5 == 0 else "abc"[place % 3] for place in range(600)],
            "full": ["uvw"[place % 3] for place in range(600)],
            "many": [None if place % 7 == 0 else f"m{place % 130}" for place in range(600)],
            "n": rng.normal(size=600),
        }
    ).with_columns(n=pl.when(pl.col("n") < 2).then("n"), y=pl.Series(rng.integers(0, 2, 600)) + pl.col("t").is_null().cast(int) * 0)
    model = train(learner, frame)
    new = pl.concat([frame.drop("y"), pl.DataFrame({"t": ["new", None], "full": [None, "new"], "many": ["new", None], "n": [None, 0.5]})])
    ours = only("scoring.score_model", model=model, table=new).frame.to_series(-1).to_numpy()
    pandas = new.to_pandas().astype(dict.fromkeys(("t", "full", "many"), object))
    if missing == "nan":
        pandas = pandas.fillna(value=float("nan")).where(pandas.notna(), float("nan"))
    for given in (new, pandas):
        plain = model.estimator.predict(given) if model.task == "regression" else model.estimator.predict_proba(given)[:, 1]
        assert (plain == ours).all()


def test_trees_take_a_missing_text_as_missing():
    frame = pl.DataFrame({"t": ["a", "b", None] * 100, "y": [0.0, 1.0, 0.0] * 100})
    estimator = train("regression.boosted_trees", frame).estimator
    assert np.isnan(estimator["columns"].transform(frame)[2, 0])
    assert np.isnan(estimator["columns"].transform(pl.DataFrame({"t": ["new"]}))[0, 0])


def test_a_text_that_says_missing_is_no_missing_one():
    frame = pl.DataFrame({"t": ["(missing)", None, "b", "a"] * 20, "y": [0.0, 9.0, 0.0, 3.0] * 20})
    names = train("regression.linear_regression", frame).estimator["columns"].get_feature_names_out()
    assert {"t_(missing)", "t_((missing))"} <= set(names)


@pytest.mark.parametrize("learner", ["regression.boosted_trees", "classification.two_class_boosted_trees"])
def test_trees_stop_early_and_say_so(learner):
    rng = np.random.default_rng(0)
    x = rng.normal(size=(400, 3))
    frame = pl.DataFrame(x, schema=["a", "b", "c"]).with_columns(
        y=pl.Series((x[:, 0] + rng.normal(size=400) > 0).astype(int)), w=pl.Series(rng.random(400))
    )
    table = Table(frame, {"w": ColumnRole("weight")})
    model, notes = heard(learner, table, trees=2000, validation_share=0.25, patience=5)
    kept = dict(said(model, "Training"))["Trees kept"]
    assert 0 < kept < 1000 and f"{kept} trees were best on 100 held-out rows; 300 rows were used for training" in notes
    again = train(learner, table, trees=2000, validation_share=0.25, patience=5)
    assert (again.estimator.predict(frame) == model.estimator.predict(frame)).all()


def test_early_stopping_needs_rows():
    frame = pl.DataFrame({"x": [1, 2, 3, 4], "y": ["a", "a", "a", "b"]})
    untrained = only("classification.two_class_boosted_trees", {"validation_share": 0.2})
    refuses("training.train_model", {"label": "y"}, "too_few_rows", untrained=untrained, table=frame)


@pytest.mark.parametrize("learner", ["regression.boosted_trees", "classification.two_class_boosted_trees"])
def test_the_trees_do_not_depend_on_the_number_of_threads(learner):
    rng = np.random.default_rng(0)
    frame = pl.DataFrame(rng.normal(size=(20_000, 5))).with_columns(y=pl.Series(rng.integers(0, 2, 20_000)))
    one, two = only(learner), only(learner)
    one.estimator.set_params(n_jobs=1)
    two.estimator.set_params(n_jobs=2)
    scores = [only("training.train_model", {"label": "y"}, untrained=each, table=frame).estimator.predict(frame) for each in (one, two)]
    assert (scores[0] == scores[1]).all()


def test_a_learner_that_is_neither_linear_nor_a_booster_is_reported():
    """Any scikit-learn estimator may be behind an untrained model."""
    model = only(
        "training.train_model", {"label": "y"}, untrained=UntrainedModel("Trees", "regression", ExtraTreesRegressor(5)), table=MESSY
    )
    assert [block["title"] for block in model.report.blocks] == [
        "Training",
        "Feature importance",
        "Feature importance",
        "Feature columns",
        "Remarks",
        "Columns left out",
    ]


def test_what_a_library_raises_is_a_sentence():
    untrained = UntrainedModel("Line", "regression", Ridge(alpha=-1), "linear")
    wrong = refuses("training.train_model", {"label": "y"}, "cannot_learn", untrained=untrained, table=MESSY)
    assert wrong.words.startswith("Line cannot be trained on this table: ")


def test_the_coefficients_are_the_models():
    frame = pl.DataFrame({"a": [1.0, 2.0, 3.0, 4.0], "y": [12.0, 14.0, 16.0, 18.0]})
    table = train("regression.linear_regression", frame, l2_weight=0).report.blocks[2]
    assert table["rows"] == [["(intercept)", pytest.approx(15)], ["a", pytest.approx(2 * np.std([1, 2, 3, 4]))]]


def test_the_report_says_settings_in_words():
    facts = train("regression.linear_regression", MESSY).report.blocks[0]["rows"]
    assert ["Method", "Ordinary least squares"] in facts and ["Intercept", "yes"] in facts
