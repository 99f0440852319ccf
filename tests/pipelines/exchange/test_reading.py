"""Files of other programs as models: they score as there, and what is broken is refused."""

from __future__ import annotations

import json
import os
from typing import Any

import numpy as np
import polars as pl
import pytest
from polars.testing import assert_frame_equal
from sklearn.cluster import KMeans
from sklearn.linear_model import LogisticRegression, Ridge
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import FunctionTransformer
from sklearn.svm import LinearSVC
from sklearn.tree import DecisionTreeClassifier

from pipelines.catalogue.errors import ModuleError
from pipelines.catalogue.ports import Table
from pipelines.exchange.asked import Feature
from pipelines.modelling.scripted import ScriptedModel
from tests.pipelines.exchange.conftest import Read
from tests.support.foreign_models import (
    INPUTS,
    PICKLED,
    SKLEARN,
    lightgbm_scores,
    lightgbm_text,
    mlflow_folder,
    packed,
    pickled,
    pipeline,
    rows,
    skops_of,
    target,
    two_classes,
)
from tests.support.module_runner import run

MAKES = Feature("make", "text")


def scored(model: Any) -> pl.DataFrame:
    table = run("scoring.score_model", {"append": False}, model=model, table=Table(pl.from_pandas(rows())))["table"]
    frame: pl.DataFrame = table.frame
    return frame


def test_a_pipeline_of_scikit_learn_scores_as_it_does_there(read: Read) -> None:
    found, model = read(skops_of(pipeline()), label="bought")
    assert (model.name, model.task, model.label, model.classes) == ("LogisticRegression", "two_class", "bought", ("no", "yes"))
    assert model.features == (("power", "Float64"), ("make", "String"))
    assert scored(model)["Scored Probabilities"].to_list() == pipeline().predict_proba(rows())[:, 1].tolist()
    make = found.signature.inputs[1]
    assert (make.name, make.type, make.categories, make.nullable) == ("make", "text", ("bmw", "fiat", "opel"), False)
    assert [column.name for column in found.signature.outputs] == ["Scored Labels", "Scored Probabilities"]
    assert any("refuses rows with missing values" in note for note in found.notes)


def test_the_positive_class_is_the_last_one_given(read: Read) -> None:
    _, model = read(skops_of(pipeline()), classes=("yes", "no"))
    assert scored(model)["Scored Probabilities"].to_list() == pipeline().predict_proba(rows())[:, 0].tolist()


def test_a_model_of_arrays_needs_its_inputs(read: Read) -> None:
    ridge = Ridge().fit(rows()[["power", "used"]].to_numpy(dtype=float), target())
    with pytest.raises(ModuleError, match="does not name its 2 inputs") as caught:
        read(skops_of(ridge))
    assert (caught.value.code, caught.value.param) == ("no_signature", "features")
    _, model = read(skops_of(ridge), features=(Feature("power"), Feature("used", "boolean")))
    assert scored(model)["Scored Labels"].to_list() == ridge.predict(rows()[["power", "used"]].to_numpy(dtype=float)).tolist()


def test_a_folder_of_mlflow_gives_inputs_and_example(read: Read) -> None:
    example = {"dataframe_split": {"columns": ["power", "make"], "data": [[0.25, "opel"]]}}
    files = {"model.skops": skops_of(pipeline(False)), "serving_input_example.json": json.dumps(example)}
    found, model = read(mlflow_folder(SKLEARN, files, INPUTS, "my-model/"))
    assert (found.format, model.task, found.signature.example) == ("mlflow", "regression", {"power": 0.25, "make": "opel"})
    assert np.allclose(scored(model)["Scored Labels"], pipeline(False).predict(rows()), rtol=1e-14, atol=0)


def test_a_text_file_of_lightgbm_keeps_the_categories_of_pandas(read: Read) -> None:
    found, model = read(lightgbm_text(), classes=("no", "yes"))
    assert [(column.name, column.type, column.nullable) for column in found.signature.inputs] == [
        ("power", "number", True),
        ("make", "text", True),
    ]
    assert scored(model)["Scored Probabilities"].to_list() == lightgbm_scores().tolist()
    folder = mlflow_folder("  lightgbm:\n    data: model.lgb\n", {"model.lgb": lightgbm_text("regression")}, INPUTS)
    assert read(folder)[1].task == "regression"


def test_a_file_of_xgboost_scores_as_it_does_there(read: Read) -> None:
    xgboost = pytest.importorskip("xgboost")
    frame = rows()[["power"]]
    for ending, label, options in (("json", (target() > 1).astype(int), {"objective": "binary:logistic"}), ("ubj", target(), {})):
        booster = xgboost.train({**options, "nthread": 1}, xgboost.DMatrix(frame, label), 3)
        _, model = read(bytes(booster.save_raw(ending)), classes=("no", "yes") if options else ())
        name = "Scored Probabilities" if options else "Scored Labels"
        assert np.allclose(scored(model)[name], booster.predict(xgboost.DMatrix(frame)), rtol=1e-6, atol=1e-7)


def test_several_classes(read: Read) -> None:
    tree = DecisionTreeClassifier(max_depth=3).fit(rows()[["power"]], rows()["make"])
    _, model = read(skops_of(tree))
    expected = tree.predict_proba(rows()[["power"]])
    assert model.task == "multi_class"
    assert_frame_equal(
        scored(model).select("^Scored Prob.*$"),
        pl.DataFrame({f"Scored Probabilities ({name})": expected[:, at] for at, name in enumerate(tree.classes_)}),
    )


