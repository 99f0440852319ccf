"""Models by group: what is written comes back, model by model, and no other file is read."""

import io
from functools import cache
from zipfile import ZipFile

import polars as pl
import pytest
from skops.io import dumps

from pipelines.catalogue.errors import ModuleError
from pipelines.kinds.models_by_group import KIND, Lags, ModelsByGroup
from tests.support.module_runner import dataset, only, run

FEW = {"may_fail_share": 100}


@cache
def trained():
    settings = {"label": "price", "groups": ["drive-wheels"], **FEW}
    return run(
        "training.train_model_by_group", settings, untrained=only("regression.linear_regression"), table=dataset("automobile_price")
    )["models"]


def test_it_comes_back_and_equal_ones_are_equal_bytes(tmp_path):
    KIND.write(trained(), tmp_path / "one")
    back = KIND.read(tmp_path / "one")
    KIND.write(back, tmp_path / "two")
    assert (tmp_path / "one").read_bytes() == (tmp_path / "two").read_bytes()
    assert back.keys.equals(trained().keys) and back.facts.equals(trained().facts)
    assert (back.name, back.task, back.label, back.by) == ("Linear Regression", "regression", "price", ("drive-wheels",))
    scores = [only("scoring.score_model_by_group", models=each, table=dataset("automobile_price")).frame for each in (trained(), back)]
    assert scores[0].equals(scores[1])


def test_models_are_read_after_the_file_is_gone(tmp_path):
    KIND.write(trained(), tmp_path / "one")
    back = KIND.read(tmp_path / "one")
    (tmp_path / "one").unlink()
    assert [back.blob(place) for place in range(back.keys.height)] == [trained().blob(place) for place in range(back.keys.height)]
    assert back.model(1).label == "price"


def test_lag_models_have_no_blobs(tmp_path):
    facts = pl.DataFrame({"group": ["a"], "bytes": [0], "coefficients": [[1.0, 0.5]], "latest": [[3.0]]})
    KIND.write(ModelsByGroup("L", "regression", "y", ("k",), pl.DataFrame({"k": ["a"]}), facts, lags=Lags("t", (1,))), tmp_path / "lags")
    back = KIND.read(tmp_path / "lags")
    assert back.lags == Lags("t", (1,)) and back.facts.equals(facts)
    KIND.check(tmp_path / "lags")


def test_a_file_of_strange_types_is_refused_without_loading_it(tmp_path):
    strange = dumps(print)
    facts = pl.DataFrame({"group": ["a"], "bytes": [len(strange)]})
    KIND.write(ModelsByGroup("L", "regression", "y", ("k",), pl.DataFrame({"k": ["a"]}), facts, lambda _: strange), tmp_path / "bad")
    with pytest.raises(ModuleError) as caught:
        KIND.check(tmp_path / "bad")
    assert caught.value.code == "untrusted_type"
    with pytest.raises(Exception, match="not a model of Easel"):
        KIND.read(tmp_path / "bad").model(0)
    KIND.write(trained(), tmp_path / "good")
    KIND.check(tmp_path / "good")


def test_parts_that_do_not_belong_together_are_refused(tmp_path):
    KIND.write(trained(), tmp_path / "good")
    for name, held in (("models.bin", b"x"), ("keys.arrow", pl.DataFrame({"k": [1]}).write_ipc(None).getvalue())):
        with ZipFile(tmp_path / "good") as good, ZipFile(tmp_path / "bad", "w") as bad:
            for member in good.namelist():
                bad.writestr(member, held if member == name else good.read(member))
        with pytest.raises(ValueError, match="do not belong together"):
            KIND.read(tmp_path / "bad")
    (tmp_path / "worse").write_bytes(io.BytesIO(b"no archive").getvalue())
    with pytest.raises(Exception, match="zip"):
        KIND.read(tmp_path / "worse")
