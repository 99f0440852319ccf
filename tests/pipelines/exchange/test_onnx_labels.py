"""Labels in an ONNX file by the threshold of the model."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from pipelines.modelling.features import feature_frame
from pipelines.modelling.imported import session
from tests.pipelines.exchange.conftest import Read
from tests.pipelines.exchange.test_onnx_writing import trained, written
from tests.support.module_runner import run

pytest.importorskip("onnx", reason="the extra onnx is not installed")


@pytest.mark.parametrize("positive", ["yes", "no"])
@pytest.mark.parametrize("learner", ["classification.two_class_logistic_regression", "classification.two_class_boosted_trees"])
def test_labels_are_those_of_the_model_and_the_file_read_again_keeps_the_threshold(
    learner: str, positive: str, tmp_path: Path, read: Read
) -> None:
    model, rows = trained(learner, "two")
    classes = ("no", "yes") if positive == "yes" else ("yes", "no")
    model = replace(model, classes=classes, settings={"decision_threshold": 0.05})
    assert written(model, rows, tmp_path).labels == 0
    content = (tmp_path / "model.onnx").read_bytes()
    features = feature_frame(rows.frame, model.features)
    opened = session(content)
    given = {
        each.name: np.array(features[each.name].fill_null("").to_list(), dtype=object).reshape(-1, 1)
        if features[each.name].dtype == "String" or str(features[each.name].dtype) == "String"
        else features[each.name].cast(float).fill_null(float("nan")).to_numpy().reshape(-1, 1)
        for each in opened.get_inputs()
    }
    wanted = run("scoring.score_model", model=model, table=rows)["table"].frame["Scored Labels"].to_list()
    assert list(opened.run(None, given)[0]) == wanted and set(wanted) == {"no", "yes"}
    assert wanted != run("scoring.score_model", {"threshold": 0.5}, model=model, table=rows)["table"].frame["Scored Labels"].to_list()
    told, again = read(content)
    assert again.classes == classes and again.threshold == 0.05 and not any("threshold" in note for note in told.notes)
    told, turned = read(content, classes=classes[::-1])
    assert turned.classes == classes[::-1] and turned.threshold == 0.5
    assert any("threshold of the file, 0.05, is of its own positive class" in note for note in told.notes)
    assert run("scoring.score_model", model=again, table=rows)["table"].frame["Scored Labels"].to_list() == wanted
