"""Train Model."""

from datetime import datetime, timedelta

import numpy as np
import polars as pl
import pytest
from sklearn.ensemble import ExtraTreesRegressor
from sklearn.linear_model import Ridge

from pipelines.catalogue.ports import ColumnRole, Table, UntrainedModel
from pipelines.catalogue.reporting import reporting_to
from tests.pipelines.modules.refusing import refuses
from tests.support.module_runner import dataset, only

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

    def log(self, line, level):
        self.notes.append(line)


def train(learner, table, label="y", **settings):
    return only("training.train_model", {"label": label}, untrained=only(learner, settings), table=table)


@pytest.mark.parametrize("learner", ALL)
def test_every_learner_takes_every_type_and_gaps(learner):
    heard = Heard()
    with reporting_to(heard):
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
    with reporting_to(heard):
        model = train("regression.linear_regression", dataset("automobile_price"), "price")
    assert "4 rows with a missing label were left out." in heard.notes
    assert ["Rows", 201] in model.report.blocks[0]["rows"]


def test_one_row_without_label_is_told_in_the_singular():
    heard = Heard()
    with reporting_to(heard):
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
    with reporting_to(heard):
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
    with reporting_to(heard):
        train("regression.boosted_trees", MESSY, trees=12)
    assert heard.steps == [(tree, 12, "trees") for tree in range(1, 13)]

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


def heard(learner, table, **settings):
    listener = Heard()
    with reporting_to(listener):
        model = train(learner, table, **settings)
    return model, " ".join(listener.notes)


def said(model, title):
    return [row for block in model.report.blocks if block["title"] == title for row in block["rows"]]


@pytest.mark.parametrize("learner", ["regression.linear_regression", "regression.boosted_trees"])
def test_lumped_categories_are_said_with_their_rows(learner):
    frame = pl.DataFrame({"t": [f"c{place % 1000}" for place in range(3000)], "y": [float(place % 7) for place in range(3000)]})
    model, notes = heard(learner, frame)
    assert "'t': the 901 rarest of its 1,000 different texts (2,703 rows) are one category." in notes
    assert said(model, "Remarks")[-1][0] == "t"


def test_a_column_of_one_value_is_left_out_and_said():
    frame = pl.DataFrame({"x": [1.0, 2.0, 3.0], "one": [7, 7, 7], "t": ["a", "a", "a"], "y": [1.0, 2.0, 3.5]})
    model, notes = heard("regression.linear_regression", frame)
    assert [column for column, _ in model.features] == ["x"] and "'one' was left out: all its values are the same." in notes
    assert said(model, "Columns left out") == [["one", "all its values are the same"], ["t", "all its values are the same"]]


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
    assert "180 of 200 texts are numbers. Edit Metadata" in notes and said(model, "Remarks")
    wide = frame.with_columns(x=pl.Series([str(10**25 + place) for place in range(200)]), z=pl.col("y") % 5)
    assert "name the rows rather than describe them; 200 of 200 texts are numbers" in heard("regression.boosted_trees", wide)[1]


def test_dates_written_as_text_are_said_with_the_way_out():
    frame = pl.DataFrame(
        {"d": [f"2012/{place % 12 + 1:02}/{place % 28 + 1:02}" for place in range(300)], "x": [place % 5 for place in range(300)]}
    )
    assert "texts are dates. Edit Metadata" in heard("regression.boosted_trees", frame.with_columns(y=pl.col("x") * 1.5 % 4))[1]


@pytest.mark.parametrize("leak", ["copy", "text", "gap"])
@pytest.mark.parametrize("learner", LEARNERS["two_class"])
def test_a_feature_that_gives_the_label_away_is_named(learner, leak):
    y = np.random.default_rng(0).integers(0, 2, 200)
    values = {"copy": y * 3.0, "text": ["no" if one else "yes" for one in y], "gap": [1.5 if one else None for one in y]}[leak]
    frame = pl.DataFrame({"x": np.random.default_rng(1).normal(size=200), "leak": values, "y": y})
    model, notes = heard(learner, frame)
    assert "'leak'" in notes and "alone predicts the label almost perfectly" in notes and "'x'" not in notes
    assert [row[0] for row in said(model, "Remarks")] == ["leak"]


