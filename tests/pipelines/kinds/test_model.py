"""Models to files and back."""

import io
import json
import os
import subprocess
import sys
import zipfile
from dataclasses import replace
from functools import partial

import polars as pl
import pytest
import skops.io
from sklearn.preprocessing import FunctionTransformer

from pipelines.catalogue.errors import ModuleError
from pipelines.kinds.model import UntrustedType, load_model, save_model, trusted
from tests.pipelines.modules.examples import cars
from tests.support.module_runner import ROOT, only

LEARNERS = {
    "regression.linear_regression": ({}, "price"),
    "regression.boosted_trees": ({"trees": 5}, "price"),
    "classification.two_class_boosted_trees": ({"trees": 5}, "diesel"),
    "classification.two_class_logistic_regression": ({}, "diesel"),
}
CASES = [*LEARNERS.items(), ("regression.linear_regression", ({"method": "gradient_descent"}, "price"))]


def model(learner, settings, label):
    return only("training.train_model", {"label": label}, untrained=only(learner, settings), table=cars())


@pytest.mark.parametrize(("learner", "use"), CASES)
def test_a_model_comes_back_and_scores_the_same(learner, use, tmp_path):
    before = model(learner, *use)
    save_model(before, tmp_path / "m")
    after = load_model(tmp_path / "m")
    assert replace(after, estimator=None) == replace(before, estimator=None, report=None)
    scores = [only("scoring.score_model", model=each, table=cars()).frame for each in (before, after)]
    assert scores[0].equals(scores[1])


@pytest.mark.parametrize("values", [[1, 2], [1.0, 2.0], [True, False], ["a", "b"]])
@pytest.mark.parametrize("learner", ["classification.two_class_boosted_trees", "classification.two_class_logistic_regression"])
def test_classes_of_every_type_come_back(learner, values, tmp_path):
    frame = pl.DataFrame({"x": [0.0, 1.0] * 30, "y": values * 30})
    before = only("training.train_model", {"label": "y"}, untrained=only(learner), table=frame)
    save_model(before, tmp_path / "m")
    scored = only("scoring.score_model", model=load_model(tmp_path / "m"), table=frame).frame
    assert scored["Scored Labels"].equals(frame["y"].alias("Scored Labels"))
    assert load_model(tmp_path / "m").estimator.predict(frame.select("x")).tolist() == frame["y"].to_list()


@pytest.mark.parametrize(("learner", "use"), CASES)
def test_a_learner_comes_back(learner, use, tmp_path):
    before = only(learner, use[0])
    save_model(before, tmp_path / "m")
    after = load_model(tmp_path / "m")
    assert replace(after, estimator=None) == replace(before, estimator=None)
    assert repr(after.estimator) == repr(before.estimator)


@pytest.mark.parametrize(("learner", "use"), CASES)
def test_equal_models_are_equal_bytes_after_any_round_trip(learner, use, tmp_path):
    save_model(model(learner, *use), tmp_path / "a")
    save_model(model(learner, *use), tmp_path / "b")
    save_model(load_model(tmp_path / "a"), tmp_path / "c")
    assert (tmp_path / "a").read_bytes() == (tmp_path / "b").read_bytes() == (tmp_path / "c").read_bytes()


@pytest.mark.parametrize(("learner", "use"), CASES)
def test_a_learner_from_a_file_gives_the_bytes_of_a_fresh_one(learner, use, tmp_path):
    settings, label = use
    fresh = only(learner, settings)
    save_model(fresh, tmp_path / "learner")
    for name, untrained in (("a", fresh), ("b", load_model(tmp_path / "learner"))):
        save_model(only("training.train_model", {"label": label}, untrained=untrained, table=cars()), tmp_path / name)
    assert (tmp_path / "a").read_bytes() == (tmp_path / "b").read_bytes()


@pytest.mark.slow
def test_another_process_writes_the_same_bytes(tmp_path):
    code = (
        "import sys; from pathlib import Path; from tests.pipelines.kinds.test_model import model, save_model;"
        "save_model(model('regression.boosted_trees', {'trees': 5}, 'price'), Path(sys.argv[1]))"
    )
    subprocess.run([sys.executable, "-c", code, str(tmp_path / "there")], cwd=ROOT, check=True)
    save_model(model("regression.boosted_trees", {"trees": 5}, "price"), tmp_path / "here")
    assert (tmp_path / "there").read_bytes() == (tmp_path / "here").read_bytes()


@pytest.mark.parametrize(("learner", "use"), CASES)
def test_anybody_with_skops_can_read_the_pipeline(learner, use, tmp_path):
    """The file is a plain skops archive of a scikit-learn pipeline, which asks for no type beyond the allowed ones."""
    save_model(model(learner, *use), tmp_path / "m.skops")
    assert set(skops.io.get_untrusted_types(file=tmp_path / "m.skops")) <= set(trusted())
    assert hasattr(skops.io.load(tmp_path / "m.skops", trusted=trusted()), "predict")


def test_a_model_whose_library_is_missing_says_which(tmp_path, monkeypatch):
    pytest.importorskip("xgboost")
    save_model(only("regression.xgboost"), tmp_path / "m")
    for name in [name for name in sys.modules if name.partition(".")[0] == "xgboost"]:
        monkeypatch.delitem(sys.modules, name)
    monkeypatch.setitem(sys.modules, "xgboost", None)
    with pytest.raises(ModuleError, match="package xgboost, which is not installed") as refusal:
        load_model(tmp_path / "m")
    assert refusal.value.code == "extra_missing"


class Evil:
    pass


def test_other_types_are_refused(tmp_path):
    save_model(replace(only("regression.linear_regression"), estimator=Evil()), tmp_path / "m")
    with pytest.raises(UntrustedType, match="Evil"):
        load_model(tmp_path / "m")


@pytest.mark.parametrize("function", [os.system, subprocess.run, eval])
def test_of_a_partial_function_the_function_is_looked_at(function, tmp_path):
    """Histogram boosting keeps a partial function of scikit-learn; a file may name no other."""
    estimator = FunctionTransformer(partial(function, "true"))
    save_model(replace(only("regression.linear_regression"), estimator=estimator), tmp_path / "m")
    with pytest.raises(UntrustedType, match=function.__name__):
        load_model(tmp_path / "m")


@pytest.mark.parametrize("data", [b"", b"PK", b"not a model" * 100])
def test_other_files_are_refused(data, tmp_path):
    (tmp_path / "m").write_bytes(data)
    with pytest.raises(UntrustedType):
        load_model(tmp_path / "m")


def test_a_damaged_description_is_refused(tmp_path):
    kept = io.BytesIO()
    with zipfile.ZipFile(kept, "w") as archive:
        archive.writestr("easel.json", json.dumps({"kind": "model", "value": {}}))
        archive.writestr("schema.json", "{}")
    (tmp_path / "m").write_bytes(kept.getvalue())
    with pytest.raises(UntrustedType):
        load_model(tmp_path / "m")
