"""Scorers: compiled and by tables, alone and together, to the last bit."""

import json
import subprocess
import sys

import pytest

from pipelines.serving.bundle import BadBundle, read_bundle
from pipelines.serving.checking import BadRows
from pipelines.serving.scorer import Scorer
from tests.support.scoring import HOUSES, Trained, houses


@pytest.fixture(scope="module")
def linear(tmp_path_factory):
    return Trained(houses(), tmp_path_factory.mktemp("linear"))


def two_classes():
    rows = [line.rsplit(",", 1) for line in HOUSES.splitlines()[1:]]
    return "size,rooms,town,note,big\n" + "\n".join(f"{rest},{'yes' if int(price) > 130 else 'no'}" for rest, price in rows)


@pytest.mark.parametrize(
    ("drawn", "mode"),
    [
        (houses(), "compiled"),
        (houses(("drop", ("transform.clean_missing", {"mode": "drop_rows", "columns": ["size", "rooms"]}))), "compiled"),
        (houses(("fill", ("transform.clean_missing", {"mode": "mean", "columns": ["rooms"]}))), "compiled"),
        (houses(learner="regression.boosted_trees"), "compiled"),
        (houses(learner="classification.two_class_logistic_regression", label="big", text=two_classes()), "compiled"),
        (houses(learner="classification.two_class_boosted_trees", label="big", text=two_classes()), "compiled"),
        (houses(learner="regression.decision_forest"), "tables"),
    ],
    ids=["linear", "dropped", "filled", "trees", "logistic", "two-class trees", "forest"],
)
def test_every_way_gives_the_bits_of_the_run(drawn, mode, tmp_path):
    trained = Trained(drawn, tmp_path)
    assert trained.scorer.mode == mode
    assert bool(trained.scorer.why) is (mode == "tables")
    proof = trained.proof()
    assert proof.passed, [case for case in proof.cases if not case.passed]
    assert proof.exact
    assert proof.held_out > 15


def test_a_row_that_is_left_out_has_no_answer_and_a_reason(tmp_path):
    drawn = houses(("drop", ("transform.clean_missing", {"mode": "drop_rows", "columns": ["rooms"]})))
    trained = Trained(drawn, tmp_path)
    row = trained.graph.signature.example
    for scorer in (trained.scorer, Scorer(read_bundle(trained.bundle), compiled=False)):
        answer = scorer.score([row, {**row, "rooms": None}, row])
        assert [each["Scored Labels"] is None for each in answer.rows] == [False, True, False]
        assert answer.reasons == {1: "“Apply: Clean Missing Data” leaves this row out."}


def test_a_category_that_training_did_not_have_is_told(linear):
    row = {**linear.graph.signature.example, "town": "far away"}
    compiled, tables = linear.scorer.score([row]), Scorer(read_bundle(linear.bundle), compiled=False).score([row])
    assert compiled == tables
    assert "“town”: 1 row has a value that was not in the training rows" in compiled.warnings[0]


def test_wrong_rows_are_refused_and_do_not_fail_others_when_asked(linear):
    row = linear.graph.signature.example
    with pytest.raises(BadRows, match="Row 1, column “size”"):
        linear.scorer.score([row, {**row, "size": "large"}])
    answer = linear.scorer.score([row, {**row, "size": "large"}, 5], on_error="null")
    assert answer.rows[0] == linear.scorer.score([row]).rows[0]
    assert [each["Scored Labels"] for each in answer.rows[1:]] == [None, None]
    assert "Row 1, column “size”" in answer.reasons[1] and "Row 2" in answer.reasons[2]


def test_no_rows_have_no_answers(linear):
    assert linear.scorer.score([]).rows == []
    empty = {column.name: [] for column in linear.graph.signature.inputs}
    assert linear.scorer.score_columns(empty).rows == []


def test_many_rows_are_scored_as_a_table_with_the_same_bits(linear):
    row = linear.graph.signature.example
    assert set(linear.scorer.score([row] * 500).columns["Scored Labels"]) == set(linear.scorer.score([row]).columns["Scored Labels"])


def test_other_bytes_are_no_bundle(linear):
    for data in (b"", b"nonsense", linear.bundle[:-10], b"\x80"):
        with pytest.raises(BadBundle):
            Scorer.load(data)


def test_another_process_without_a_database_gives_the_same(linear, tmp_path):
    file = tmp_path / "bundle"
    file.write_bytes(linear.bundle)
    code = (
        "import json, sys; from pathlib import Path; from pipelines.serving.scorer import Scorer; "
        "scorer = Scorer.load(Path(sys.argv[1]).read_bytes()); answer = scorer.score([scorer.signature.example]); "
        "print(json.dumps([answer.rows, 'django' in sys.modules]))"
    )
    told = subprocess.run([sys.executable, "-c", code, str(file)], capture_output=True, text=True, check=True).stdout
    assert json.loads(told) == [linear.scorer.score([linear.graph.signature.example]).rows, False]
