"""Create Python Model."""

from dataclasses import replace
from unittest.mock import Mock

import numpy as np
import polars as pl
import pytest
from sklearn.ensemble import ExtraTreesRegressor
from sklearn.linear_model import LinearRegression, LogisticRegression

from pipelines.catalogue import isolation
from pipelines.catalogue.discover import catalogue
from pipelines.catalogue.errors import ModuleError
from pipelines.catalogue.ports import ColumnRole, Table
from pipelines.catalogue.reporting import reporting_to
from pipelines.kinds.model import check_model, check_untrained, load_model, save_model
from pipelines.modelling.encoders import one_hot_columns
from pipelines.modelling.features import feature_frame
from tests.pipelines.modules.examples import cars
from tests.pipelines.modules.refusing import refuses
from tests.support.module_runner import only, run

LINEAR = """
from sklearn.linear_model import LinearRegression
class Line:
    def fit(self, X, y):
        print("fitting", type(X).__module__.split(".")[0], y.name)
        self.line = LinearRegression().fit(X, y)
    def predict(self, X):
        return self.line.predict(X)
"""
LOGISTIC = """
from sklearn.linear_model import LogisticRegression
class Model:
    def train(self, df_train, df_label):
        self.model = LogisticRegression(max_iter=1000).fit(df_train, df_label)
        self.classes_ = list(self.model.classes_)
    def predict(self, df):
        return self.model.predict(df)
    def predict_proba(self, df):
        return self.model.predict_proba(df)
"""
NUMBERS = cars().only(["horsepower", "curb-weight", "price"])
CLASSES = cars().only(["horsepower", "curb-weight", "drive-wheels"])


def learner(code, **settings):
    return only("script.python_model", {"code": code, **settings})


def trained(code, table=NUMBERS, label="price", **settings):
    return only("training.train_model", {"label": label}, untrained=learner(code, **settings), table=table)


def scored(model, table):
    return only("scoring.score_model", model=model, table=table)


def matrix(table, label):
    """The features that the class gets, made by hand."""
    features = [(name, str(dtype)) for name, dtype in table.frame.schema.items() if name != label]
    frame = feature_frame(table.frame, features)
    return one_hot_columns(frame, features, {}).fit_transform(frame)


@pytest.mark.parametrize("tables", ["pandas", "polars"])
def test_it_predicts_what_the_library_predicts(tables):
    listener = Mock()
    with reporting_to(listener):
        model = trained(LINEAR, tables=tables)
    known = matrix(NUMBERS, "price")
    expected = LinearRegression().fit(known, NUMBERS.frame["price"]).predict(known)
    np.testing.assert_allclose(scored(model, NUMBERS).frame["Scored Labels"], expected, rtol=1e-9)
    assert (f"fitting {tables} label", "info") in [told.args for told in listener.log.call_args_list]
    assert any(block["title"] == "Feature importance" for block in model.report.blocks)


def test_the_default_script_is_a_learner():
    default = catalogue().modules["script.python_model"].param("code").default
    known = matrix(NUMBERS, "price")
    expected = ExtraTreesRegressor(random_state=0).fit(known, NUMBERS.frame["price"]).predict(known)
    np.testing.assert_allclose(scored(trained(default), NUMBERS).frame["Scored Labels"], expected, rtol=1e-9)


@pytest.mark.parametrize(("table", "label"), [(CLASSES, "drive-wheels"), (cars().only(["horsepower", "curb-weight", "diesel"]), "diesel")])
def test_classes_have_the_librarys_probabilities_and_are_evaluated(table, label):
    model = trained(LOGISTIC, table, label, task="multi_class")
    known, actual = matrix(table, label), table.frame[label].to_numpy()
    expected = LogisticRegression(max_iter=1000).fit(known, actual)
    out = scored(model, table)
    chances = out.frame.select(pl.selectors.starts_with("Scored Probabilities")).to_numpy()
    np.testing.assert_allclose(chances, expected.predict_proba(known)[:, -chances.shape[1] :], rtol=1e-9)
    report = only("evaluation.evaluate_model", scored=out)
    assert report.metrics[0]["name"] == "Create Python Model"
    if label == "drive-wheels":
        assert report.metrics[0]["metrics"]["accuracy"] == pytest.approx(expected.score(known, actual))


