"""Execute Python Script: models in and out."""

import polars as pl
import pytest

from pipelines.catalogue.errors import ModuleError
from pipelines.catalogue.ports import Model, Table
from tests.pipelines.modules.refusing import refuses
from tests.pipelines.modules.script.test_python import TABLE, script
from tests.support.module_runner import run


def test_a_parameter_called_model_gets_the_model_and_params_the_settings():
    trained = Model("m", "regression", "pipeline", "y", [("x", "Float64")])
    code = "def main(first, model, params):\n    return {'of': [model.label, str(params['alpha'] + 1), params['words'], str(first.height)]}"
    settings = {"params": "# said once\nalpha = 0.5\nwords = two words\n"}
    assert script(code, settings, first=TABLE, model=trained)["first"]["of"].to_list() == ["y", "1.5", "two words", "3"]
    assert refuses("script.python", {"code": "", "params": "alpha"}, "bad_params").param == "params"


# A model that is returned

LEARNED = """
from sklearn.ensemble import RandomForestClassifier
from sklearn.linear_model import LinearRegression
def main(first):
    X = first.select("a", "b")
"""
NUMBERS = Table(pl.DataFrame({"a": [1, 2, 3, 4], "b": [0.5, 0.1, 0.9, 0.3], "c": ["no", "yes", "no", "yes"], "y": [2.0, 4.0, 6.0, 8.0]}))


def learned(code):
    return script(LEARNED + code, first=NUMBERS)["model"]


def test_a_fitted_estimator_becomes_a_model():
    model = learned("    return easel.model(LinearRegression().fit(X, first['y']), X, label='y')")
    assert (model.name, model.task, model.label, model.classes) == ("LinearRegression", "regression", "y", None)
    assert model.features == (("a", "Int64"), ("b", "Float64"))
    (scored,) = run("scoring.score_model", {}, model=model, table=NUMBERS).values()
    assert scored.frame["Scored Labels"].to_list() == pytest.approx([2, 4, 6, 8])


@pytest.mark.parametrize(
    ("made", "task", "columns"),
    [
        (
            "sklearn.cluster.KMeans(2, random_state=0)",
            "clustering",
            ["Assignments", "DistancesToClusterCenter no.0", "DistancesToClusterCenter no.1"],
        ),
        ("sklearn.mixture.GaussianMixture(1)", "clustering", ["Assignments", "DistancesToClusterCenter no.0"]),
        ("sklearn.ensemble.IsolationForest(random_state=0)", "anomaly", ["Scored Labels", "Anomaly Score"]),
    ],
)
@pytest.mark.filterwarnings("error:X does not have valid feature names")
def test_an_estimator_without_a_label_becomes_a_model(made, task, columns):
    code = "    import sklearn.cluster, sklearn.ensemble, sklearn.mixture\n"
    model = learned(f"{code}    return easel.model({made}.fit(X), X)")
    assert (model.task, model.label, model.classes) == (task, "", None)
    (scored,) = run("scoring.score_model", {}, model=model, table=NUMBERS).values()
    assert scored.frame.columns[4:] == columns


def test_the_positive_class_is_the_later_one_or_as_the_script_says():
    fitted = "    forest = RandomForestClassifier(5, random_state=1).fit(X, first['c'])\n"
    assert learned(fitted + "    return easel.model(forest, X, label='c')").classes == ("no", "yes")
    model = learned(fitted + "    return easel.model(forest, first.select('a', 'b', 'c'), 'c', positive='no')")
    assert (model.classes, [name for name, _ in model.features]) == (("yes", "no"), ["a", "b"])
    (scored,) = run("scoring.score_model", {}, model=model, table=NUMBERS).values()
    assert scored.frame["Scored Labels"].to_list() == ["no", "yes", "no", "yes"]
    (report,) = run("evaluation.evaluate_model", {}, scored=scored).values()
    assert report.metrics[0]["metrics"]["accuracy"] == 1


def test_a_model_of_several_classes_gives_the_probability_of_each():
    fitted = "    forest = RandomForestClassifier(9, random_state=1, bootstrap=False).fit(X, first['y'])\n"
    model = learned(fitted + "    return easel.model(forest, X, label='y')")
    assert (model.task, model.classes) == ("multi_class", ("2", "4", "6", "8"))
    (scored,) = run("scoring.score_model", {}, model=model, table=NUMBERS).values()
    assert scored.columns_with("score")[1:] == [f"Scored Probabilities ({name})" for name in "2468"]
    assert scored.frame["Scored Labels"].to_list() == [2, 4, 6, 8]


def test_pandas_and_a_table_beside_it_will_do():
    code = """
from sklearn.linear_model import LinearRegression
def main(first):
    return first, {"rows": len(first)}, easel.model(LinearRegression().fit(first[["a", "b"]], first["y"]), first[["a", "b"]], label="y")
"""
    made = script(code, {"tables": "pandas"}, first=NUMBERS)
    assert (made["model"].features, made["first"].height) == ((("a", "Int64"), ("b", "Float64")), 4)
    assert made["report"].metrics


def test_the_connected_model_is_returned_with_another_estimator():
    before = learned("    return easel.model(LinearRegression().fit(X, first['y']), X, label='y')")
    code = """
from dataclasses import replace
from sklearn.tree import DecisionTreeRegressor
def main(first, model):
    return replace(model, estimator=DecisionTreeRegressor().fit(first.select("a", "b"), first["y"]))
"""
    after = script(code, first=NUMBERS, model=before)["model"]
    assert (type(after.estimator).__name__, after.label) == ("DecisionTreeRegressor", "y")
    assert script("def main(model):\n    return model", model=before)["model"] is before


@pytest.mark.parametrize(
    ("returned", "words"),
    [
        ("LinearRegression().fit(X, first['y'])", "main returned LinearRegression without its feature columns and label"),
        ("easel.model(LinearRegression(), X, label='y')", "The estimator is not fitted"),
        ("easel.model(LinearRegression().fit(X, first['y']), X)", "LinearRegression predicts a label, but the script does not name it"),
        (
            "easel.model(LinearRegression().fit(X, first['y']), first.select('a'), label='y')",
            "was fitted on a, b, but Score Model would pass it a.",
        ),
        ("easel.model(RandomForestClassifier(2).fit(X, [0] * 4), X, label='a')", "1 class; Easel supports two or more"),
        (
            "easel.model(RandomForestClassifier(2).fit(X, first['c']), X, label='c', positive='maybe')",
            "no class “maybe”; its classes are no, yes",
        ),
        ("easel.model(3, X, label='y')", "A model must be an estimator of scikit-learn, not a value of type int."),
        ("easel.model(LinearRegression().fit(X, first['y']), 'a', label='y')", "a table, not a value of type str"),
        ("(easel.model(m := LinearRegression().fit(X, first['y']), X, 'y'), easel.model(m, X, 'y'))", "main returned 2 models"),
    ],
)
def test_what_cannot_be_a_model_is_said(returned, words):
    with pytest.raises(ModuleError) as caught:
        learned(f"    return {returned}")
    assert words in caught.value.words and caught.value.param == "code"
    assert "easel.model(" in caught.value.remedy


def test_without_a_model_score_model_says_where_it_is_missing():
    made = script("def main(first):\n    return first", first=NUMBERS)
    with pytest.raises(ModuleError) as caught:
        run("scoring.score_model", {}, model=made["model"], table=NUMBERS)
    assert (caught.value.code, caught.value.port) == ("no_model", "model")
