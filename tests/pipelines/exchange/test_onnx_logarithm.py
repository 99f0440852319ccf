"""A model of the logarithm of the label as ONNX: the file undoes the logarithm, with the smearing factor."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import polars as pl
import pytest

from pipelines.catalogue.errors import ModuleError
from pipelines.catalogue.ports import Table
from tests.pipelines.exchange.conftest import Read
from tests.pipelines.exchange.test_onnx_writing import written
from tests.support.module_runner import only

pytest.importorskip("onnx", reason="the extra onnx is not installed")


def prices() -> Table:
    draw = np.random.default_rng(0)
    x = draw.normal(size=80)
    return Table(pl.DataFrame({"x": x, "kind": ["a", "b"] * 40, "price": np.exp(9 + x + 0.3 * draw.normal(size=80))}))


def model_of(learner: str, predicts: str) -> tuple[object, Table]:
    untrained = only("training.transform_label", {"predicts": predicts, "folds": 0}, untrained=only(learner))
    return only("training.train_model", {"label": "price"}, untrained=untrained, table=prices()), prices()


@pytest.mark.parametrize("predicts", ["mean", "median"])
@pytest.mark.parametrize("learner", ["regression.linear_regression", "regression.boosted_trees"])
def test_the_file_gives_the_label_and_not_its_logarithm(learner: str, predicts: str, tmp_path: Path, read: Read) -> None:
    model, rows = model_of(learner, predicts)
    assert written(model, rows, tmp_path).relative < 1e-5  # type: ignore[arg-type]
    _, again = read((tmp_path / "model.onnx").read_bytes())
    own, other = (only("scoring.score_model", model=each, table=rows).frame["Scored Labels"].to_numpy() for each in (model, again))
    np.testing.assert_allclose(other, own, rtol=1e-5)
    assert own.mean() > 1_000


def test_a_learner_that_does_not_convert_is_refused_with_the_reason(tmp_path: Path) -> None:
    model, rows = model_of("regression.neural_network", "mean")
    with pytest.raises(ModuleError, match=r"does not convert") as wrong:
        written(model, rows, tmp_path)  # type: ignore[arg-type]
    assert wrong.value.code == "not_exported" and wrong.value.remedy
