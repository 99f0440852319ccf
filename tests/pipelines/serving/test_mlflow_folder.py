"""MLflow model folders: plain code predicts what Score Model predicts."""

from __future__ import annotations

import sys
from dataclasses import replace
from datetime import date, datetime
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path
from typing import Any
from zipfile import ZipFile

import numpy as np
import polars as pl
import pytest
from polars.testing import assert_frame_equal

from pipelines.catalogue.errors import ModuleError
from pipelines.catalogue.ports import Model, Table
from pipelines.kinds.model import save_model
from pipelines.serving.mlflow_folder import write_folder
from pipelines.serving.model_signature import model_signature
from tests.support.module_runner import only, run

VERSIONS = {"python": "3.11.0", "polars": "2.1.0", "scikit-learn": "1.9.1", "skops": "0.16.0"}
ROWS = 60


def table() -> Table:
    draw = np.random.default_rng(0)
    number = draw.normal(size=ROWS)
    return Table(
        pl.DataFrame(
            {
                "number": [None if at % 9 == 0 else float(value) for at, value in enumerate(number)],
                "whole": range(ROWS),
                "text": [[None, "a", "b", 'Ä,"c'][at % 4] for at in range(ROWS)],
                "flag": [at % 3 == 0 for at in range(ROWS)],
                "day": [date(2024, 1 + at % 12, 1 + at % 28) for at in range(ROWS)],
                "moment": [datetime(2024, 1 + at % 12, 3, at % 24) for at in range(ROWS)],
                "y": [3.0 * value + at % 5 for at, value in enumerate(number)],
                "two": [["no", "yes"][int(value > 0)] for value in number],
                "three": [["x", "y", "z"][at % 3] for at in range(ROWS)],
            }
        )
    )


def trained(learner: str, label: str) -> tuple[Model, Table]:
    rows = table()
    rows = rows.with_frame(rows.frame.drop([name for name in ("y", "two", "three") if name != label]))
    return only("training.train_model", {"label": label}, untrained=only(learner), table=rows), rows


def folder(model: Model, rows: Table, into: Path) -> Any:
    """The class of the folder's code, on the folder's model."""
    archive, out = into / "model.bin", into / "out.zip"
    save_model(model, archive)
    write_folder(replace(model, estimator=None), archive, model_signature(model, rows, None), VERSIONS, out, "2026-11-28 21:00:00.000000")
    with ZipFile(out) as packed:
        packed.extractall(into)
    assert {"pandas", "pyarrow"} <= set((into / "requirements.txt").read_text().split())  # polars reads texts of pandas frames with pyarrow
    spec = spec_from_file_location("easel_model", into / "code" / "easel_model.py")
    assert spec and spec.loader
    loaded = module_from_spec(spec)
    sys.modules["easel_model"] = loaded
    try:
        spec.loader.exec_module(loaded)
    finally:
        del sys.modules["easel_model"]
    assert "pipelines" not in (into / "code" / "easel_model.py").read_text().replace('"pipelines.', "").replace("'pipelines.", "")
    return loaded._load_pyfunc(str(into / "model.skops"))


def test_plain_code_has_the_threshold_of_the_model(tmp_path: Path) -> None:
    model, rows = trained("classification.two_class_logistic_regression", "two")
    model = replace(model, settings={"decision_threshold": 0.05})
    labels = run("scoring.score_model", model=model, table=rows)["table"].frame["Scored Labels"].to_list()
    assert folder(model, rows, tmp_path).predict(rows.frame.drop("two").to_pandas())["Scored Labels"].to_list() == labels
    assert labels != run("scoring.score_model", {"threshold": 0.5}, model=model, table=rows)["table"].frame["Scored Labels"].to_list()


