"""Models as ONNX: written with their difference, read again with the same scores; what does not convert says why."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl
import pytest

from pipelines.catalogue.errors import ModuleError
from pipelines.catalogue.ports import Model, Table
from pipelines.exchange.asked import Difference
from pipelines.exchange.onnx_writing import write_onnx
from pipelines.kinds.model import save_model
from pipelines.serving.model_signature import model_signature
from tests.pipelines.exchange.conftest import Read
from tests.support.module_runner import only, run

onnx = pytest.importorskip("onnx", reason="the extra onnx is not installed")
ROWS = 80


def table(label: str) -> Table:
    draw = np.random.default_rng(0)
    number = draw.normal(size=ROWS)
    columns = {
        "number": [None if at % 9 == 0 else float(value) for at, value in enumerate(number)],
        "whole": range(ROWS),
        "text": [[None, "a", "b", 'Ä,"c'][at % 4] for at in range(ROWS)],
        "full": [["x", "y"][at % 2] for at in range(ROWS)],
        "flag": [at % 3 == 0 for at in range(ROWS)],
        "y": [3.0 * value + at % 5 for at, value in enumerate(number)],
        "two": [["no", "yes"][int(value > 0)] for value in number],
        "three": [["r", "g", "b"][at % 3] for at in range(ROWS)],
    }
    return Table(pl.DataFrame({name: values for name, values in columns.items() if name not in {"y", "two", "three"} - {label}}))


def trained(learner: str, label: str, **settings: Any) -> tuple[Model, Table]:
    rows = table(label)
    model: Model = only("training.train_model", {"label": label}, untrained=only(learner, settings), table=rows)
    return model, rows


def written(model: Model, rows: Table | None, into: Path, signature: Any = None) -> Difference:
    save_model(model, into / "model")
    if rows is not None:
        rows.frame.write_ipc(into / "rows")
    return write_onnx(into / "model", into / "rows" if rows is not None else None, signature, into / "model.onnx", "its rows")


EXACT, SINGLE = 1e-12, 1e-5


@pytest.mark.parametrize(
    ("learner", "label", "most"),
    [
        ("regression.linear_regression", "y", EXACT),
        ("classification.two_class_logistic_regression", "two", EXACT),
        ("classification.multiclass_logistic_regression", "three", EXACT),
        ("regression.boosted_trees", "y", SINGLE),
        ("classification.two_class_boosted_trees", "two", SINGLE),
    ],
)
def test_the_difference_is_measured_and_the_file_read_again_gives_the_same(
    learner: str, label: str, most: float, tmp_path: Path, read: Read
) -> None:
    model, rows = trained(learner, label)
    difference = written(model, rows, tmp_path)
    assert difference.rows == ROWS and difference.labels == 0 and difference.relative <= most
    content = (tmp_path / "model.onnx").read_bytes()
    proto = onnx.load_model_from_string(content)
    onnx.checker.check_model(proto)
    assert f"{difference.largest:.3g} on its rows" in proto.doc_string
    found, again = read(content)
    assert (found.format, again.task, again.label, again.classes) == ("onnx", model.task, label, model.classes)
    assert [name for name, _ in again.features] == [name for name, _ in model.features]
    scores = [run("scoring.score_model", {"append": False}, model=each, table=rows)["table"].frame.drop(label) for each in (model, again)]
    assert scores[0].columns == scores[1].columns
    for name in scores[0].columns:
        here, there = (frame[name] for frame in scores)
        off = float((here - there).abs().max()) if here.dtype.is_float() else 0.0  # type: ignore[arg-type]
        assert off <= difference.largest * 1.0000001 if here.dtype.is_float() else here.to_list() == there.to_list()


def test_without_rows_the_difference_is_measured_on_rows_of_the_signature(tmp_path: Path) -> None:
    model, rows = trained("regression.linear_regression", "y")
    difference = written(model, None, tmp_path, model_signature(model, rows, None))
    assert (difference.rows, difference.relative <= EXACT, difference.bits) == (200, True, 64)
    with pytest.raises(ModuleError, match="no signature"):
        written(model, None, tmp_path)


def test_what_does_not_convert_says_why(tmp_path: Path) -> None:
    model, rows = trained("regression.linear_regression", "y")
    with pytest.raises(ModuleError, match="clustering") as caught:
        written(replace(model, task="clustering"), rows, tmp_path)
    assert (caught.value.code, caught.value.remedy) == (
        "not_exported",
        "Download it as skops, which Easel loads.",
    )  # nor as an MLflow folder
    own, rows = trained("classification.two_class_bayes_point_machine", "two")
    with pytest.raises(ModuleError, match="BayesPointMachine"):
        written(own, rows, tmp_path)
    notes = rows.with_frame(rows.frame.with_columns(note=pl.Series([f"a note of day {at}" for at in range(rows.frame.height)])))
    prose = run("training.train_model", {"label": "two"}, untrained=only("classification.two_class_logistic_regression"), table=notes)[
        "model"
    ]
    with pytest.raises(ModuleError, match="words of prose"):
        written(prose, notes, tmp_path)