def test_a_number_that_gives_the_label_away_is_named():
    x = np.random.default_rng(0).normal(size=300)
    notes = heard("regression.linear_regression", pl.DataFrame({"x": x, "other": x**3, "y": 2 * x + 1}))[1]
    assert "'x': it alone predicts the label almost perfectly (R² 1)" in notes and "'other'" not in notes


@pytest.mark.parametrize("learner", ["regression.linear_regression", "regression.boosted_trees"])
def test_seasons_can_be_learned(learner):
    when = pl.datetime_range(datetime(2021, 1, 1), datetime(2023, 12, 31), "6h", eager=True)
    frame = pl.DataFrame({"when": when}).with_columns(
        y=10.0 * pl.col("when").dt.month().is_in([6, 7, 8]) + 3.0 * (pl.col("when").dt.weekday() > 5)
    )
    model = train(learner, frame)
    guess = only("scoring.score_model", model=model, table=frame).frame["Scored Labels"].to_numpy()
    assert 1 - ((guess - frame["y"].to_numpy()) ** 2).mean() / frame["y"].to_numpy().var() > 0.95
    assert said(model, "Columns learned from")[0][2] == "days since 1970, year, month, weekday, hour"


def test_infinite_and_huge_numbers_are_said_and_learned_from():
    frame = pl.DataFrame({"x": [1e308, float("inf"), *map(float, range(98))], "y": [place % 2 for place in range(100)]})
    _, notes = heard("classification.two_class_logistic_regression", frame)
    assert "1 value of 'x' is infinite and counted as missing." in notes
    assert "1 value of 'x' is beyond ±1e100 and taken as ±1e100." in notes


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
    assert "'w', 'v'" in wrong.words


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
    assert "'z' was left out: it is marked as a label too" in notes
    scored = only("scoring.score_model", model=model, table=table)
    assert scored.columns_with("label") == ["y"]
    assert only("evaluation.evaluate_model", scored=[scored]).metrics


def test_the_columns_that_were_left_out_are_named_when_none_is_left():
    table = pl.DataFrame({"y": [1.0, 2.0], "empty": [None, None], "one": [5, 5]})
    wrong = refuses("training.train_model", {"label": "y"}, "no_features", untrained=only("regression.boosted_trees"), table=table)
    assert "'empty': it has no values; 'one': all its values are the same" in wrong.words


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
    assert 0 < kept < 1000 and f"{kept} trees were best on 100 rows kept apart; 300 rows were learned from" in notes
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
        "Columns learned from",
        "Remarks",
        "Columns left out",
    ]


def test_what_a_library_raises_is_a_sentence():
    untrained = UntrainedModel("Line", "regression", Ridge(alpha=-1), "linear")
    wrong = refuses("training.train_model", {"label": "y"}, "cannot_learn", untrained=untrained, table=MESSY)
    assert wrong.words.startswith("Line cannot learn from this table: ")


def test_the_coefficients_are_the_models():
    frame = pl.DataFrame({"a": [1.0, 2.0, 3.0, 4.0], "y": [12.0, 14.0, 16.0, 18.0]})
    table = train("regression.linear_regression", frame, l2_weight=0).report.blocks[2]
    assert table["rows"] == [["(intercept)", pytest.approx(15)], ["a", pytest.approx(2 * np.std([1, 2, 3, 4]))]]


def test_the_report_says_settings_in_words():
    facts = train("regression.linear_regression", MESSY).report.blocks[0]["rows"]
    assert ["Method", "Ordinary least squares"] in facts and ["Intercept", "yes"] in facts