def test_columns_as_they_are():
    code = """
import polars as pl
class Means:
    def fit(self, X, y):
        assert X.schema["make"] == pl.String and X["seen (year)"].dtype == pl.Float64 and X["horsepower"].null_count()
        self.means = dict(X.select("make").with_columns(y=y).group_by("make").agg(pl.col("y").mean()).iter_rows())
    def predict(self, X):
        return X["make"].replace_strict(self.means, default=0.0)
"""
    table = cars().only(["make", "seen", "horsepower", "price"])
    out = scored(trained(code, table, features="columns", tables="polars"), table).frame
    expected = table.frame.select(pl.col("price").mean().over("make"))["price"]
    np.testing.assert_allclose(out["Scored Labels"], expected, rtol=1e-9)


PREDICTED = """
import pandas as pd
class Model:
    def fit(self, X, y):
        pass
    def predict(self, X):
        return {}
"""


@pytest.mark.parametrize(
    ("returned", "task", "first"),
    [
        ("[1] * len(X)", "regression", 1.0),
        ("pd.DataFrame({'other': 5, 'Scored Labels': [2.5] * len(X)})", "regression", 2.5),
        ("X.iloc[:, :1] * 0", "regression", 0.0),
        ("['fwd'] * len(X)", "multi_class", "fwd"),
        ("pd.DataFrame({'Scored Labels': ['rwd'] * len(X)})", "multi_class", "rwd"),
    ],
)
def test_what_predict_may_return(returned, task, first):
    table, label = (NUMBERS, "price") if task == "regression" else (CLASSES, "drive-wheels")
    assert scored(trained(PREDICTED.format(returned), table, label, task=task), table).frame["Scored Labels"][0] == first


def test_two_classes_by_a_column_of_probabilities():
    table = cars().only(["horsepower", "diesel"])
    code = PREDICTED.format("pd.DataFrame({'Scored Labels': True, 'Scored Probabilities': [0.25] * len(X)})")
    out = scored(trained(code, table, "diesel", task="multi_class"), table).frame
    assert out["Scored Probabilities"][0] == 0.25 and out["Scored Labels"][0] is False


@pytest.mark.parametrize(
    ("returned", "task", "words"),
    [
        ("[1, 2]", "regression", "values of the shape (2,) for"),
        ("['a'] * len(X)", "regression", "values that are not numbers"),
        ("X", "regression", "the columns “horsepower”"),
        ("['big'] * len(X)", "multi_class", "the class “big”, which the label does not have"),
        ("1 / 0", "regression", "Create Python Model, line 7: ZeroDivisionError: division by zero"),
    ],
)
def test_wrong_predictions_are_named(returned, task, words):
    table, label = (NUMBERS, "price") if task == "regression" else (CLASSES, "drive-wheels")
    with pytest.raises(ModuleError) as caught:
        scored(trained(PREDICTED.format(returned), table, label, task=task), table)
    assert words in caught.value.words and caught.value.remedy


@pytest.mark.parametrize(
    ("code", "said", "words"),
    [
        ("x = 1", "no_class", "The script does not define a class with the methods fit and predict."),
        ("from sklearn.linear_model import Ridge", "no_class", "The script does not define a class with the methods fit and predict."),
        (LINEAR + LINEAR.replace("Line:", "Other:"), "several_classes", "The script defines several classes with fit and predict: “Line”, “Other”."),
        ("class Model:\n  def fit(", "script_failed", "Line 2: '(' was never closed."),
        ("\nraise ValueError('no')", "script_failed", "Line 2: ValueError: no."),
    ],
)  # fmt: skip
def test_wrong_scripts_are_named_at_once(code, said, words):
    wrong = refuses("script.python_model", {"code": code}, said)
    assert (wrong.words, wrong.param) == (words, "code")