def of_types() -> bytes:
    """A pipeline with a function that skops does not trust."""
    fitted = make_pipeline(FunctionTransformer(), Ridge()).fit(rows()[["power"]], target())
    fitted[0].func = os.system
    return skops_of(fitted)


def of_a_script() -> bytes:
    """A model of Create Python Model, which holds code and a pickle."""
    model = ScriptedModel("class Model: ...")
    model.state_ = np.frombuffer(pickled(), dtype=np.uint8)
    return skops_of(model)


def clusters() -> bytes:
    return skops_of(KMeans(2, n_init=1).fit(rows()[["power"]]))


def without_probabilities() -> bytes:
    return skops_of(LinearSVC().fit(rows()[["power"]], two_classes()))


def unfitted() -> bytes:
    return skops_of(LogisticRegression())


# Written out, the name of the file has 9^12 entries.
NESTED = (
    "a0: &a0 [x]\n"
    + "".join(f"a{at}: &a{at} [{', '.join([f'*a{at - 1}'] * 9)}]\n" for at in range(1, 13))
    + "flavors: {sklearn: {pickled_model: *a12}}"
)
REFUSED: dict[str, tuple[str, str, Any, dict[str, Any]]] = {
    "types that are not allowed": ("untrusted_type", "system", of_types, {}),
    "a skops archive of something else": ("damaged", "skops", lambda: packed({"schema.json": "[]"}), {}),
    "a schema that is no JSON": ("damaged", "skops", lambda: packed({"schema.json": "{"}), {}),
    "code of a script and a pickle": ("pickle_refused", "script", of_a_script, {}),
    "clusters": ("wrong_task", "neither", clusters, {}),
    "no probabilities": ("no_probabilities", "LinearSVC", without_probabilities, {}),
    "an unfitted model": ("wrong_task", "not fitted", unfitted, {}),
    "another task": ("wrong_task", "two class, not regression", lambda: skops_of(pipeline()), {"task": "regression"}),
    "an input that the model does not have": (
        "wrong_signature",
        "colour",
        lambda: skops_of(pipeline()),
        {"features": (Feature("power"), MAKES, Feature("colour"))},
    ),
    "an input that is left out": ("wrong_signature", "make", lambda: skops_of(pipeline()), {"features": (Feature("power"),)}),
    "an input twice": ("wrong_signature", "twice", lambda: skops_of(pipeline()), {"features": (MAKES, MAKES)}),
    "an input of another type": ("does_not_predict", "row", lambda: skops_of(pipeline()), {"features": (Feature("power", "text"), MAKES)}),
    "other classes": ("wrong_classes", "maybe", lambda: skops_of(pipeline()), {"classes": ("no", "maybe")}),
    "too many classes": ("wrong_classes", "2 classes", lightgbm_text, {"classes": ("a", "b", "c")}),
    "a truncated LightGBM file": ("damaged", "last tree", lambda: lightgbm_text()[:2000], {}),
    "a ranking": ("wrong_task", "lambdarank", lambda: lightgbm_text().replace(b"objective=binary", b"objective=lambdarank"), {}),
    "no texts for a category": ("wrong_signature", "texts of", lightgbm_text, {"features": (Feature("power"), Feature("make"))}),
    "a folder with a pickle": ("pickle_refused", "model.pkl", lambda: mlflow_folder(PICKLED, {"model.pkl": pickled()}), {}),
    "a pickle with another name": ("pickle_refused", "model.skops", lambda: mlflow_folder(SKLEARN, {"model.skops": pickled()}), {}),
    "a folder of another flavour": ("unknown_format", "spark", lambda: mlflow_folder("  spark:\n    model_data: sparkml\n", {}), {}),
    "a folder without its file": ("missing_file", "model.skops", lambda: mlflow_folder(SKLEARN, {}), {}),
    "a file outside the folder": ("missing_file", "passwd", lambda: mlflow_folder("  onnx:\n    data: ../../etc/passwd\n", {}), {}),
    "a folder in a folder": ("unknown_format", "archive", lambda: mlflow_folder(SKLEARN, {"model.skops": packed({"MLmodel": ""})}), {}),
    "MLmodel that is no YAML": ("damaged", "MLmodel", lambda: packed({"MLmodel": "a: [b"}), {}),
    "MLmodel with nested aliases in place of a file": ("unknown_format", "sklearn", lambda: packed({"MLmodel": NESTED}), {}),
    "MLmodel with code": ("damaged", "MLmodel", lambda: packed({"MLmodel": "flavors: !!python/object/apply:os.system ['true']"}), {}),
    "a date": (
        "wrong_signature",
        "datetime",
        lambda: mlflow_folder(SKLEARN, {"model.skops": b"PK"}, [{"type": "datetime", "name": "day"}]),
        {},
    ),
    "XGBoost that is none": ("damaged", "XGBoost", lambda: b'{"learner": {}, "version": [1]}', {}),
}


@pytest.mark.parametrize("what", REFUSED)
def test_what_is_broken_or_does_not_fit_is_refused_with_place_and_remedy(what: str, read: Read, capfd: Any) -> None:
    code, part, made, asked = REFUSED[what]
    if "XGBoost" in what:
        pytest.importorskip("xgboost")
    with pytest.raises(ModuleError) as caught:
        read(made(), **asked)
    assert (caught.value.code, part in caught.value.words) == (code, True), (caught.value.code, caught.value.words)
    assert caught.value.remedy and "executed" not in capfd.readouterr().out
