"""Trees in ONNX files take the branch that the model takes, however near a number is to the threshold."""

from __future__ import annotations

from pathlib import Path

import polars as pl
import pytest
from sklearn.ensemble import GradientBoostingClassifier, VotingClassifier
from sklearn.linear_model import LogisticRegression

from pipelines.catalogue.ports import Model, Table
from pipelines.exchange.asked import Difference
from pipelines.exchange.onnx_trees import compares_32_bits
from pipelines.exchange.onnx_writing import write_onnx
from pipelines.kinds.model import save_model
from tests.support.module_runner import only

pytest.importorskip("onnx", reason="the extra onnx is not installed")


def difference(learner: str, trained: pl.DataFrame, label: str, rows: pl.DataFrame, into: Path) -> Difference:
    model: Model = only("training.train_model", {"label": label}, untrained=only(learner), table=Table(trained))
    save_model(model, into / "model")
    rows.write_ipc(into / "rows")
    return write_onnx(into / "model", into / "rows", None, into / "model.onnx", "its rows")


@pytest.mark.parametrize(
    ("learner", "label"), [("regression.boosted_trees", "number"), ("classification.two_class_boosted_trees", "class")]
)
def test_numbers_that_are_one_number_in_32_bits_get_their_own_answers(learner: str, label: str, tmp_path: Path) -> None:
    high = [at % 4 > 1 for at in range(80)]
    values = [100_000.0 * each for each in high] if label == "number" else ["yes" if each else "no" for each in high]
    rows = pl.DataFrame({"near": [1 + at % 4 * 1e-9 for at in range(80)], label: values})
    found = difference(learner, rows, label, rows, tmp_path)
    assert (found.bits, found.labels, found.relative <= 1e-7) == (64, 0, True)


def test_a_number_at_the_threshold_of_a_tree_takes_the_branch_that_scikit_learn_takes(tmp_path: Path) -> None:
    trained = pl.DataFrame({"even": [at % 40 * 2 for at in range(80)], "class": ["yes" if at % 40 > 19 else "no" for at in range(80)]})
    rows = pl.DataFrame({"even": range(80)}, schema={"even": pl.Int64})  # odd numbers are the thresholds
    found = difference("classification.two_class_decision_forest", trained, "class", rows, tmp_path)
    assert (found.bits, found.labels, found.relative <= 1e-6) == (32, 0, True)


def test_trees_are_found_in_ensembles_of_ensembles() -> None:
    numbers, classes = [[0.0], [1.0], [2.0], [3.0]], [0, 0, 1, 1]
    linear, grown = LogisticRegression(), GradientBoostingClassifier(n_estimators=2)
    found = [VotingClassifier([("one", linear), ("other", each)]).fit(numbers, classes) for each in (grown, LogisticRegression(C=2))]
    assert [compares_32_bits(each) for each in found] == [True, False]