def test_an_error_in_fit_names_the_module_and_the_line():
    with pytest.raises(ModuleError) as caught:
        trained(LINEAR.replace("LinearRegression().fit(X, y)", "X.nothing"))
    assert caught.value.words.startswith("Create Python Model, line 6: AttributeError:")


def test_weights_reach_fit_where_it_takes_them():
    weighed = Table(NUMBERS.frame.with_columns(w=pl.Series(range(1, NUMBERS.frame.height + 1))), {"w": ColumnRole("weight")})
    code = LINEAR.replace("fit(self, X, y)", "fit(self, X, y, sample_weight=None)").replace("fit(X, y)", "fit(X, y, sample_weight)")
    known = matrix(NUMBERS, "price")
    expected = LinearRegression().fit(known, NUMBERS.frame["price"], weighed.frame["w"]).predict(known)
    np.testing.assert_allclose(scored(trained(code, weighed), weighed).frame["Scored Labels"], expected, rtol=1e-9)
    listener = Mock()
    with reporting_to(listener):
        trained(LINEAR, weighed)
    assert any("Row weights are not used" in told.args[0] for told in listener.log.call_args_list)


# The store, and who may run the code


def test_the_store_keeps_code_and_bytes_and_equal_models_are_equal(tmp_path):
    model = trained(LOGISTIC, CLASSES, "drive-wheels", task="multi_class")
    for name, value, check in (("model", model, check_model), ("untrained", learner(LINEAR), check_untrained)):
        save_model(value, tmp_path / name)
        check(tmp_path / name)
    save_model(trained(LOGISTIC, CLASSES, "drive-wheels", task="multi_class"), tmp_path / "again")
    assert (tmp_path / "again").read_bytes() == (tmp_path / "model").read_bytes()
    back = load_model(tmp_path / "model")
    assert scored(back, CLASSES).frame.equals(scored(model, CLASSES).frame)
    assert only("training.train_model", {"label": "price"}, untrained=load_model(tmp_path / "untrained"), table=NUMBERS)


HOSTILE = """
import pathlib
class Hostile:
    def fit(self, X, y):
        pass
    def predict(self, X):
        return [0.0] * len(X)
    def __reduce__(self):
        return pathlib.Path.touch, (pathlib.Path({!r}),)
"""


def test_reading_a_model_runs_no_code_and_predicting_does_in_isolation_only(tmp_path, monkeypatch):
    sign = tmp_path / "code was run"
    model = trained(HOSTILE.format(str(sign)))
    save_model(model, tmp_path / "model")
    monkeypatch.setattr(isolation, "_isolated", False)
    back = load_model(tmp_path / "model")
    with pytest.raises(ModuleError) as caught:
        scored(back, NUMBERS)
    assert caught.value.code == "needs_walls" and not sign.exists()
    with pytest.raises(ModuleError) as caught:
        only("training.train_model", {"label": "price"}, untrained=replace(learner(LINEAR)), table=NUMBERS)
    assert caught.value.code == "needs_walls"
    monkeypatch.setenv("EASEL_TRUST_SCRIPTS", "1")
    with pytest.raises(ModuleError):
        scored(back, NUMBERS)
    assert sign.exists(), "the attempt was a real one"


def test_what_pickle_cannot_store_is_told():
    with pytest.raises(ModuleError) as caught:
        trained(LINEAR.replace("        self.line =", "        self.how = lambda x: x\n        self.line ="))
    assert caught.value.code == "cannot_store"


def test_the_seed_is_given_to_what_has_none():
    code = PREDICTED.format("self.drawn * len(X)").replace(
        "        pass", "        import numpy as np; self.drawn = [float(np.random.rand())]"
    )
    one, two, other = (scored(trained(code, seed=seed), NUMBERS).frame["Scored Labels"][0] for seed in (1, 1, 2))
    assert one == two == np.random.RandomState(1).rand() != other


def test_it_runs_as_every_learner_before_a_run():
    module = catalogue().modules["script.python_model"]
    assert module.runs_code and module.columns(task="regression").estimator is None
    assert run("script.python_model", {"task": "multi_class"})["model"].task == "multi_class"