@pytest.mark.parametrize(
    ("learner", "label"),
    [
        ("regression.linear_regression", "y"),
        ("regression.boosted_trees", "y"),
        ("classification.two_class_logistic_regression", "two"),
        ("classification.two_class_boosted_trees", "two"),
        ("classification.multiclass_decision_forest", "three"),
    ],
)
def test_plain_code_predicts_for_a_pandas_frame_what_score_model_does(learner: str, label: str, tmp_path: Path) -> None:
    model, rows = trained(learner, label)
    expected = run("scoring.score_model", {"append": False}, model=model, table=rows)["table"].frame.drop(label)
    found = pl.from_pandas(folder(model, rows, tmp_path).predict(rows.frame.drop(label).to_pandas()))
    # Sums of products depend on how the matrix lies in memory, in the last bit.
    assert_frame_equal(found, expected.cast(found.schema), rel_tol=1e-12, abs_tol=1e-12)


@pytest.mark.parametrize("learner", ["regression.linear_regression", "regression.boosted_trees"])
def test_plain_code_undoes_the_logarithm_of_the_label(learner: str, tmp_path: Path) -> None:
    rows = table()
    rows = rows.with_frame(rows.frame.drop("two", "three").with_columns(pl.col("y").exp()))
    untrained = only("training.transform_label", untrained=only(learner))
    model = only("training.train_model", {"label": "y"}, untrained=untrained, table=rows)
    expected = run("scoring.score_model", {"append": False}, model=model, table=rows)["table"].frame.drop("y")
    found = pl.from_pandas(folder(model, rows, tmp_path).predict(rows.frame.drop("y").to_pandas()))
    assert_frame_equal(found, expected, rel_tol=1e-12, abs_tol=1e-12)


@pytest.mark.parametrize("learner", ["regression.linear_regression", "regression.boosted_trees"])
def test_plain_code_reads_the_words_of_prose(learner: str, tmp_path: Path) -> None:
    texts = [None if at % 20 == 3 else f"{'good' if at % 2 else 'bad'} news of day {at}" for at in range(ROWS)]
    rows = Table(pl.DataFrame({"news": texts, "x": range(ROWS), "y": [at % 2 + at % 5 / 9 for at in range(ROWS)]}))
    model = only("training.train_model", {"label": "y"}, untrained=only(learner), table=rows)
    expected = run("scoring.score_model", {"append": False}, model=model, table=rows)["table"].frame.drop("y")
    found = pl.from_pandas(folder(model, rows, tmp_path).predict(rows.frame.drop("y").to_pandas()))
    assert dict(model.features)["news"] == "Prose"
    assert_frame_equal(found, expected, rel_tol=1e-12, abs_tol=1e-12)


def test_what_plain_code_cannot_do_is_refused(tmp_path: Path) -> None:
    model, rows = trained("regression.linear_regression", "y")
    with pytest.raises(ModuleError, match="clustering"):
        folder(replace(model, task="clustering"), rows, tmp_path)
    own, rows = trained("classification.two_class_bayes_point_machine", "two")
    with pytest.raises(ModuleError, match="code of Easel"):
        folder(own, rows, tmp_path)


def test_plain_code_reads_categories_of_whole_numbers_with_a_gap(tmp_path: Path) -> None:
    rows = Table(pl.DataFrame({"month": [at % 4 for at in range(ROWS)], "y": [float(at % 4 * 7 % 5) for at in range(ROWS)]}))
    rows = run("transform.edit_metadata", {"columns": ["month"], "categorical": "categorical"}, table=rows)["table"]
    model = only("training.train_model", {"label": "y"}, untrained=only("regression.linear_regression"), table=rows)
    gap = rows.with_frame(rows.frame.drop("y").with_columns(pl.col("month").replace(0, None)))
    expected = run("scoring.score_model", {"append": False}, model=model, table=gap)["table"].frame
    given = gap.frame.to_pandas()
    assert given["month"].dtype == np.float64
    assert_frame_equal(pl.from_pandas(folder(model, rows, tmp_path).predict(given)), expected, rel_tol=1e-12, abs_tol=1e-12)
